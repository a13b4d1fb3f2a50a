"""What a person's area is."""

from __future__ import annotations

import dataclasses as dc

from django.contrib.auth.models import AnonymousUser

from registry.accounts.models import User
from registry.areas.models import AreaPart


@dc.dataclass(frozen=True)
class Area:
    """Identities of wards and of sectors; both empty for a person who writes everywhere."""

    wards: frozenset[int] = frozenset()
    sectors: frozenset[int] = frozenset()

    @property
    def is_everything(self) -> bool:
        return not (self.wards or self.sectors)


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
