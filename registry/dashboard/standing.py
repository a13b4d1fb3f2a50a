"""Where a figure stands against the targets of the plan in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _

from registry.dashboard.figures import Figure
from registry.plans.models import Baseline, PlanDocument, Scope, Target

REACHED, BELOW, OUT_OF_REACH = "reached", "below", "unknown"


@dataclass(frozen=True)
class Standing:
    """A figure beside its target and its baseline, as published.

    ``state`` is ``reached`` (at or above the lower end; above it where the plan says
    "over"), ``below`` or ``unknown``; ``gap`` is what is missing to the lower end, in
    the figure's unit. "About" is no licence to round down: below 1,000 is below.
    """

    figure: Figure
    target: Target | None
    baseline: Baseline | None

    @property
    def state(self) -> str:
        if self.target is None or self.figure.value is None:
            return OUT_OF_REACH
        value = Decimal(self.figure.value)
        if self.target.operator == Target.Operator.OVER:
            return REACHED if value > self.target.low else BELOW
        return REACHED if value >= self.target.low else BELOW

    @property
    def gap(self) -> Decimal | None:
        if self.state != BELOW or self.target is None or self.figure.value is None:
            return None
        return self.target.low - Decimal(self.figure.value)

    @property
    def state_label(self) -> Any:
        return STATE_LABELS[self.state]


STATE_LABELS = {
    REACHED: _("Target reached"),
    BELOW: _("Below target"),
    OUT_OF_REACH: _("No target in force"),
}


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


def next_targets(codes: list[str], on: dt.date) -> dict[str, Target]:
    """By indicator, the target due next of the city's plans in force; one query."""
    targets: dict[str, Target] = {}
    for target in (
        Target.objects.filter(
            document__scope=Scope.HANOI,
            document__valid_from__lte=on,
            document__valid_to__gte=on,
            indicator__in=codes,
            due_on__gte=on,
        )
        .select_related("document")
        .order_by("due_on", "-document__valid_from", "document__code", "pk")
    ):
        targets.setdefault(target.indicator, target)
    return targets


def standings(figures: list[Figure], on: dt.date) -> list[Standing]:
    """Each figure with the city's next due target and latest baseline; two queries.

    Where the city has published none, the nation's baseline stands for the reader to see;
    it is marked as such and never drawn on the city's scale.
    """
    codes = [figure.indicator.code for figure in figures]
    targets = next_targets(codes, on)
    # The last one wins: the nation's first, the city's after it, each by its day.
    baselines = {
        baseline.indicator: baseline
        for baseline in Baseline.objects.filter(indicator__in=codes, as_of_on__lte=on).order_by(
            Case(When(scope=Scope.NATION, then=0), default=1), "as_of_on"
        )
    }
    return [
        Standing(figure, targets.get(figure.indicator.code), baselines.get(figure.indicator.code))
        for figure in figures
    ]


def share_target(on: dt.date) -> Target | None:
    """The city's next due target for the share meeting international standards."""
    return next_targets(["share_international_standard"], on).get("share_international_standard")
