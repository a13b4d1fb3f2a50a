"""XLSX files: looked at as an archive before a spreadsheet reader opens them.

A workbook is a ZIP archive of XML. A few kilobytes of it can stand for gigabytes, and one
filled cell in the last corner of a sheet makes a reader reserve 17 thousand million cells;
both are found here, before anything is unpacked into memory or laid out as a table.
"""

from __future__ import annotations

import codecs
import dataclasses as dc
import io
import re
import zipfile
import zlib
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from registry.imports.problems import Unreadable

MB = 1024 * 1024
MAX_UNPACKED = 150 * MB
"""A sheet of 50,000 rows by 25 columns is about 60 MB of XML."""

MAX_RATIO = 100
"""XML of real sheets shrinks 5 to 40 times, also where most cells are only coloured."""

RATIO_FROM = 5 * MB
"""Small parts may shrink as they like: they are harmless."""

MAX_PARTS = 2_000
MAX_ROWS = 20_000
"""Four times the supporting-industry enterprises of the whole country."""

MAX_COLUMNS = 200
"""With ``MAX_ROWS`` this is the largest table that is ever laid out: 4 million cells."""

CHUNK = MB

# Cells that hold something: those that are only coloured close at once (<c r="A9" s="1"/>).
CELL = re.compile(
    rb"<(?:\w+:)?c\s(?:[^<>]*\s)?r\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"'][^<>]*(?<!/)>"
)
# Some programs leave out where a cell is; then rows are numbered and cells are counted.
NAMELESS = re.compile(rb"<(?:\w+:)?c(?:\s(?![^<>]*\br\s*=)[^<>]*)?>")
ROW_START = re.compile(rb"<(?:\w+:)?row\b")
ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^<>]*\s)?r\s*=\s*[\"'](\d{1,9})[\"']")


@dc.dataclass(frozen=True)
class Sheet:
    """One sheet as it lies there: ``rows[0]`` is the sheet's row 1, blank rows included."""

    name: str
    rows: list[list[Any]]


def read_workbook(data: bytes) -> list[Sheet]:
    """The visible sheets of an XLSX file. Raises :class:`Unreadable` with what to do."""
    look_inside(data)
    try:
        return _sheets(data)
    except PasswordError as error:
        raise Unreadable(
            _("The workbook is locked with a password. Save a copy without one.")
        ) from error
    except (KeyboardInterrupt, SystemExit, Unreadable):
        raise
    except BaseException as error:
        # The reader is Rust: a broken workbook can end in a panic, which is no Exception.
        raise _damaged() from error


def look_inside(data: bytes) -> None:
    """Refuse an archive that is damaged, locked, no workbook, or would unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_kind({part.filename for part in parts})
            _check_sizes(parts)
            for part in parts:
                _check_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _damaged() from error
    except RuntimeError as error:  # how zipfile says that a part is encrypted
        raise Unreadable(
            _("The workbook is locked with a password. Save a copy without one.")
        ) from error


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        kind = "XLSB"
    elif "word/document.xml" in names:
        kind = "Word"
    elif "content.xml" in names:
        kind = "OpenDocument"
    else:
        kind = "ZIP"
    raise Unreadable(
        _(
            "This is no XLSX workbook but a file of kind %(kind)s. Open the list in a "
            "spreadsheet program and save it as XLSX."
        )
        % {"kind": kind}
    )


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    steep = any(
        part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or steep:
        raise Unreadable(
            _(
                "The workbook would unpack to %(size)s MB, far more than a list needs, and was "
                "not opened. Copy the rows of the list into a new workbook and save that one."
            )
            % {"size": max(unpacked // MB, 1)}
        )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack one part in small pieces: a false size or sum of it is found here.

    ``zipfile`` never gives more bytes than the archive says the part has.
    """
    pieces = []
    with archive.open(part) as file:
        while piece := file.read(CHUNK):
            pieces.append(piece)
    # Any part can be a sheet: the workbook itself says which ones are.
    _check_extent(b"".join(pieces))


def _check_extent(xml: bytes) -> None:
    """Refuse a sheet whose filled cells lie further out than any list's.

    What the sheet claims in its ``dimension`` is not believed, in either direction.
    """
    if xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _damaged()  # the marks below could not be seen
    row = column = 0
    for letters, digits in set(CELL.findall(xml)):
        row = max(row, int(digits))
        column = max(column, column_number(letters.decode()))
    if NAMELESS.search(xml):
        rows = ROW_START.split(xml)[1:]
        row = max([row, len(rows), *(int(digits) for digits in ROW.findall(xml))])
        column = max([column, *(len(NAMELESS.findall(cells)) for cells in rows)])
    if row > MAX_ROWS or column > MAX_COLUMNS:
        raise Unreadable(
            _(
                "A sheet of the workbook reaches to row %(row)s and column %(column)s; a list "
                "has at most %(rows)s rows and %(columns)s columns. Copy only the rows of the "
                "list into a new workbook."
            )
            % {"row": row, "column": column, "rows": MAX_ROWS, "columns": MAX_COLUMNS}
        )


def column_number(letters: str) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _sheets(data: bytes) -> list[Sheet]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        return [
            Sheet(
                about.name, workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            )
            for about in workbook.sheets_metadata
            if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible
        ]


def _damaged() -> Unreadable:
    return Unreadable(
        _(
            "The workbook is damaged or not a workbook at all. Open it in a spreadsheet program "
            "and save it again as XLSX."
        )
    )
