"""How an indicator is counted, by which rule, and how good the records behind it are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.permissions import can_open_desk
from registry.dashboard.figures import figure, members
from registry.dashboard.indicators import INDICATORS, meeting_international_standards
from registry.dashboard.method import NOT_THIS, limits
from registry.dashboard.points import Point
from registry.dashboard.quality import Part, Quality, quality
from registry.plans.models import IN_HANOI, OPERATING
from registry.search.criteria import NOT_STATED
from registry.web.programme.asked import parameters_of, point_asked
from registry.web.programme.courses import progress_url
from registry.web.programme.panels import list_url
from registry.web.shared.problems import hidden_inputs, says_problems


@dataclass(frozen=True)
class QualityRow:
    """One statement: so many of a whole.

    ``url`` lists the enterprises for which it does not hold, ``rest`` counts them; None
    where the statement is of certificates or relations and the list is of their holders.
    """

    label: Any
    part: Part
    url: str
    queue: str
    rest: int | None = None

    @property
    def share(self) -> Decimal | None:
        return self.part.share


@says_problems
def method_page(request: HttpRequest, code: str) -> HttpResponse:
    """Definition, clauses in force at the point, quality of the records, limits, sources."""
    if code not in INDICATORS:
        raise Http404
    point = point_asked(request.GET)
    indicator = INDICATORS[code]
    with point.looked_from() as rule:
        now = figure(code, point.on, rule=rule)
        whole = indicator.whole(point.on, rule) if indicator.whole else None
        rows = members(code, point.on, rule=rule) if whole is None else whole
        found = quality(rows, rule, point.on)
    is_today = point.on == timezone.localdate() and point.known is None
    queues = is_today and can_open_desk(request.user)
    of = code if whole is None else "enterprises_total"
    context = {
        "point": point,
        "on": point.on,
        "today": timezone.localdate(),
        "indicator": indicator,
        "figure": now,
        "url": list_url(code, point),
        "rule": rule,
        "uses_rule": indicator.members is meeting_international_standards,
        "clauses": [OPERATING, IN_HANOI],
        "is_of_whole": whole is not None,
        "statements": statements(found, of, point, queues=queues),
        "later": found.later,
        "later_url": list_url(of, point, lacking="later"),
        "not_this": NOT_THIS.get(code, ""),
        "limits": limits(code),
        "progress_url": progress_url(code, point),
        "kept": hidden_inputs(request.GET, keep=("known", "rule")),
        "back": parameters_of(point).urlencode(),
    }
    return render(request, "pages/programme/method_page.html", context)


def statements(found: Quality, code: str, point: Point, *, queues: bool) -> list[QualityRow]:
    """Each with the list of those for whom it does not hold; the desk's queue for its people."""

    def queue(name: str) -> str:
        return reverse("desk-queue", args=[name]) if queues else ""

    def unstated(name: str, label: Any) -> QualityRow:
        part = found.stated[name]
        url = list_url(code, point, **{name: NOT_STATED})
        return QualityRow(label, part, url, queue(f"without-{name}"), part.rest)

    def lacking(name: str, label: Any, part: Part, waits: str, rest: Any = None) -> QualityRow:
        url = list_url(code, point, lacking=name) if name else ""
        return QualityRow(label, part, url, waits, rest)

    confirmed = found.confirmed
    return [
        lacking("confirmation", _("Records confirmed within 12 months"), confirmed,
                queue("to-confirm"), confirmed.rest - found.later),
        lacking("certificate", _("Valid certificates confirmed when last looked at"),
                found.certificates, queue("to-verify")),
        lacking("", _("Valid certificates confirmed with their body or at the site, lately enough"),
                found.by_body, queue("verify-again")),
        lacking("relation", _("Live supply relations verified"), found.relations, ""),
        unstated("sector", _("Records with a sector")),
        unstated("ward", _("Records with a ward or commune in Hanoi")),
        unstated("size", _("Records whose size class can be told")),
    ]  # fmt: skip
