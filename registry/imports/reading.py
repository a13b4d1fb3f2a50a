"""From a file to sheets of cells; what the file is is told by its bytes, not by its name."""

from __future__ import annotations

import itertools
from typing import BinaryIO

from django.utils.translation import gettext as _

from registry.imports.problems import Unreadable
from registry.imports.text_files import TWICE_ENCODED, old_spelling, read_text
from registry.imports.workbooks import MAX_COLUMNS, MAX_ROWS, MB, Sheet, read_workbook

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
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")


def read_sheets(file: BinaryIO) -> list[Sheet]:
    """The sheets of a CSV or XLSX file; a CSV file is one sheet without a name.

    Raises :class:`Unreadable`, whose text says what the file is and what to do.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable(
            _("The file is larger than %(size)s MB. Keep only the rows and columns of the list.")
            % {"size": MAX_BYTES // MB}
        )
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    refuse_other_kinds(data)
    sheets = read_workbook(data) if data[:2] == b"PK" else [Sheet("", read_text(data))]
    for sheet in sheets:
        refuse_too_many(sheet)
    refuse_old_spelling(sheets)
    return sheets


def refuse_other_kinds(data: bytes) -> None:
    """Say plainly that a picture, a document or an old workbook is not a list."""
    for beginning, kind in NOT_A_LIST:
        if data.startswith(beginning):
            raise _not_a_list(kind)
    if data.startswith(OLE2):
        raise Unreadable(
            _(
                "This is an old Excel file (.xls) or one locked with a password. Open it in a "
                "spreadsheet program and save it as XLSX without a password."
            )
        )
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(MARKUP):
        raise _not_a_list("HTML")
    if data[:2] in BIFF and b"\0" in data[:64]:
        raise _not_a_list("Excel 5")


def refuse_too_many(sheet: Sheet) -> None:
    widest = max(map(len, sheet.rows), default=0)
    if len(sheet.rows) > MAX_ROWS or widest > MAX_COLUMNS:
        raise Unreadable(
            _(
                "The file has %(row)s rows and %(column)s columns; a list has at most %(rows)s "
                "rows and %(columns)s columns. Divide it, or remove what is not the list."
            )
            % {
                "row": len(sheet.rows),
                "column": widest,
                "rows": MAX_ROWS,
                "columns": MAX_COLUMNS,
            }
        )


def refuse_old_spelling(sheets: list[Sheet]) -> None:
    """Text typed for an old font is unreadable for everyone who does not have the font."""
    for sheet in sheets:
        cells = itertools.chain.from_iterable(sheet.rows[:200])
        name = old_spelling("\n".join(cell for cell in cells if isinstance(cell, str)))
        if name == TWICE_ENCODED:
            raise Unreadable(
                _(
                    "The Vietnamese letters were spoiled when the file was saved (%(spelling)s). "
                    "Go back to the list it was made from and save that one as XLSX."
                )
                % {"spelling": name}
            )
        if name:
            raise Unreadable(
                _(
                    "The Vietnamese letters of the file are not Unicode but %(spelling)s. "
                    "Convert the text to Unicode first (for example with UniKey) and save it "
                    "again."
                )
                % {"spelling": name}
            )


def _not_a_list(kind: str) -> Unreadable:
    return Unreadable(
        _(
            "This is a file of kind %(kind)s, not a list, whatever its name says. Save the list "
            "from a spreadsheet program as XLSX or as CSV UTF-8."
        )
        % {"kind": kind}
    )
