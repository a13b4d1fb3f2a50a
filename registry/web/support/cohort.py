"""What is true since of those who were given support: counts, and the list behind each."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from registry.dashboard.cohorts import (
    OUTCOMES,
    CohortAsked,
    Others,
    choices,
    others,
    outcome_counts,
    outcome_rows,
    spent,
)
from registry.dashboard.cohorts import (
    cohort as cohort_rows,
)
from registry.dashboard.figures import percent
from registry.reference.models import Sector, SupportKind
from registry.support.models import SupportProgramme
from registry.support.permissions import can_read_support
from registry.web.programme.asked import parameters_of, point_asked
from registry.web.shared.access import only_for
from registry.web.shared.pager import pager
from registry.web.shared.problems import PlainProblem, hidden_inputs, page_asked, says_problems

ROWS_SHOWN = 50
ASKED = ("programme", "kind", "year", "sector")


def cohort_asked(parameters: QueryDict) -> CohortAsked:
    """Which support an address means; raises :class:`PlainProblem` for what is none."""
    told = {name: parameters.get(name, "").strip() for name in ASKED}
    for name in ("programme", "year"):
        text = told[name]
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            raise PlainProblem(_("“%(text)s” is no value of a list.") % {"text": text[:40]})
    programme = int(told["programme"]) if told["programme"] else None
    known = {
        "programme": programme is None or SupportProgramme.objects.filter(pk=programme).exists(),
        "kind": _is_listed(SupportKind, told["kind"]),
        "sector": _is_listed(Sector, told["sector"]),
    }
    for name, there in known.items():
        if not there:
            text = told[name][:40].replace("\x00", " ")
            raise PlainProblem(_("“%(text)s” is no value of a list.") % {"text": text})
    year = int(told["year"]) if told["year"] else None
    if year is not None and not 1945 <= year <= 2100:
        raise PlainProblem(_("“%(text)s” is no value of a list.") % {"text": told["year"]})
    return CohortAsked(programme, told["kind"], year, told["sector"])


def _is_listed(model: Any, code: str) -> bool:
    return not code or ("\x00" not in code and model.objects.filter(code=code[:40]).exists())


def asked_address(asked: CohortAsked, point: Any, **more: str) -> str:
    """The address of this cohort at this point."""
    parameters = parameters_of(point)
    told = {
        "programme": asked.programme, "kind": asked.kind, "year": asked.year,
        "sector": asked.sector, **more,
    }  # fmt: skip
    for name, value in told.items():
        if value:
            parameters[name] = str(value)
    return parameters.urlencode()


@require_safe
@only_for(can_read_support)
@says_problems
def cohort(request: HttpRequest) -> HttpResponse:
    """Every outcome of the cohort with its count, the others beside it, the amounts."""
    point, asked = point_asked(request.GET), cohort_asked(request.GET)
    with point.looked_from() as rule:
        counts = outcome_counts(cohort_rows(asked, point.on), point.on, rule)
        beside = others(asked, point.on)
        beside_counts = (
            outcome_counts(beside.rows, point.on, rule) if beside.rows is not None else {}
        )
        cost = spent(asked, point.on)
        programmes, kinds, years = choices(point.on)
    context = {
        "point": point,
        "on": point.on,
        "today": timezone.localdate(),
        "rule": rule,
        "asked": asked,
        "total": counts["all"],
        "parts": shown_parts(counts, beside_counts, asked, point),
        "beside": beside,
        "beside_total": beside_counts.get("all"),
        "beside_url": list_url("all", asked, point, group="others"),
        "all_url": list_url("all", asked, point),
        "cost": cost,
        "programmes": programmes,
        "kinds": SupportKind.objects.filter(code__in=kinds).order_by("position", "code"),
        "years": years,
        "sectors": Sector.objects.filter(parent=None).order_by("position", "code"),
        "sector_names": [
            one.label for one in Sector.objects.filter(code__in=beside.sectors).order_by("position")
        ],
        "kept": hidden_inputs(request.GET, keep=("known", "rule")),
    }
    return render(request, "pages/support/cohort.html", context)


PARTS = (
    ("standing", gettext_lazy("Where they are on that day"), "all"),
    ("certificates", gettext_lazy("Certificates since, of those operating"), "operating"),
    ("tiers", gettext_lazy("Supply tier then and now, of those operating"), "operating"),
)


def list_url(code: str, asked: CohortAsked, point: Any, **more: str) -> str:
    return reverse("support-cohort-list", args=[code]) + "?" + asked_address(asked, point, **more)


def shown_parts(
    counts: dict[str, int], beside: dict[str, int], asked: CohortAsked, point: Any
) -> list[dict[str, Any]]:
    """The tables of the page: each outcome with its count, share and list, others beside."""
    return [
        {
            "name": name,
            "whole": counts[whole],
            "beside_whole": beside.get(whole),
            "rows": [
                {
                    "outcome": outcome,
                    "count": counts[code],
                    "share": percent(counts[code], counts[whole]),
                    "url": list_url(code, asked, point),
                    "beside": beside.get(code),
                    "beside_share": percent(beside[code], beside[whole]) if beside else None,
                    "beside_url": list_url(code, asked, point, group="others"),
                }
                for code, outcome in OUTCOMES.items()
                if outcome.part == part
            ],
        }
        for part, name, whole in PARTS
    ]


@require_safe
@only_for(can_read_support)
@says_problems
def members(request: HttpRequest, outcome: str) -> HttpResponse:
    """The enterprises behind one count, of the cohort or of the others beside it."""
    if outcome not in OUTCOMES:
        raise Http404
    point, asked = point_asked(request.GET), cohort_asked(request.GET)
    is_others = request.GET.get("group") == "others"
    with point.looked_from() as rule:
        beside = others(asked, point.on) if is_others else Others(None, None)
        rows = beside.rows if is_others else cohort_rows(asked, point.on)
        if rows is None:
            raise PlainProblem(str(beside.why_not))
        found = outcome_rows(rows, outcome, point.on, rule).in_name_order()
        pages = Paginator(found, ROWS_SHOWN)
        page = pages.get_page(page_asked(request.GET))
        shown = list(page)
    context = {
        "point": point,
        "on": point.on,
        "rule": rule,
        "outcome": OUTCOMES[outcome],
        "is_others": is_others,
        "rows": shown,
        "count": pages.count,
        "back": asked_address(asked, point),
        "pager": pager(request.GET, page.number, pages.num_pages),
    }
    return render(request, "pages/support/members.html", context)
