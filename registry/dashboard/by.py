"""A figure by one way or two, as plain rows: what command and API print.

The numbers are those of :func:`registry.dashboard.breakdown.breakdown`, so that they are
the page's own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry.dashboard.breakdown import Count2, breakdown
from registry.dashboard.slices import SLICES, WAYS
from registry.plans.models import CountingRule

MOST_WAYS = 2


@dataclass(frozen=True)
class Part:
    """One value of each way, with how many it counts."""

    values: dict[str, str]
    count: Count2


@dataclass(frozen=True)
class Parts:
    """The parts of a figure; zeros of two ways left out.

    ``repeated``: enterprises that stand in several parts; ``extra``: by how many the sum
    of the parts is greater than the total for it.
    """

    ways: tuple[str, ...]
    parts: list[Part]
    total: Count2
    repeated: int
    extra: int


class BadWays(ValueError):
    """Not one or two different ways to split a figure; the argument is the text."""


def ways_of(text: str) -> tuple[str, ...]:
    """``sector`` or ``sector,size``; raises :class:`BadWays`."""
    ways = tuple(part.strip() for part in text.split(","))
    if not 1 <= len(ways) <= MOST_WAYS or len(set(ways)) < len(ways) or not set(ways) <= set(WAYS):
        raise BadWays(text)
    return ways


def parts_of(
    code: str,
    on: dt.date,
    rule: CountingRule,
    ways: tuple[str, ...],
    slices: dict[str, str] | None = None,
) -> Parts:
    """One indicator split, narrowed to ``slices``; the totals count each enterprise once."""
    first = ways[0]
    beside = ways[1] if len(ways) > 1 else next(way for way in SLICES if way != first)
    found = breakdown(code, on, rule, first, beside, slices)
    if len(ways) == 1:
        rows = [Part({first: value}, count) for value, count in found.row_totals.items()]
    else:
        rows = [
            Part({first: row, beside: column}, count)
            for (row, column), count in found.cells.items()
            if count.count or count.whole
        ]
    return Parts(ways, rows, found.total, found.repeated, found.extra)
