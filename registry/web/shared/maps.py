"""Geometry of a map of proportional dots: centre points only, no tiles, no borders.

The area of a dot is its count to scale. Degrees become distances as they are at the middle
of the map; over a city the error is far below the width of a line. Coordinates are text,
as in ``charts``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from registry.web.shared.charts import coordinate

WIDTH, MARGIN = 640, 40
LARGEST = 30
"""Radius of the greatest dot."""

KM_OF_A_DEGREE = 111.2
BAR_KM = 10
LABELS = 8
LETTER, LINE = 7.2, 16
"""Room that a letter and a line of a label take."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in the drawing."""

Point = tuple[Decimal, Decimal]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Place:
    """What stands at a point: ``inner`` of ``outer`` enterprises (the same for a count)."""

    label: str
    url: str
    centre: Point
    inner: int
    outer: int


@dataclass(frozen=True)
class Dot:
    """A place as drawn; ``ring`` is empty where all is counted."""

    label: str
    url: str
    inner: int
    outer: int
    x: str
    y: str
    radius: str
    ring: str


@dataclass(frozen=True)
class DotLabel:
    """Words at a dot; ``anchor``: their start, middle or end stands at ``x``."""

    text: str
    count: int
    x: str
    y: str
    anchor: str


@dataclass(frozen=True)
class SizeKey:
    """A dot of the legend: how large a number is drawn."""

    number: int
    x: str
    y: str
    radius: str


@dataclass(frozen=True)
class DotMap:
    """The drawing: faint points for every centre, dots on them, a bar of ``bar_km``."""

    width: str
    height: str
    points: list[tuple[str, str]]
    dots: list[Dot]
    labels: list[DotLabel]
    keys: list[SizeKey]
    bar: str
    bar_place: str
    bar_km: int = BAR_KM


@dataclass(frozen=True)
class _Frame:
    """From degrees to the drawing: one scale for both directions."""

    north: float
    west: float
    squeeze: float
    scale: float
    height: float

    def place(self, centre: Point) -> tuple[float, float]:
        latitude, longitude = float(centre[0]), float(centre[1])
        x = MARGIN + (longitude - self.west) * self.squeeze * self.scale
        return x, MARGIN + (self.north - latitude) * self.scale


def dot_map(frame: Sequence[Point], places: Sequence[Place]) -> DotMap:
    """Draw the places, the smallest on top, inside the frame of all centre points."""
    fitted = _fitted([*frame, *(place.centre for place in places)])
    most = max((place.outer for place in places), default=0)
    drawn = sorted(places, key=lambda place: -place.outer)
    spots = [(fitted.place(place.centre), _radius(place.outer, most)) for place in drawn]
    bar = BAR_KM / KM_OF_A_DEGREE * fitted.scale
    return DotMap(
        width=coordinate(WIDTH),
        height=coordinate(fitted.height),
        points=[tuple(map(coordinate, fitted.place(centre))) for centre in frame],  # type: ignore[misc]
        dots=[
            _dot(place, spot, most) for place, (spot, _radius_) in zip(drawn, spots, strict=True)
        ],
        labels=_labels(drawn, spots),
        keys=_keys(most, fitted.height),
        bar=coordinate(bar),
        bar_place=f"{coordinate(WIDTH - MARGIN - bar)} {coordinate(fitted.height - 40)}",
    )


def _fitted(centres: Sequence[Point]) -> _Frame:
    if not centres:
        return _Frame(0, 0, 1, 1, 2 * MARGIN)
    latitudes = [float(centre[0]) for centre in centres]
    longitudes = [float(centre[1]) for centre in centres]
    north, south = max(latitudes), min(latitudes)
    west, east = min(longitudes), max(longitudes)
    squeeze = math.cos(math.radians((north + south) / 2))
    across = max((east - west) * squeeze, (north - south) / 2, 0.01)
    scale = (WIDTH - 2 * MARGIN) / across
    return _Frame(north, west, squeeze, scale, 2 * MARGIN + (north - south) * scale)


def _radius(count: int, most: int) -> float:
    return LARGEST * math.sqrt(count / most) if most else 0


def _dot(place: Place, spot: tuple[float, float], most: int) -> Dot:
    return Dot(
        label=place.label,
        url=place.url,
        inner=place.inner,
        outer=place.outer,
        x=coordinate(spot[0]),
        y=coordinate(spot[1]),
        radius=f"{_radius(place.inner, most):.2f}",
        ring="" if place.inner == place.outer else f"{_radius(place.outer, most):.2f}",
    )


def _labels(
    drawn: Sequence[Place], spots: Sequence[tuple[tuple[float, float], float]]
) -> list[DotLabel]:
    """Names of the greatest places, beside their dots, where they hide no dot or name."""
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for (x, y), r in spots]
    made: list[DotLabel] = []
    for place, ((x, y), radius) in zip(drawn, spots, strict=True):
        if len(made) == LABELS:
            break
        wide = LETTER * (len(place.label) + 2 + len(str(place.inner)))
        aside, over = radius + 5, radius + LINE / 2
        for anchor, left, edge, middle in (
            ("start", x + aside, x + aside, y),
            ("end", x - aside - wide, x - aside, y),
            ("middle", x - wide / 2, x, y - over),
            ("middle", x - wide / 2, x, y + over),
        ):
            box = (left, middle - LINE / 2 + 1, left + wide, middle + LINE / 2 - 1)
            if left >= 0 and box[2] <= WIDTH and not any(_meet(box, other) for other in taken):
                taken.append(box)
                text = DotLabel(
                    place.label, place.inner, coordinate(edge), coordinate(middle + 4), anchor
                )
                made.append(text)
                break
    return made


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _keys(most: int, height: float) -> list[SizeKey]:
    """Up to three sizes for the legend, resting on one line at the lower left."""
    numbers = sorted({most, most // 4, 1} - {0}) if most else []
    keys = []
    x = float(MARGIN) / 2
    for number in numbers:
        radius = _radius(number, most)
        x += radius
        keys.append(
            SizeKey(number, coordinate(x), coordinate(height - 30 - radius), f"{radius:.2f}")
        )
        x += radius + 26
    return keys
