"""The area of who is signed in as the first filter of every list of work: seen, and lifted by
a link."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from registry.accounts.models import User
from registry.areas.queries import Area, area_of, sectors_of, wards_of
from registry.enterprises.models import EnterpriseQuerySet
from registry.enterprises.permissions import in_area
from registry.web.shared.problems import address

NAME, WHOLE = "area", "all"
Row = TypeVar("Row")
Hung = TypeVar("Hung", bound=Model)


@dc.dataclass(frozen=True)
class OwnArea:
    """What the desk is narrowed to. ``within`` is None where it is not narrowed: no area, or
    lifted in this address; ``names`` are the wards and sectors of an area."""

    within: EnterpriseQuerySet | None = None
    names: tuple[Any, ...] = ()
    narrowed_to: Area | None = None
    is_lifted: bool = False
    other_url: str = ""

    def narrowed(self, rows: QuerySet[Hung]) -> QuerySet[Hung]:
        """Those that hang on an enterprise within."""
        return rows if self.within is None else rows.filter(enterprise__in=self.within)

    def of(self, rows: Sequence[Row], holders: Callable[[Row], Sequence[int]]) -> list[Row]:
        """Those of which one of the ``holders`` (enterprises) lies within; one query at most."""
        if self.within is None:
            return list(rows)
        wanted = {pk for row in rows for pk in holders(row)}
        inside = set(self.within.filter(pk__in=wanted).values_list("pk", flat=True))
        return [row for row in rows if inside & set(holders(row))]

    @property
    def query(self) -> str:
        """What an address of the desk carries on."""
        return f"?{NAME}={WHOLE}" if self.is_lifted else ""


def own_area(request: HttpRequest, user: User) -> OwnArea:
    """One query for a person without an area, three otherwise."""
    area = area_of(user)
    if area.is_everything:
        return OwnArea()
    is_lifted = request.GET.get(NAME) == WHOLE
    other = address(request.GET, **{NAME: None if is_lifted else WHOLE})
    names = names_of(area)
    if is_lifted:
        return OwnArea(names=names, is_lifted=True, other_url=other)
    return OwnArea(in_area(user, area), names, area, other_url=other)


def within_own(user: User) -> EnterpriseQuerySet | None:
    """The enterprises of a person's area; None for one who writes everywhere."""
    area = area_of(user)
    return None if area.is_everything else in_area(user, area)


def names_of(area: Area) -> tuple[str, ...]:
    return tuple(str(one.label) for one in (*wards_of(area), *sectors_of(area)))
