"""Geometry of the charts. All coordinates are text, written with a point.

A number in a template would be localised: 73.4 becomes 73,4 in Vietnamese and breaks
the drawing without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

BULLET_WIDTH = 300
BAR_WIDTH = 120
HEADROOM = Decimal("1.1")

Number = int | Decimal | None


@dataclass(frozen=True)
class Bullet:
    """A figure as a bar, with its target (a line or a band) and baseline on one scale."""

    bar: str
    target: str
    band: str
    baseline: str


def coordinate(value: Decimal | float) -> str:
    """One decimal, with a point in every language."""
    return f"{value:.1f}"


def bullet(
    *, value: Number, low: Number, high: Number = None, baseline: Number = None, most: Number = None
) -> Bullet:
    """Positions on a scale from 0 to ``most`` (else a little beyond the greatest value).

    What is not known is an empty text.
    """
    known = [Decimal(one) for one in (value, low, high, baseline) if one is not None]
    scale = Decimal(most) if most is not None else max(known, default=Decimal(1)) * HEADROOM
    scale = scale or Decimal(1)

    def place(one: Number) -> str:
        if one is None:
            return ""
        return coordinate(min(Decimal(one) / scale, Decimal(1)) * BULLET_WIDTH)

    band = ""
    if low is not None and high is not None:
        band = coordinate((Decimal(high) - Decimal(low)) / scale * BULLET_WIDTH)
    return Bullet(bar=place(value), target=place(low), band=band, baseline=place(baseline))


def bar_width(count: int, most: int) -> str:
    """Width of a bar in a table; a count above zero is always to be seen."""
    if not count or not most:
        return "0"
    return coordinate(max(BAR_WIDTH * count / most, 2))
