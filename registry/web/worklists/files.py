"""A list as a file: what it is on top (CSV) or on a sheet of its own (XLSX), then its rows.

No cell is ever a formula, whatever was written into the register.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from registry.core.text import harmless
from registry.enterprises.queries import register_is_sample
from registry.web.shared.files import XLSX, csv_answer, file_answer

About = list[tuple[str, str]]
Lines = list[list[Any]]


def as_csv(about: About, lines: Lines, name: str) -> HttpResponse:
    """UTF-8 for Excel: what it is, an empty line, the headings, the rows."""
    said = [[harmless(label), harmless(text)] for label, text in _said(about)]
    return csv_answer(
        [*said, [], *([_text(cell) for cell in line] for line in lines)], f"{name}.csv"
    )


def as_workbook(about: About, lines: Lines, name: str) -> HttpResponse:
    """Numbers and days as such, all else as text: no zero is lost, no formula is made."""
    file = io.BytesIO()
    book: Any = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "text_wrap": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(_("List")[:31])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(len(lines[0]) - 1, 0), 24)
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            if isinstance(cell, dt.date):
                sheet.write_datetime(number, place, cell, day)
            elif isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell:
                sheet.write_string(number, place, str(cell), bold if number == 0 else None)
            else:  # written, so that a row of which nothing is known is a row
                sheet.write_blank(number, place, None, text)
    sheet.autofilter(0, 0, max(len(lines) - 1, 1), max(len(lines[0]) - 1, 0))
    told = book.add_worksheet(_("About this list")[:31])
    told.set_column(0, 0, 24)
    told.set_column(1, 1, 80)
    for number, (label, text) in enumerate(_said(about)):
        told.write_string(number, 0, label, bold)
        told.write_string(number, 1, text)
    book.close()
    return file_answer(file.getvalue(), XLSX, f"{name}.xlsx")


def _said(about: Sequence[tuple[str, str]]) -> About:
    if not register_is_sample():
        return list(about)
    words = _(
        "Sample data. Every enterprise, person, certificate and figure on this page is fictional."
    )
    return [*about, (_("Note"), words)]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, dt.date) else harmless(str(cell))
