"""What later knowledge changed: a list as known then beside the same one as known now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from registry.dashboard.figures import members
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
    then, now = _counted(asked, point), _counted(asked, replace(point, known=None))
    return Later(len(then), len(now), now - then, then - now)


def _counted(asked: Asked, point: Point) -> frozenset[int]:
    with point.looked_from() as rule:
        rows = members(asked.code, point.on, asked.slices, rule=rule, step=asked.step)
        return frozenset(rows.order_by().values_list("pk", flat=True))
