"""A cohort: enterprises that were given support, and what is true of them since.

Each outcome is a condition on enterprises: the number is its count and the list its rows,
so that they cannot differ. What came after support is not said to come from it: those who
ask for support differ from those who do not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from registry.certifications.models import Certificate, CertificateQuerySet
from registry.dashboard.slices import in_slices, sliced
from registry.enterprises.models import Enterprise, EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.plans.queries import counting_certificates
from registry.search.criteria import NOT_STATED
from registry.supply.models import SupplyRelation
from registry.support.models import Participation, SupportActivity

LONGEST_SPAN = 366
"""Days between the first and the last beginning up to which others are set beside."""

FEWEST = 10
"""In smaller groups one enterprise more or less moves a share by ten percent and more."""


@dataclass(frozen=True)
class CohortAsked:
    """Which support is meant; an empty field means any. ``year`` is the one it began in."""

    programme: int | None = None
    kind: str = ""
    year: int | None = None
    sector: str = ""


def participations(asked: CohortAsked, on: dt.date) -> QuerySet[Participation]:
    """Support of that kind begun by that day."""
    found = Participation.objects.supported().begun(on)
    if asked.programme is not None:
        found = found.filter(activity__programme=asked.programme)
    if asked.kind:
        found = found.filter(activity__kind__code=asked.kind)
    if asked.year is not None:
        found = found.filter(attended_from__year=asked.year)
    return found


def cohort(asked: CohortAsked, on: dt.date) -> EnterpriseQuerySet:
    """Who was supported, with ``since``: the first day of the support that is meant."""
    mine = participations(asked, on).filter(enterprise=OuterRef("pk"))
    first = mine.order_by("attended_from", "pk").values("attended_from")[:1]
    found = Enterprise.objects.annotate(since=Subquery(first)).filter(Exists(mine))  # type: ignore[misc]
    return in_slices(found, {"sector": asked.sector}, on) if asked.sector else found


@dataclass(frozen=True)
class Others:
    """Enterprises set beside a cohort, or in words why none are."""

    rows: EnterpriseQuerySet | None
    since: dt.date | None
    sectors: tuple[str, ...] = ()
    why_not: Any = ""


def others(asked: CohortAsked, on: dt.date) -> Others:
    """Enterprises of the same sectors of the plan of which no support is recorded.

    Looked at from the middle of the cohort's beginnings, and operating on that day. None
    where the cohort is small or began over more than a year.
    """
    rows = list(
        sliced(cohort(asked, on), "sector", on)
        .order_by("since", "pk")  # type: ignore[misc]
        .values_list("since", "slice_sector")
    )
    if len(rows) < FEWEST:
        return Others(None, None, why_not=_("Fewer than 10 enterprises took part."))
    if (rows[-1][0] - rows[0][0]).days > LONGEST_SPAN:
        return Others(None, None, why_not=_("The support began over more than a year."))
    middle, sectors = rows[len(rows) // 2][0], {one for _since, one in rows} - {NOT_STATED}
    helped = Participation.objects.supported().begun(on).filter(enterprise=OuterRef("pk"))
    found = (
        sliced(Enterprise.objects.operating(middle), "sector", on)
        .filter(~Exists(helped), slice_sector__in=sorted(sectors))  # type: ignore[misc]
        .annotate(since=Value(middle, output_field=DateField()))
    )
    if found.count() < FEWEST:
        return Others(None, None, why_not=_("Fewer than 10 others of the same sectors."))
    return Others(found, middle, tuple(sorted(sectors)))


@dataclass(frozen=True)
class Outcome:
    """Something that is true of an enterprise since: ``name`` and the condition."""

    code: str
    name: Any
    condition: Q
    part: str


def _standing(code: str, name: Any) -> Outcome:
    return Outcome(code, name, Q(standing=code), "standing")


def _move(code: str, name: Any) -> Outcome:
    return Outcome(code, name, Q(standing="operating", tier_move=code), "tiers")


OUTCOMES: dict[str, Outcome] = {
    outcome.code: outcome
    for outcome in (
        Outcome("all", _("All"), Q(), "all"),
        _standing("operating", _("In the register and operating")),
        _standing("suspended", _("Operation suspended")),
        _standing("closed", _("Closed since")),
        _standing("moved_away", _("Moved away since")),
        _standing("merged", _("Merged into another")),
        _standing("not_registered", _("Not in the register on that day")),
        Outcome(
            "certificate",
            _("With a confirmed certificate of a scheme not held then"),
            Q(standing="operating", gained=True),
            "certificates",
        ),
        _move("tier_new", _("Supplying now, not supplying then")),
        _move("tier_nearer", _("Supplying at a nearer tier than then")),
        _move("tier_same", _("Supplying at the same tier")),
        _move("tier_further", _("Supplying at a further tier than then")),
        _move("tier_lost", _("Not supplying now, supplying then")),
        _move("tier_none", _("No confirmed supply, then or now")),
    )
}
"""In the order of the page. Those of ``standing`` add up to all, those of ``tiers`` to the
operating ones."""


def with_outcomes(rows: EnterpriseQuerySet, on: dt.date, rule: CountingRule) -> EnterpriseQuerySet:
    """Add what the conditions ask, for enterprises with ``since``."""
    me = Enterprise.objects.filter(pk=OuterRef("pk"))
    rows = rows.annotate(
        standing=Case(
            When(Exists(me.operating(on)), then=Value("operating")),  # type: ignore[attr-defined]
            When(Exists(me.registered(on)), then=Value("suspended")),  # type: ignore[attr-defined]
            When(merged_on__lte=on, then=Value("merged")),
            When(moved_away_on__lte=on, then=Value("moved_away")),
            When(closed_on__lte=on, then=Value("closed")),
            default=Value("not_registered"),
            output_field=CharField(),
        ),
        gained=Exists(gained_certificates(rule, on)),
        tier_then=_best_tier(OuterRef("since"), on),
        tier_now=_best_tier(on, on),
    )
    return rows.annotate(
        tier_move=Case(
            When(tier_then__isnull=True, tier_now__isnull=True, then=Value("tier_none")),
            When(tier_then__isnull=True, then=Value("tier_new")),
            When(tier_now__isnull=True, then=Value("tier_lost")),
            When(tier_now__lt=F("tier_then"), then=Value("tier_nearer")),
            When(tier_now__gt=F("tier_then"), then=Value("tier_further")),
            default=Value("tier_same"),
            output_field=CharField(),
        )
    )


def gained_certificates(rule: CountingRule, on: dt.date) -> CertificateQuerySet:
    """Of the enterprise outside: certificates that the rule counts on the day and a look
    confirmed, issued since, of a scheme of which none was in force then (a renewal is no
    gain)."""
    then: Any = OuterRef(OuterRef("since"))
    held_then = Certificate.objects.current(then).filter(
        enterprise=OuterRef("enterprise"), scheme=OuterRef("scheme"), issued_on__lt=then
    )
    counting = counting_certificates(rule, on)
    if not rule.needs_verification:
        counting = counting.verified(on)
    return counting.filter(
        ~Exists(held_then), enterprise=OuterRef("pk"), issued_on__gte=OuterRef("since")
    )


def _best_tier(day: Any, on: dt.date) -> Subquery:
    """The nearest tier alive on ``day``, among the relations verified by ``on``.

    What was seen later to have held then counts then: to verify is no move.
    """
    alive = SupplyRelation.objects.verified(on).live(day).filter(enterprise=OuterRef("pk"))
    return Subquery(alive.order_by("tier", "pk").values("tier")[:1])


def outcome_counts(rows: EnterpriseQuerySet, on: dt.date, rule: CountingRule) -> dict[str, int]:
    """How many each outcome is true of; one statement."""
    counts = {
        f"n_{code}": Count("pk", filter=outcome.condition) if outcome.condition else Count("pk")
        for code, outcome in OUTCOMES.items()
    }
    found = with_outcomes(rows, on, rule).order_by().aggregate(**counts)
    return {code: found[f"n_{code}"] for code in OUTCOMES}


def outcome_rows(
    rows: EnterpriseQuerySet, code: str, on: dt.date, rule: CountingRule
) -> EnterpriseQuerySet:
    """The enterprises an outcome is true of: what :func:`outcome_counts` counts."""
    return with_outcomes(rows, on, rule).filter(OUTCOMES[code].condition)


@dataclass(frozen=True)
class Spent:
    """Amounts of the activities meant, in VND, and of how many each is not stated."""

    activities: int
    amounts: dict[str, tuple[int, int]]


def spent(asked: CohortAsked, on: dt.date) -> Spent:
    """What the activities cost in which the cohort took part; whole activities."""
    meant = SupportActivity.objects.filter(
        Exists(participations(asked, on).filter(activity=OuterRef("pk")))
    )
    names = ("city_vnd", "own_vnd", "other_vnd")
    sums = meant.order_by().aggregate(
        n=Count("pk"),
        **{f"sum_{name}": Sum(name) for name in names},
        **{f"blank_{name}": Count("pk", filter=Q(**{f"{name}__isnull": True})) for name in names},
    )
    amounts = {name: (sums[f"sum_{name}"] or 0, sums[f"blank_{name}"]) for name in names}
    return Spent(sums["n"], amounts)


def choices(on: dt.date) -> tuple[list[tuple[int, str]], list[str], list[int]]:
    """Programmes, kinds and years that have participants by that day, for the form."""
    rows = Participation.objects.supported().begun(on).order_by()
    found = rows.values_list(
        "activity__programme", "activity__programme__name", "activity__kind__code",
        "attended_from__year",
    ).distinct()  # fmt: skip
    programmes = {pk: name for pk, name, _kind, _year in found}
    kinds = {kind for _pk, _name, kind, _year in found}
    years = {year for *_rest, year in found}
    return sorted(programmes.items(), key=lambda pair: pair[1]), sorted(kinds), sorted(years)
