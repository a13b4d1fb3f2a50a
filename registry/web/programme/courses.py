"""The course of a figure to one target, in the words of its pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.dashboard.figures import Figure
from registry.dashboard.pace import carried_on
from registry.dashboard.points import Point
from registry.dashboard.published import PERCENT, aim_of
from registry.dashboard.standing import Course
from registry.dashboard.words import (
    asked_words,
    document_words,
    points_words,
    start_words,
    target_words,
)
from registry.plans.models import PlanDocument
from registry.web.programme.asked import parameters_of


@dataclass(frozen=True)
class Milestone:
    """A value on the way, of the plan itself or on our straight line."""

    on: dt.date
    value: Fraction
    words: str
    is_published: bool


@dataclass(frozen=True)
class CourseRow:
    """One target with its course. What cannot be said is an empty text.

    ``fewest``: of a share, how many more enterprises would reach it among as many as now;
    ``carried``: the figure on the target's day at the pace seen, which is no forecast.
    """

    course: Course
    target_words: str
    document: PlanDocument
    citation: str
    start: str
    expected: str
    need: str
    fewest: int | None
    required: str
    seen: str
    carried: str
    carried_reaches: bool
    milestone: Milestone | None


def course_row(course: Course, figure: Figure, seen: Fraction | None) -> CourseRow:
    """``seen``: the pace of the last year, per year; None where it is not known."""
    verdict, unit, aim = course.verdict, figure.unit, aim_of(course.target)
    carried = None
    if seen is not None and figure.exact is not None:
        carried = carried_on(figure.exact, seen, figure.on, aim.due_on)
    return CourseRow(
        course=course,
        target_words=target_words(course.target),
        document=course.target.document,
        citation=document_words(course.target.document),
        start=start_words(course.start),
        expected="" if verdict.expected is None else asked_words(verdict.expected, unit),
        need=points_words(verdict.need, unit) if verdict.need else "",
        fewest=_fewest(course, figure),
        required=_pace(verdict.required, unit),
        seen=signed(seen, unit),
        carried="" if carried is None else asked_or_less(carried, unit),
        carried_reaches=carried is not None and aim.is_reached(carried),
        milestone=milestone_of(course, figure),
    )


def asked_or_less(value: Fraction, unit: str) -> str:
    """A reckoned figure; never below nought, and no share above the whole."""
    top = Fraction(100) if unit == PERCENT else value
    return asked_words(max(min(value, top), Fraction(0)), unit)


def signed(pace: Fraction | None, unit: str) -> str:
    """A pace per year with its sign."""
    if pace is None:
        return ""
    sign = "+" if pace > 0 else "−" if pace < 0 else ""
    return _("%(pace)s a year") % {"pace": sign + points_words(abs(pace), unit)}


def _pace(required: Fraction | None, unit: str) -> str:
    if not required:
        return ""
    return _("%(year)s a year, %(month)s a month") % {
        "year": points_words(required, unit),
        "month": points_words(required / 12, unit),
    }


def _fewest(course: Course, figure: Figure) -> int | None:
    aim = aim_of(course.target)
    if figure.denominator is None or aim.is_count:
        return None
    more = aim.fewest(figure.denominator) - figure.numerator
    return more if more > 0 else None


def milestone_of(course: Course, figure: Figure) -> Milestone | None:
    """The plan's next milestone; where it has none, our line at the end of the year."""
    for target in course.milestones:
        if target.due_on >= figure.on:
            value = aim_of(target).least
            return Milestone(target.due_on, value, target_words(target), True)
    year_end = dt.date(figure.on.year, 12, 31)
    value_then = course.expected(year_end) if year_end < course.target.due_on else None
    if value_then is None:
        return None
    return Milestone(year_end, value_then, asked_words(value_then, figure.unit), False)


def progress_url(code: str, point: Point) -> str:
    """Address of an indicator's course to its targets."""
    return f"{reverse('programme-progress', args=[code])}?{parameters_of(point).urlencode()}"


def method_url(code: str, point: Point) -> str:
    """Address of how an indicator is counted."""
    return f"{reverse('programme-method', args=[code])}?{parameters_of(point).urlencode()}"
