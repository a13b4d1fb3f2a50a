"""Which tier an enterprise stands at: a tier belongs to a relation, so the best one decides."""

from __future__ import annotations

import dataclasses as dc
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


@dc.dataclass(frozen=True)
class PastLook:
    """What came of one look at the proof of a relation, as it was recorded."""

    on: dt.date
    is_verified: bool
    person: int
    """Who looked."""
    proof: str
    seen: str
    because: str
    holds: bool
    """Still what the relation says; otherwise a later look or a change took its place."""


def looks_at(relation: SupplyRelation) -> list[PastLook]:
    """Every look at a relation that was recorded, the latest first; one query."""
    events = SupplyRelation.pgh_event_model.objects.filter(pgh_obj_id=relation.pk)  # type: ignore[attr-defined]
    looks: list[PastLook] = []
    before = None
    for event in events.exclude(pgh_label="delete").order_by("pgh_id"):
        look = _look_in(event, relation)
        if look is not None and look != before:
            looks.append(look)
        before = look
    return looks[::-1]


def _look_in(version: SupplyRelation, now: SupplyRelation) -> PastLook | None:
    """The look that stands in a version of a row; None before the first."""
    columns = ("verified_on", "unverified_on", "proof", "proof_seen", "unverified_because")
    holds = all(getattr(version, name) == getattr(now, name) for name in columns)
    person = version.verified_by_id or version.unverified_by_id
    day = version.verified_on or version.unverified_on
    if day is None or person is None:
        return None
    return PastLook(
        on=day,
        is_verified=version.verified_on is not None,
        person=person,
        proof=str(SupplyRelation.Proof(version.proof).label) if version.proof else "",
        seen=version.proof_seen,
        because=version.unverified_because,
        holds=holds,
    )


def beside(relation: SupplyRelation, on: dt.date) -> list[SupplyRelation]:
    """The other relations of its enterprise, those alive first; with what they name."""
    others = SupplyRelation.objects.filter(enterprise=relation.enterprise_id)
    is_alive = Exists(SupplyRelation.objects.live(on).filter(pk=OuterRef("pk")))
    rows = others.exclude(pk=relation.pk).select_related("buyer", "plant")
    return list(rows.alias(is_alive=is_alive).order_by("-is_alive", "tier", "pk"))


def of_the_same_buyer(relation: SupplyRelation, on: dt.date) -> SupplyRelationQuerySet:
    """Relations alive of other enterprises with the same buyer, the nearest tier first."""
    rows = SupplyRelation.objects.live(on).filter(buyer=relation.buyer_id)
    others = rows.exclude(enterprise=relation.enterprise_id)
    return others.select_related("enterprise", "plant").order_by("tier", "pk")
