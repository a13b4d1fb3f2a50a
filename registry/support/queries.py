"""What is asked of support: what may be public, which reports are missing, who is meant."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When

from registry.core.models import Fold
from registry.core.text import fold, tidy
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


def programmes_listed() -> QuerySet[SupportProgramme]:
    """Programmes, the latest first, with how many activities and enterprises supported."""
    supported = ~Q(activities__participations__role=PartRole.PARTNER)
    return SupportProgramme.objects.annotate(
        activity_count=Count("activities", distinct=True),
        enterprise_count=Count(
            "activities__participations__enterprise", filter=supported, distinct=True
        ),
    ).order_by("-begins_on", "pk")


@dataclass(frozen=True)
class NamedLine:
    """A line in which somebody names an enterprise, and who is meant.

    ``problem`` is ``unknown`` or ``several``, empty where exactly one is meant.
    """

    number: int
    text: str
    enterprise: Enterprise | None
    problem: str


PUBLIC_ID = re.compile(r"CNHT-[0-9]{7,12}", re.IGNORECASE)
TAX_CODE = re.compile(r"[0-9]{10}(-[0-9]{3})?|[0-9]{12}")


def named_enterprises(text: str) -> list[NamedLine]:
    """Who is meant by each line: a code of the register, a tax code, or the whole name.

    Names are compared without diacritics and case. A merged record stands for the one it
    went into. A fixed number of queries for any number of lines; empty lines are left out.
    """
    lines = [(n, tidy(line)) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    found = _by_any_name([line for _n, line in lines])
    named = []
    for number, line in lines:
        meant = found.get(fold(line), [])
        enterprise = meant[0] if len(meant) == 1 else None
        problem = "" if enterprise else ("several" if meant else "unknown")
        named.append(NamedLine(number, line, enterprise, problem))
    return named


def _by_any_name(lines: Sequence[str]) -> dict[str, list[Enterprise]]:
    codes = [line.upper() for line in lines if PUBLIC_ID.fullmatch(line)]
    tax_codes = [line for line in lines if TAX_CODE.fullmatch(line)]
    names = {fold(line) for line in lines}
    rows = (
        Enterprise.objects.annotate(folded_name=Fold(F("name")))
        .filter(Q(public_id__in=codes) | Q(tax_code__in=tax_codes) | Q(folded_name__in=names))
        .select_related("merged_into")
        .order_by("pk")
    )
    found: dict[str, list[Enterprise]] = defaultdict(list)
    for row in rows:
        meant = row.merged_into or row
        for key in {fold(row.public_id), fold(row.tax_code or ""), fold(row.name)} - {""}:
            if meant not in found[key]:
                found[key].append(meant)
    return found
