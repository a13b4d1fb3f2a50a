"""What later knowledge changed: a list as known then beside the same one as known now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from registry.dashboard.bridge import Bridge, bridge
from registry.dashboard.points import Point
from registry.dashboard.statuses import Asked

GAINED, LOST = "gained", "lost"


@dataclass(frozen=True)
class Later:
    """``then`` + gained − lost = ``now``; both with the enterprises they are."""

    then: int
    now: int
    gained: frozenset[int]
    lost: frozenset[int]

    def rows(self, kind: str) -> frozenset[int]:
        return self.gained if kind == GAINED else self.lost


def later(asked: Asked, point: Point) -> Later:
    """The same day and rule as known at the point and as known now."""
    now = replace(point, known=None)
    found = bridge(asked.code, point, now, slices=asked.slices, step=asked.step)
    return Later(found.start, found.end, _moved(found, 1), _moved(found, -1))


def _moved(found: Bridge, sign: int) -> frozenset[int]:
    return frozenset(pk for term in found.terms if term.sign == sign for pk in term.enterprise_ids)
