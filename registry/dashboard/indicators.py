"""The indicators of the plan, each with the enterprises it counts.

To add one: write its members here, add it to ``INDICATORS``, and name its targets in
``registry/plans/data``. Pages, lists, downloads and the command follow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.enterprises.models import Enterprise, EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.plans.queries import counted
from registry.supply.queries import standing_at

Members = Callable[[dt.date, CountingRule], EnterpriseQuerySet]
"""Who is counted on a day under a rule."""


@dataclass(frozen=True)
class Indicator:
    """A figure of the plan: the count of ``members``, or their share of ``whole`` in %.

    ``stated``: who would be counted if nothing had to be verified; ``tiers``: of the
    supply relations it speaks of.
    """

    code: str
    name: Any
    rule: Any
    members: Members
    whole: Members | None = None
    stated: Members | None = None
    tiers: tuple[int, ...] = ()

    @property
    def unit(self) -> str:
        return "%" if self.whole else "enterprises"


def operating(on: dt.date, rule: CountingRule) -> EnterpriseQuerySet:
    """Enterprises of the register that operate in Hanoi on that day."""
    return Enterprise.objects.operating(on).in_hanoi(on)


def meeting_international_standards(on: dt.date, rule: CountingRule) -> EnterpriseQuerySet:
    """Those of the operating ones that the counting rule counts."""
    return counted(operating(on, rule), rule, on)


def supplying_at(*tiers: int, is_verified: bool = True) -> Members:
    """Enterprises whose best verified relation of that day is at one of the tiers."""

    def members(on: dt.date, rule: CountingRule) -> EnterpriseQuerySet:
        return operating(on, rule).filter(standing_at(tiers, on, is_verified=is_verified))

    return members


INDICATORS: dict[str, Indicator] = {
    indicator.code: indicator
    for indicator in (
        Indicator(
            "enterprises_total",
            _("Supporting-industry enterprises"),
            _("In the register and operating in Hanoi on that day."),
            operating,
        ),
        Indicator(
            "enterprises_international_standard",
            _("Enterprises meeting international standards"),
            _("Operating in Hanoi on that day and meeting every clause of the counting rule."),
            meeting_international_standards,
        ),
        Indicator(
            "share_international_standard",
            _("Share meeting international standards"),
            _("Enterprises meeting international standards, of all operating in Hanoi."),
            meeting_international_standards,
            operating,
        ),
        Indicator(
            "tier1_enterprises",
            _("Tier-1 suppliers"),
            _(
                "Operating in Hanoi, with at least one tier-1 supply relation that is alive on "
                "that day and was verified by it; each enterprise once."
            ),
            supplying_at(1),
            stated=supplying_at(1, is_verified=False),
            tiers=(1,),
        ),
        Indicator(
            "tier2_tier3_enterprises",
            _("Tier-2 and tier-3 suppliers"),
            _(
                "Operating in Hanoi, with at least one verified tier-2 or tier-3 supply relation "
                "alive on that day and none at tier 1: the nearest verified tier counts."
            ),
            supplying_at(2, 3),
            stated=supplying_at(2, 3, is_verified=False),
            tiers=(2, 3),
        ),
    )
}
