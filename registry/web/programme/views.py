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
from django.utils.text import slugify

from registry.dashboard.entered import entered
from registry.dashboard.figures import all_figures, figure, members
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.later import GAINED, later
from registry.dashboard.places import UNMAPPED
from registry.dashboard.published import published
from registry.dashboard.quality import LACKING
from registry.dashboard.series import series, trend_days
from registry.dashboard.slices import slice_labels
from registry.dashboard.standing import SHARES, plan_in_force, standings
from registry.dashboard.statuses import Asked
from registry.dashboard.steps import steps_of
from registry.enterprises.models import EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.search.queries import with_capability
from registry.statistics.enums import EnteredIndicator
from registry.statistics.queries import values_by_indicator
from registry.web.programme.asked import (
    lacking_asked,
    parameters_of,
    point_asked,
    query_of,
    slices_asked,
    step_asked,
)
from registry.web.programme.courses import method_url
from registry.web.programme.download import csv_response
from registry.web.programme.entered import entered_rows
from registry.web.programme.panels import chips, panels
from registry.web.programme.then_and_now import later_asked, later_shown
from registry.web.shared.pager import pager
from registry.web.shared.problems import address, hidden_inputs, page_asked, says_problems

ROWS_SHOWN = 50


@says_problems
def programme(request: HttpRequest) -> HttpResponse:
    """Each indicator of the plan at a point: figure, target, baseline, splits."""
    point = point_asked(request.GET)
    with point.looked_from() as rule:
        said = published([*INDICATORS, *EnteredIndicator.values], point.on, SHARES)
        placed = standings(all_figures(point.on, rule=rule), point.on, said)
        by_hand = entered(values_by_indicator(point.on), said, point.on)
        plan = plan_in_force(point.on)
        known = series(dict.fromkeys(INDICATORS, trend_days(point.on)), rule)
    labels = slice_labels()
    now = {}
    if point.known is not None:
        later = replace(point, known=None).rule()
        now = {
            one.indicator.code: one for one in all_figures(point.on, rule=later, with_slices=False)
        }
    context = {
        "point": point,
        "on": point.on,
        "today": timezone.localdate(),
        "rule": rule,
        "rules": CountingRule.objects.order_by("version"),
        "plan": plan,
        "entered": entered_rows(by_hand),
        "panels": panels(placed, point, labels, now, known),
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
    lacking = lacking_asked(request.GET)
    is_csv = request.GET.get("format") == "csv"
    # What became known later is told of whole lists, not of those whose records lack something.
    has_past = point.known is not None and not lacking
    kind = later_asked(request.GET) if has_past else ""
    changed = later(asked, point) if has_past and (kind or not is_csv) else None
    # Who came to be known later is read from what is known now.
    seen = replace(point, known=None) if kind == GAINED else point
    with seen.looked_from() as rule:
        rows = members(code, point.on, asked.slices, rule=rule, step=asked.step).in_name_order()
        if lacking:
            rows = LACKING[lacking][1](rows, rule, point.on)
        if changed and kind:
            rows = rows.filter(pk__in=changed.rows(kind))
        if is_csv:
            narrowed = [slugify(part) for pair in asked.slices.items() for part in pair]
            name = "-".join(part for part in (code, asked.step, kind, lacking, *narrowed) if part)
            return csv_response(rows, name, seen)
        context = page_of(request, rows, asked, point.on)
        context["rule"] = rule
        context["figure"] = figure(code, point.on, rule=rule)
    context["chips"] = chips(request.GET, lacking, asked.slices)
    context["method_url"] = method_url(code, point)
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
        "step": asked.step,
        "step_label": steps_of(asked.code).get(asked.step, ""),
        "csv_url": address(request.GET, format="csv"),
        "is_unmapped": asked.slices.get("district") == UNMAPPED,
        "pager": pager(request.GET, page.number, pages.num_pages),
    }
