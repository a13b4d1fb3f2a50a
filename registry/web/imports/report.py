"""Rows that were not written, as a sheet with the reason beside: to mend and load again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.core.text import BOM, harmless
from registry.enterprises.models import Enterprise, EnterpriseQuerySet
from registry.imports import actions
from registry.imports.models import ImportBatch
from registry.imports.problems import NOT_WRITTEN
from registry.imports.workbook_files import blank_workbook, refused_workbook, workbook_of
from registry.search.filters import EnterpriseFilter
from registry.web.imports.views import for_officers


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
        response = HttpResponse(refused_workbook(lines), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="import-{pk}-refused.{kind}"'
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report_lines(batch: ImportBatch) -> Iterator[list[str]]:
    rows = batch.rows.filter(outcome__in=NOT_WRITTEN).order_by("number")
    there = set().union(*rows.values_list("cells", flat=True)) if rows else set()
    columns = [column for column in actions.shape(batch).columns if column.letter in there]
    yield [*(column.header for column in columns), _("Reason not written")]
    for row in rows:
        said = "; ".join(
            f"{one['column']}: {one['message']}" if one["column"] else one["message"]
            for one in row.problems
        )
        yield [*(row.cells.get(column.letter, "") for column in columns), said]


@for_officers
def export(request: HttpRequest) -> HttpResponse:
    """The register, or what a search finds of it, to edit and load again."""
    today = timezone.localdate()
    rows = found_for_edit(request.GET, today)
    response = HttpResponse(workbook_of(rows, on=today), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="register-{today}.xlsx"'
    return response


def found_for_edit(asked: QueryDict, today: dt.date) -> EnterpriseQuerySet:
    """The rows of the search with the same address; ended records are never among them."""
    rows = Enterprise.objects.registered(today)
    search = EnterpriseFilter(asked, queryset=rows, on=today)
    return (rows.none() if search.form.errors else search.qs).in_name_order()


@for_officers
def blank_list(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in: headings, lists to choose from, examples beside it."""
    response = HttpResponse(blank_workbook(timezone.localdate()), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="mau-danh-sach-cnht.xlsx"'
    return response
