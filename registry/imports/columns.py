"""Which column means what: headers in Vietnamese or English, with or without diacritics."""

from __future__ import annotations

import dataclasses as dc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.core.text import fold, tidy
from registry.imports.choices import Choice
from registry.imports.problems import Unreadable
from registry.imports.values import as_text, has_replaced_letters, words
from registry.imports.workbooks import Sheet, column_number

HEADER_WITHIN = 30
"""Rows above the header: letterhead, title, date, empty rows."""


class Meaning(models.TextChoices):
    """What the register reads from a list."""

    NAME = "name", gettext_lazy("legal name")
    NAME_LOCAL = "name_local", gettext_lazy("name in Vietnamese")
    NAME_EN = "name_en", gettext_lazy("English or trade name")
    SHORT_NAME = "short_name", gettext_lazy("short name")
    TAX_CODE = "tax_code", gettext_lazy("tax code")
    TAX_CODE_NOTE = "tax_code_note", gettext_lazy("why a failing tax code is kept")
    LEGAL_FORM = "legal_form", gettext_lazy("legal form")
    OWNERSHIP = "ownership", gettext_lazy("ownership")
    FOUNDED = "founded", gettext_lazy("founded on")
    WEBSITE = "website", gettext_lazy("website")
    ADDRESS = "address", gettext_lazy("address of the head office")
    ADDRESS_PART = "address_part", gettext_lazy("further part of the address")
    FACTORY = "factory", gettext_lazy("address of the factory")
    PROVINCE = "province", gettext_lazy("province")
    DISTRICT = "district", gettext_lazy("district")
    WARD = "ward", gettext_lazy("ward")
    LATITUDE = "latitude", gettext_lazy("latitude")
    LONGITUDE = "longitude", gettext_lazy("longitude")
    LABOUR = "labour", gettext_lazy("employees")
    YEAR = "year", gettext_lazy("year of the figures")
    PRODUCTS = "products", gettext_lazy("products")
    SECTOR = "sector", gettext_lazy("sector")
    PUBLIC_ID = "public_id", gettext_lazy("number in the register")
    VERSION = "version", gettext_lazy("version of the export")
    COUNTER = "counter", gettext_lazy("row number, not kept")
    REASON = "reason", gettext_lazy("why a row was not written, not kept")
    PERSON = "person", gettext_lazy("contact person, not read")
    EXTRA = "extra", gettext_lazy("not understood, kept as it is")
    EMPTY = "empty", gettext_lazy("empty")


