"""What a person's area is."""

from __future__ import annotations

import dataclasses as dc

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from registry.accounts.models import User
from registry.areas.models import AreaPart
from registry.reference.models import Sector, Ward


@dc.dataclass(frozen=True)
class Area:
    """Identities of wards and of sectors; both empty for a person who writes everywhere."""

    wards: frozenset[int] = frozenset()
    sectors: frozenset[int] = frozenset()

    @property
    def is_everything(self) -> bool:
        return not (self.wards or self.sectors)


def wards_of(area: Area) -> QuerySet[Ward]:
    return Ward.objects.filter(pk__in=area.wards).order_by("name", "code")


def sectors_of(area: Area) -> QuerySet[Sector]:
    return Sector.objects.filter(pk__in=area.sectors).order_by("position", "code")


def area_of(person: User | AnonymousUser) -> Area:
    """The area of a person; one query."""
    parts = AreaPart.objects.filter(person=person.pk).values_list("ward", "sector")
    wards, sectors = set(), set()
    for ward, sector in parts:
        if ward is not None:
            wards.add(ward)
        if sector is not None:
            sectors.add(sector)
    return Area(frozenset(wards), frozenset(sectors))
