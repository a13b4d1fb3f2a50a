"""The tables of the report as XLSX: numbers as numbers, every ward in its own row."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from registry.reports import wording
from registry.reports.content import Part, Report, Table, cell
from registry.reports.grids import heading

SHEETS = {
    "vi": {
        "lines": "Chỉ tiêu", "sector": "Lĩnh vực", "tier": "Cấp cung ứng", "ward": "Xã, phường",
        "notes": "Ghi chú",
    },
    "en": {
        "lines": "Indicators", "sector": "Sector", "tier": "Tier", "ward": "Ward",
        "notes": "Notes",
    },
}  # fmt: skip
FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}


def xlsx(report: Report) -> bytes:
    """One sheet for each table, in Vietnamese and then in English; no formulas."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "title": report.parts["vi"].title.replace("\n", " "),
                "author": wording.AGENCY,
                "created": report.known.replace(tzinfo=None),
            }
        )
        for part in report.parts.values():
            _write(book, part, report)
    return out.getvalue()


def _write(book: Any, part: Part, report: Report) -> None:
    names, words = SHEETS[part.language], part.words
    bold = book.add_format({**FONT, "bold": True, "text_wrap": True, "border": 1})
    plain = book.add_format({**FONT, "text_wrap": True, "border": 1})
    count = book.add_format({**FONT, "num_format": "#,##0", "border": 1})
    share = book.add_format({**FONT, "num_format": "0.0", "border": 1})
    sheet = _sheet(book, names["lines"])
    head = ("no", "indicator", "value", "target", "state", "baseline")
    sheet.write_row(0, 0, [words[name] for name in head], bold)
    sheet.set_column(1, 5, 24)
    for n, line in enumerate(part.lines, start=1):
        sheet.write_number(n, 0, n, plain)
        sheet.write_string(n, 1, line.name, plain)
        _number(sheet, n, 2, line.figure.value, share if line.figure.unit == "%" else count)
        for column, text in enumerate((line.target, line.state, line.baseline), start=3):
            sheet.write_string(n, column, text, plain)
    for table in part.tables:
        _split(_sheet(book, names[table.name]), part, table, (bold, plain, count, share))
    notes = _sheet(book, names["notes"])
    notes.set_column(0, 0, 110)
    for n, text in enumerate([*report.warnings(part), *part.notes, *part.sources]):
        notes.write_string(n, 0, text, plain)


def _sheet(book: Any, name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    return sheet


def _split(sheet: Any, part: Part, table: Table, formats: tuple[Any, Any, Any, Any]) -> None:
    bold, plain, count, share = formats
    figures = [line.figure for line in part.lines]
    kinds = [share if figure.unit == "%" else count for figure in figures]
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, len(figures), 18)
    heads = [heading(figure, part.words) for figure in figures]
    sheet.write_row(0, 0, [table.heading, *heads], bold)
    for n, row in enumerate(table.rows, start=1):
        sheet.write_string(n, 0, row.label, plain)
        for column, (figure, kind) in enumerate(zip(figures, kinds, strict=True), start=1):
            _number(sheet, n, column, cell(row, figure), kind)
    last = len(table.rows) + 1
    sheet.write_string(last, 0, part.words["all"], bold)
    for column, (figure, kind) in enumerate(zip(figures, kinds, strict=True), start=1):
        _number(sheet, last, column, figure.value, kind)


def _number(sheet: Any, row: int, column: int, value: Any, kind: Any) -> None:
    """A share of nothing is a blank cell, not zero."""
    if value is None:
        sheet.write_blank(row, column, None, kind)
    else:
        sheet.write_number(row, column, float(value), kind)
