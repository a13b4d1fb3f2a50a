"""From a file to sheets of cells; what the file is is told by its bytes, not by its name."""

from __future__ import annotations

import dataclasses as dc
import itertools
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from registry.imports import spellings
from registry.imports.problems import Unreadable
from registry.imports.text_files import decode, read_text
from registry.imports.web_tables import read_tables
from registry.imports.workbooks import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MB,
    Sheet,
    is_open_document,
    read_old_workbook,
    read_open_document,
    read_workbook,
)

MAX_BYTES = 30 * MB
"""The register of the whole city with all its columns is about 2 MB as a workbook."""

NOT_A_LIST = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "ELF"),
)
MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head")
WORKBOOK_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")


@dc.dataclass(frozen=True)
class Reading:
    """What a file was found to be. ``encoding`` is "" where the kind has none of its own."""

    kind: str
    sheets: list[Sheet]
    encoding: str = ""
    separator: str = ""


def read_sheets(file: BinaryIO) -> list[Sheet]:
    """The sheets of a list as they were guessed; see :func:`read_file`."""
    return read_file(file).sheets


def read_file(file: BinaryIO, *, encoding: str = "") -> Reading:
    """:func:`open_file` with every row in memory."""
    reading = open_file(file.read(MAX_BYTES + 1), encoding=encoding)
    try:
        sheets = [dc.replace(sheet, rows=list(sheet.rows)) for sheet in reading.sheets]
    except Restored.Lost as error:
        raise spoiled(reading.encoding) from error
    return dc.replace(reading, sheets=sheets)


def open_file(data: bytes, *, encoding: str = "") -> Reading:
    """The sheets of a CSV, XLSX, XLS, ODS or HTML file; a CSV file is one without a name.

    ``encoding``, one of ``spellings.CHOICES``, replaces what would be guessed. The rows are
    made as they are gone through; that may raise :class:`Restored.Lost`. Raises
    :class:`Unreadable`, whose text says what the file is and what to do.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(
            _("The file is larger than %(size)s MB. Keep only the rows and columns of the list.")
            % {"size": MAX_BYTES // MB}
        )
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    refuse_other_kinds(data)
    reading = _of_its_kind(data, encoding)
    sheets = [measured(sheet) for sheet in reading.sheets]
    return _in_unicode(dc.replace(reading, sheets=sheets), encoding)


def _of_its_kind(data: bytes, encoding: str) -> Reading:
    if data.startswith(OLE2):
        return Reading("XLS", read_old_workbook(data))
    if data[:2] == b"PK":
        if is_open_document(data):
            return Reading("ODS", read_open_document(data))
        return Reading("XLSX", read_workbook(data))
    if is_markup(data):
        text, name = decode(data, encoding)
        tables = [] if WORKBOOK_XML in data[:4096] else read_tables(text)
        if not tables:
            raise _not_a_list("HTML")
        return Reading("HTML", tables, name)
    read = read_text(data, encoding=encoding)
    return Reading("CSV", [Sheet("", read.rows)], read.encoding, read.separator)


class Restored:
    """Rows whose texts were typed for an old font or encoded twice, as Unicode."""

    class Lost(ValueError):
        """The letters of a row cannot be told any more."""

    def __init__(self, rows: Any, name: str) -> None:
        self.rows = rows
        self.name = name

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            try:
                yield [_restored(cell, self.name) for cell in row]
            except ValueError as error:
                raise self.Lost from error


def _in_unicode(reading: Reading, encoding: str) -> Reading:
    if encoding:
        name = encoding
    elif reading.encoding in spellings.CONVERSIONS:
        name = reading.encoding
    else:
        name = _spelling_of(reading.sheets)
    if name not in spellings.CONVERSIONS:
        return reading
    sheets = [dc.replace(sheet, rows=Restored(sheet.rows, name)) for sheet in reading.sheets]
    return dc.replace(reading, sheets=sheets, encoding=name)


def spoiled(name: str) -> Unreadable:
    """What is to be said of letters that were lost before the file came here."""
    return Unreadable(
        _(
            "The Vietnamese letters were spoiled when the file was saved (%(spelling)s). "
            "Go back to the list it was made from and save that one as XLSX."
        )
        % {"spelling": name}
    )


def _restored(cell: Any, name: str) -> Any:
    return spellings.restore(cell, name) if isinstance(cell, str) else cell


def _spelling_of(sheets: list[Sheet]) -> str:
    cells = itertools.chain.from_iterable(
        row for sheet in sheets for row in itertools.islice(sheet.rows, 200)
    )
    return spellings.likely_spelling("\n".join(cell for cell in cells if isinstance(cell, str)))


def refuse_other_kinds(data: bytes) -> None:
    """Say plainly that a picture, a document or a very old workbook is not a list."""
    for beginning, kind in NOT_A_LIST:
        if data.startswith(beginning):
            raise _not_a_list(kind)
    if data[:2] in BIFF and b"\0" in data[:64]:
        raise _not_a_list("Excel 5")


def is_markup(data: bytes) -> bool:
    return data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP)


def measured(sheet: Sheet) -> Sheet:
    """The sheet with its height and width; refused where it is larger than any list."""
    height, widest = sheet.far()
    if height > MAX_ROWS or widest > MAX_COLUMNS or height * widest > MAX_CELLS:
        raise Unreadable(
            _(
                "The file has %(row)s rows and %(column)s columns; a list has at most %(rows)s "
                "rows and %(columns)s columns. Divide it, or remove what is not the list."
            )
            % {
                "row": height,
                "column": widest,
                "rows": MAX_ROWS,
                "columns": MAX_COLUMNS,
            }
        )
    return dc.replace(sheet, height=height, width=widest)


def _not_a_list(kind: str) -> Unreadable:
    return Unreadable(
        _(
            "This is a file of kind %(kind)s, not a list, whatever its name says. Save the list "
            "from a spreadsheet program as XLSX or as CSV UTF-8."
        )
        % {"kind": kind}
    )
