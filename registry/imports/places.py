"""Provinces and wards named in addresses, found only where there is no doubt.

The province is what an address ends with, in today's or in an old name. A ward of Hanoi is
told only where the address names the ward of today, and an old ward of the same name leads to
no other. What became of a former ward or district is offered, not told.
"""

from __future__ import annotations

import dataclasses as dc
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import models

from registry.imports.values import words
from registry.reference.enums import HANOI_CODE
from registry.reference.models import District, LegacyWard, Province, Ward, WardMapping

OLD_NAMES = {
    "01": "ha tay|hn|tphn",
    "08": "ha giang",
    "15": "yen bai",
    "19": "bac kan|bac can",
    "24": "bac giang",
    "25": "vinh phuc|hoa binh",
    "31": "hai duong",
    "33": "thai binh",
    "37": "ha nam|nam dinh",
    "44": "quang binh",
    "46": "thua thien hue",
    "48": "quang nam",
    "51": "kon tum",
    "52": "binh dinh",
    "56": "ninh thuan",
    "66": "phu yen|dac lac|dak lac",
    "68": "dak nong|dac nong|binh thuan",
    "75": "binh phuoc",
    "79": "binh duong|ba ria vung tau|ba ria|vung tau|hcm|hcmc|tphcm|sai gon",
    "80": "long an",
    "82": "tien giang",
    "86": "ben tre|tra vinh",
    "91": "kien giang",
    "92": "soc trang|hau giang",
    "96": "bac lieu",
}
"""Names until 30 June 2025 by the code of the province they are part of since then
(Resolution 202/2025/QH15; Hà Tây by Resolution 15/2008/QH12), and common short names."""

COUNTRY = re.compile(r"(?:^| )(?:viet nam|vietnam|vn)$")
POSTAL_CODE = re.compile(r"(?:^| )\d{5,6}$")
BEFORE_A_PROVINCE = re.compile(r"^(?:tinh|thanh pho|tp) ")
AFTER_A_PROVINCE = re.compile(r" (?:province|city|prov)$")
SAYS_PROVINCE = re.compile(r"(?:^|.* )(?:tinh|thanh pho|tp|district|dist|town|city)$")
LONGEST_NAME = 4
SEGMENTS = re.compile(r"[,;|\n]|\s[-–—]+\s")
SHORT_KINDS = {
    "p": "phuong", "x": "xa", "tt": "thi tran", "q": "quan", "h": "huyen", "tx": "thi xa",
}  # fmt: skip
KINDS_OF_WARDS = ("phuong", "xa", "thi tran")
KINDS_OF_DISTRICTS = ("quan", "huyen", "thi xa")


NOW = re.compile(
    r"[\s,]*[(\[]?\s*\b(?:hiện\s+)?nay\s+(?:là|thuộc)\s+([^()\[\],;|\n]+)[)\]]?", re.IGNORECASE
)
"""How addresses of former wards name the ward of today: "P. Trúc Bạch (nay là phường Ba Đình)"."""


def without_today(text: str) -> str:
    """An address or a part of one without the ward of today that it adds to the former one."""
    return NOW.sub("", text)


@dc.dataclass(frozen=True)
class WardReading:
    """The ward of today, or the ones between which the address leaves the choice.

    ``heirs`` are what the former ward or district that it names became; ``is_sure`` where
    the whole of it went to the only one.
    """

    ward_id: int | None = None
    could_be: tuple[str, ...] = ()
    heirs: tuple[int, ...] = ()
    is_sure: bool = False


