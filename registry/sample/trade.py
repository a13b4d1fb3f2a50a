"""Whom an invented enterprise supplies. The buyers are real, the relations are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from registry.sample.chance import before, between, weighted
from registry.sample.character import NOBODY, Character
from registry.sample.codes import Codes
from registry.supply.actions import RelationDraft

EVIDENCE = (
    "Hợp đồng khung (dữ liệu mẫu)",
    "Đơn đặt hàng (dữ liệu mẫu)",
    "Thư xác nhận của khách hàng (dữ liệu mẫu)",
    "",
)


def relations(who: Character, codes: Codes) -> tuple[RelationDraft, ...]:
    """What the card says, for some a second buyer at the same tier or a former one."""
    card = who.hand["tier"]
    if card == "none":
        return ()
    tier = int(card) if card.isdigit() else who.rng.choice((1, 2, 3))
    buyers = _buyers(who)
    if card == "unknown_since":
        return (_relation(who, next(buyers), tier, codes, since=None),)
    if card == "ended":
        return (_ended(who, next(buyers), tier, codes),)
    found = [_live(who, next(buyers), tier, codes)]
    if tier < 4 and who.has(0.25):
        found.append(_live(who, next(buyers), tier, codes))
    if tier == 1 and who.has(0.1):
        found.append(_live(who, next(buyers), 2, codes))
    if who.has(0.08):
        found.append(_ended(who, next(buyers), tier, codes))
    return tuple(found)


def _buyers(who: Character) -> Iterator[str]:
    """Buyers of the line of business, the frequent ones sooner, none twice."""
    left = list(who.line.buyers)
    while left:
        buyer = weighted(who.rng, left)
        left = [pair for pair in left if pair[0] != buyer]
        yield buyer


def _live(who: Character, buyer: str, tier: int, codes: Codes) -> RelationDraft:
    return _relation(who, buyer, tier, codes, since=before(who.rng, who.on, 25, 2_200))


def _relation(
    who: Character,
    buyer: str,
    tier: int,
    codes: Codes,
    *,
    since: dt.date | None,
    until: dt.date | None = None,
) -> RelationDraft:
    rng = who.rng
    plants = codes.plants.get(buyer, ())
    first = max(since or who.registered_on, who.registered_on)
    last = min(who.on, until or who.on)
    is_verified = first <= last and who.has(0.6)
    return RelationDraft(
        enterprise_id=NOBODY,
        buyer_id=codes.buyers[buyer],
        plant_id=rng.choice(plants) if plants and who.has(0.6) else None,
        tier=tier,
        product=rng.choice(who.line.items).name,
        since=since,
        until=until,
        evidence=rng.choice(EVIDENCE),
        verified_on=between(rng, first, last) if is_verified else None,
        is_confidential=who.has(0.18),
    )


def _ended(who: Character, buyer: str, tier: int, codes: Codes) -> RelationDraft:
    until = before(who.rng, who.on, 10, 800)
    since = before(who.rng, until, 200, 1_500)
    return _relation(who, buyer, tier, codes, since=since, until=until)
