"""What is asked of support: what may be public, which reports are missing, who is meant."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, DateField, Exists, OuterRef, Q, QuerySet, Value, When

from registry.enterprises.models import Enterprise
from registry.reference.models import SupportKind
from registry.support.enums import PartRole
from registry.support.models import (
    FIRST_REPORT_YEAR,
    IncentiveCertificate,
    IncentiveReport,
    Participation,
    SupportActivity,
    SupportProgramme,
)

DUE_MONTH, DUE_DAY = 4, 15
"""A yearly report is due on 15 April of the year after (Decree 205/2025/ND-CP)."""

AHEAD_DAYS = 60
"""How long before its day a report that is missing comes into the queue."""


@dataclass(frozen=True)
class KindReceived:
    """A kind of support an enterprise was given, and in which years it began."""

    kind: SupportKind
    years: tuple[int, ...]


def support_received(enterprise: Enterprise, on: dt.date) -> list[KindReceived]:
    """Kinds and years of support begun by that day: all that is public of it; one query."""
    rows = (
        Participation.objects.filter(enterprise=enterprise)
        .supported()
        .begun(on)
        .select_related("activity__kind")
        .order_by("activity__kind__position", "attended_from", "pk")
    )
    years: dict[SupportKind, set[int]] = defaultdict(set)
    for row in rows:
        years[row.activity.kind].add(row.attended_from.year)
    return [KindReceived(kind, tuple(sorted(found))) for kind, found in years.items()]


def incentives_held(enterprise: Enterprise, on: dt.date) -> list[tuple[IncentiveCertificate, str]]:
    """Certificates of incentives issued by that day with their state on it; one query."""
    rows = IncentiveCertificate.objects.filter(enterprise=enterprise, issued_on__lte=on)
    return [(row, row.state_on(on)) for row in rows.order_by("-issued_on", "pk")]


@dataclass(frozen=True)
class CapQuestion:
    """The city pays a larger part than the decree lets it, as far as we know the decree."""

    percent: Decimal
    kind: SupportKind


def cap_question(activity: SupportActivity) -> CapQuestion | None:
    """Whether the city's part of the cost is over the cap of its kind; None if it is not,
    if the kind has no cap, or while an amount is not stated."""
    cap, total, city = activity.kind.cap_percent, activity.total_vnd, activity.city_vnd
    if cap is None or not total or city is None or city * 100 <= cap * total:
        return None
    return CapQuestion(Decimal(city * 100) / total, activity.kind)


@dataclass(frozen=True)
class ReportYear:
    """One year on which the holder of a certificate of incentives reports."""

    year: int
    due_on: dt.date
    report: IncentiveReport | None
    state: str


def due_on(year: int) -> dt.date:
    """The last day for the report on a year."""
    return dt.date(year + 1, DUE_MONTH, DUE_DAY)


def report_years(
    certificate: IncentiveCertificate, reports: Iterable[IncentiveReport], on: dt.date
) -> list[ReportYear]:
    """Every year that is over and has to be reported on, the latest first.

    ``state`` is ``received``, ``late`` (received or missing after its day) or ``waiting``.
    After a revocation nothing more falls due.
    """
    by_year = {report.year: report for report in reports if report.received_on <= on}
    found = []
    for year in range(max(certificate.issued_on.year, FIRST_REPORT_YEAR), on.year):
        report, due = by_year.get(year), due_on(year)
        ended = certificate.revoked_on is not None and certificate.revoked_on <= due
        if report is None and ended:
            continue
        day = report.received_on if report else on
        state = "late" if day > due else ("received" if report else "waiting")
        found.append(ReportYear(year, due, report, state))
    return found[::-1]


def reports_missing(on: dt.date) -> QuerySet[IncentiveCertificate]:
    """Certificates in force with a report missing, with ``due``: the earliest missing
    one's day, not more than ``AHEAD_DAYS`` ahead."""
    mine = IncentiveReport.objects.filter(incentive=OuterRef("pk"), received_on__lte=on)
    whens = [
        When(Q(issued_on__year__lte=year) & ~Exists(mine.filter(year=year)), then=due_on(year))
        for year in range(FIRST_REPORT_YEAR, on.year)
    ]
    due = Case(*whens, default=Value(None), output_field=DateField())
    certificates: QuerySet[IncentiveCertificate] = IncentiveCertificate.objects.in_force(on)
    return certificates.annotate(due=due).filter(due__lte=on + dt.timedelta(days=AHEAD_DAYS))


def programmes_listed(on: dt.date) -> QuerySet[SupportProgramme]:
    """Programmes, the latest first, with how many activities, and enterprises supported by
    that day: those of the cohort."""
    mine = "activities__participations__"
    # ``ParticipationQuerySet.supported().begun(on)``, seen from the programme.
    supported = ~Q(**{f"{mine}role": PartRole.PARTNER}) & Q(**{f"{mine}attended_from__lte": on})
    return SupportProgramme.objects.annotate(
        activity_count=Count("activities", distinct=True),
        enterprise_count=Count(
            "activities__participations__enterprise", filter=supported, distinct=True
        ),
    ).order_by("-begins_on", "pk")