HEADERS: dict[Meaning, str] = {
    Meaning.NAME: (
        "ten doanh nghiep|ten cong ty|ten dn|ten don vi|ten co so|ten to chuc|ten phap ly"
        "|ten day du|ten doanh nghiep tieng viet|ten tieng viet|ten|doanh nghiep|cong ty"
        "|ten nha cung cap|ten nguoi nop thue|name|company|company name|enterprise"
        "|enterprise name|legal name|full name|name of enterprise|name of company"
        "|supplier|supplier name|facility name|business name"
    ),
    Meaning.NAME_LOCAL: "name local|local name|vietnamese name|name vi|name in vietnamese",
    Meaning.NAME_EN: (
        "ten tieng anh|ten doanh nghiep tieng anh|ten giao dich|ten quoc te|ten nuoc ngoai"
        "|ten doanh nghiep bang tieng nuoc ngoai|ten thuong mai|english name|name en"
        "|name in english|trade name|international name"
    ),
    Meaning.SHORT_NAME: "ten viet tat|ten ngan|ten tat|short name|abbreviation|abbreviated name",
    Meaning.TAX_CODE: (
        "ma so thue|mst|ma thue|ma so dn|ma so doanh nghiep|msdn|ma so dkkd|so dkkd"
        "|ma so thue doanh nghiep|ma so doanh nghiep ma so thue|ma so thue mst|tax code"
        "|tax id|taxcode|tax number|tax no|tin|vat number|enterprise code|business code"
    ),
    Meaning.TAX_CODE_NOTE: "ghi chu ma so thue|ghi chu mst|tax code note",
    Meaning.LEGAL_FORM: (
        "loai hinh|loai hinh doanh nghiep|loai hinh dn|loai hinh phap ly|hinh thuc phap ly"
        "|legal form|legal type|type of enterprise|company type|enterprise type"
    ),
    Meaning.OWNERSHIP: (
        "hinh thuc so huu|loai hinh so huu|so huu|thanh phan kinh te|khu vuc kinh te|nguon von"
        "|ownership|ownership type|type of ownership"
    ),
    Meaning.FOUNDED: (
        "ngay thanh lap|thanh lap|thanh lap ngay|ngay cap|ngay hoat dong|ngay cap phep"
        "|ngay dang ky kinh doanh|ngay cap dkkd|nam thanh lap|founded|founded on"
        "|date founded|date of establishment|established|established on|year founded"
        "|incorporation date"
    ),
    Meaning.WEBSITE: "website|web|trang web|trang thong tin dien tu|url|web site|homepage",
    Meaning.ADDRESS: (
        "dia chi|dia chi tru so|dia chi tru so chinh|tru so|tru so chinh|dia chi dang ky"
        "|dia chi doanh nghiep|dia chi lien he|dia chi cong ty|dia chi thue|address"
        "|head office|head office address|registered address|company address|hq address"
    ),
    Meaning.ADDRESS_PART: (
        "so nha|so nha duong|so nha duong pho|so nha ten duong|duong pho|ten duong|thon xom"
        "|thon to dan pho|to dan pho|street|street address|address line|address 2|address 3"
        "|address line 1|address line 2|address line 3"
    ),
    Meaning.FACTORY: (
        "dia chi nha may|nha may|dia chi san xuat|dia diem san xuat|noi san xuat|co so san xuat"
        "|dia chi co so san xuat|dia diem san xuat dia chi|dia chi xuong|xuong san xuat"
        "|factory|factory address|plant address|production site|facility address"
    ),
    Meaning.PROVINCE: (
        "tinh|tinh thanh|tinh thanh pho|tinh tp|thanh pho|tinh thanh pho truc thuoc trung uong"
        "|province|city|province city|city province|dia diem san xuat tinh tp"
        "|dia diem san xuat tinh thanh pho"
    ),
    Meaning.DISTRICT: "quan huyen|quan huyen thi xa|huyen|quan|district",
    Meaning.WARD: "phuong xa|xa phuong|phuong xa thi tran|xa|phuong|ward|commune|ward commune",
    Meaning.LATITUDE: "lat|latitude|vi do",
    Meaning.LONGITUDE: "lng|lon|long|longitude|kinh do",
    Meaning.LABOUR: (
        "so lao dong|lao dong|tong so lao dong|so luong lao dong|tong lao dong|so nhan vien"
        "|so cong nhan|so nguoi lao dong|quy mo lao dong|so nhan su|nhan su|employees"
        "|employee|workers|labour|labor|number of employees|number of workers|headcount"
        "|no of employees|staff"
    ),
    Meaning.YEAR: "nam so lieu|nam bao cao|nam|year|reporting year|year of figures",
    Meaning.PRODUCTS: (
        "san pham|san pham chinh|san pham chu yeu|san pham cung cap|mat hang|san pham san xuat"
        "|ten san pham|cac san pham chinh|linh vuc san pham|nganh nghe san pham chinh"
        "|san pham dich vu|product|products|main products|main product"
    ),
    Meaning.SECTOR: (
        "nganh|linh vuc|linh vuc cnht|nganh cnht|linh vuc cong nghiep ho tro|nhom nganh"
        "|linh vuc san xuat|sector|sectors|industry sector"
    ),
    Meaning.PUBLIC_ID: "ma ho so cnht|cnht id",
    Meaning.VERSION: "phien ban xuat|export version",
    Meaning.COUNTER: "stt|tt|so tt|so thu tu|no|nr|num|index|row",
    Meaning.REASON: "ly do khong ghi|reason not written",
    # Personal data go into the register on the enterprise's page, with the day of consent.
    Meaning.PERSON: (
        "nguoi lien he|dau moi lien he|lien he|nguoi dai dien|nguoi dai dien phap luat"
        "|dai dien phap luat|giam doc|tong giam doc|chu doanh nghiep|ho va ten|ho ten"
        "|dien thoai|so dien thoai|dien thoai lien he|sdt|dt|di dong|so di dong|email|e mail"
        "|thu dien tu|dia chi email|so cccd|cccd|cmnd|so cmnd|chuc vu|contact|contact person"
        "|contact name|representative|legal representative|director|owner|phone|telephone"
        "|phone number|tel|mobile|contact phone|contact email|position|zalo|fax"
    ),
}
"""Folded headers by what they mean, from lists of departments, associations and directories."""

