"""Why a figure changed, and what the recorded dates say about the months to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.core.days import month_end
from registry.dashboard.bridge import Bridge, Term, bridge
from registry.dashboard.indicators import (
    INDICATORS,
    meeting_international_standards,
    operating,
)
from registry.dashboard.outlook import (
    MONTHS,
    Outlook,
    ending_certificates,
    month_ends_before,
    only_by_edition,
    outlook,
    share_series,
)
from registry.dashboard.points import Point
from registry.dashboard.standing import share_target
from registry.dashboard.statuses import ABSENT
from registry.dashboard.steps import steps_of
from registry.dashboard.survey import REASONS, beside_the_register
from registry.dashboard.words import said
from registry.enterprises.models import Enterprise
from registry.plans.models import CountingRule
from registry.plans.queries import NESTED, nested, rule_in_force, rules_to_come
from registry.reference.models import SchemeEdition
from registry.templatetags.registry_ui import day_words, month, number
from registry.web.programme.asked import (
    NAMES,
    parameters_of,
    point_asked,
    query_of,
    slices_asked,
    step_asked,
)
from registry.web.programme.panels import (
    a_year_before,
    counted_by,
    links_of_days,
    list_url,
    slice_chips,
)
from registry.web.shared.charts import Link, fan, step_width, trend, waterfall, waterfall_base
from registry.web.shared.problems import PlainProblem, hidden_inputs, says_problems

CODE, SHARE = "enterprises_international_standard", "share_international_standard"


def is_gone(term: Term) -> bool:
    """Whether those of the term are not in the register at the end."""
    return term.sign < 0 and term.code in (ABSENT, "not_yet")


@says_problems
def bridge_page(request: HttpRequest, code: str) -> HttpResponse:
    """From one point to another: ``?from_on=2025-12-31&on=2026-06-30``, also ``known``, ``rule``."""
    if code not in INDICATORS:
        raise Http404
    after = point_asked(request.GET)
    earlier = QueryDict(mutable=True)
    for name in NAMES:
        if value := request.GET.get(f"from_{name}"):
            earlier[name] = value
    earlier.setdefault("on", a_year_before(after.on).isoformat())
    before = _known_alike(request.GET, point_asked(earlier), after)
    _refuse_backwards(before, after)
    chosen, step = slices_asked(request.GET), step_asked(request.GET, code)
    found = bridge(code, before, after, slices=chosen, step=step)
    amounts = [term.amount for term in found.terms]
    ends = [list_url(code, end, **chosen, step=step) for end in (before, after)]
    context = {
        "indicator": INDICATORS[code],
        "step_label": steps_of(code).get(step, ""),
        "chips": slice_chips(request.GET, chosen),
        "before": before,
        "after": after,
        "before_rule": before.rule(),
        "after_rule": after.rule(),
        "bridge": found,
        "terms": [
            # Who was taken out, or is not registered yet, has a profile at the start only.
            {"term": term, "query": query_of(before if is_gone(term) else after)}
            for term in found.terms
        ],
        "steps": waterfall(found.start, amounts, found.end, _bars(found, ends)),
        "base": waterfall_base(found.start, amounts),
        "width": step_width(len(found.terms) + 2),
        "words": _("From %(start)s to %(end)s enterprises in %(terms)s steps")
        % {"start": found.start, "end": found.end, "terms": len(found.terms)},
        "kept": hidden_inputs(request.GET, leave_out=("on", "from_on")),
        "before_url": ends[0],
        "after_url": ends[1],
        "after_query": parameters_of(after).urlencode(),
        "today": timezone.localdate(),
    }
    return render(request, "pages/bridge.html", context)


def _known_alike(parameters: QueryDict, before: Point, after: Point) -> Point:
    """The start as known at the moment of the end where none is named, or the same words:
    "today" is one moment at both ends, not two with a blink between."""
    asked = parameters.get("known", "")
    same = parameters.get("from_known", asked) == asked
    return replace(before, known=after.known) if same else before


def _refuse_backwards(before: Point, after: Point) -> None:
    """The terms are told in the order of time: read backwards, "closed" would be untrue.

    Raises :class:`PlainProblem`.
    """
    latest = timezone.now()
    if before.on > after.on:
        raise PlainProblem(
            _("The first day (%(first)s) is after the second (%(second)s). Exchange them.")
            % {"first": day_words(before.on), "second": day_words(after.on)}
        )
    if (before.known or latest) > (after.known or latest):
        raise PlainProblem(
            _("The first moment of knowledge is after the second. Exchange the two.")
        )


def _bars(found: Bridge, ends: list[str]) -> list[Link]:
    """Where the bars of a bridge lead: its ends to their lists, its terms to those moved."""
    terms = [
        Link(f"{term.label}: {number(term.amount)}", f"#term-{place}")
        for place, term in enumerate(found.terms, start=1)
    ]
    first = Link(f"{_('Start')}: {number(found.start)}", ends[0])
    return [first, *terms, Link(f"{_('End')}: {number(found.end)}", ends[1])]


def _months_with_calls(found: Outlook, rule: CountingRule, on: dt.date) -> list[dict[str, Any]]:
    """Each month to come with the enterprises that fall out in it and why."""
    lost = {pk for month in found.months for pk in month.lost}
    named = Enterprise.objects.in_bulk(lost)
    held = ending_certificates(lost, rule, on, found.months[-1].on)
    return [
        {
            "month": month,
            "calls": [
                {"enterprise": named[pk], "certificates": held.get(pk, [])} for pk in month.lost
            ],
        }
        for month in found.months
    ]


def _steps_down(months: list[dict[str, Any]]) -> dict[int, Link]:
    """To the call list of each month in which enterprises fall out, by its place in the fan."""
    return {
        place: Link(
            f"{month(row['month'].on)}: −{number(len(row['calls']))}",
            f"#m-{row['month'].on:%Y-%m}",
        )
        for place, row in enumerate(months, start=1)
        if row["calls"]
    }


def outlook_page(request: HttpRequest) -> HttpResponse:
    """Month by month, with the enterprises and certificates behind each step down."""
    on = timezone.localdate()
    rule = rule_in_force(on)
    to_come = rules_to_come(on, month_end(on, MONTHS - 1))
    found = outlook(on, rule, to_come=to_come)
    target = share_target(on)
    months = _months_with_calls(found, rule, on)
    past = share_series(month_ends_before(on, MONTHS), rule)
    editions = SchemeEdition.objects.filter(withdrawn_on__gt=on).select_related("scheme")
    context = {
        "on": on,
        "rule": rule,
        "to_come": to_come,
        "outlook": found,
        "months": months,
        "fan": fan(
            [month.floor_share for month in (found.start, *found.months)],
            [month.ceiling_share for month in (found.start, *found.months)],
            [month.scenario for month in (found.start, *found.months)],
            target.low if target else None,
            _steps_down(months),
        ),
        "trend": trend(
            past,
            low=target.low if target else None,
            high=target.high if target else None,
            links=links_of_days(SHARE, past, counted_by(rule, Point(on))),
        ),
        "words": _("In %(months)s months between %(floor)s %% and %(ceiling)s %%")
        % {
            "months": len(found.months),
            "floor": found.months[-1].floor_share,
            "ceiling": found.months[-1].ceiling_share,
        },
        "cliffs": [
            {
                "edition": edition,
                "enterprises": list(only_by_edition(edition, on, rule).in_name_order()),
            }
            for edition in editions.order_by("withdrawn_on", "pk")
        ],
    }
    return render(request, "pages/outlook.html", context)


@says_problems
def rules_page(request: HttpRequest) -> HttpResponse:
    """Every version of the counting rule, in sentences, with what it counts on a day."""
    point = point_asked(request.GET)
    on = point.on
    in_force = replace(point, version=None).rule()
    with point.looked_from() as asked:
        whole = operating(on, asked)
        rules = [
            {
                "rule": rule,
                "count": meeting_international_standards(on, rule).count(),
                "url": list_url(CODE, replace(point, version=rule.version)),
                "is_in_force": rule.version == in_force.version,
            }
            for rule in CountingRule.objects.select_related("author", "approved_by").order_by(
                "version"
            )
        ]
        steps = [
            {
                "label": NESTED[name],
                "count": rows.count(),
                "url": list_url(CODE, point) + f"&step={name}",
            }
            for name, rows in nested(whole, asked, on).items()
        ]
        total = whole.count()
    context = {
        "point": point,
        "on": on,
        "rules": rules,
        "steps": steps,
        "total": total,
        "total_url": list_url("enterprises_total", point),
        "rule": asked,
        "back": parameters_of(point).urlencode(),
    }
    return render(request, "pages/rules.html", context)


def survey_page(request: HttpRequest) -> HttpResponse:
    """Each published figure beside the register's, with who is known but not counted."""
    found = beside_the_register()
    named = Enterprise.objects.in_bulk(
        {pk for one in found for ids in one.missing.values() for pk in ids}
    )
    rows = [
        {
            "beside": one,
            "published": said(one.baseline.qualifier, number(one.baseline.value)),
            "url": list_url(one.indicator.code, Point(one.baseline.as_of_on)),
            "query": query_of(Point(one.baseline.as_of_on)),
            "reasons": [
                {
                    "label": label,
                    "enterprises": [named[pk] for pk in one.missing[status]],
                    "is_there": status != "not_yet",
                }
                for status, label in REASONS.items()
                if status in one.missing
            ],
        }
        for one in found
    ]
    return render(request, "pages/survey.html", {"rows": rows})
