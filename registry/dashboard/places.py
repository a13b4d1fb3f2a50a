"""Where in Hanoi an enterprise counts, on either map: wards of today, districts until then.

One site speaks for an enterprise: its head office in Hanoi, else its first factory there.
On 1 July 2025 the districts ended and 126 wards took the place of 526 older ones. Both maps
can be asked for on any day. What an address itself says of its district comes first; else
the ward tells it, where all of that ward was one district. Nothing is ever chosen between
several districts: such an enterprise is ``UNMAPPED``, with a list of its own.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from registry.enterprises.enums import SiteKind
from registry.enterprises.models import Site, SiteQuerySet
from registry.reference.enums import HANOI_CODE
from registry.reference.models import District, WardMapping

UNMAPPED = "unmapped"
"""The value of the old map for a place of today that lay in several former districts."""


def _sites(on: dt.date) -> SiteQuerySet:
    """The sites in Hanoi of the enterprise asked about."""
    standing = Site.objects.all().standing(on)
    return standing.filter(enterprise=OuterRef("pk"), province__code=HANOI_CODE)


HEAD_FIRST = Case(When(kind=SiteKind.HEAD_OFFICE, then=Value(0)), default=Value(1))


def ward(on: dt.date) -> Subquery:
    """The ward in Hanoi of the head office, else of the first factory with one."""
    sites = _sites(on).filter(ward__isnull=False)
    return Subquery(sites.order_by(HEAD_FIRST, "pk").values("ward__code")[:1])


def park(on: dt.date) -> Subquery:
    """The park in Hanoi of the head office, else of the first factory in one."""
    sites = _sites(on).filter(park__isnull=False)
    return Subquery(sites.order_by(HEAD_FIRST, "pk").values("park__code")[:1])


def district(on: dt.date) -> Subquery:
    """The former district of the site whose ward is told; without one, of the first site
    whose address names a district."""
    sites = _sites(on).filter(Q(ward__isnull=False) | Q(district__isnull=False))
    has_ward_first = Case(When(ward__isnull=False, then=Value(0)), default=Value(1))
    ordered = sites.order_by(has_ward_first, HEAD_FIRST, "pk")
    return Subquery(ordered.annotate(former=_former()).values("former")[:1])


def _former() -> Case:
    """The district of a site. A district that no part of its ward came from is no answer."""
    heirs = WardMapping.objects.filter(ward=OuterRef("ward"))
    named_and_possible = Exists(heirs.filter(legacy_ward__district=OuterRef("district")))
    return Case(
        When(ward__isnull=True, then=F("district__code")),
        When(named_and_possible, then=F("district__code")),
        When(district__isnull=True, then=Coalesce(_only_district(heirs), Value(UNMAPPED))),
        default=Value(UNMAPPED),
        output_field=CharField(),
    )


def _only_district(heirs: QuerySet[WardMapping]) -> Subquery:
    """The one district that every part of a ward came from; null where there are several,
    or where the list does not know the district of a part."""
    code = Coalesce("legacy_ward__district__code", Value(""))
    parts = heirs.order_by().values("ward").annotate(first=Min(code), last=Max(code))
    return Subquery(parts.filter(first=F("last")).values(only=NullIf("first", Value(""))))


def districts_by_ward() -> dict[str, list[str]]:
    """For each ward of today the labels of the districts its parts came from; two queries."""
    names = {one.pk: one.label for one in District.objects.order_by("code")}
    found: dict[str, set[int]] = {}
    rows = WardMapping.objects.order_by("ward__code").values_list(
        "ward__code", "legacy_ward__district"
    )
    for code, pk in rows:
        found.setdefault(code, set())
        if pk in names:
            found[code].add(pk)
    return {code: [names[pk] for pk in names if pk in pks] for code, pks in found.items()}
