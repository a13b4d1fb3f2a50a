"""Indicators that are entered, beside their targets; never among the computed ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from registry.dashboard.pace import Place
from registry.dashboard.published import PERCENT, Published, aim_of
from registry.plans.models import Scope, Target
from registry.statistics.enums import UNITS, EnteredIndicator
from registry.statistics.models import EnteredValue


@dataclass(frozen=True)
class Entered:
    """One indicator of the city or the nation: what was entered, what a plan aims at.

    ``place``: of the latest value beside the target, only where both are of the city, of one
    unit and of one year; None says nothing is compared.
    """

    indicator: str
    scope: str
    values: list[EnteredValue]
    target: Target | None

    @property
    def name(self) -> Any:
        return EnteredIndicator(self.indicator).label

    @property
    def latest(self) -> EnteredValue | None:
        return self.values[0] if self.values else None

    @property
    def place(self) -> Place | None:
        value, target = self.latest, self.target
        if value is None or target is None or self.scope != Scope.HANOI:
            return None
        is_percent = target.unit.startswith(PERCENT)
        if is_percent != (UNITS[self.indicator] == PERCENT):
            return None
        if value.as_of_on.year != target.due_on.year:
            return None
        return aim_of(target).place(Fraction(value.value))


def entered(
    values: dict[str, list[EnteredValue]], said: dict[str, Published], on: dt.date
) -> list[Entered]:
    """Every indicator that has a value or a target by that day, the city's first."""
    rows = []
    for scope in (Scope.HANOI, Scope.NATION):
        for code in EnteredIndicator.values:
            of_scope = [one for one in values.get(code, []) if one.scope == scope]
            target = target_nearest(said[code].of(scope), of_scope, on)
            if of_scope or target:
                rows.append(Entered(code, scope, of_scope, target))
    return rows


def target_nearest(targets: list[Target], values: list[EnteredValue], on: dt.date) -> Target | None:
    """The target of the latest value's own year, else the next to come, else the last."""
    if values:
        for target in targets:
            if target.due_on.year == values[0].as_of_on.year:
                return target
    coming = [one for one in targets if one.due_on >= on]
    return coming[0] if coming else (targets[-1] if targets else None)
