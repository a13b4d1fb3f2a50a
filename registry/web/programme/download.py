"""The list behind a figure as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.core.text import BOM, harmless
from registry.dashboard.points import Point
from registry.dashboard.slices import SHOWN, slice_labels, sliced
from registry.enterprises.models import EnterpriseQuerySet

BATCH = 2_000


class Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def csv_response(rows: EnterpriseQuerySet, name: str, point: Point) -> StreamingHttpResponse:
    """One row for each enterprise the figure counts; no personal data.

    The file is named by what it holds (``name``) and by the point it is true for.
    """
    lines = csv_lines(rows, point.on)
    if point.known is not None:
        lines = iter(list(lines))  # the past can be read only here and now
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, point)}"'
    return response


def file_name(name: str, point: Point) -> str:
    """So that lists of different days, rules or moments are never taken for each other."""
    parts = [name, point.on.isoformat()]
    if point.version is not None:
        parts.append(f"rule{point.version}")
    if point.known is not None:
        parts.append(f"known-{timezone.localtime(point.known):%Y%m%dT%H%M%S}")
    return "-".join(parts) + ".csv"


def csv_lines(rows: EnterpriseQuerySet, on: dt.date) -> Iterator[str]:
    writer = csv.writer(Echo())
    labels = slice_labels()
    for name in SHOWN:
        rows = sliced(rows, name, on)
    yield BOM
    yield writer.writerow(
        [_("Code"), _("Name"), _("English or trade name"), _("Tax code"), _("Sector"),
         _("Supply tier"), _("Ward or commune")]
    )  # fmt: skip
    for row in rows.iterator(BATCH):
        parts = [getattr(row, f"slice_{name}") for name in SHOWN]
        named = [labels[name].get(value, value) for name, value in zip(SHOWN, parts, strict=True)]
        cells = [row.public_id, row.name, row.name_en, row.tax_code or "", *named]
        yield writer.writerow([harmless(cell) for cell in cells])
