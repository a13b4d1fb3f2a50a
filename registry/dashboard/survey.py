"""A published figure beside the register's own for the same day, and what stands between.

The lists behind published figures were never published: enterprises that a survey counted
and the register does not know cannot be named. What can be named is everybody the register
knows and does not count on that day, by the reason.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from registry.dashboard.indicators import INDICATORS, Indicator
from registry.dashboard.points import Point
from registry.dashboard.statuses import COUNTED, ELSEWHERE, NOT_COUNTED, Asked, look
from registry.plans.models import Baseline, Scope

REASONS = {
    "not_yet": _("Registered later"),
    "closed": _("Closed by that day"),
    "moved_away": _("Moved away by that day"),
    "merged": _("Merged into another by that day"),
    "suspended": _("Suspended on that day"),
    ELSEWHERE: _("No site in Hanoi on that day"),
    NOT_COUNTED: _("Operating in Hanoi, but outside the definition"),
}


@dataclass(frozen=True)
class Beside:
    """One published figure; ``missing`` has the enterprises known but not counted, by reason."""

    baseline: Baseline
    indicator: Indicator
    counted: int
    missing: dict[str, list[int]]

    @property
    def difference(self) -> Decimal:
        """The register's figure less the published one."""
        return Decimal(self.counted) - self.baseline.value


def beside_the_register() -> list[Beside]:
    """The city's published counts that the register can compute, the latest first."""
    found = []
    baselines = Baseline.objects.filter(scope=Scope.HANOI, indicator__in=INDICATORS)
    for baseline in baselines.order_by("-as_of_on", "indicator"):
        indicator = INDICATORS[baseline.indicator]
        if indicator.whole is not None:
            continue
        by_pk = look(Asked(indicator.code), Point(baseline.as_of_on)).statuses
        missing: dict[str, list[int]] = defaultdict(list)
        for pk, status in by_pk.items():
            if status != COUNTED:
                missing[status if status in REASONS else NOT_COUNTED].append(pk)
        counted = len(by_pk) - sum(map(len, missing.values()))
        found.append(Beside(baseline, indicator, counted, dict(missing)))
    return found
