"""Figures on many days at once: one statement, however many indicators and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, DateField, IntegerField, Value
from django.db.models.functions import Cast

from registry.core.days import month_end, months_after
from registry.dashboard.figures import Figure
from registry.dashboard.indicators import INDICATORS, Members
from registry.plans.models import CountingRule

SEEN_MONTHS = 12
"""The pace seen is that of so many months."""


@dataclass(frozen=True)
class Series:
    """Figures of one indicator by day, the oldest first; a day on which the register held
    nobody at all has none. ``held``: how many enterprises it held on each."""

    figures: list[Figure]
    held: dict[dt.date, int]

    def up_to(self, now: Figure) -> Series:
        """With the figure of the day itself, which is known already."""
        return Series([*(one for one in self.figures if one.on < now.on), now], self.held)

    def on(self, day: dt.date) -> Figure | None:
        return next((one for one in self.figures if one.on == day), None)


def trend_days(on: dt.date) -> list[dt.date]:
    """Every third month end of two years, and the day a year before: enough for a small
    line and the pace seen. Each day costs a part of the statement."""
    ends = {month_end(on, -step) for step in range(3, 25, 3)}
    return sorted({*ends, months_after(on, -SEEN_MONTHS)})


def recent_days(on: dt.date, months: int) -> list[dt.date]:
    """The month ends gone by, the day itself, and the day a year before it."""
    ends = {month_end(on, -step) for step in range(1, months + 1)}
    return sorted({*ends, months_after(on, -SEEN_MONTHS), on})


def series(asked: dict[str, Iterable[dt.date]], rule: CountingRule) -> dict[str, Series]:
    """The figures of each indicator on its days, under one rule."""
    days = {code: sorted(set(of)) for code, of in asked.items()}
    counts = counted_by_day(days, rule)
    found: dict[str, Series] = {}
    for code, wanted in days.items():
        indicator = INDICATORS[code]
        found[code] = Series(
            [
                Figure(
                    indicator,
                    day,
                    rule,
                    counts[indicator.members].get(day, 0),
                    counts[indicator.whole].get(day, 0) if indicator.whole else None,
                )
                for day in wanted
                if counts[OPERATING].get(day)
            ],
            counts[OPERATING],
        )
    return found


OPERATING: Members = INDICATORS["enterprises_total"].members


def counted_by_day(
    days: dict[str, list[dt.date]], rule: CountingRule
) -> dict[Members, dict[dt.date, int]]:
    """How many each definition counts on each day; days with nobody are left out."""
    wanted: dict[Members, set[dt.date]] = {OPERATING: set()}
    for code, of in days.items():
        for counts in (INDICATORS[code].members, INDICATORS[code].whole, OPERATING):
            if counts is not None:
                wanted.setdefault(counts, set()).update(of)
    definitions = list(wanted)
    parts = [
        definition(day, rule)
        .order_by()
        .values(place=Cast(Value(place), IntegerField()), day=Cast(Value(day), DateField()))
        .annotate(n=Count("pk"))
        .values_list("place", "day", "n")
        for place, definition in enumerate(definitions)
        for day in sorted(wanted[definition])
    ]
    found: dict[Members, dict[dt.date, int]] = {definition: {} for definition in definitions}
    if parts:
        for place, day, count in parts[0].union(*parts[1:], all=True):
            found[definitions[place]][day] = count
    return found


def pace_seen(known: Series, on: dt.date) -> Fraction | None:
    """By how much the figure changed in the year up to that day; None where the register
    is younger than that, or the share had nothing to be a share of."""
    before, now = known.on(months_after(on, -SEEN_MONTHS)), known.on(on)
    if before is None or now is None or before.exact is None or now.exact is None:
        return None
    return now.exact - before.exact
