"""Geometry of the charts. All coordinates are text, written with a point.

A number in a template would be localised: 73.4 becomes 73,4 in Vietnamese and breaks
the drawing without a word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, groupby

BULLET_WIDTH = 300
BAR_WIDTH = 120
HEADROOM = Decimal("1.1")
# The field of a trend inside its drawing of 480 by 160.
LEFT, RIGHT, TOP, BOTTOM = 20, 460, 24, 136
LABEL_ABOVE = 10

Number = int | Decimal | None


@dataclass(frozen=True)
class Bullet:
    """A figure as a bar, with its target (a line or a band), baseline and milestone on one
    scale; ``milestone`` is the outline of its mark."""

    bar: str
    target: str
    band: str
    baseline: str
    milestone: str = ""


def coordinate(value: Decimal | float) -> str:
    """One decimal, with a point in every language."""
    return f"{value:.1f}"


def bullet(
    *,
    value: Number,
    low: Number,
    high: Number = None,
    baseline: Number = None,
    milestone: Number = None,
    most: Number = None,
) -> Bullet:
    """Positions on a scale from 0 to ``most`` (else a little beyond the greatest value).

    What is not known is an empty text.
    """
    asked = (value, low, high, baseline, milestone)
    known = [Decimal(one) for one in asked if one is not None]
    scale = Decimal(most) if most is not None else max(known, default=Decimal(1)) * HEADROOM
    scale = scale or Decimal(1)

    def place(one: Number) -> str:
        if one is None:
            return ""
        return coordinate(min(Decimal(one) / scale, Decimal(1)) * BULLET_WIDTH)

    band = ""
    if low is not None and high is not None:
        band = coordinate((Decimal(high) - Decimal(low)) / scale * BULLET_WIDTH)
    return Bullet(
        bar=place(value),
        target=place(low),
        band=band,
        baseline=place(baseline),
        milestone=wedge(place(milestone)),
    )


def wedge(x: str) -> str:
    """A triangle below the bar whose tip is at ``x``; empty where nothing is known."""
    if not x:
        return ""
    tip = Decimal(x)
    return f"{x},17.0 {coordinate(tip - 5)},25.5 {coordinate(tip + 5)},25.5"


def bar_width(count: int, most: int) -> str:
    """Width of a bar in a table; a count above zero is always to be seen."""
    if not count or not most:
        return "0"
    return coordinate(max(BAR_WIDTH * count / most, 2))


@dataclass(frozen=True)
class Link:
    """Where a mark that stands for enterprises leads, and what it is called."""

    label: str
    url: str


@dataclass(frozen=True)
class Dot:
    """A point that can be followed to the enterprises it stands for."""

    x: str
    y: str
    link: Link


@dataclass(frozen=True)
class TrendPoint:
    """A figure on a day; ``y`` is empty where the figure is not known."""

    day: dt.date
    value: Number
    x: str
    y: str


@dataclass(frozen=True)
class TrendEnd:
    """The first or last known point, with the place of its words."""

    day: dt.date
    value: Number
    text_x: str
    text_y: str
    is_last: bool


@dataclass(frozen=True)
class Trend:
    """A figure over days: unbroken runs of the line, and the target as a line or a band."""

    points: list[TrendPoint]
    runs: list[str]
    ends: list[TrendEnd]
    target: str
    band_top: str
    band: str
    dots: list[Dot]

    @property
    def known(self) -> list[TrendPoint]:
        return [point for point in self.points if point.y]


def trend(
    figures: Sequence[tuple[dt.date, Number]],
    *,
    low: Number = None,
    high: Number = None,
    most: Number = None,
    links: Mapping[dt.date, Link] | None = None,
) -> Trend:
    """Positions by day (to scale) and figure, from 0 to ``most`` or beyond the greatest.

    A figure that is not known breaks the line: nothing is drawn where nothing is known.
    Known figures with one of the ``links`` can be followed.
    Raises ValueError where two figures are of the same day.
    """
    figures = sorted(figures, key=lambda one: one[0])
    if len({day for day, _value in figures}) < len(figures):
        raise ValueError("two figures of one day")
    known = [
        Decimal(one) for one in (*(value for _, value in figures), low, high) if one is not None
    ]
    scale = Decimal(most) if most is not None else max(known, default=Decimal(1)) * HEADROOM
    scale = scale or Decimal(1)

    def height(one: Number) -> str:
        if one is None:
            return ""
        return coordinate(BOTTOM - min(Decimal(one) / scale, Decimal(1)) * (BOTTOM - TOP))

    points = [
        TrendPoint(day, value, along(day, figures[0][0], figures[-1][0]), height(value))
        for day, value in figures
    ]
    is_band = low is not None and high is not None
    top = height(high) if is_band else ""
    return Trend(
        points=points,
        runs=runs(points),
        ends=ends(points),
        target=height(low),
        band_top=top,
        band=coordinate(Decimal(height(low)) - Decimal(top)) if is_band else "",
        dots=[
            Dot(one.x, one.y, links[one.day])
            for one in points
            if links and one.y and one.day in links
        ],
    )


def along(day: dt.date, first: dt.date, last: dt.date) -> str:
    """Position of a day between the first and the last; a single day is in the middle."""
    if first == last:
        return coordinate((LEFT + RIGHT) / 2)
    return coordinate(LEFT + (RIGHT - LEFT) * ((day - first) / (last - first)))


def runs(points: list[TrendPoint]) -> list[str]:
    """Lines through neighbouring known points; a point alone has none."""
    grouped = [list(group) for is_known, group in groupby(points, lambda p: bool(p.y)) if is_known]
    return [" ".join(f"{p.x},{p.y}" for p in group) for group in grouped if len(group) > 1]


def ends(points: list[TrendPoint]) -> list[TrendEnd]:
    known = [point for point in points if point.y]
    return [
        TrendEnd(
            day=point.day,
            value=point.value,
            text_x=point.x,
            text_y=coordinate(Decimal(point.y) - LABEL_ABOVE),
            is_last=place > 0,
        )
        for place, point in enumerate([known[0], known[-1]] if len(known) > 1 else known)
    ]


@dataclass(frozen=True)
class Step:
    """A bar of a waterfall: where it begins and how tall it is; ``tone`` is total, up or down."""

    x: str
    y: str
    height: str
    middle: str
    value: int
    tone: str
    link: Link | None = None


WATERFALL_WIDTH, WATERFALL_HEIGHT, STEP_GAP = 640, 220, 12


def waterfall(start: int, amounts: list[int], end: int, links: Sequence[Link] = ()) -> list[Step]:
    """Bars from start to end; the scale begins a little below the lowest level.

    ``links``, where given, one for each bar. Raises ValueError for another number of them.
    """
    if links and len(links) != len(amounts) + 2:
        raise ValueError("not one link for each bar")
    levels, low = _levels(start, amounts), waterfall_base(start, amounts)
    span = max(max(levels) - low, 1)
    width = WATERFALL_WIDTH / (len(amounts) + 2)

    def bar(place: int, bottom: int, top: int, value: int, tone: str) -> Step:
        height = (top - bottom) / span * WATERFALL_HEIGHT
        y = WATERFALL_HEIGHT - (top - low) / span * WATERFALL_HEIGHT
        x = place * width + STEP_GAP / 2
        return Step(
            x=coordinate(x),
            y=coordinate(y + 20),
            height=coordinate(max(height, 1)),
            middle=coordinate(x + (width - STEP_GAP) / 2),
            value=value,
            tone=tone,
            link=links[place] if links else None,
        )

    bars = [bar(0, low, start, start, "total")]
    for place, amount in enumerate(amounts, start=1):
        before, after = levels[place - 1], levels[place]
        tone = "up" if amount > 0 else "down"
        bars.append(bar(place, min(before, after), max(before, after), amount, tone))
    return [*bars, bar(len(amounts) + 1, low, end, end, "total")]


def waterfall_base(start: int, amounts: list[int]) -> int:
    """Where the scale of a waterfall begins; other than 0 it has to be said beside it."""
    levels = _levels(start, amounts)
    return max(0, min(levels) - max(5, (max(levels) - min(levels)) // 3))


def _levels(start: int, amounts: list[int]) -> list[int]:
    return list(accumulate(amounts, initial=start))


def step_width(steps: int) -> str:
    """Width of each bar of a waterfall."""
    return coordinate(WATERFALL_WIDTH / max(steps, 1) - STEP_GAP)


@dataclass(frozen=True)
class Fan:
    """The space between a floor and a ceiling over months, and a line within it."""

    area: str
    floor: str
    ceiling: str
    scenario: str
    target: str
    grid: list[tuple[str, str]]
    dots: list[Dot]


FAN_WIDTH, FAN_HEIGHT, FAN_LEFT = 600, 200, 40


def fan(
    floor: list[Number],
    ceiling: list[Number],
    scenario: list[Number],
    target: Number = None,
    steps: Mapping[int, Link] | None = None,
) -> Fan:
    """Shares in percent on a scale from 0 to the next full ten above the highest.

    ``steps``: where the floor's steps down lead, by their place in the floor.
    """
    known = [float(one) for one in (*floor, *ceiling, target) if one is not None]
    top = max(10, -(-int(max(known, default=10)) // 10) * 10 + 10)

    def y(value: float) -> str:
        return coordinate(10 + FAN_HEIGHT * (1 - value / top))

    def x(place: int) -> str:
        return coordinate(FAN_LEFT + place * FAN_WIDTH / max(len(floor) - 1, 1))

    def line(values: list[Number]) -> list[str]:
        return [
            f"{x(place)},{y(float(value))}"
            for place, value in enumerate(values)
            if value is not None
        ]

    return Fan(
        area=" ".join([*line(ceiling), *reversed(line(floor))]),
        floor=" ".join(line(floor)),
        ceiling=" ".join(line(ceiling)),
        scenario=" ".join(line(scenario)),
        target=y(float(target)) if target is not None else "",
        grid=[(y(level), str(level)) for level in range(0, top + 1, 10)],
        dots=[
            Dot(x(place), y(float(value)), steps[place])
            for place, value in enumerate(floor)
            if steps and value is not None and place in steps
        ],
    )
