"""CSV files: the encoding and the separator are guessed, or said by the officer."""

from __future__ import annotations

import codecs
import csv
import dataclasses as dc
import io
import unicodedata

from django.utils.translation import gettext as _

from registry.imports import spellings
from registry.imports.problems import Unreadable

SEPARATORS = (",", ";", "\t", "|")
LOOKED_AT = 20
"""Rows by which the separator is told; a header stands among the first ones."""

UTF16_SHARE = 0.2
"""Latin text in UTF-16 is nearly half NUL bytes, Vietnamese text a third; UTF-8 has none."""


@dc.dataclass(frozen=True)
class TextRead:
    """Rows of a text file, the empty ones too, so that row numbers fit."""

    rows: list[list[str]]
    encoding: str
    separator: str


def read_text(data: bytes, *, encoding: str = "") -> TextRead:
    """Every row of a CSV file; ``encoding`` is one of ``spellings.CHOICES`` or a guess.

    Raises :class:`Unreadable` for what is no text or breaks its quotation marks.
    """
    text, name = decode(data, encoding)
    separator = likely_separator(text)
    try:
        return TextRead(split(text, separator), name, separator)
    except csv.Error as error:
        raise Unreadable(
            _(
                "The quotation marks of the file do not come in pairs (%(problem)s), so nobody "
                "can say where its rows end. Open it in a spreadsheet program and save it as "
                "XLSX."
            )
            % {"problem": error}
        ) from error


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text of the bytes, and the name of the encoding they were read in."""
    name = encoding or _guess(data)
    try:
        if name == spellings.UTF16:
            return _utf16(data), name
        if name == spellings.CP1258:
            return unicodedata.normalize("NFC", data.decode("cp1258")), name
        if name == spellings.CP1252:
            return spellings.from_cp1252(data), name
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            if name not in (spellings.TCVN3, spellings.VNI):
                raise
            text = spellings.from_cp1252(data)
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("The file cannot be read as %(encoding)s. Choose another encoding.")
            % {"encoding": name}
        ) from error
    return text, name


def _guess(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return spellings.UTF16
    head = data[:4096]
    if head.count(0) > UTF16_SHARE * len(head):
        return spellings.UTF16
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return spellings.likely_encoding(data)
    return spellings.likely_spelling(text[:200_000])


def _utf16(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    # Without a mark: in text of Latin letters the zero bytes are the high ones.
    head = data[:4096]
    is_little = head[1::2].count(0) >= head[::2].count(0)
    return data.decode("utf-16-le" if is_little else "utf-16-be")


def likely_separator(text: str) -> str:
    """The separator under which the first rows have the most cells; the comma wins a draw."""
    head = "".join(text.splitlines(keepends=True)[:LOOKED_AT])

    def cells(separator: str) -> int:
        try:
            return sum(len(row) for row in split(head, separator, strict=False))
        except csv.Error:
            return 0

    return max(SEPARATORS, key=cells)


def split(text: str, separator: str, *, strict: bool = True) -> list[list[str]]:
    # Universal newlines: old Mac programs end rows with a carriage return alone.
    lines = io.StringIO(text, newline=None)
    return list(csv.reader(lines, delimiter=separator, strict=strict))