MEANINGS = {text: meaning for meaning, texts in HEADERS.items() for text in texts.split("|")}
YEAR_IN_HEADER = re.compile(r"\b(?:nam |in |year )?((?:19|20)\d\d)\b")
SEVERAL = {Meaning.PRODUCTS, Meaning.SECTOR, Meaning.ADDRESS_PART, Meaning.PERSON}
"""Meanings that several columns may have: "Sản phẩm 1", "Sản phẩm 2"."""

NUMBERED = re.compile(r"^(.+?) ?\d$")
ADDED_HEADER = "Tên tiếng Anh"
SAYS_NOTHING = {Meaning.EMPTY, Meaning.COUNTER, Meaning.PERSON, Meaning.REASON}
"""Columns of which nothing goes into the register."""

NOT_READ = {Meaning.EXTRA, *SAYS_NOTHING}


@dc.dataclass(frozen=True)
class Column:
    """One column of the list. ``year`` is the one its header names (``Số lao động 2025``)."""

    place: int
    header: str
    meaning: Meaning
    year: int | None = None

    def sentence(self) -> str:
        """How the column was understood, for the officer."""
        if self.year:
            return f"{self.header}: {self.meaning.label} ({self.year})"
        return f"{self.header}: {self.meaning.label}"


C = TypeVar("C", bound=Column)


