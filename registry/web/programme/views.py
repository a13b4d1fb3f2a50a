"""The plan's page and the list behind each figure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from registry.dashboard.figures import all_figures, figure, members
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.later import GAINED, later
from registry.dashboard.places import UNMAPPED
from registry.dashboard.slices import slice_labels
from registry.dashboard.standing import plan_in_force, standings
from registry.dashboard.statuses import Asked
from registry.dashboard.steps import steps_of
from registry.enterprises.models import EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.search.queries import with_capability
from registry.web.programme.asked import (
    parameters_of,
    point_asked,
    query_of,
    slices_asked,
    step_asked,
)
from registry.web.programme.download import csv_response
from registry.web.programme.panels import indicator_panel, slice_chips
from registry.web.programme.then_and_now import later_asked, later_shown
from registry.web.shared.pager import pager
from registry.web.shared.problems import address, hidden_inputs, page_asked, says_problems

ROWS_SHOWN = 50


@says_problems
def programme(request: HttpRequest) -> HttpResponse:
    """Each indicator of the plan at a point: figure, target, baseline, splits."""
    point = point_asked(request.GET)
    with point.looked_from() as rule:
        placed = standings(all_figures(point.on, rule=rule), point.on)
        plan = plan_in_force(point.on)
    labels = slice_labels()
    now = {}
    if point.known is not None:
        now = {one.indicator.code: one for one in all_figures(point.on, with_slices=False)}
    context = {
        "point": point,
        "on": point.on,
        "today": timezone.localdate(),
        "rule": rule,
        "rules": CountingRule.objects.order_by("version"),
        "plan": plan,
        "panels": [indicator_panel(standing, point, labels, now) for standing in placed],
        "kept": hidden_inputs(request.GET, keep=("known", "rule")),
        "address": parameters_of(point).urlencode(),
    }
    return render(request, "pages/programme.html", context)


@says_problems
def programme_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """The enterprises a figure, or one slice of it, counts: as a page or as CSV.

    With ``known``, also those that later knowledge added (``?later=gained``) or took away
    (``?later=lost``).
    """
    if code not in INDICATORS:
        raise Http404
    point = point_asked(request.GET)
    asked = Asked(code, slices_asked(request.GET), step_asked(request.GET, code))
    is_csv = request.GET.get("format") == "csv"
    kind = later_asked(request.GET) if point.known is not None else ""
    beside = point.known is not None and (kind or not is_csv)
    changed = later(asked, point) if beside else None
    # Who came to be known later is read from what is known now.
    seen = replace(point, known=None) if kind == GAINED else point
    with seen.looked_from() as rule:
        rows = members(code, point.on, asked.slices, rule=rule, step=asked.step).in_name_order()
        if changed and kind:
            rows = rows.filter(pk__in=changed.rows(kind))
        if is_csv:
            name = "-".join(part for part in (code, asked.step, kind) if part)
            return csv_response(rows, name, seen)
        context = page_of(request, rows, asked, point.on)
        context["rule"] = rule
        context["figure"] = figure(code, point.on, rule=rule)
    context["query"] = query_of(seen)
    context["point"] = point
    context["back"] = parameters_of(point).urlencode()
    context["here"] = address(parameters_of(point), **asked.slices)
    context["later"] = later_shown(request.GET, asked, point, changed, kind)
    return render(request, "pages/programme_list.html", context)


def page_of(
    request: HttpRequest, rows: EnterpriseQuerySet, asked: Asked, on: dt.date
) -> dict[str, Any]:
    """One page of a list with what is said of it; to be asked while its point is looked from."""
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    shown = with_capability(rows, on)[max(page.start_index() - 1, 0) : page.end_index()]
    return {
        "on": on,
        "indicator": INDICATORS[asked.code],
        "count": pages.count,
        "rows": list(shown) if pages.count else [],
        "chips": slice_chips(request.GET, asked.slices),
        "step": asked.step,
        "step_label": steps_of(asked.code).get(asked.step, ""),
        "csv_url": address(request.GET, format="csv"),
        "is_unmapped": asked.slices.get("district") == UNMAPPED,
        "pager": pager(request.GET, page.number, pages.num_pages),
    }
