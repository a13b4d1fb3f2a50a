"""The plan's page and the list behind each figure."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from registry.dashboard.figures import all_figures, figure, members
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.slices import SLICES, slice_labels
from registry.dashboard.standing import plan_in_force, standings
from registry.search.queries import with_capability
from registry.web.programme.download import csv_response
from registry.web.programme.panels import indicator_panel, slice_chips
from registry.web.shared.pager import pager
from registry.web.shared.problems import address, day_asked, page_asked, says_problems

ROWS_SHOWN = 50


@says_problems
def programme(request: HttpRequest) -> HttpResponse:
    """Each indicator of the plan on a day: figure, target, baseline, splits."""
    on = day_asked(request.GET)
    placed = standings(all_figures(on), on)
    labels = slice_labels()
    context = {
        "on": on,
        "is_today": on == timezone.localdate(),
        "today": timezone.localdate(),
        "plan": plan_in_force(on),
        "panels": [indicator_panel(standing, on, labels) for standing in placed],
    }
    return render(request, "pages/programme.html", context)


@says_problems
def programme_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """The enterprises a figure, or one slice of it, counts: as a page or as CSV."""
    if code not in INDICATORS:
        raise Http404
    on = day_asked(request.GET)
    chosen = {name: request.GET[name] for name in SLICES if request.GET.get(name)}
    rows = members(code, on, chosen).in_name_order()
    if request.GET.get("format") == "csv":
        return csv_response(rows, code, on)
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "on": on,
        "indicator": INDICATORS[code],
        "figure": figure(code, on),
        "count": pages.count,
        "rows": list(with_capability(rows, on)[page.start_index() - 1 : page.end_index()])
        if pages.count
        else [],
        "chips": slice_chips(request.GET, chosen),
        "csv_url": address(request.GET, format="csv"),
        "pager": pager(request.GET, page.number, pages.num_pages),
    }
    return render(request, "pages/programme_list.html", context)
