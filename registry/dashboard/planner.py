"""What must be entered so that both targets are reached: today's figures carried on.

It starts from the dates already recorded until the year ends and adds what the reader
expects. Nothing is stored; with the same events in the register the figures of that day
are the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from registry.dashboard.figures import Figure, members, percent
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.standing import Standing, standings
from registry.plans.models import CountingRule, Target

TOTAL, SHARE = "enterprises_total", "share_international_standard"
MEETING = "enterprises_international_standard"


@dataclass(frozen=True)
class Expected:
    """What is to happen until the year ends: new enterprises in the register, enterprises
    that gain their first counting certificate, enterprises that renew in time."""

    registered: int = 0
    gained: int = 0
    renewed: int = 0


@dataclass(frozen=True)
class Start:
    """What the recorded dates alone say: counts of enterprises today and at the year's end.

    ``lost``: counted today, not any more at the end; of these ``renewable`` are still
    operating then, so that a renewal would keep them.
    """

    on: dt.date
    until: dt.date
    total: int
    meeting: int
    end_total: int
    end_meeting: int
    lost: int
    renewable: int


@dataclass(frozen=True)
class Need:
    """How many must meet standards among ``total`` enterprises to be within the target."""

    total: int
    low: int
    high: int | None


@dataclass(frozen=True)
class Plan:
    """The figures at the year's end as expected, each beside its target."""

    start: Start
    expected: Expected
    total: int
    meeting: int
    placed: dict[str, Standing]
    needs: list[Need]

    @property
    def share(self) -> Decimal | None:
        return percent(self.meeting, self.total)


class TooMany(ValueError):
    """More is expected than there can be; ``most`` of ``name`` (an attribute of Expected)."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(name, most)
        self.name = name
        self.most = most


def start(on: dt.date, rule: CountingRule) -> Start:
    """From that day to the end of its year; four queries."""
    until = dt.date(on.year, 12, 31)
    now = set(members(MEETING, on, rule=rule).values_list("pk", flat=True))
    then = set(members(MEETING, until, rule=rule).values_list("pk", flat=True))
    whole = set(members(TOTAL, until, rule=rule).values_list("pk", flat=True))
    return Start(
        on=on,
        until=until,
        total=members(TOTAL, on, rule=rule).count(),
        meeting=len(now),
        end_total=len(whole),
        end_meeting=len(then),
        lost=len(now - then),
        renewable=len((now - then) & whole),
    )


def plan(on: dt.date, rule: CountingRule, expected: Expected) -> Plan:
    """Both targets at once; raises :class:`TooMany`."""
    begun = start(on, rule)
    total = begun.end_total + expected.registered
    if expected.renewed > begun.renewable:
        raise TooMany("renewed", begun.renewable)
    most = total - begun.end_meeting - expected.renewed
    if expected.gained > most:
        raise TooMany("gained", most)
    meeting = begun.end_meeting + expected.renewed + expected.gained
    placed = {
        standing.figure.indicator.code: standing
        for standing in standings(_figures(begun, rule, total, meeting), on)
    }
    return Plan(begun, expected, total, meeting, placed, _needs(placed, total))


def _figures(begun: Start, rule: CountingRule, total: int, meeting: int) -> list[Figure]:
    """The indicators of both targets with the expected numbers in them."""
    numbers = {TOTAL: (total, None), MEETING: (meeting, None), SHARE: (meeting, total)}
    return [
        Figure(INDICATORS[code], begun.until, rule, numerator, denominator)
        for code, (numerator, denominator) in numbers.items()
    ]


def _needs(placed: dict[str, Standing], total: int) -> list[Need]:
    """For the expected total, and for the total that the plan aims at if that is more."""
    target = placed[SHARE].target
    if target is None:
        return []
    totals = [total]
    aim = placed[TOTAL].target
    if aim is not None and aim.low > total:
        totals.append(int(aim.low))
    return [need(placed[SHARE], target, whole) for whole in totals if whole]


def need(standing: Standing, target: Target, total: int) -> Need:
    """The fewest that reach the target by its own rule, and the most within its band."""

    def reached(count: int) -> bool:
        asked = replace(standing.figure, numerator=count, denominator=total)
        return replace(standing, figure=asked).state == "reached"

    low = max(0, int(total * target.low / 100) - total // 1000 - 1)
    while low < total and not reached(low):
        low += 1
    high = None if target.high is None else int(total * target.high / 100)
    return Need(total, low, high)
