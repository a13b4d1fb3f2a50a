"""Supply links: relations of the enterprises that operate in Hanoi, each at its own tier.

An enterprise stands at one tier (its best verified relation) and may have many links.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from registry.dashboard.breakdown import Breakdown, breakdown
from registry.dashboard.indicators import operating
from registry.plans.models import CountingRule
from registry.supply.models import SupplyRelation, SupplyRelationQuerySet
from registry.supply.queries import relations_on

WHOLE = "enterprises_total"


@dataclass(frozen=True)
class LinkCount:
    """Live relations at a tier: those verified by the day, and those only stated."""

    verified: int
    unverified: int


@dataclass(frozen=True)
class Supply:
    """Enterprises by the tier that counts and by capital, and links by tier."""

    enterprises: Breakdown
    links: dict[int, LinkCount]

    @property
    def all_links(self) -> LinkCount:
        return LinkCount(
            sum(one.verified for one in self.links.values()),
            sum(one.unverified for one in self.links.values()),
        )


def supply(on: dt.date, rule: CountingRule) -> Supply:
    """Two statements, whatever the number of rows."""
    found = (
        links(on, rule)
        .order_by()
        .values_list("tier")
        .annotate(every=Count("pk"), seen=Count("pk", filter=Q(verified_on__lte=on)))
    )
    counts = {tier: LinkCount(seen, every - seen) for tier, every, seen in found}
    none = LinkCount(0, 0)
    return Supply(
        breakdown(WHOLE, on, rule, "tier", "capital"),
        {tier.value: counts.get(tier.value, none) for tier in SupplyRelation.Tier},
    )


def links(
    on: dt.date, rule: CountingRule, tier: int | None = None, *, is_verified: bool | None = None
) -> SupplyRelationQuerySet:
    """The links behind a number: all, or those verified (or not) by the day."""
    rows = relations_on(on, is_verified=is_verified is True)
    if is_verified is False:
        rows = rows.exclude(pk__in=relations_on(on, is_verified=True).values("pk"))
    if tier is not None:
        rows = rows.filter(tier=tier)
    return rows.filter(enterprise__in=operating(on, rule).values("pk"))