@dc.dataclass(frozen=True)
class Places:
    """The code lists of places, indexed by words. Empty lists find nothing."""

    provinces: Mapping[str, int]
    hanoi_id: int | None
    wards: Mapping[str, set[int]]
    ward_names: Mapping[int, str]
    old_wards: Mapping[str, set[int]]
    district_of: Mapping[int, int | None]
    became: Mapping[int, set[int | None]]
    districts: Mapping[str, set[int]]

    def province_named(self, text: str) -> int | None:
        """The province that the text names as a whole: "TP. Hà Nội", "Ha Noi City"."""
        key = words(text)
        for name in (key, BEFORE_A_PROVINCE.sub("", AFTER_A_PROVINCE.sub("", key))):
            if name in self.provinces:
                return self.provinces[name]
        return self.provinces.get(key.replace(" ", ""))

    def province_of(self, address: str) -> int | None:
        """The province that an address ends with, before country and postal code.

        "12 Nguyễn Huệ" does not end with Huế: a name counts as a part of its own between
        commas, or where the words say that a province or city is meant.
        """
        for part in reversed(SEGMENTS.split(address)):
            last = _without_country(words(part))
            if last:
                return self.province_named(last) or self._province_said(last)
        return None

    def _province_said(self, text: str) -> int | None:
        bare = AFTER_A_PROVINCE.sub("", text)
        parts = bare.split()
        for length in range(min(LONGEST_NAME, len(parts) - 1), 0, -1):
            before, name = " ".join(parts[:-length]), " ".join(parts[-length:])
            found = self.provinces.get(name)
            if found and (bare != text or SAYS_PROVINCE.match(before)):
                return found
        return None

    def district_named(self, address: str, *, ward: str = "", district: str = "") -> int | None:
        """The former district of Hanoi that cell or address names, one or none; where they
        name no district, that of a ward whose name only former wards have."""
        named = self._districts(address, district)
        if not named:
            parts = self._wards(address, ward)
            if not any(part in self.wards for part in parts):
                old = {pk for part in parts for pk in self.old_wards.get(part, ())}
                named = {found for pk in old if (found := self.district_of[pk])}
        return named.pop() if len(named) == 1 else None

    def _wards(self, address: str, cell: str) -> list[str]:
        if cell:
            return _keys(without_today(cell), KINDS_OF_WARDS)
        return [_long_kind(words(part)) for part in SEGMENTS.split(without_today(address))]

    def _districts(self, address: str, cell: str) -> set[int]:
        parts = [_long_kind(words(part)) for part in SEGMENTS.split(without_today(address))]
        return {
            pk
            for part in (_keys(without_today(cell), KINDS_OF_DISTRICTS) if cell else parts)
            for pk in self.districts.get(part, ())
        }

    def ward_of(self, address: str, *, ward: str = "", district: str = "") -> WardReading:
        """The ward of Hanoi in an address; ``ward`` and ``district`` are cells of their own."""
        if said := self._said_now(address, ward, district):
            return WardReading(ward_id=said)
        named = self._wards(address, ward)
        districts = self._districts(address, district)
        old = {pk for part in named for pk in self.old_wards.get(part, ())}
        today: set[int | None] = {pk for part in named for pk in self.wards.get(part, ())}
        new = set(today)
        if districts:
            # Districts ended with the old wards: an address with both is an old one.
            old = {pk for pk in old if self.district_of[pk] in districts}
            new = set() if old else new
        choices = new.union(*(self.became.get(pk, {None}) for pk in old))
        if not choices and len(districts) == 1:
            return WardReading(heirs=self._in_order(self.heirs_of_district(*districts)))
        if len(choices) == 1 and choices <= today:
            return WardReading(ward_id=choices.pop())
        heirs = self._in_order({pk for pk in choices if pk})
        names = tuple(self.ward_names[pk] for pk in heirs)
        return WardReading(could_be=names, heirs=heirs, is_sure=len(choices) == 1)

    def _said_now(self, *texts: str) -> int | None:
        """The ward of today that a text says it now is, where there is one."""
        named = [match[1] for text in texts for match in NOW.finditer(text)]
        keys = {key for name in named for key in _keys(name, KINDS_OF_WARDS)}
        found = {pk for key in keys for pk in self.wards.get(key, ())}
        return found.pop() if len(found) == 1 else None

    def heirs_of_district(self, district: int) -> set[int]:
        """The wards of today that have some part of a former district."""
        old = (pk for pk, of in self.district_of.items() if of == district)
        return {pk for ward in old for pk in self.became.get(ward, ()) if pk}

    def _in_order(self, wards: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(wards, key=lambda pk: self.ward_names[pk]))

    def is_former(self, text: str) -> bool:
        """Whether a part of an address is the name of a former ward or district."""
        key = _long_kind(words(text))
        return key in self.old_wards or key in self.districts


def load_places() -> Places:
    """Read the code lists of places: five queries whatever their size."""
    provinces: dict[str, int] = {}
    hanoi_id = None
    for pk, code, name, name_en in _rows(Province, "code", "name", "name_en"):
        hanoi_id = pk if code == HANOI_CODE else hanoi_id
        for key in (words(name), words(name_en), *OLD_NAMES.get(code, "").split("|")):
            if key:
                provinces[key] = provinces[key.replace(" ", "")] = pk
    wards = list(_rows(Ward, "name", "name_en"))
    old_wards = list(_rows(LegacyWard, "name", "name_en", "district_id"))
    became: defaultdict[int, set[int | None]] = defaultdict(set)
    for _pk, old, new, is_whole in _rows(WardMapping, "legacy_ward_id", "ward_id", "is_whole"):
        became[old] |= {new} if is_whole else {new, None}
    return Places(
        provinces=provinces,
        hanoi_id=hanoi_id,
        wards=_by_words((pk, *names) for pk, *names in wards),
        ward_names={pk: name for pk, name, _name_en in wards},
        old_wards=_by_words((pk, name, name_en) for pk, name, name_en, _district in old_wards),
        district_of={pk: district for pk, _name, _name_en, district in old_wards},
        became=became,
        districts=_by_words(_rows(District, "name", "name_en")),
    )


def _rows(model: type[models.Model], *fields: str) -> Iterable[tuple]:
    return model._base_manager.order_by("pk").values_list("pk", *fields)


def _by_words(rows: Iterable[tuple]) -> dict[str, set[int]]:
    index: defaultdict[str, set[int]] = defaultdict(set)
    for pk, *names in rows:
        for name in names:
            if name:
                index[words(name)].add(pk)
    return dict(index)


def _without_country(text: str) -> str:
    """The words of a part without the country and postal code at its end."""
    before = None
    while before != text:
        before, text = text, POSTAL_CODE.sub("", COUNTRY.sub("", text)).strip()
    return text


def _long_kind(text: str) -> str:
    """``p ba dinh`` → ``phuong ba dinh``."""
    first, _blank, rest = text.partition(" ")
    return f"{SHORT_KINDS[first]} {rest}" if rest and first in SHORT_KINDS else text


def _keys(text: str, kinds: tuple[str, ...]) -> list[str]:
    """What a cell of its own can mean: as it stands, or with each kind before it."""
    key = _long_kind(words(text))
    return [key, *(f"{kind} {key}" for kind in kinds)]
