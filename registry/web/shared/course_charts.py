"""Geometry of a figure on its way to a target; coordinates are text (see ``charts``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from registry.web.shared.charts import Dot, Link, coordinate

Value = Decimal | int
Point = tuple[dt.date, Value]
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96, 30, 4
# The field of the course inside its drawing of 640 by 260.
LEFT, RIGHT, TOP, BOTTOM = 52, 600, 26, 222
MOST_LEVELS, MOST_YEARS = 6, 7


@dataclass(frozen=True)
class Spark:
    """A small line without words, and its last point; empty with fewer than two figures."""

    points: str
    x: str
    y: str


def spark(values: Sequence[Value | None]) -> Spark:
    """From left to right at equal steps; the lowest value at the bottom."""
    known = [float(one) for one in values if one is not None]
    if len(known) < 2:
        return Spark("", "", "")
    low, span = min(known), max(known) - min(known)
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / (len(values) - 1)

    def height(value: float) -> float:
        share = (value - low) / span if span else 0.5
        return SPARK_HEIGHT - SPARK_EDGE - share * (SPARK_HEIGHT - 2 * SPARK_EDGE)

    points = [
        f"{coordinate(SPARK_EDGE + place * step)},{coordinate(height(float(value)))}"
        for place, value in enumerate(values)
        if value is not None
    ]
    x, y = points[-1].split(",")
    return Spark(" ".join(points), x, y)


@dataclass(frozen=True)
class Spot:
    """A point with its words; ``anchor`` keeps them inside the drawing."""

    x: str
    y: str
    text_y: str
    label: str
    anchor: str


@dataclass(frozen=True)
class CourseChart:
    """The figures seen as a line, the path as another, its marks, and the target's band."""

    levels: list[tuple[str, str]]
    years: list[tuple[str, str]]
    seen: str
    last: Spot | None
    path: str
    marks: list[Spot]
    band_y: str
    band: str
    dots: list[Dot]


def levels(low: float, high: float) -> list[Decimal]:
    """Round values from below the lowest to above the highest, few enough to read."""
    span = max(high - low, 1)
    step = Decimal(1)
    factors = (Decimal(2), Decimal("2.5"), Decimal(2))
    turn = 0
    while Decimal(span) / step > MOST_LEVELS - 1:
        step *= factors[turn % 3]
        turn += 1
    first, last = floor(Decimal(low) / step), ceil(Decimal(high) / step)
    return [step * place for place in range(first, max(last, first + 1) + 1)]


def course_chart(
    seen: Sequence[Point],
    path: Sequence[Point],
    *,
    band: tuple[Value, Value] | None = None,
    say: Callable[[Value], str],
    links: Mapping[dt.date, Link] | None = None,
) -> CourseChart:
    """By day from the first to the last of both lines; the scale need not begin at nought.

    Figures seen on days of ``links`` can be followed.
    Raises ValueError where there is nothing to draw.
    """
    days = [day for day, _value in (*seen, *path)]
    values = [float(value) for _day, value in (*seen, *path)] + [float(one) for one in band or ()]
    if not days:
        raise ValueError("a course of no figure")
    scale = levels(min(values), max(values))
    first, span = min(days), max((max(days) - min(days)).days, 1)

    def x(day: dt.date) -> str:
        return coordinate(LEFT + (RIGHT - LEFT) * (day - first).days / span)

    def y(value: Value) -> str:
        share = float((Decimal(value) - scale[0]) / (scale[-1] - scale[0]))
        return coordinate(BOTTOM - share * (BOTTOM - TOP))

    def spot(point: Point, above: bool) -> Spot:
        day, value = point
        text_y = Decimal(y(value)) + (-10 if above else 20)
        anchor = "end" if Decimal(x(day)) > RIGHT - 60 else "middle"
        if Decimal(x(day)) < LEFT + 30:
            anchor = "start"
        return Spot(x(day), y(value), coordinate(text_y), say(value), anchor)

    def line(points: Sequence[Point]) -> str:
        return " ".join(f"{x(day)},{y(value)}" for day, value in points)

    return CourseChart(
        levels=[(y(level), say(level)) for level in scale],
        years=[(x(day), str(day.year)) for day in new_years(first, max(days))],
        seen=line(seen) if len(seen) > 1 else "",
        last=spot(seen[-1], _is_above(seen[-1], path)) if seen else None,
        path=line(path) if len(path) > 1 else "",
        marks=[spot(point, True) for point in path],
        band_y=y(band[1]) if band else "",
        band=coordinate(Decimal(y(band[0])) - Decimal(y(band[1]))) if band else "",
        dots=[Dot(x(day), y(value), links[day]) for day, value in seen if links and day in links],
    )


def _is_above(point: Point, path: Sequence[Point]) -> bool:
    """Whether the words of the last figure stand clear of the path above it."""
    later = [value for day, value in path if day >= point[0]]
    return not later or float(point[1]) > float(later[0])


def new_years(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of years between two days; every second or third one of many."""
    years = list(range(first.year + 1, last.year + 1))
    step = -(-len(years) // MOST_YEARS) or 1
    return [dt.date(year, 1, 1) for year in years[::step]]
