"""Workbooks made for officers: rows to edit and load again, and an empty list to fill in.

Every cell is text, so that no zero of a tax code is lost and nothing is run as a formula.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from django.db.models import F
from django.utils.translation import gettext as _

from registry.enterprises.models import EnterpriseQuerySet
from registry.imports.columns import Meaning, letters
from registry.imports.exporting import FORMS, HEADINGS, KEYS, OWNERS, export_lines
from registry.reference.models import Province, Sector, Ward

WIDTH = 24
LIST, CHOICES, EXAMPLES, HELP = "Danh sách", "Danh mục", "Ví dụ", "Hướng dẫn"
ROOM = 2_000
"""Rows of an empty list that offer the choices."""

Choices = Mapping[Meaning, Sequence[str]]


def workbook_of(rows: EnterpriseQuerySet, *, on: dt.date) -> bytes:
    """These enterprises to edit elsewhere and load again, in their order.

    Their numbers and versions are locked; contact persons are never among the columns.
    """
    file, book = _book()
    sheet = book.add_worksheet(LIST)
    free = book.add_format({"num_format": "@", "locked": False})
    sheet.set_column(0, len(KEYS) - 1, WIDTH)
    sheet.set_column(len(KEYS), len(HEADINGS) - 1, WIDTH, free)
    last = _fill(book, sheet, export_lines(on, rows), free, locked=len(KEYS))
    _offer(book, sheet, list(HEADINGS), _short_choices(), last)
    sheet.freeze_panes(1, len(KEYS) + 1)
    sheet.protect("", {"format_columns": True, "sort": True, "autofilter": True})
    book.close()
    return file.getvalue()


def blank_workbook(on: dt.date) -> bytes:
    """An empty list with its headings, choices, examples and explanations.

    The examples stand on a sheet of their own: filled-in and forgotten they would enter
    the register as enterprises.
    """
    year = on.year - 1
    headings = blank_headings(year)
    file, book = _book()
    text = book.add_format({"num_format": "@"})
    for name, lines in ((LIST, []), (EXAMPLES, [list(row.values()) for row in EXAMPLE_ROWS])):
        sheet = book.add_worksheet(name)
        sheet.set_column(0, len(headings) - 1, WIDTH, text)
        last = _fill(book, sheet, [list(headings.values()), *lines], text)
        _offer(book, sheet, list(headings), _all_choices(), max(last, ROOM), once=name == EXAMPLES)
        sheet.freeze_panes(1, 1)
    _explain(book, headings)
    book.close()
    return file.getvalue()


def refused_workbook(lines: Sequence[Sequence[str]]) -> bytes:
    """Rows that were not written, the reason in the last column."""
    file, book = _book()
    sheet = book.add_worksheet()
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(lines[0]) - 1, 0), WIDTH, text)
    _fill(book, sheet, lines, text)
    book.close()
    return file.getvalue()


def blank_headings(year: int) -> dict[Meaning, str]:
    """Headings of an empty list in their order; employees are those of that year."""
    own = {meaning: HEADINGS[meaning] for meaning in HEADINGS if meaning not in KEYS}
    place = {
        Meaning.WARD: "Phường/xã",
        Meaning.PROVINCE: "Tỉnh/thành phố",
        Meaning.FACTORY: "Địa chỉ nhà máy",
        Meaning.LABOUR: f"Số lao động {year}",
    }
    headings: dict[Meaning, str] = {}
    for meaning, heading in own.items():
        headings[meaning] = heading
        if meaning == Meaning.ADDRESS:
            headings |= place
    return headings


EXAMPLE_ROWS: tuple[dict[Meaning, str], ...] = (
    {
        Meaning.NAME: "Công ty TNHH Cơ khí Ví Dụ Một",
        Meaning.NAME_EN: "Vi Du Mot Mechanical Co., Ltd",
        Meaning.SHORT_NAME: "Ví Dụ Một",
        Meaning.TAX_CODE: "9900000016",
        Meaning.TAX_CODE_NOTE: "",
        Meaning.LEGAL_FORM: FORMS["llc"],
        Meaning.OWNERSHIP: OWNERS["private"],
        Meaning.FOUNDED: "15/03/2012",
        Meaning.WEBSITE: "https://vidumot.example",
        Meaning.ADDRESS: "Số 1 đường Ví Dụ",
        Meaning.WARD: "Xã Đông Anh",
        Meaning.PROVINCE: "Thành phố Hà Nội",
        Meaning.FACTORY: "",
        Meaning.LABOUR: "85",
        Meaning.SECTOR: "Linh kiện, phụ tùng",
        Meaning.PRODUCTS: "Khuôn dập; Chi tiết phay CNC",
    },
    {
        Meaning.NAME: "Công ty Cổ phần Phụ liệu Ví Dụ Hai",
        Meaning.NAME_EN: "",
        Meaning.SHORT_NAME: "",
        Meaning.TAX_CODE: "9900000023",
        Meaning.TAX_CODE_NOTE: "",
        Meaning.LEGAL_FORM: FORMS["jsc"],
        Meaning.OWNERSHIP: OWNERS["foreign"],
        Meaning.FOUNDED: "2/9/2018",
        Meaning.WEBSITE: "",
        Meaning.ADDRESS: "Số 2 phố Ví Dụ",
        Meaning.WARD: "Phường Hà Đông",
        Meaning.PROVINCE: "Thành phố Hà Nội",
        Meaning.FACTORY: "Lô 3, khu công nghiệp Ví Dụ, Thành phố Hà Nội",
        Meaning.LABOUR: "240",
        Meaning.SECTOR: "Nguyên phụ liệu dệt may – da giày",
        Meaning.PRODUCTS: "Khóa kéo",
    },
)
"""Enterprises that do not exist: their tax codes begin with 99, which is not given out."""


def explanations() -> dict[Meaning, str]:
    """What to write into a column, in the reader's language; where it says more than its name."""
    several = _("Several are separated by a semicolon.")
    return {
        Meaning.NAME: _("As on the registration certificate. The only cell that must be filled."),
        Meaning.TAX_CODE: _("10 digits, or 10-3 for a branch, as text: no zero may be lost."),
        Meaning.TAX_CODE_NOTE: _("Only where the code on the paper fails its check digit: why."),
        Meaning.FOUNDED: _("Day/month/year, such as 15/03/2012."),
        Meaning.ADDRESS: _("Number, street, village; the ward beside it."),
        Meaning.WARD: _("One of the 126 wards and communes since 1 July 2025."),
        Meaning.LABOUR: _("A whole number; the year stands in the heading and can be changed."),
        Meaning.SECTOR: _("Code or name from the list; the first is the main one.") + f" {several}",
        Meaning.PRODUCTS: several,
    }


