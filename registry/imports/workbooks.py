"""XLSX, ODS and XLS files: looked at before a spreadsheet reader opens them.

A workbook is a ZIP archive of XML. A few kilobytes of it can stand for gigabytes, and one
filled cell in the last corner of a sheet makes a reader reserve 17 thousand million cells;
both are found here, before anything is unpacked into memory or laid out as a table. An
XLS file (BIFF8) cannot reach further than 65,536 rows by 256 columns by its own format.
"""

from __future__ import annotations

import codecs
import dataclasses as dc
import io
import re
import zipfile
import zlib
from typing import IO, Any
from xml.etree import ElementTree

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
MAX_ROWS = 110_000
"""The whole of a large province's enterprises in one file, with its headings."""

MAX_COLUMNS = 200
MAX_CELLS = 4_000_000
"""The largest table that is ever laid out."""

CHUNK = MB
ODS_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"

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
    return _opened(data)


def _opened(data: bytes) -> list[Sheet]:
    try:
        return _sheets(data)
    except PasswordError as error:
        raise _locked() from error
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
        raise _locked() from error


def is_open_document(data: bytes) -> bool:
    """Whether an archive is an OpenDocument file of any sort; False for what is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {part.filename for part in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return "content.xml" in names and "mimetype" in names


def read_open_document(data: bytes) -> list[Sheet]:
    """The visible sheets of an ODS file. Raises :class:`Unreadable` with what to do."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            if b"opendocument.spreadsheet" not in archive.read("mimetype"):
                _check_kind({"content.xml"})
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise _locked()
            with archive.open("content.xml") as content:
                _check_repeats(content)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
        raise _damaged() from error
    except (ElementTree.ParseError, ValueError) as error:
        raise _damaged() from error
    return _opened(data)


def read_old_workbook(data: bytes) -> list[Sheet]:
    """The visible sheets of an XLS file. Raises :class:`Unreadable` with what to do."""
    return _opened(data)


def _check_repeats(content: IO[bytes]) -> None:
    """Refuse a table that says by a number that it goes on further than any list.

    Only cells that hold something count: programs fill the rest of a sheet with one
    repeated empty row.
    """
    table = f"{{{ODS_TABLE}}}"
    row = column = width = 0
    for event, element in ElementTree.iterparse(content, events=("start", "end")):
        if event == "start":
            if element.tag == f"{table}table":
                row = 0
            elif element.tag == f"{table}table-row":
                column = width = 0
            continue
        if element.tag in (f"{table}table-cell", f"{table}covered-table-cell"):
            column += _repeated(element, f"{table}number-columns-repeated")
            if any(element.itertext()) or any("value" in name for name in element.attrib):
                width = column
            element.clear()
        elif element.tag == f"{table}table-row":
            row += _repeated(element, f"{table}number-rows-repeated")
            if width:
                _refuse_far(row, width)
            element.clear()


def _repeated(element: ElementTree.Element, name: str) -> int:
    text = element.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


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
    seen: set[bytes] = set()
    for cell in CELL.finditer(xml):
        row = max(row, int(cell[2]))
        if cell[1] not in seen:
            seen.add(cell[1])
            column = max(column, column_number(cell[1].decode()))
    if NAMELESS.search(xml):
        rows = ROW_START.split(xml)[1:]
        row = max([row, len(rows), *(int(digits) for digits in ROW.findall(xml))])
        column = max([column, *(len(NAMELESS.findall(cells)) for cells in rows)])
    _refuse_far(row, column)


def _refuse_far(row: int, column: int) -> None:
    if row > MAX_ROWS or column > MAX_COLUMNS or row * column > MAX_CELLS:
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
            _sheet(workbook, about.name)
            for about in workbook.sheets_metadata
            if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible
        ]


def _sheet(workbook: CalamineWorkbook, name: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.end:
        _refuse_far(sheet.end[0] + 1, sheet.end[1] + 1)
    return Sheet(name, sheet.to_python(skip_empty_area=False))


def _locked() -> Unreadable:
    return Unreadable(_("The workbook is locked with a password. Save a copy without one."))


def _damaged() -> Unreadable:
    return Unreadable(
        _(
            "The workbook is damaged or not a workbook at all. Open it in a spreadsheet program "
            "and save it again as XLSX."
        )
    )
