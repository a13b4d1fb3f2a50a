"""Which tier an enterprise stands at: a tier belongs to a relation, so the best one decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, Min, OuterRef, Q, Subquery

from registry.supply.models import SupplyRelation, SupplyRelationQuerySet


def relations_on(on: dt.date, *, is_verified: bool) -> SupplyRelationQuerySet:
    """Relations alive on the day: all that are stated, or only the verified ones."""
    live = SupplyRelation.objects.live(on)
    return live.verified(on) if is_verified else live


def open_today() -> frozenset[int]:
    """Relations of which everything may be told, as recorded now.

    To be asked before looking at what was known: what has been made confidential since is
    not told of the past either. By themselves, not by their enterprise, for a merger moves
    them.
    """
    return frozenset(SupplyRelation.objects.public().order_by().values_list("pk", flat=True))


def best_tier(on: dt.date, *, is_verified: bool) -> Subquery:
    """The nearest tier (lowest number) of the relations of the enterprise outside."""
    mine = relations_on(on, is_verified=is_verified).filter(enterprise=OuterRef("pk")).order_by()
    nearest = mine.values("enterprise").annotate(nearest=Min("tier"))
    return Subquery(nearest.values("nearest"))


def standing_at(tiers: Sequence[int], on: dt.date, *, is_verified: bool = True) -> Q:
    """Condition on enterprises: one of the tiers is that of its best verified relation.

    With ``is_verified=False``: it states a relation at one of them and none nearer is
    verified, so that who is counted is always among those who state it.
    """
    mine = relations_on(on, is_verified=is_verified).filter(enterprise=OuterRef("pk"))
    nearer = relations_on(on, is_verified=True).filter(
        enterprise=OuterRef("pk"), tier__lt=min(tiers)
    )
    return Q(Exists(mine.filter(tier__in=tiers))) & ~Q(Exists(nearer))
