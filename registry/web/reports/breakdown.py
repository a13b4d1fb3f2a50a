"""A figure by two attributes: a table whose every number opens the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.core.text import harmless
from registry.dashboard.breakdown import Breakdown, Count2, breakdown
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.places import UNMAPPED
from registry.dashboard.slices import HEADINGS, NOT_STATED_LABELS, SCHEME, WAYS, slice_labels
from registry.dashboard.ward_map import mixed_wards
from registry.search.criteria import NOT_STATED
from registry.web.programme.asked import parameters_of, point_asked, slices_asked
from registry.web.programme.panels import list_url, slice_chips
from registry.web.shared.files import csv_answer
from registry.web.shared.problems import PlainProblem, address, hidden_inputs, says_problems

ROWS, COLUMNS = "sector", "size"


@says_problems
def breakdown_page(request: HttpRequest, code: str) -> HttpResponse:
    """``?rows=sector&columns=size``, also ``on``, ``known``, ``rule``, values of slices
    that narrow the whole table; ``format=csv``."""
    if code not in INDICATORS:
        raise Http404
    point = point_asked(request.GET)
    chosen = slices_asked(request.GET)
    rows, columns = _ways_asked(request, chosen)
    with point.looked_from() as rule:
        found = breakdown(code, point.on, rule, rows, columns, chosen)
        mixed = mixed_wards(code, point.on, rule, chosen) if "district" in (rows, columns) else []
    names = {
        way: {**values, NOT_STATED: str(NOT_STATED_LABELS[way])}
        for way, values in slice_labels(rows, columns).items()
    }
    if request.GET.get("format") == "csv":
        return _csv(found, names, (rows, columns), f"{code}-{rows}-{columns}-{point.on}.csv")
    context = {
        "indicator": INDICATORS[code],
        "code": code,
        "point": point,
        "on": point.on,
        "today": timezone.localdate(),
        "rule": rule,
        "found": found,
        "rows_way": rows,
        "columns_way": columns,
        "ways": [(way, HEADINGS[way]) for way in WAYS],
        "heading": f"{HEADINGS[rows]} · {HEADINGS[columns]}",
        "head": [_named(names[columns], one) for one in found.columns],
        "table": _table(found, names, (rows, columns), partial(list_url, code, point), chosen),
        "mixed": [
            (one, list_url(code, point, **{**chosen, "district": UNMAPPED, "ward": one.code}))
            for one in mixed
        ],
        "mixed_count": sum(one.count for one in mixed),
        "mixed_url": list_url(code, point, **{**chosen, "district": UNMAPPED}),
        "chips": slice_chips(request.GET, chosen),
        "kept": hidden_inputs(request.GET, leave_out=("on", "rows", "columns", "format")),
        "csv_url": address(request.GET, format="csv"),
        "back": parameters_of(point).urlencode(),
        "here": address(parameters_of(point), **chosen),
        "whole_url": list_url(code, point, **chosen),
    }
    return render(request, "pages/breakdown.html", context)


def _ways_asked(request: HttpRequest, chosen: dict[str, str]) -> tuple[str, str]:
    asked = request.GET.get("rows") or ROWS, request.GET.get("columns") or COLUMNS
    for way in asked:
        if way not in WAYS:
            raise PlainProblem(
                _("A figure cannot be split by “%(text)s”. Choose one of: %(ways)s.")
                % {"text": way[:40], "ways": ", ".join(WAYS)}
            )
    if asked[0] == asked[1]:
        raise PlainProblem(_("Rows and columns are the same. Choose two different attributes."))
    if SCHEME in asked and SCHEME in chosen:
        raise PlainProblem(
            _(
                "The figure is narrowed to one certificate scheme. Split it by something else, or "
                "take that filter away."
            )
        )
    return asked


def _named(names: dict[str, str], code: str) -> str:
    return names.get(code, code)


def _table(
    found: Breakdown,
    names: dict[str, dict[str, str]],
    ways: tuple[str, str],
    list_of: Callable[..., str],
    chosen: dict[str, str],
) -> list[dict[str, Any]]:
    """Rows with their cells and totals, each with the address of its list; the sum last."""
    rows_way, columns_way = ways

    def cell(count: Count2, **slices: str) -> dict[str, Any]:
        return {"count": count, "url": list_of(**{**chosen, **slices})}

    table = [
        {
            "label": _named(names[rows_way], row),
            "cells": [
                cell(found.cells[row, column], **{rows_way: row, columns_way: column})
                for column in found.columns
            ],
            "total": cell(found.row_totals[row], **{rows_way: row}),
        }
        for row in found.rows
    ]
    last = {
        "label": _("Total"),
        "cells": [cell(found.column_totals[one], **{columns_way: one}) for one in found.columns],
        "total": cell(found.total),
        "is_sum": True,
    }
    return [*table, last]


def _csv(
    found: Breakdown, names: dict[str, dict[str, str]], ways: tuple[str, str], name: str
) -> HttpResponse:
    """The same counts; for a share the enterprises it counts."""
    head = [_named(names[ways[1]], one) for one in found.columns]
    first = f"{HEADINGS[ways[0]]} / {HEADINGS[ways[1]]}"
    lines: list[list[Any]] = [[harmless(one) for one in (first, *head, _("Total"))]]
    for row in found.rows:
        counts = [found.cells[row, column].count for column in found.columns]
        label = harmless(_named(names[ways[0]], row))
        lines.append([label, *counts, found.row_totals[row].count])
    sums = [found.column_totals[one].count for one in found.columns]
    return csv_answer([*lines, [_("Total"), *sums, found.total.count]], name)
