"""What the dates already recorded say about the months to come.

Floor: nobody renews. Ceiling: every certificate that counts today is renewed. Neither is
a forecast; with no new event the floor at a day is the figure of that day when it comes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DateField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast

from registry.certifications.models import Certificate
from registry.core.days import month_end
from registry.dashboard.figures import percent
from registry.dashboard.indicators import meeting_international_standards, operating
from registry.enterprises.models import Enterprise, EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.plans.queries import certificate_condition, counting_certificates, of_schemes
from registry.reference.models import SchemeEdition

MONTHS = 24
ENOUGH_ENDED = 30
"""Fewer ended certificates than this tell no rate of renewal."""

RENEWED_WITHIN = dt.timedelta(days=120)


@dataclass(frozen=True)
class Month:
    """The end of a month: who counts at the floor and the ceiling, of how many."""

    on: dt.date
    floor: int
    ceiling: int
    whole: int
    lost: tuple[int, ...]
    scenario: Decimal | None

    @property
    def floor_share(self) -> Decimal | None:
        return percent(self.floor, self.whole)

    @property
    def ceiling_share(self) -> Decimal | None:
        return percent(self.ceiling, self.whole)


@dataclass(frozen=True)
class Outlook:
    """Month by month; ``renewal_rate`` in percent, None while too little is known."""

    start: Month
    months: list[Month]
    renewal_rate: Decimal | None


def month_ends(after: dt.date, count: int) -> list[dt.date]:
    """The last days of the following months, that of the current one first."""
    return [end for step in range(count) if (end := month_end(after, step)) > after]


def month_ends_before(on: dt.date, count: int) -> list[dt.date]:
    """The last days of the months gone by, the oldest first."""
    return [month_end(on, -step) for step in range(count, 0, -1)]


def outlook(
    on: dt.date,
    rule: CountingRule,
    *,
    months: int = MONTHS,
    to_come: Sequence[CountingRule] = (),
) -> Outlook:
    """Floor, ceiling and scenario after ``on``; three queries, and one for each rule to come.

    ``to_come`` are versions approved already, in the order in which they begin: each day is
    counted by the one in force on it, as its figure will be.
    """
    days = [on, *month_ends(on, months)]
    rules = {day: _in_force(day, [rule, *to_come]) for day in days}
    counted = members_by_day(
        [(day, meeting_international_standards(day, rules[day])) for day in days]
    )
    whole = members_by_day([(day, operating(day, rules[day])) for day in days])
    renewed = {rule.version: counted[on]} | {
        one.version: set(meeting_international_standards(on, one).values_list("pk", flat=True))
        for one in to_come
    }
    rate = renewal_rate(on, rule)
    made: list[Month] = []
    for place, day in enumerate(days):
        floor = counted[day]
        ceiling = (renewed[rules[day].version] & whole[day]) | floor
        before = counted[days[place - 1]] if place else floor
        made.append(
            Month(
                on=day,
                floor=len(floor),
                ceiling=len(ceiling),
                whole=len(whole[day]),
                lost=tuple(sorted(before - floor)),
                scenario=_scenario(len(floor), len(ceiling), len(whole[day]), rate),
            )
        )
    return Outlook(start=made[0], months=made[1:], renewal_rate=rate)


def _in_force(day: dt.date, rules: Sequence[CountingRule]) -> CountingRule:
    """The last that has begun by the day; the first is in force from before."""
    return next((one for one in reversed(rules[1:]) if one.valid_from <= day), rules[0])


def share_series(days: list[dt.date], rule: CountingRule) -> list[tuple[dt.date, Decimal | None]]:
    """The share meeting international standards on each day, in percent; two queries."""
    counted = members_by_day([(day, meeting_international_standards(day, rule)) for day in days])
    whole = members_by_day([(day, operating(day, rule)) for day in days])
    return [(day, percent(len(counted[day]), len(whole[day]))) for day in days]


def members_by_day(asked: list[tuple[dt.date, EnterpriseQuerySet]]) -> dict[dt.date, set[int]]:
    """The members on each day: one statement for the whole series."""
    parts = [
        rows.order_by().values_list(Cast(Value(day), DateField()), "pk") for day, rows in asked
    ]
    found: dict[dt.date, set[int]] = defaultdict(set)
    for day, pk in parts[0].union(*parts[1:], all=True):
        found[day].add(pk)
    return found


def _scenario(floor: int, ceiling: int, whole: int, rate: Decimal | None) -> Decimal | None:
    if rate is None or not whole:
        return None
    expected = floor + (ceiling - floor) * rate / 100
    return (100 * expected / whole).quantize(Decimal("0.1"))


def renewal_rate(on: dt.date, rule: CountingRule) -> Decimal | None:
    """Of the certificates that ended more than four months before that day, how many percent
    were followed by another of the same scheme within four months of their end; None while
    fewer than ``ENOUGH_ENDED`` ended."""
    ended = of_schemes(Certificate.objects.verified(on), rule).filter(
        valid_until__lt=on - RENEWED_WITHIN
    )
    later = Certificate.objects.filter(
        enterprise=OuterRef("enterprise"),
        scheme=OuterRef("scheme"),
        issued_on__gt=OuterRef("valid_until") - RENEWED_WITHIN,
        issued_on__lte=OuterRef("valid_until") + RENEWED_WITHIN,
    ).exclude(pk=OuterRef("pk"))
    renewed = list(ended.annotate(renewed=Exists(later)).values_list("renewed", flat=True))
    if len(renewed) < ENOUGH_ENDED:
        return None
    return percent(sum(renewed), len(renewed))


def ending_certificates(
    enterprise_ids: set[int], rule: CountingRule, on: dt.date, until: dt.date
) -> dict[int, list[Certificate]]:
    """The certificates by which each enterprise counts now and that end by a day: whom to call."""
    rows = (
        counting_certificates(rule, on)
        .filter(enterprise__in=enterprise_ids)
        .filter(Q(valid_until__lte=until) | Q(edition__withdrawn_on__lte=until))
        .select_related("scheme", "edition")
        .order_by("valid_until", "pk")
    )
    held: dict[int, list[Certificate]] = defaultdict(list)
    for certificate in rows:
        held[certificate.enterprise_id].append(certificate)
    return held


def only_by_edition(edition: SchemeEdition, on: dt.date, rule: CountingRule) -> EnterpriseQuerySet:
    """Counted on that day by one of this edition, but not without the certificates of it and
    of those that end no later: what ends together, or before, holds nobody."""
    going = Q(edition=edition)
    if edition.withdrawn_on is not None:
        going |= Q(edition__withdrawn_on__lte=edition.withdrawn_on)
    counting = counting_certificates(rule, on)
    held = counting.filter(edition=edition)
    others = counting.exclude(going)
    kept = Enterprise.objects.filter(certificate_condition(rule, on, others))
    counted = meeting_international_standards(on, rule).filter(pk__in=held.values("enterprise"))
    return counted.exclude(pk__in=kept.values("pk"))
