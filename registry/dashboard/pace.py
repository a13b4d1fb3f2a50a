"""The published rule of status: ahead, on track, behind, or why it cannot be told.

Pure arithmetic on days and exact fractions; no table is read here. The rule in words is
on the page ``/programme/status/`` and in decision 0029: whoever changes one changes all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

MARGIN = Fraction(1, 10)
"""How far what is left to do may differ from what the path leaves, and be on track."""

YEAR = Fraction(1461, 4)
"""Days; a month is a twelfth of it."""


class Status(StrEnum):
    """The first four while a target is to come; the next two once its day is here."""

    AHEAD = "ahead"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    UNKNOWN = "unknown"
    MET = "met"
    MISSED = "missed"


class Lack(StrEnum):
    """What is missing where the status cannot be told."""

    FIGURE = "figure"
    TARGET = "target"
    BASELINE = "baseline"
    HISTORY = "history"
    COVERAGE = "coverage"
    UNIT = "unit"


class Place(StrEnum):
    """Where a figure lies beside the numbers of a target."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True)
class Mark:
    """A value on a day: the beginning of a path, a milestone, or its end."""

    on: dt.date
    value: Fraction


@dataclass(frozen=True)
class Aim:
    """A target in numbers. ``is_count``: whole enterprises, else percent.

    "About" is no licence to round down: about 1,000 asks 1,000. "Over 40 %" is not reached
    by 40 %. Of a band the lower end is asked; above the upper end is reached as well.
    """

    low: Fraction
    due_on: dt.date
    is_count: bool
    high: Fraction | None = None
    is_over: bool = False

    @property
    def least(self) -> Fraction:
        """The smallest figure that reaches the target; for "over" a share its open end."""
        if not self.is_count:
            return self.low
        return Fraction(floor(self.low) + 1 if self.is_over else ceil(self.low))

    def is_reached(self, value: Fraction) -> bool:
        return value > self.low if self.is_over else value >= self.low

    def fewest(self, whole: int) -> int:
        """Of a share: the fewest of so many that reach it."""
        exact = self.low * whole / 100
        return floor(exact) + 1 if self.is_over else ceil(exact)

    def place(self, value: Fraction) -> Place:
        if not self.is_reached(value):
            return Place.BELOW
        return Place.ABOVE if self.high is not None and value > self.high else Place.WITHIN


@dataclass(frozen=True)
class Verdict:
    """The status with the numbers it rests on.

    ``expected``: of the path on the day; ``need``: from the figure to the target, 0 where
    it is reached; ``left``: from the path to the target; the paces are per year.
    """

    status: Status
    lack: Lack | None = None
    expected: Fraction | None = None
    need: Fraction | None = None
    left: Fraction | None = None
    required: Fraction | None = None


def cannot_tell(lack: Lack) -> Verdict:
    return Verdict(Status.UNKNOWN, lack)


def on_path(marks: Sequence[Mark], on: dt.date) -> Fraction | None:
    """The height of the straight lines through the marks; None before the first and after
    the last."""
    for before, after in pairwise(marks):
        if before.on <= on <= after.on:
            share = Fraction((on - before.on).days, (after.on - before.on).days)
            return before.value + (after.value - before.value) * share
    return None


def path(start: Mark, milestones: Sequence[Mark], aim: Aim) -> list[Mark]:
    """From the baseline through the plan's own milestones to the least that is asked."""
    between = [mark for mark in milestones if start.on < mark.on < aim.due_on]
    return [start, *sorted(between, key=lambda mark: mark.on), Mark(aim.due_on, aim.least)]


def judge(
    value: Fraction | None, aim: Aim, start: Mark | None, milestones: Sequence[Mark], on: dt.date
) -> Verdict:
    """The verdict on a target that is still to come, or due on this very day.

    Behind: what is left to do is more than what the path leaves, by over a tenth. Ahead:
    less, by a tenth or more. So the margin shrinks to nothing as the day comes nearer. A
    target that asks for no rise (the path is level or falls) is on track while reached.
    Raises ValueError after the day: then the figure of that day is to be closed.
    """
    if on > aim.due_on:
        raise ValueError("the target's day has gone by")
    if value is None:
        return cannot_tell(Lack.FIGURE)
    if on == aim.due_on:
        return close(value, aim)
    need = Fraction(0) if aim.is_reached(value) else max(aim.least - value, Fraction(0))
    required = need * YEAR / (aim.due_on - on).days
    if start is None or start.on >= aim.due_on:
        return Verdict(Status.UNKNOWN, Lack.BASELINE, need=need, required=required)
    expected = on_path(path(start, milestones, aim), on)
    if expected is None:  # the baseline is of a later day
        return Verdict(Status.UNKNOWN, Lack.BASELINE, need=need, required=required)
    left = aim.least - expected
    status = _status(aim.is_reached(value), aim.least - value, left)
    return Verdict(status, None, expected, need, max(left, Fraction(0)), required)


def _status(is_reached: bool, to_go: Fraction, left: Fraction) -> Status:
    if left <= 0:
        return Status.ON_TRACK if is_reached else Status.BEHIND
    if is_reached or to_go <= left * (1 - MARGIN):
        return Status.AHEAD
    return Status.BEHIND if to_go > left * (1 + MARGIN) else Status.ON_TRACK


def close(value: Fraction | None, aim: Aim) -> Verdict:
    """The verdict on a target whose day has come; ``value`` is the figure of that day."""
    if value is None:
        return cannot_tell(Lack.HISTORY)
    is_reached = aim.is_reached(value)
    need = Fraction(0) if is_reached else aim.least - value
    return Verdict(Status.MET if is_reached else Status.MISSED, need=need)


def carried_on(value: Fraction, seen: Fraction, on: dt.date, until: dt.date) -> Fraction:
    """The figure of a later day at the pace seen (per year); no forecast."""
    return value + seen * (until - on).days / YEAR
