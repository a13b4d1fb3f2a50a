"""Tiers: enterprises and links, verified and stated, domestic and foreign apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.core.text import harmless
from registry.dashboard.figures import figure
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.links import WHOLE, Supply, links, supply
from registry.dashboard.points import Point
from registry.dashboard.slices import NOT_STATED_LABELS
from registry.search.criteria import NO, NOT_STATED, YES
from registry.supply.models import SupplyRelation
from registry.supply.queries import open_today
from registry.web.programme.asked import parameters_of, point_asked, query_of
from registry.web.programme.panels import list_url
from registry.web.shared.files import csv_answer
from registry.web.shared.pager import pager
from registry.web.shared.problems import (
    PlainProblem,
    address,
    hidden_inputs,
    page_asked,
    says_problems,
)

CAPITALS = ("domestic", "foreign", NOT_STATED)
ROWS_SHOWN = 50


@says_problems
def supply_page(request: HttpRequest) -> HttpResponse:
    """Each tier with its enterprises and links; ``?on=``, ``known=``."""
    point = point_asked(request.GET)
    with point.looked_from() as rule:
        found = supply(point.on, rule)
        figures = [
            figure(code, point.on, rule=rule) for code, one in INDICATORS.items() if one.tiers
        ]
    context = {
        "point": point,
        "on": point.on,
        "today": timezone.localdate(),
        "rows": _rows(found, point),
        "figures": [{"figure": one, "url": list_url(one.indicator.code, point)} for one in figures],
        "kept": hidden_inputs(request.GET, keep=("known", "rule")),
        "back": parameters_of(point).urlencode(),
    }
    return render(request, "pages/supply.html", context)


def _rows(found: Supply, point: Point) -> list[dict[str, Any]]:
    """One row for each tier, one for those at none, and the sum."""

    def row(label: Any, code: str) -> dict[str, Any]:
        table = found.enterprises
        tier = int(code) if code.isdigit() else None
        known = code in table.row_totals
        counts = [table.cells.get((code, capital)) for capital in CAPITALS]
        mine = found.links[tier] if tier else None
        return {
            "label": label,
            "enterprises": (table.row_totals[code].count if known else 0,
                            list_url(WHOLE, point, tier=code)),
            "capitals": [
                (one.count if one else 0, list_url(WHOLE, point, tier=code, capital=capital))
                for capital, one in zip(CAPITALS, counts, strict=True)
            ],
            "links": mine and [
                (mine.verified, links_url(point, code, YES)),
                (mine.unverified, links_url(point, code, NO)),
            ],
        }  # fmt: skip

    tiers = [row(label, str(code)) for code, label in SupplyRelation.Tier.choices]
    every = found.all_links
    last = {
        "label": _("Total"),
        "enterprises": (found.enterprises.total.count, list_url(WHOLE, point)),
        "capitals": [
            (total.count if total else 0, list_url(WHOLE, point, capital=capital))
            for capital in CAPITALS
            for total in [found.enterprises.column_totals.get(capital)]
        ],
        "links": [
            (every.verified, links_url(point, "", YES)),
            (every.unverified, links_url(point, "", NO)),
        ],
    }
    return [*tiers, row(NOT_STATED_LABELS["tier"], NOT_STATED), last]


def links_url(point: Point, tier: str, answer: str) -> str:
    """The list of links at a tier (of all where empty), verified or not."""
    asked = address(parameters_of(point), tier=tier, verified=answer)
    return reverse("programme-links") + asked


@says_problems
def links_page(request: HttpRequest) -> HttpResponse:
    """The links behind a number: ``?tier=1&verified=yes``, as a page or as CSV.

    Of a confidential one neither buyer nor product nor days are told (decision 0006).
    """
    point = point_asked(request.GET)
    tier, answer = _asked(request.GET)
    told = None if point.known is None else open_today()
    with point.looked_from() as rule:
        rows = (
            links(point.on, rule, tier, is_verified=answer)
            .select_related("enterprise", "buyer", "plant")
            .order_by("tier", "enterprise__name_sort", "enterprise_id", "pk")
        )
        if request.GET.get("format") == "csv":
            return _csv(rows, point, told)
        pages = Paginator(rows, ROWS_SHOWN)
        page = pages.get_page(page_asked(request.GET))
        context = {
            "point": point,
            "on": point.on,
            "count": pages.count,
            "rows": [(one, _is_told(one, told)) for one in page.object_list],
            "tier_label": SupplyRelation.Tier(tier).label if tier else "",
            "answer": answer,
            "csv_url": address(request.GET, format="csv"),
            "back": parameters_of(point).urlencode(),
            "query": query_of(point),
            "pager": pager(request.GET, page.number, pages.num_pages),
        }
    return render(request, "pages/supply_links.html", context)


def _asked(parameters: QueryDict) -> tuple[int | None, bool | None]:
    tier, answer = parameters.get("tier", ""), parameters.get("verified", "")
    if tier not in ("", *map(str, SupplyRelation.Tier.values)):
        raise PlainProblem(
            _("“%(text)s” is no supply tier. Tiers are 1, 2, 3 and 4 (deeper).")
            % {"text": tier[:40].replace("\x00", " ")}
        )
    return int(tier) if tier else None, {YES: True, NO: False}.get(answer)


def _is_told(one: SupplyRelation, told: frozenset[int] | None) -> bool:
    """Whether its partner may be named: then, and still."""
    return not one.is_confidential and (told is None or one.pk in told)


def _csv(rows: Iterable[SupplyRelation], point: Point, told: frozenset[int] | None) -> HttpResponse:
    def line(one: SupplyRelation) -> list[str]:
        is_seen = one.verified_on is not None and one.verified_on <= point.on
        partner = [one.buyer.label, one.product] if _is_told(one, told) else [_("Confidential"), ""]
        cells = [one.enterprise.public_id, one.enterprise.name, one.get_tier_display(), *partner,
                 _("Yes") if is_seen else _("No")]  # fmt: skip
        return [harmless(str(cell)) for cell in cells]

    head = [_("Code"), _("Name"), _("Supply tier"), _("Buyer"), _("Product"), _("Verified")]
    return csv_answer([head, *map(line, rows)], f"links-{point.on}.csv")
