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
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import IO, Any
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from registry.imports.old_workbooks import hidden_rows, is_locked
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
ROW_NUMBER = re.compile(rb"[^<>]*?\sr\s*=\s*[\"'](\d{1,9})[\"']")
HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\b(?=[^<>]*\shidden\s*=\s*[\"'](?:1|true)[\"'])[^<>]*?\sr\s*=\s*[\"'](\d{1,9})[\"']"
)
LONGEST_TAG = 64 * 1024


@dc.dataclass(frozen=True)
class Sheet:
    """One sheet as it lies there: ``rows[0]`` is the sheet's row 1, blank rows included.

    Of a sheet that is read row by row ``rows`` are only the first ones; then ``height`` and
    ``width`` say how far it reaches. ``hidden`` are the numbers of rows that the
    spreadsheet program does not show; ``is_hidden`` says that of the whole sheet.
    """

    name: str
    rows: Any
    height: int = 0
    width: int = 0
    hidden: tuple[int, ...] = ()
    is_hidden: bool = False

    def far(self) -> tuple[int, int]:
        """How many rows there are, and how many cells the longest one has."""
        width = self.width or max((len(row) for row in self.rows), default=0)
        return self.height or len(self.rows), width


class LaidOut:
    """The rows of a sheet that the spreadsheet reader holds, made into Python one by one."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self.sheet = sheet
        self.before = [""] * (sheet.start[1] if sheet.start else 0)

    def __iter__(self) -> Iterator[list[Any]]:
        for cells in self.sheet.iter_rows():
            yield [*self.before, *cells]

    def __len__(self) -> int:
        return self.sheet.end[0] + 1 if self.sheet.end else 0


def read_workbook(data: bytes) -> list[Sheet]:
    """The sheets of an XLSX file. Raises :class:`Unreadable` with what to do."""
    hidden = look_inside(data)
    return _opened(data, hidden)


def _opened(data: bytes, hidden: Mapping[str, tuple[int, ...]] | None = None) -> list[Sheet]:
    try:
        return _sheets(data, hidden or {})
    except PasswordError as error:
        raise _locked() from error
    except (KeyboardInterrupt, SystemExit, MemoryError, Unreadable):
        raise
    except BaseException as error:
        # The reader is Rust: a broken workbook can end in a panic, which is no Exception.
        raise _damaged() from error


def look_inside(data: bytes) -> dict[str, tuple[int, ...]]:
    """Refuse an archive that is damaged, locked, no workbook, or would unpack to too much.

    Returns the numbers of hidden rows by the name of their sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_kind({part.filename for part in parts})
            _check_sizes(parts)
            hidden = {part.filename: _check_part(archive, part) for part in parts}
            return {name: hidden.get(part, ()) for name, part in sheet_parts(archive).items()}
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
    """The sheets of an ODS file. Raises :class:`Unreadable` with what to do."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            if b"opendocument.spreadsheet" not in archive.read("mimetype"):
                _check_kind({"content.xml"})
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise _locked()
            with archive.open("content.xml") as content:
                hidden = _check_repeats(content)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
        raise _damaged() from error
    except (ElementTree.ParseError, ValueError) as error:
        raise _damaged() from error
    return _opened(data, hidden)


def read_old_workbook(data: bytes) -> list[Sheet]:
    """The sheets of an XLS file. Raises :class:`Unreadable` with what to do."""
    if is_locked(data):
        raise _locked()
    return _opened(data, hidden_rows(data))


def _check_repeats(content: IO[bytes]) -> dict[str, tuple[int, ...]]:
    """Refuse a table that says by a number that it goes on further than any list.

    Only cells that hold something count: programs fill the rest of a sheet with one
    repeated empty row. Returns the numbers of hidden rows by the name of their table.
    """
    table = f"{{{ODS_TABLE}}}"
    row = column = width = 0
    name = ""
    hidden: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    for event, element in ElementTree.iterparse(content, events=("start", "end")):
        if event == "start":
            if element.tag == f"{table}table":
                row = 0
                name = element.get(f"{table}name", "")
            elif element.tag == f"{table}table-row":
                column = width = 0
            continue
        if element.tag in (f"{table}table-cell", f"{table}covered-table-cell"):
            column += _repeated(element, f"{table}number-columns-repeated")
            if any(element.itertext()) or any("value" in name for name in element.attrib):
                width = column
            element.clear()
        elif element.tag == f"{table}table-row":
            first, row = row + 1, row + _repeated(element, f"{table}number-rows-repeated")
            if width:
                _refuse_far(row, width)
                if element.get(f"{table}visibility", "visible") != "visible":
                    hidden[name] += tuple(range(first, row + 1))
            element.clear()
    return hidden


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


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which part of a workbook holds the sheet of a name; nothing where it is not said."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            link = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            target = targets.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found[sheet.get("name", "")] = part
    return found


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, ...]:
    """Unpack one part in pieces, which are let go: a false size or sum is found here.

    ``zipfile`` never gives more bytes than the archive says the part has. Any part can be a
    sheet: the workbook itself says which ones are. Refuses a sheet whose filled cells lie
    further out than any list's; what it claims in its ``dimension`` is not believed, in
    either direction. Returns the numbers of the rows that are hidden.
    """
    extent = Extent()
    with archive.open(part) as file:
        rest = b""
        while piece := file.read(CHUNK):
            piece = rest + piece
            # A tag that the piece ends in is looked at with the next one.
            end = piece.rfind(b"<")
            end = len(piece) if end < 0 or len(piece) - end > LONGEST_TAG else end
            extent.see(piece[:end])
            rest = piece[end:]
        extent.see(rest)
    return tuple(extent.hidden)


class Extent:
    """How far the filled cells of a sheet reach, found from pieces of its XML."""

    def __init__(self) -> None:
        self.row = self.column = self.counted_rows = self.counted_cells = 0
        self.columns: set[bytes] = set()
        self.hidden: list[int] = []
        self.is_first = True

    def see(self, xml: bytes) -> None:
        if self.is_first and xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise _damaged()  # the marks below could not be seen
        self.is_first = False
        for cell in CELL.finditer(xml):
            self.row = max(self.row, int(cell[2]))
            if cell[1] not in self.columns:
                self.columns.add(cell[1])
                self.column = max(self.column, column_number(cell[1].decode()))
        if len(self.hidden) < MAX_ROWS:
            self.hidden += [int(digits) for digits in HIDDEN_ROW.findall(xml)]
        self.count(xml)
        _refuse_far(self.row, self.column)

    def count(self, xml: bytes) -> None:
        """Rows and cells that do not say where they are; only some programs leave it out."""
        before, *rows = ROW_START.split(xml)
        self.counted_cells += len(NAMELESS.findall(before))
        if self.counted_cells:
            self.column = max(self.column, self.counted_cells)
            self.row = max(self.row, self.counted_rows)
        for cells in rows:
            self.counted_rows += 1
            if cells and (named := ROW_NUMBER.match(cells)):
                self.counted_rows = max(self.counted_rows, int(named[1]))
            self.counted_cells = len(NAMELESS.findall(cells))
            if self.counted_cells:
                self.column = max(self.column, self.counted_cells)
                self.row = max(self.row, self.counted_rows)


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


def _sheets(data: bytes, hidden: Mapping[str, tuple[int, ...]]) -> list[Sheet]:
    # Not closed: the sheets are read after this, row by row.
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [
        _sheet(
            workbook,
            about.name,
            hidden.get(about.name, ()),
            is_hidden=about.visible != SheetVisibleEnum.Visible,
        )
        for about in workbook.sheets_metadata
        if about.typ == SheetTypeEnum.WorkSheet
    ]


def _sheet(
    workbook: CalamineWorkbook, name: str, hidden: tuple[int, ...], *, is_hidden: bool
) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    # `total_height` and `total_width` are what the file claims, `end` is where it ends.
    height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
    _refuse_far(height, width)
    return Sheet(name, LaidOut(sheet), height, width, hidden, is_hidden)


def _locked() -> Unreadable:
    return Unreadable(_("The workbook is locked with a password. Save a copy without one."))


def _damaged() -> Unreadable:
    return Unreadable(
        _(
            "The workbook is damaged or not a workbook at all. Open it in a spreadsheet program "
            "and save it again as XLSX."
        )
    )
