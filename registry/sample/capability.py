"""What an invented enterprise can do, how large it is, and whom to ask there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from registry.enterprises.actions import (
    ContactDraft,
    MachineDraft,
    ProductDraft,
    YearFigureDraft,
)
from registry.enterprises.enums import SizeClass
from registry.enterprises.models import BILLION, MILLION
from registry.sample import names
from registry.sample.chance import between, some
from registry.sample.character import Character
from registry.sample.codes import Codes
from registry.sample.lines import Item

BOUNDS = {
    SizeClass.MICRO.value: ((2, 10), (300 * MILLION, 3 * BILLION), (200 * MILLION, 3 * BILLION)),
    SizeClass.SMALL.value: ((11, 100), (4 * BILLION, 50 * BILLION), (2 * BILLION, 20 * BILLION)),
    SizeClass.MEDIUM.value: (
        (101, 200),
        (52 * BILLION, 200 * BILLION),
        (22 * BILLION, 100 * BILLION),
    ),
    SizeClass.LARGE.value: (
        (201, 2_400),
        (180 * BILLION, 3_000 * BILLION),
        (110 * BILLION, 1_500 * BILLION),
    ),
}
"""Employees, revenue and capital of each class (Decree 80/2021, article 5, industry)."""

YEARS = 3
UNITS = ("chi tiết/tháng", "bộ/tháng", "kg/tháng")


def products(who: Character, codes: Codes) -> tuple[ProductDraft, ...]:
    if who.has(0.03):
        return ()
    return tuple(_product(who, item, codes) for item in some(who.rng, who.line.items, 1, 4))


def _product(who: Character, item: Item, codes: Codes) -> ProductDraft:
    amount = who.rng.choice((2_000, 5_000, 10_000, 50_000, 200_000))
    capacity = f"{amount:,} {who.rng.choice(UNITS)}".replace(",", ".")
    return ProductDraft(
        name=item.name,
        name_en=item.name_en if who.has(0.85) else "",
        group_id=codes.groups.get(item.group),
        hs_id=codes.hs.get(item.hs) if who.has(0.6) else None,
        capacity=capacity if who.has(0.5) else "",
    )


def machines(who: Character) -> tuple[MachineDraft, ...]:
    if not who.line.kits or who.has(0.12):
        return ()
    most = {"large": 60, "medium": 20, "small": 8}.get(who.hand["size"], 3)
    return tuple(
        MachineDraft(
            name=kit.name,
            maker=kit.maker,
            spec=kit.spec,
            count=who.rng.randint(1, most) if who.has(0.85) else None,
        )
        for kit in some(who.rng, who.line.kits, 1, 4)
    )


def sector_ids(who: Character, codes: Codes) -> tuple[int, ...]:
    """The plan's sector, the branch below it, and for a few a second sector."""
    if not who.hand["sector"]:
        return ()
    wanted = [who.hand["sector"], who.line.sector]
    if who.has(0.07):
        others = sorted(set(codes.parents.values()) - set(wanted))
        wanted.append(who.rng.choice(others))
    return tuple(codes.sectors[code] for code in wanted)


def year_figures(who: Character) -> tuple[YearFigureDraft, ...]:
    """The last years, growing; the last one lies within the class of the card.

    Without a card of size: nothing, or employees only, from which no class follows.
    """
    rng, size = who.rng, who.hand["size"]
    if not size and who.has(0.5):
        return ()
    labour, revenue, capital = (
        rng.randint(*bounds) for bounds in BOUNDS[size or SizeClass.SMALL.value]
    )
    first = who.founded_on.year if who.founded_on else 0
    drafts, share = [], Decimal(1)
    for year in range(who.on.year - 1, who.on.year - 1 - YEARS, -1):
        if year < first:
            break
        drafts.append(
            YearFigureDraft(
                year=year,
                labour=max(1, int(labour * share)),
                capital_vnd=rounded(capital * share) if size else None,
                revenue_vnd=rounded(revenue * share) if size else None,
            )
        )
        share *= Decimal(rng.randint(82, 104)) / 100
    return tuple(reversed(drafts))


def rounded(amount: Decimal) -> int:
    """Down to whole ten millions of dong, as enterprises state it."""
    return int(amount) // (10 * MILLION) * (10 * MILLION)


def contacts(who: Character, host: str) -> tuple[ContactDraft, ...]:
    """Nobody, one or two; half gave no consent, the others for some of the fields."""
    count = who.rng.choices((0, 1, 2), (5, 75, 20))[0]
    return tuple(_contact(who, host, nth) for nth in range(count))


def _contact(who: Character, host: str, nth: int) -> ContactDraft:
    agreed = between(who.rng, who.registered_on, who.on) if who.has(0.5) else None

    def consent(share: float) -> dt.date | None:
        return agreed if who.has(share) else None

    return ContactDraft(
        full_name=names.person(who.rng),
        role=who.rng.choice(names.ROLES),
        phone=names.phone(who.rng) if who.has(0.9) else "",
        email=f"{('lien-he', 'kinh-doanh')[nth]}@{host}" if who.has(0.85) else "",
        name_consent_on=consent(0.9),
        phone_consent_on=consent(0.6),
        email_consent_on=consent(0.8),
    )
