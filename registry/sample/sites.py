"""Where an invented enterprise sits: wards and parks of Hanoi are real, house numbers not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from registry.enterprises.actions import SiteDraft
from registry.enterprises.enums import SiteKind
from registry.reference.enums import HANOI_CODE
from registry.sample.chance import before, weighted
from registry.sample.character import Character
from registry.sample.codes import Codes, WardRow
from registry.sample.lines import places

ELSEWHERE = (("33", 4), ("24", 4), ("25", 3), ("31", 2), ("19", 2), ("37", 1))
"""Provinces around Hanoi where its enterprises have factories, with weights."""

HAMLETS = ("Thượng", "Trung", "Hạ", "Đông", "Đoài", "Nội", "Ngoại")
WARD_UNKNOWN = 0.03
SPREAD = 12
"""Thousandths of a degree around the ward's centre, about a kilometre."""


def sites(who: Character, moved_away_on: dt.date | None, codes: Codes) -> tuple[SiteDraft, ...]:
    """A head office, for some a factory as well; what moved away has a last day in Hanoi."""
    if who.hand["standing"] == "other_province":
        return tuple(_elsewhere(who, kind, None, codes) for kind in _kinds(who))
    head = SiteKind.HEAD_OFFICE.value
    if moved_away_on:
        return (
            _in_hanoi(who, head, None, moved_away_on, codes),
            _elsewhere(who, head, moved_away_on, codes),
        )
    if who.has(0.03):
        first_day = before(who.rng, who.on, 30, 900)
        return (
            _in_hanoi(who, head, None, first_day, codes),
            _in_hanoi(who, head, first_day, None, codes),
        )
    return tuple(
        _elsewhere(who, kind, None, codes)
        if kind == SiteKind.FACTORY and who.has(0.3)
        else _in_hanoi(who, kind, None, None, codes)
        for kind in _kinds(who)
    )


def _kinds(who: Character) -> tuple[str, ...]:
    two = {"large": 0.75, "medium": 0.5, "small": 0.25}.get(who.hand["size"], 0.05)
    kinds = (SiteKind.HEAD_OFFICE.value, SiteKind.FACTORY.value)
    return kinds if who.has(two) else kinds[:1]


def _in_hanoi(
    who: Character, kind: str, since: dt.date | None, until: dt.date | None, codes: Codes
) -> SiteDraft:
    place = weighted(who.rng, places())
    park_id, park, park_ward = codes.parks.get(place.park, (None, "", ""))
    ward = codes.wards.get(place.ward or park_ward)
    if who.has(WARD_UNKNOWN):
        ward = None
    latitude, longitude = _point(who, ward)
    lines = [_door(who, park), ward.name if ward else "", codes.provinces[HANOI_CODE][1]]
    return SiteDraft(
        address=", ".join(filter(None, lines)),
        kind=kind,
        province_id=codes.provinces[HANOI_CODE][0],
        ward_id=ward.pk if ward else None,
        park_id=park_id,
        latitude=latitude,
        longitude=longitude,
        since=since,
        until=until,
    )


def _door(who: Character, park: str) -> str:
    rng = who.rng
    if park:
        return f"Lô {rng.choice('ABCDEK')}{rng.randint(1, 48)}, {park}"
    if who.has(0.5):
        return f"Số {rng.randint(2, 380)}, thôn {rng.choice(HAMLETS)}"
    return f"Số {rng.randint(2, 380)}, đường số {rng.randint(1, 24)}"


def _point(who: Character, ward: WardRow | None) -> tuple[Decimal | None, Decimal | None]:
    """Somewhere in the ward; a third of the sites has no point."""
    shifts = [Decimal(who.rng.randint(-SPREAD, SPREAD)) / 1_000 for _ in range(2)]
    if ward is None or ward.latitude is None or ward.longitude is None or who.has(0.33):
        return None, None
    return ward.latitude + shifts[0], ward.longitude + shifts[1]


def _elsewhere(who: Character, kind: str, since: dt.date | None, codes: Codes) -> SiteDraft:
    province_id, province = codes.provinces[weighted(who.rng, ELSEWHERE)]
    door = f"Lô CN{who.rng.randint(1, 40)}, khu công nghiệp"
    return SiteDraft(address=f"{door}, {province}", kind=kind, province_id=province_id, since=since)
