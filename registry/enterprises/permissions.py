"""Whose records a person may write: the right, and the enterprise within their area.

The one place that says what lies in an area. Every writer asks it: the actions by
:func:`refuse_outside_area`, the pages before they offer a form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.areas.queries import Area, area_of
from registry.enterprises.models import Enterprise, EnterpriseQuerySet, EnterpriseSector, Site
from registry.reference.models import Sector

NAMED = 3


class OutsideArea(PermissionDenied):
    """The records named lie outside of the person's area; nothing is written.

    A refusal of permission: a page that does not catch it answers 403 with these words.
    """


def in_area(person: User | AnonymousUser, area: Area | None = None) -> EnterpriseQuerySet:
    """Enterprises within a person's area: a site that stands today in one of its wards, or
    one of its sectors (their branches too). All of them for a person without an area."""
    area = area_of(person) if area is None else area
    if area.is_everything:
        return Enterprise.objects.all()
    sites = Site.objects.standing(timezone.localdate()).filter(ward__in=area.wards)
    sectors = EnterpriseSector.objects.filter(
        Q(sector__in=area.sectors) | Q(sector__parent__in=area.sectors)
    )
    of_one = {"enterprise": OuterRef("pk")}
    return Enterprise.objects.filter(
        Exists(sites.filter(**of_one)) | Exists(sectors.filter(**of_one))
    )


def is_in_area(person: User | AnonymousUser, enterprise: Enterprise) -> bool:
    """Whether an enterprise lies within the person's area, whatever they may do there."""
    area = area_of(person)
    return area.is_everything or in_area(person, area).filter(pk=enterprise.pk).exists()


def can_write_enterprise(person: User | AnonymousUser, enterprise: Enterprise) -> bool:
    """Change the record of an enterprise and what hangs on it."""
    return (
        person.is_active
        and person.has_perm("registry.change_enterprise")
        and is_in_area(person, enterprise)
    )


def outside_area(person: User | AnonymousUser, enterprises: Collection[int]) -> set[int]:
    """Those of these that lie outside of a person's area. One query for a person without an
    area, two otherwise, however many enterprises."""
    area, asked = area_of(person), set(enterprises)
    if area.is_everything or not asked:
        return set()
    return asked - set(in_area(person, area).filter(pk__in=asked).values_list("pk", flat=True))


def refuse_outside_area(person: User | AnonymousUser | None, enterprises: Collection[int]) -> None:
    """Raise :class:`OutsideArea` unless all of these lie within the area of who writes.

    Nobody (a command of the machine's owner) has no area. As many queries as
    :func:`outside_area`.
    """
    outside = set() if person is None else outside_area(person, enterprises)
    if outside:
        named = Enterprise.objects.filter(pk__in=sorted(outside)[:NAMED]).order_by("pk")
        raise OutsideArea(_words(list(named.values_list("name", flat=True)), len(outside)))


def refuse_drafts_outside_area(
    person: User | None, drafts: Iterable[tuple[str, Collection[int], Collection[int]]]
) -> None:
    """The same for records to be: name, wards of the sites and sectors of each."""
    area = Area() if person is None else area_of(person)
    if area.is_everything:
        return
    sectors = area.sectors | set(
        Sector.objects.filter(parent__in=area.sectors).values_list("pk", flat=True)
    )
    outside = [
        name for name, wards, of in drafts if not (area.wards & set(wards) or sectors & set(of))
    ]
    if outside:
        raise OutsideArea(_words(outside[:NAMED], len(outside)))


def _words(names: list[str], count: int) -> str:
    shown = "; ".join(names) + (" …" if count > len(names) else "")
    return _(
        "Outside of your area: %(names)s. Nothing was written. Your area is shown on “My "
        "account”; an administrator can change it."
    ) % {"names": shown}
