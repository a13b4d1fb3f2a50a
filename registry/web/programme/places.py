"""A figure on the map of wards: dots, the table of the same counts, and what has no dot."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.core.text import harmless
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.points import Point
from registry.dashboard.slices import NOT_STATED_LABELS
from registry.dashboard.ward_map import WardCount, WardMap, ward_map
from registry.search.criteria import NOT_STATED
from registry.web.programme.asked import parameters_of, point_asked, slices_asked
from registry.web.programme.panels import list_url, slice_chips
from registry.web.shared.files import csv_answer
from registry.web.shared.maps import DotMap, Place, dot_map
from registry.web.shared.problems import address, hidden_inputs, says_problems


@says_problems
def map_page(request: HttpRequest, code: str) -> HttpResponse:
    """``?on=…&known=…&rule=…&sector=…``: the wards of today; ``format=csv``."""
    if code not in INDICATORS:
        raise Http404
    point = point_asked(request.GET)
    chosen = slices_asked(request.GET)
    with point.looked_from() as rule:
        found = ward_map(code, point.on, rule, chosen)
    if request.GET.get("format") == "csv":
        return _csv(found, f"{code}-map-{point.on}.csv")
    context = {
        "indicator": INDICATORS[code],
        "code": code,
        "point": point,
        "on": point.on,
        "today": timezone.localdate(),
        "rule": rule,
        "found": found,
        "map": _drawn(found, code, point, chosen),
        "words": _("%(name)s by ward: %(wards)s wards and communes")
        % {"name": INDICATORS[code].name, "wards": len(found.wards)},
        "rows": _table(found, code, point, chosen),
        "chips": slice_chips(request.GET, chosen),
        "kept": hidden_inputs(request.GET, leave_out=("on", "format")),
        "csv_url": address(request.GET, format="csv"),
        "back": parameters_of(point).urlencode(),
        "breakdown_query": address(parameters_of(point), rows="ward", columns="size", **chosen),
        "whole_url": list_url(code, point, **chosen),
    }
    return render(request, "pages/map.html", context)


def _drawn(found: WardMap, code: str, point: Point, chosen: dict[str, str]) -> DotMap:
    return dot_map(
        found.frame,
        [
            Place(
                label=ward.label,
                url=list_url(code, point, **{**chosen, "ward": ward.code}),
                centre=ward.centre,
                inner=ward.count.count,
                outer=ward.count.count if ward.count.whole is None else ward.count.whole,
            )
            for ward in found.wards
            if ward.centre is not None
        ],
    )


def _table(found: WardMap, code: str, point: Point, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """Every ward with anybody, then "not stated", then the sum."""

    def row(label: Any, count: Any, ward: str, **more: Any) -> dict[str, Any]:
        url = list_url(code, point, **{**chosen, "ward": ward})
        return {"label": label, "cell": {"count": count, "url": url}, **more}

    rows = [row(one.label, one.count, one.code, unplaced=one.centre is None) for one in found.wards]
    rows.append(row(NOT_STATED_LABELS["ward"], found.not_stated, NOT_STATED, is_apart=True))
    total = {"count": found.total, "url": list_url(code, point, **chosen)}
    return [*rows, {"label": _("Total"), "cell": total, "is_sum": True}]


def _csv(found: WardMap, name: str) -> HttpResponse:
    """The same counts with the points they are drawn at."""
    head = [
        _("Code"),
        _("Ward or commune"),
        _("Counted"),
        _("Of all"),
        _("Latitude"),
        _("Longitude"),
    ]
    sums = [
        ["", label, count.count, "" if count.whole is None else count.whole, "", ""]
        for label, count in (
            (NOT_STATED_LABELS["ward"], found.not_stated),
            (_("Total"), found.total),
        )
    ]
    return csv_answer([head, *map(_line, found.wards), *sums], name)


def _line(ward: WardCount) -> list[Any]:
    whole = "" if ward.count.whole is None else ward.count.whole
    return [ward.code, harmless(ward.label), ward.count.count, whole, *(ward.centre or ("", ""))]
