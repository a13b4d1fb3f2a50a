"""The area of who is signed in as the first filter of the desk: seen, and lifted by a link."""

from __future__ import annotations

import dataclasses as dc
from typing import Any

from django.http import HttpRequest

from registry.accounts.models import User
from registry.areas.queries import Area, area_of
from registry.enterprises.models import EnterpriseQuerySet
from registry.enterprises.permissions import in_area
from registry.reference.models import Sector, Ward
from registry.web.shared.problems import address

NAME, WHOLE = "area", "all"


@dc.dataclass(frozen=True)
class OwnArea:
    """What the desk is narrowed to. ``within`` is None where it is not narrowed: no area, or
    lifted in this address; ``names`` are the wards and sectors of an area."""

    within: EnterpriseQuerySet | None = None
    names: tuple[Any, ...] = ()
    is_lifted: bool = False
    other_url: str = ""

    @property
    def query(self) -> str:
        """What an address of the desk carries on."""
        return f"?{NAME}={WHOLE}" if self.is_lifted else ""


def own_area(request: HttpRequest, user: User) -> OwnArea:
    """One query for a person without an area, three otherwise."""
    area = area_of(user)
    if area.is_everything:
        return OwnArea()
    is_lifted = (request.GET.get(NAME) or request.POST.get(NAME)) == WHOLE
    other = address(request.GET, **{NAME: None if is_lifted else WHOLE})
    within = None if is_lifted else in_area(user, area)
    return OwnArea(within, names_of(area), is_lifted, other)


def names_of(area: Area) -> tuple[str, ...]:
    wards = Ward.objects.filter(pk__in=area.wards).order_by("name", "code")
    sectors = Sector.objects.filter(pk__in=area.sectors).order_by("position", "code")
    return tuple(str(one.label) for one in (*wards, *sectors))