# Parts


def _book() -> tuple[io.BytesIO, Any]:
    """A book that keeps one row in memory at a time, however long the list."""
    file = io.BytesIO()
    return file, xlsxwriter.Workbook(file, {"constant_memory": True})


def _fill(
    book: Any, sheet: Any, lines: Iterable[Sequence[str]], style: Any, locked: int = 0
) -> int:
    """Write the lines, the first of them as headings; the number of the last one."""
    bold = book.add_format({"bold": True, "num_format": "@"})
    number = 0
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            kept = bold if number == 0 else style if place >= locked else None
            sheet.write_string(number, place, text, kept)
    return number


def _all_choices() -> Choices:
    wards = Ward.objects.order_by(F("name").asc())
    return _short_choices() | {
        Meaning.WARD: [ward.name for ward in wards],
        Meaning.PROVINCE: [one.name for one in Province.objects.order_by("code")],
    }


def _short_choices() -> dict[Meaning, Sequence[str]]:
    sectors = Sector.objects.order_by("position", "code")
    return {
        Meaning.LEGAL_FORM: list(FORMS.values()),
        Meaning.OWNERSHIP: list(OWNERS.values()),
        Meaning.SECTOR: [sector.name for sector in sectors],
    }


def _offer(
    book: Any,
    sheet: Any,
    columns: Sequence[Meaning],
    choices: Choices,
    last: int,
    *,
    once: bool = False,
) -> None:
    """Let the columns offer their choices, which stand on a sheet of their own.

    ``once``: that sheet is there already.
    """
    lists = book.get_worksheet_by_name(CHOICES) if once else book.add_worksheet(CHOICES)
    offered = {meaning: list(words) for meaning, words in choices.items() if words}
    if not once:
        deepest = max((len(words) for words in offered.values()), default=0)
        for number in range(deepest):  # row by row: see ``_book``
            for at, words in enumerate(offered.values()):
                if number < len(words):
                    lists.write_string(number, at, words[number])
    for at, (meaning, words) in enumerate(offered.items()):
        place, letter = columns.index(meaning), letters(at)
        source = f"='{CHOICES}'!${letter}$1:${letter}${len(words)}"
        # A warning, not a refusal: a cell may hold several, or a name not in the list.
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, place, max(last, 1), place, rule)


def _explain(book: Any, headings: Mapping[Meaning, str]) -> None:
    sheet = book.add_worksheet(HELP)
    sheet.set_column(0, 0, WIDTH)
    sheet.set_column(1, 1, 4 * WIDTH)
    said = explanations()
    lines = [
        [_("Column"), _("What to write")],
        *([heading, said.get(meaning, "")] for meaning, heading in headings.items()),
        ["", ""],
        ["", _("Columns of your own may be added: they are kept beside the record.")],
        ["", _("Contact persons are not read from lists: record them with their consent.")],
        ["", _("The sheet with examples is not loaded while the first sheet has its headings.")],
    ]
    _fill(book, sheet, lines, None)
