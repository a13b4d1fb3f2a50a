"""Where a figure stands against the targets of the plans in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from registry.dashboard.figures import Figure
from registry.dashboard.pace import (
    Lack,
    Mark,
    Place,
    Status,
    Verdict,
    cannot_tell,
    judge,
    on_path,
    path,
)
from registry.dashboard.published import PERCENT, Published, Start, aim_of, is_covered, published
from registry.plans.models import Baseline, PlanDocument, Scope, Target

REACHED, BELOW, OUT_OF_REACH = "reached", "below", "unknown"
TOTAL = "enterprises_total"
SHARES = {"share_international_standard": ("enterprises_international_standard", TOTAL)}
"""Shares whose beginning can be worked out from two published counts."""

STATUS_LABELS = {
    Status.AHEAD: _("Ahead"),
    Status.ON_TRACK: _("On track"),
    Status.BEHIND: _("Behind"),
    Status.UNKNOWN: _("Cannot tell"),
    Status.MET: _("Reached by its day"),
    Status.MISSED: _("Missed on its day"),
}
LACK_LABELS = {
    Lack.FIGURE: _("there is nothing to be a share of"),
    Lack.TARGET: _("no plan in force names a target of the city"),
    Lack.BASELINE: _("no figure was published to begin the path from"),
    Lack.HISTORY: _("the register held nobody on that day"),
    Lack.COVERAGE: _(
        "the register held fewer enterprises than were published within a year of that day"
    ),
    Lack.UNIT: _("target and figure are not of the same unit"),
}
STATE_LABELS = {
    REACHED: _("Target reached"),
    BELOW: _("Below target"),
    OUT_OF_REACH: _("No target in force"),
}


@dataclass(frozen=True)
class Course:
    """A figure on its way to one target: the path, and the verdict of the published rule."""

    target: Target
    start: Start | None
    milestones: tuple[Target, ...]
    verdict: Verdict

    @property
    def status_label(self) -> Any:
        return STATUS_LABELS[self.verdict.status]

    @property
    def lack_label(self) -> Any:
        """Why the status cannot be told; empty where it can."""
        return LACK_LABELS[self.verdict.lack] if self.verdict.lack else ""

    @property
    def path(self) -> list[Mark]:
        """The marks of the path; none without a beginning before the target's day."""
        if self.start is None or self.start.mark.on >= self.target.due_on:
            return []
        between = [Mark(one.due_on, aim_of(one).least) for one in self.milestones]
        return path(self.start.mark, between, aim_of(self.target))

    def expected(self, on: dt.date) -> Fraction | None:
        """What the path asks of a day; our line, unless the plan names the day itself."""
        marks = self.path
        return on_path(marks, on) if marks else None


@dataclass(frozen=True)
class Standing:
    """A figure beside its target and its baseline, as published.

    ``state`` is ``reached`` (at or above the lower end; above it where the plan says
    "over"), ``below`` or ``unknown``; ``gap`` is what is missing to the lower end, in
    the figure's unit. "About" is no licence to round down: below 1,000 is below; nor is
    rounding a licence: 34.96 % is below 35 %. ``courses``: to every target to come.
    """

    figure: Figure
    target: Target | None
    baseline: Baseline | None
    courses: tuple[Course, ...] = ()
    national: Baseline | None = None

    @property
    def course(self) -> Course | None:
        """To the target due next."""
        return self.courses[0] if self.courses else None

    @property
    def place(self) -> Place | None:
        """Below, within or above the target due next."""
        exact = self.figure.exact
        return None if self.target is None or exact is None else aim_of(self.target).place(exact)

    @property
    def state(self) -> str:
        if self.place is None:
            return OUT_OF_REACH
        return BELOW if self.place is Place.BELOW else REACHED

    @property
    def gap(self) -> Decimal | None:
        """What is missing; rounded up to a tenth, so that no lack is told as 0."""
        exact = self.figure.exact
        if self.state != BELOW or self.target is None or exact is None:
            return None
        return Decimal(ceil((Fraction(self.target.low) - exact) * 10)) / 10

    @property
    def state_label(self) -> Any:
        return STATE_LABELS[self.state]


def plan_in_force(on: dt.date) -> PlanDocument | None:
    """The city's plan of that day; where two are in force, the one that began last.

    A year's plan is narrower and newer than the five-year programme around it; days of
    issue are not known of all.
    """
    return (
        PlanDocument.objects.filter(scope=Scope.HANOI, valid_from__lte=on, valid_to__gte=on)
        .order_by("-valid_from", F("issued_on").desc(nulls_last=True), "code")
        .first()
    )


def course_of(figure: Figure, target: Target, said: Published, *, covered: bool) -> Course:
    """The course of a figure of a day up to the target's own."""
    start, milestones = said.start_of(target), tuple(said.milestones_of(target))
    if not covered:
        return Course(target, start, milestones, cannot_tell(Lack.COVERAGE))
    if (target.unit == PERCENT) != (figure.unit == PERCENT):
        return Course(target, start, milestones, cannot_tell(Lack.UNIT))
    marks = [Mark(one.due_on, aim_of(one).least) for one in milestones]
    beginning = start.mark if start else None
    verdict = judge(figure.exact, aim_of(target), beginning, marks, figure.on)
    return Course(target, start, milestones, verdict)


def standing_of(figure: Figure, said: Published, on: dt.date, *, covered: bool = True) -> Standing:
    """``covered``: the register holds enough to be judged by (see ``is_covered``)."""
    courses = tuple(
        course_of(figure, target, said, covered=covered)
        for target in said.live(on)
        if target.due_on >= figure.on
    )
    national = said.latest(Scope.NATION)
    return Standing(
        figure=figure,
        target=courses[0].target if courses else None,
        baseline=said.latest(Scope.HANOI) or national,
        courses=courses,
        national=national,
    )


def same_among_target(share: Standing, total: Standing) -> Fraction | None:
    """What the share would be, in percent, if the whole grew to its own target and nobody
    else were counted; None where the whole is there already. So a growing register can fall
    out of a band it stands in."""
    if total.target is None or share.figure.denominator is None:
        return None
    whole = aim_of(total.target).least
    if whole <= share.figure.denominator:
        return None
    return 100 * Fraction(share.figure.numerator) / whole


def standings(
    figures: list[Figure], on: dt.date, said: dict[str, Published] | None = None
) -> list[Standing]:
    """Each figure with the city's targets to come and published figures; two queries, none
    if ``said`` is given.

    Where the city has published none, the nation's baseline stands for the reader to see;
    it is marked as such and never drawn on the city's scale.
    """
    if said is None:
        said = published([figure.indicator.code for figure in figures], on, SHARES)
    totals = [one.numerator for one in figures if one.indicator.code == TOTAL]
    covered = not totals or is_covered(totals[0], on, said[TOTAL])
    return [
        standing_of(figure, said[figure.indicator.code], on, covered=covered) for figure in figures
    ]


def share_target(on: dt.date) -> Target | None:
    """The city's next due target for the share meeting international standards."""
    code = "share_international_standard"
    live = published([code], on, {})[code].live(on)
    return live[0] if live else None
