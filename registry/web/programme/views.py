"""The plan's page and the list behind each figure."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from registry.dashboard.figures import all_figures, figure, members
from registry.dashboard.indicators import INDICATORS, operating
from registry.dashboard.slices import WAYS, slice_labels
from registry.dashboard.standing import plan_in_force, standings
from registry.plans.models import CountingRule
from registry.plans.queries import NESTED, nested
from registry.search.queries import with_capability
from registry.web.programme.asked import looked_from, parameters_of, point_asked
from registry.web.programme.download import csv_response
from registry.web.programme.panels import indicator_panel, slice_chips
from registry.web.shared.pager import pager
from registry.web.shared.problems import address, page_asked, says_problems

ROWS_SHOWN = 50


@says_problems
def programme(request: HttpRequest) -> HttpResponse:
    """Each indicator of the plan at a point: figure, target, baseline, splits."""
    point = point_asked(request.GET)
    with looked_from(point) as rule:
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
        "address": parameters_of(point).urlencode(),
    }
    return render(request, "pages/programme.html", context)


@says_problems
def programme_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """The enterprises a figure, or one slice of it, counts: as a page or as CSV."""
    if code not in INDICATORS:
        raise Http404
    point = point_asked(request.GET)
    on = point.on
    chosen = {name: request.GET[name] for name in WAYS if request.GET.get(name)}
    with looked_from(point) as rule:
        rows = members(code, on, chosen, rule=rule)
        step = request.GET.get("step", "")
        if step in NESTED and code == "enterprises_international_standard":
            rows = nested(operating(on, rule), rule, on)[step]
        rows = rows.in_name_order()
        if request.GET.get("format") == "csv":
            return csv_response(rows, code, point)
        pages = Paginator(rows, ROWS_SHOWN)
        page = pages.get_page(page_asked(request.GET))
        shown = with_capability(rows, on)[max(page.start_index() - 1, 0) : page.end_index()]
        context = {
            "point": point,
            "on": on,
            "rule": rule,
            "indicator": INDICATORS[code],
            "figure": figure(code, on, rule=rule),
            "count": pages.count,
            "rows": list(shown) if pages.count else [],
            "chips": slice_chips(request.GET, chosen),
            "step_label": NESTED.get(step, ""),
            "csv_url": address(request.GET, format="csv"),
            "back": parameters_of(point).urlencode(),
            "pager": pager(request.GET, page.number, pages.num_pages),
        }
    return render(request, "pages/programme_list.html", context)
