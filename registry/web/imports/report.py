"""Rows that were not written, as a sheet with the reason beside: to mend and load again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.core.text import harmless
from registry.enterprises.models import Enterprise, EnterpriseQuerySet
from registry.imports import actions
from registry.imports.models import ImportBatch
from registry.imports.problems import NOT_WRITTEN, reason_with_row
from registry.imports.summary.reasons import retold
from registry.imports.workbook_files import blank_workbook, refused_workbook, workbook_of
from registry.search.filters import EnterpriseFilter
from registry.web.imports.views import for_officers
from registry.web.shared.files import XLSX, csv_answer, file_answer


@for_officers
def refused_rows(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Refused and doubtful rows with the headings of their file; persons left out."""
    if kind not in ("xlsx", "csv"):
        raise Http404
    batch = get_object_or_404(ImportBatch.objects.defer("content"), pk=pk)
    lines = list(report_lines(batch))
    if kind == "csv":
        text = ([harmless(cell) for cell in line] for line in lines)
        return csv_answer(text, f"import-{pk}-refused.csv")
    return file_answer(refused_workbook(lines), XLSX, f"import-{pk}-refused.xlsx")


def report_lines(batch: ImportBatch) -> Iterator[list[str]]:
    rows = batch.rows.filter(outcome__in=NOT_WRITTEN).order_by("number")
    there = set().union(*rows.values_list("cells", flat=True)) if rows else set()
    columns = [column for column in actions.shape(batch).columns if column.letter in there]
    yield [*(column.header for column in columns), _("Reason not written")]
    for row in rows:
        said = ((one["column"], retold(one["message"])) for one in row.problems)
        texts = (row.cells.get(column.letter, "") for column in columns)
        yield [*texts, reason_with_row(row.number, said)]


@for_officers
def export(request: HttpRequest) -> HttpResponse:
    """The register, or what a search finds of it, to edit and load again."""
    today = timezone.localdate()
    rows = found_for_edit(request.GET, today)
    return file_answer(workbook_of(rows, on=today), XLSX, f"register-{today}.xlsx")


def found_for_edit(asked: QueryDict, today: dt.date) -> EnterpriseQuerySet:
    """The rows of the search with the same address; ended records are never among them."""
    rows = Enterprise.objects.registered(today)
    search = EnterpriseFilter(asked, queryset=rows, on=today)
    return (rows.none() if search.form.errors else search.qs).in_name_order()


@for_officers
def blank_list(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in: headings, lists to choose from, examples beside it."""
    return file_answer(blank_workbook(timezone.localdate()), XLSX, "mau-danh-sach-cnht.xlsx")
