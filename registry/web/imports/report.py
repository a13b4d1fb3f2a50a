"""Rows that were not written, as a sheet with the reason beside: to mend and load again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.core.text import BOM, harmless
from registry.imports import actions
from registry.imports.columns import Meaning, letters
from registry.imports.exporting import FORMS, HEADINGS, OWNERS, export_lines
from registry.imports.models import ImportBatch
from registry.imports.problems import NOT_WRITTEN
from registry.web.imports.views import for_officers

WIDTH = 24


@for_officers
def refused_rows(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Refused and doubtful rows with the headings of their file; persons left out."""
    if kind not in ("xlsx", "csv"):
        raise Http404
    batch = get_object_or_404(ImportBatch.objects.defer("content"), pk=pk)
    lines = list(report_lines(batch))
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([harmless(cell) for cell in line] for line in lines)
        response = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(workbook(lines), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="import-{pk}-refused.{kind}"'
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report_lines(batch: ImportBatch) -> Iterator[list[str]]:
    rows = batch.rows.filter(outcome__in=NOT_WRITTEN).order_by("number")
    there = set().union(*rows.values_list("cells", flat=True)) if rows else set()
    columns = [column for column in actions.shape(batch).columns if column.letter in there]
    yield [*(column.header for column in columns), _("Reason")]
    for row in rows:
        said = "; ".join(
            f"{one['column']}: {one['message']}" if one["column"] else one["message"]
            for one in row.problems
        )
        yield [*(row.cells.get(column.letter, "") for column in columns), said]


def workbook(lines: list[list[str]]) -> bytes:
    """An XLSX file in which every cell is text: no formula is made, no zero is lost."""
    file = io.BytesIO()
    book: Any = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(lines[0]) - 1, 0), WIDTH, book.add_format({"num_format": "@"}))
    bold = book.add_format({"bold": True})
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            sheet.write_string(number, place, text, bold if number == 0 else None)
    book.close()
    return file.getvalue()


@for_officers
def export(request: HttpRequest) -> HttpResponse:
    """The register as a workbook to edit and load again: keys locked, lists to choose from."""
    today = timezone.localdate()
    file = io.BytesIO()
    book: Any = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet, lists = book.add_worksheet("Danh sách"), book.add_worksheet("Danh mục")
    free = book.add_format({"num_format": "@", "locked": False})
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 1, WIDTH)
    sheet.set_column(2, len(HEADINGS) - 1, WIDTH, free)
    last = 0
    for number, line in enumerate(export_lines(today)):
        last = number
        for place, text in enumerate(line):
            style = bold if number == 0 else free if place > 1 else None
            sheet.write_string(number, place, text, style)
    for at, (meaning, words) in enumerate(
        [(Meaning.LEGAL_FORM, list(FORMS.values())), (Meaning.OWNERSHIP, list(OWNERS.values()))]
    ):
        lists.write_column(0, at, words)
        place = list(HEADINGS).index(meaning)
        letter = letters(at)
        source = f"='Danh mục'!${letter}$1:${letter}${len(words)}"
        rules = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, place, max(last, 1), place, rules)
    sheet.freeze_panes(1, 3)
    sheet.protect("", {"format_columns": True, "sort": True, "autofilter": True})
    book.close()
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="register-{today}.xlsx"'
    return response
