"""CSV files: UTF-8 or refused with the name of the encoding that it seems to be."""

from __future__ import annotations

import codecs
import csv
import io
import re

from django.utils.translation import gettext as _

from registry.imports.problems import Unreadable

SEPARATORS = (",", ";", "\t", "|")
LOOKED_AT = 20
"""Rows by which the separator is told; a header stands among the first ones."""

UTF16_SHARE = 0.2
"""Latin text in UTF-16 is nearly half NUL bytes, Vietnamese text a third; UTF-8 has none."""

TWICE_ENCODED = "UTF-8 → Windows-1252"
WRONGLY_DECODED = ("Ã¡", "Ã ", "áº", "á»", "Æ°", "Ä‘", "Ä\x91", "Ã´", "Ã\xaa")
"""What UTF-8 looks like after a program took it for Windows-1252 and saved it."""

TCVN3 = re.compile(r"C[«¤]ng ty|C¤NG TY|Tªn|Ng[µ]nh|thu[Õ]|ThuÕ|§Þa|ViÖt|TØnh|s¶n xuÊt|S¶N XUÊT")
"""Words as the .VnTime family of fonts writes them; none of them occurs in Unicode text."""

VNI = re.compile(r"[Cc]oâng ty|COÂNG TY|[Tt]eân|[Nn]gaønh|thueá|Ñòa|Vieät|Tænh|saûn xuaát|SAÛN")
"""The same words as the VNI fonts write them."""

CP1258_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def read_text(data: bytes) -> list[list[str]]:
    """Every row of a CSV file, the empty ones too, so that row numbers fit.

    Raises :class:`Unreadable` for what is not UTF-8 text or breaks its quotation marks.
    """
    text = decode(data)
    separator = likely_separator(text)
    try:
        return split(text, separator)
    except csv.Error as error:
        raise Unreadable(
            _(
                "The quotation marks of the file do not come in pairs (%(problem)s), so nobody "
                "can say where its rows end. Open it in a spreadsheet program and save it as "
                "XLSX."
            )
            % {"problem": error}
        ) from error


def decode(data: bytes) -> str:
    """The text of UTF-8 bytes, with or without a byte order mark."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _wrong_encoding("UTF-16")
    head = data[:4096]
    if head.count(0) > UTF16_SHARE * len(head):
        raise _wrong_encoding("UTF-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong_encoding(likely_encoding(data)) from error


def likely_encoding(data: bytes) -> str:
    """The name of the encoding that bytes which are not UTF-8 are most likely in."""
    as_latin = data.decode("cp1252", errors="replace")
    if TCVN3.search(as_latin):
        return "TCVN3 (ABC)"
    if VNI.search(as_latin):
        return "VNI"
    # Windows-1258 writes tones as letters of their own, after the vowel they belong to.
    as_vietnamese = data.decode("cp1258", errors="replace")
    if len(CP1258_MARKS.findall(as_vietnamese)) > as_vietnamese.count("\ufffd"):
        return "Windows-1258"
    return "Windows-1252"


def old_spelling(text: str) -> str:
    """The name of the old Vietnamese font whose letters the text holds, else ``""``."""
    if TCVN3.search(text):
        return "TCVN3 (.VnTime)"
    if VNI.search(text):
        return "VNI"
    found = sum(text.count(piece) for piece in WRONGLY_DECODED)
    # Single cells can be spoiled; a list spoiled as a whole has such pairs in each row.
    return TWICE_ENCODED if found > 2 * text.count("\n") / 5 + 5 else ""


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


def _wrong_encoding(name: str) -> Unreadable:
    if name in ("TCVN3 (ABC)", "VNI"):
        advice = _("Convert it to Unicode first (for example with UniKey), then save it again.")
    else:
        advice = _('Open it in a spreadsheet program and save it as "CSV UTF-8" or as XLSX.')
    return Unreadable(
        _("The file is not in UTF-8; it seems to be in %(encoding)s.") % {"encoding": name}
        + " "
        + advice
    )