@dc.dataclass(frozen=True)
class Table:
    """A sheet with its header understood; ``first`` is the place of its first data row."""

    sheet: Sheet
    columns: tuple[Column, ...]
    first: int

    def column(self, meaning: Meaning) -> Column | None:
        return next((one for one in self.columns if one.meaning == meaning), None)

    def all_of(self, *meanings: Meaning) -> list[Column]:
        """Every column of these meanings, as they stand in the sheet."""
        return [one for one in self.columns if one.meaning in meanings]

    def records(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows that hold something, each with the number the officer sees."""
        return filled(enumerate(self.sheet.rows[self.first :], start=self.first + 1))


def filled(rows: Iterable[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    """The rows that hold something."""
    return ((number, cells) for number, cells in rows if any(as_text(cell) for cell in cells))


@dc.dataclass(frozen=True)
class How:
    """What an officer said of a file instead of what would be guessed; empty is guessed.

    ``header`` is the header's last row as the spreadsheet program numbers it.
    ``without_hidden`` leaves out the rows that it does not show. ``mapping`` gives columns, by letter or by header, another meaning (``"tax_code"``,
    ``"labour:2025"``). ``edits`` are cells mended after the reading: row number, then the
    letter of the column. ``choices`` are what was chosen of rows, by their number.
    """

    encoding: str = ""
    sheet: str = ""
    header: int = 0
    without_hidden: bool = False
    mapping: Mapping[str, str] = dc.field(default_factory=dict)
    edits: Mapping[int, Mapping[str, str]] = dc.field(default_factory=dict)
    choices: Mapping[int, Choice] = dc.field(default_factory=dict)


def find_table(sheets: Sequence[Sheet], how: How | None = None) -> tuple[Table, list[str]]:
    """The first sheet with a column of names, and the names of other such sheets.

    Raises :class:`Unreadable` where no sheet has one, or where two columns say the same.
    """
    table, others = look_at(sheets, how or How())
    if not {Meaning.NAME, Meaning.NAME_LOCAL} & {column.meaning for column in table.columns}:
        raise Unreadable(_no_name(sheets))
    refuse_same_headers(table.columns)
    return table, others


def look_at(sheets: Sequence[Sheet], how: How) -> tuple[Table, list[str]]:
    """Like :func:`find_table`, but without a header the first row with text stands for it.

    A hidden sheet is taken where it is asked for, or where no other has such a header.
    """
    sheets = sorted(sheets, key=lambda sheet: sheet.is_hidden)
    found = [(sheet, at) for sheet in sheets if (at := find_header(sheet))]
    chosen = [sheet for sheet in sheets if how.sheet and sheet.name == how.sheet]
    if not (found or chosen or sheets):
        raise Unreadable(_no_name(sheets))
    sheet = chosen[0] if chosen else found[0][0] if found else sheets[0]
    at = find_header(sheet) or (_first_text(sheet),)
    if how.header:
        at = (at[0], how.header - 1) if len(at) > 1 and at[-1] == how.header - 1 else ()
        at = at or (min(how.header, max(sheet.far()[0], 1)) - 1,)
    edited = _edited(sheet, how.edits)
    table = understand(edited, *at)
    columns = tuple(as_mapped(column, how.mapping) for column in table.columns)
    columns = _with_added(columns, how.edits)
    others = [other.name for other, _at in found if other is not sheet]
    return dc.replace(table, columns=columns), others


def _first_text(sheet: Sheet) -> int:
    places = (place for place, row in enumerate(sheet.rows) if any(as_text(cell) for cell in row))
    return next(places, 0)


def as_mapped(column: C, mapping: Mapping[str, str]) -> C:
    """The column with the meaning that an officer gave it; raises :class:`Unreadable`."""
    said = mapping.get(letters(column.place)) or mapping.get(column.header)
    if not said:
        return column
    meaning, _colon, year = said.partition(":")
    if meaning not in Meaning.values or (year and not re.fullmatch(r"(19|20)\d\d", year)):
        raise Unreadable(
            _("“%(said)s” is no meaning of a column. There are: %(all)s.")
            % {"said": said, "all": ", ".join(Meaning.values)}
        )
    of_year = int(year) if year else column.year if meaning == Meaning.LABOUR else None
    return dc.replace(column, meaning=Meaning(meaning), year=of_year)


def english_names(columns: Sequence[Column]) -> Column:
    """The column of English names; where the file has none, the one to the right of all."""
    there = next((one for one in columns if one.meaning == Meaning.NAME_EN), None)
    return there or Column(len(columns), ADDED_HEADER, Meaning.NAME_EN)


def _with_added(
    columns: tuple[Column, ...], edits: Mapping[int, Mapping[str, str]]
) -> tuple[Column, ...]:
    """The columns, with one for English names where only an edit has put some there."""
    english = english_names(columns)
    letter = letters(english.place)
    is_added = english not in columns and any(letter in cells for cells in edits.values())
    return (*columns, english) if is_added else columns


def _edited(sheet: Sheet, edits: Mapping[int, Mapping[str, str]]) -> Sheet:
    if not edits:
        return sheet
    rows = [with_edits(cells, edits.get(n, {})) for n, cells in enumerate(sheet.rows, start=1)]
    return dc.replace(sheet, rows=rows)


def with_edits(cells: list[Any], edits: Mapping[str, str]) -> list[Any]:
    """A row with the texts that an officer wrote into some of its cells."""
    if not edits:
        return cells
    row = list(cells)
    for letter, text in edits.items():
        place = column_number(letter) - 1
        row += [""] * (place + 1 - len(row))
        row[place] = text
    return row


def find_header(sheet: Sheet) -> tuple[int, ...]:
    """Places of the one or two header rows; empty where no row names the enterprises."""
    best: tuple[int, int] = (0, -1)
    for place, cells in enumerate(sheet.rows[:HEADER_WITHIN]):
        known = [meaning for cell in cells if (meaning := _meaning(as_text(cell))[0])]
        if {Meaning.NAME, Meaning.NAME_LOCAL} & set(known) and len(known) > best[0]:
            best = (len(known), place)
    place = best[1]
    if place < 0:
        return ()
    below = sheet.rows[place + 1] if place + 1 < len(sheet.rows) else []
    return (place, place + 1) if _is_second_header(sheet.rows[place], below) else (place,)


def understand(sheet: Sheet, *at: int) -> Table:
    """Give every column of the header its meaning."""
    upper = sheet.rows[at[0]] if at[0] < len(sheet.rows) else []
    lower = sheet.rows[at[1]] if len(at) > 1 else []
    _height, width = sheet.far()
    columns = []
    above = ""
    for place in range(width):
        top, sub = _cell(upper, place), _cell(lower, place)
        # A header merged over several columns is written in the first of them only.
        above = top or (above if sub else "")
        columns.append(_column(place, above if sub else top, sub))
    return Table(sheet, tuple(columns), at[-1] + 1)


def refuse_same_headers(columns: Sequence[Column]) -> None:
    """Two columns with one header, or with one meaning, leave open which of them counts."""
    seen: dict[tuple[str, Any], Column] = {}
    for column in columns:
        if column.meaning in (Meaning.EMPTY, Meaning.COUNTER, Meaning.PERSON):
            continue
        keys: list[tuple[str, Any]] = [("header", fold(column.header))]
        if column.meaning not in NOT_READ | SEVERAL:
            keys.append((column.meaning.value, column.year))
        for key in keys:
            if key in seen:
                raise Unreadable(
                    _(
                        "The columns “%(first)s” (%(first_letter)s) and “%(second)s” "
                        "(%(second_letter)s) say the same. Remove or rename one of them, or give "
                        "it another meaning, such as “further part of the address”."
                    )
                    % {
                        "first": seen[key].header,
                        "first_letter": letters(seen[key].place),
                        "second": column.header,
                        "second_letter": letters(column.place),
                    }
                )
            seen[key] = column


def letters(place: int) -> str:
    """0 → ``A``, 26 → ``AA``: the column as a spreadsheet program names it."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _cell(cells: Sequence[Any], place: int) -> str:
    return tidy(as_text(cells[place])) if place < len(cells) else ""


def _column(place: int, top: str, sub: str) -> Column:
    whole = f"{top} / {sub}" if top and sub else top or sub
    if not whole:
        return Column(place, letters(place), Meaning.EMPTY)
    for text in (f"{top} {sub}" if sub else "", sub, top):
        meaning, year = _meaning(text)
        if meaning:
            return Column(place, whole, meaning, year)
    return Column(place, whole, Meaning.EXTRA)


def _meaning(text: str) -> tuple[Meaning | None, int | None]:
    """What a header means, and the year it names for figures of a year."""
    # "Mã số thuế (10 số)*" and "ma_so_thue" are "ma so thue".
    key = words(re.sub(r"\(.*?\)", " ", text)) or words(text)
    meaning = MEANINGS.get(key)
    if meaning is None and (numbered := NUMBERED.match(key)):
        several = MEANINGS.get(numbered[1])
        meaning = several if several in SEVERAL else None
    if meaning is None and (year := YEAR_IN_HEADER.search(words(text))):
        meaning = MEANINGS.get(words(YEAR_IN_HEADER.sub(" ", key)))
        return (meaning, int(year[1])) if meaning == Meaning.LABOUR else (None, None)
    if meaning == Meaning.LABOUR and (year := YEAR_IN_HEADER.search(words(text))):
        return meaning, int(year[1])
    return meaning, None


def _is_second_header(upper: Sequence[Any], lower: Sequence[Any]) -> bool:
    """Whether a row goes on with the header: known words, and nothing below the name."""
    names = [
        place
        for place, cell in enumerate(upper)
        if _meaning(as_text(cell))[0] in (Meaning.NAME, Meaning.NAME_LOCAL)
    ]
    texts = [text for cell in lower if (text := as_text(cell))]
    return (
        bool(texts)
        and not any(_cell(lower, place) for place in names)
        and any(_meaning(text)[0] for text in texts)
        and not any(re.search(r"\d{5}", text) for text in texts)
    )


def _no_name(sheets: Sequence[Sheet]) -> str:
    """What stands where the header should be, and the header that is needed."""
    first = next(
        (cells for sheet in sheets for cells in sheet.rows if any(as_text(cell) for cell in cells)),
        [],
    )
    seen = ", ".join(text for cell in first if (text := tidy(as_text(cell))))[:200]
    seen = "".join(sign if sign.isprintable() else "�" for sign in seen)
    if has_replaced_letters(seen):
        return _(
            "No column with the names of the enterprises was found, because letters of the "
            "headings were lost before the file came here: %(seen)s. Write the headings anew, or "
            "say on the page what the columns mean."
        ) % {"seen": seen}
    return _(
        "No column with the names of the enterprises was found. Write “Tên doanh nghiệp” (or "
        "“Company name”) above it. The first row with text says: %(seen)s"
    ) % {"seen": seen or "—"}
