"""Days whose day and month stand in each other's place."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registry.core.text import fold, tidy
from registry.imports.columns import Meaning, Table
from registry.imports.problems import Problem
from registry.imports.values import DAY, ISO_DAY, OLDEST_DAY, as_text

SHAPE = "%d/%m/%Y"


@dc.dataclass(frozen=True)
class Swapped:
    """The day meant, and why: a sentence to be translated with what fills its places."""

    day: dt.date
    why: str
    said: Mapping[str, str]


def swapped(cell: Any, *, on: dt.date) -> Swapped | None:
    """The day with day and month swapped, and why; None where the day as it is could be right.

    Only a day that does not exist, or that is still to come on ``on``, is doubted, and only
    where the swapped one is of the past.
    """
    numbers = day_numbers(cell)
    if numbers is None:
        return None
    year, month, day = numbers
    as_read, other = _date(year, month, day), _date(year, day, month)
    if other is None or not OLDEST_DAY <= other <= on or (as_read and as_read <= on):
        return None
    if as_read is None:
        why = gettext_noop("There is no month %(month)s: the month may stand before the day.")
        return Swapped(other, why, {"month": str(month)})
    why = gettext_noop("%(day)s is still to come: the month may stand before the day.")
    return Swapped(other, why, {"day": as_read.strftime(SHAPE)})


def reads_both_ways(cell: Any, *, on: dt.date) -> bool:
    """Whether the cell is a plausible day either way, and another day each way."""
    numbers = day_numbers(cell)
    if numbers is None or numbers[1] == numbers[2]:
        return False
    year, month, day = numbers
    both = (_date(year, month, day), _date(year, day, month))
    return all(one is not None and OLDEST_DAY <= one <= on for one in both)


class Order:
    """Whether the days of a column stand in another order than they are read in.

    A day that can only be month/day makes those doubtful that can be read both ways: they
    are read as day/month, and nothing in the cell tells.
    """

    def __init__(self, table: Table, on: dt.date) -> None:
        self.column = table.column(Meaning.FOUNDED)
        self.on = on
        self.only_swapped = 0
        self.both_ways = 0

    def look_at(self, cells: Sequence[Any]) -> None:
        if self.column and self.column.place < len(cells):
            cell = cells[self.column.place]
            self.only_swapped += swapped(cell, on=self.on) is not None
            self.both_ways += reads_both_ways(cell, on=self.on)

    def notices(self) -> list[Problem]:
        if not (self.column and self.only_swapped and self.both_ways):
            return []
        message = _(
            "In %(swapped)s rows the day can only be month/day. %(both)s other rows can be read "
            "both ways and are read as day/month: compare some of them with the certificates."
        ) % {"swapped": self.only_swapped, "both": self.both_ways}
        return [Problem(message, column=self.column.header)]


def day_numbers(cell: Any) -> tuple[int, int, int] | None:
    """Year, month and day as the cell is read, whether there is such a day or not."""
    if isinstance(cell, dt.date):
        return cell.year, cell.month, cell.day
    text = fold(tidy(as_text(cell)))
    if match := DAY.fullmatch(text):
        day, month, year = map(int, match.groups())
        return year, month, day
    if match := ISO_DAY.fullmatch(text):
        year, month, day = map(int, match.groups())
        return year, month, day
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
