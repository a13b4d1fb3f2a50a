"""What plans and published figures say of an indicator by a day, as numbers to reckon with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Case, OuterRef, QuerySet, Subquery, When

from registry.dashboard.pace import Aim, Mark
from registry.plans.models import Baseline, PlanDocument, Scope, Target

PERCENT = "%"
NEAR_DAYS = 366


@dataclass(frozen=True)
class Start:
    """Where a path begins. ``parts``: the published figure, or the two a share is worked
    out from because nobody has published it."""

    mark: Mark
    parts: tuple[Baseline, ...]

    @property
    def is_worked_out(self) -> bool:
        return len(self.parts) > 1


@dataclass
class Published:
    """Of one indicator by one day. Targets carry ``superseded_by``: the later document."""

    targets: list[Target] = field(default_factory=list)
    baselines: list[Baseline] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)

    def of(self, scope: str) -> list[Target]:
        return [one for one in self.targets if one.document.scope == scope]

    def live(self, on: dt.date) -> list[Target]:
        """The city's targets still to come (or due on the day), the next one first."""
        return [
            one
            for one in self.of(Scope.HANOI)
            if one.due_on >= on and one.superseded_by is None  # type: ignore[attr-defined]
        ]

    def past(self, on: dt.date) -> list[Target]:
        """The city's targets whose day has gone by or whose document was superseded."""
        live = {one.pk for one in self.live(on)}
        return [one for one in self.of(Scope.HANOI) if one.pk not in live]

    def latest(self, scope: str) -> Baseline | None:
        return next((one for one in reversed(self.baselines) if one.scope == scope), None)

    def start_of(self, target: Target) -> Start | None:
        """The last published figure by the plan's first day, else the first one after it.

        So a figure published while the plan runs does not move the beginning of its path.
        """
        before = [one for one in self.starts if one.mark.on <= target.document.valid_from]
        if before:
            return before[-1]
        return self.starts[0] if self.starts else None

    def milestones_of(self, target: Target) -> list[Target]:
        """Earlier targets of the same document: the only milestones that plans publish."""
        return [
            one
            for one in self.targets
            if one.document_id == target.document_id and one.due_on < target.due_on
        ]


def published(
    codes: Iterable[str], on: dt.date, shares: dict[str, tuple[str, str]]
) -> dict[str, Published]:
    """By indicator, of those asked and of the parts of shares; two queries.

    ``shares`` names for a share the indicators of its part and its whole: where the city
    published both for one day, and not the share, the share is worked out.
    """
    wanted = {*codes, *(part for pair in shares.values() for part in pair)}
    found: dict[str, Published] = defaultdict(Published)
    for target in targets_by(on).filter(indicator__in=wanted):
        found[target.indicator].targets.append(target)
    baselines = Baseline.objects.filter(indicator__in=wanted, as_of_on__lte=on)
    for baseline in baselines.order_by("as_of_on", "pk"):
        one = found[baseline.indicator]
        one.baselines.append(baseline)
        if baseline.scope == Scope.HANOI:
            one.starts.append(Start(Mark(baseline.as_of_on, Fraction(baseline.value)), (baseline,)))
    for code, (part, whole) in shares.items():
        if not found[code].starts:
            found[code].starts = worked_out(found[part], found[whole])
    for code in wanted:
        found[code] = found.get(code) or Published()
    return found


def is_covered(held: int, day: dt.date, totals: Published) -> bool:
    """Whether the register can be judged by on a day: it held no fewer enterprises than the
    city published for a day within a year of it. Else it was still being filled, and what
    looks missed may only be missing."""
    return not any(
        abs((start.mark.on - day).days) <= NEAR_DAYS and held < start.mark.value
        for start in totals.starts
    )


def targets_by(on: dt.date) -> QuerySet[Target]:
    """The targets of every document begun by that day, the next due first.

    ``superseded_by``: number, else title, of the document that took the place of theirs.
    """
    later = PlanDocument.objects.filter(supersedes=OuterRef("document"), valid_from__lte=on)
    name = later.order_by("valid_from", "pk").values(
        said=Case(When(number="", then="title"), default="number")
    )
    return (
        Target.objects.filter(document__valid_from__lte=on)
        .annotate(superseded_by=Subquery(name[:1]))
        .select_related("document")
        .order_by("due_on", "-document__valid_from", "document__code", "pk")
    )


def worked_out(part: Published, whole: Published) -> list[Start]:
    """Shares in percent for the days on which the city published part and whole."""
    wholes = {one.mark.on: one for one in whole.starts if one.mark.value}
    return [
        Start(
            Mark(one.mark.on, 100 * one.mark.value / wholes[one.mark.on].mark.value),
            (*one.parts, *wholes[one.mark.on].parts),
        )
        for one in part.starts
        if one.mark.on in wholes
    ]


def aim_of(target: Target) -> Aim:
    return Aim(
        low=Fraction(target.low),
        high=None if target.high is None else Fraction(target.high),
        due_on=target.due_on,
        is_count=target.unit != PERCENT,
        is_over=target.operator == Target.Operator.OVER,
    )
