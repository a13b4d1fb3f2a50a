"""Identities of the code lists' rows, read once; the sample names everything by code."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections import defaultdict
from decimal import Decimal

from django.db import models

from registry.reference.models import (
    Buyer,
    BuyerPlant,
    CertificationBody,
    CertificationScheme,
    HsCode,
    Material,
    Park,
    Process,
    ProductGroup,
    Province,
    SchemeEdition,
    Sector,
    VsicCode,
    Ward,
)
from registry.sample.lines import lines, places

VSIC_VERSION = "2018"
HS_VERSION = "2022"


class ListsMissing(Exception):
    """Code lists are empty or older than the sample: names the codes that are not there."""


@dc.dataclass(frozen=True)
class WardRow:
    pk: int
    code: str
    name: str
    latitude: Decimal | None
    longitude: Decimal | None


@dc.dataclass(frozen=True)
class SchemeRow:
    """``months`` of validity are None where the scheme sets none."""

    pk: int
    code: str
    name: str
    kind: str
    is_international: bool
    months: int | None
    counts_while_suspended: bool


@dc.dataclass(frozen=True)
class EditionRow:
    pk: int
    code: str
    published_on: dt.date | None
    withdrawn_on: dt.date | None


@dc.dataclass(frozen=True)
class Codes:
    """Everything the generator has to know of the code lists."""

    sectors: dict[str, int]
    parents: dict[str, str]
    groups: dict[str, int]
    hs: dict[str, int]
    vsic: dict[str, int]
    processes: dict[str, int]
    materials: dict[str, int]
    provinces: dict[str, tuple[int, str]]
    wards: dict[str, WardRow]
    parks: dict[str, tuple[int, str, str]]
    buyers: dict[str, int]
    plants: dict[str, tuple[int, ...]]
    schemes: dict[str, SchemeRow]
    editions: dict[str, tuple[EditionRow, ...]]
    bodies: dict[str, tuple[int, int | None]]


def codes() -> Codes:
    """Read the code lists; raises :class:`ListsMissing` where they lack what is needed."""
    known = Codes(
        sectors=_ids(Sector),
        parents=dict(Sector.objects.exclude(parent=None).values_list("code", "parent__code")),
        groups=_ids(ProductGroup),
        hs=dict(HsCode.objects.filter(version=HS_VERSION).values_list("code", "pk")),
        vsic=dict(VsicCode.objects.filter(version=VSIC_VERSION).values_list("code", "pk")),
        processes=_ids(Process),
        materials=_ids(Material),
        provinces={row.code: (row.pk, row.name) for row in Province.objects.all()},
        wards={
            row.code: WardRow(row.pk, row.code, row.name, row.latitude, row.longitude)
            for row in Ward.objects.all()
        },
        parks={
            row.code: (row.pk, row.name, row.ward.code if row.ward else "")
            for row in Park.objects.select_related("ward")
        },
        buyers=_ids(Buyer),
        plants=_plants(),
        schemes={row.code: _scheme(row) for row in CertificationScheme.objects.all()},
        editions=_editions(),
        bodies={
            row.code: (row.pk, row.accreditation_body_id) for row in CertificationBody.objects.all()
        },
    )
    _refuse_gaps(known)
    return known


def _ids(model: type[models.Model]) -> dict[str, int]:
    return dict(model._base_manager.values_list("code", "pk"))


def _plants() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    rows = BuyerPlant.objects.order_by("code").values_list("buyer__code", "pk")
    for buyer, pk in rows:
        found[buyer].append(pk)
    return {buyer: tuple(pks) for buyer, pks in found.items()}


def _scheme(row: CertificationScheme) -> SchemeRow:
    return SchemeRow(
        pk=row.pk,
        code=row.code,
        name=row.name,
        kind=row.kind,
        is_international=row.is_international,
        months=row.validity_months,
        counts_while_suspended="suspended" in row.counting_statuses,
    )


def _editions() -> dict[str, tuple[EditionRow, ...]]:
    found: dict[str, list[EditionRow]] = defaultdict(list)
    for row in SchemeEdition.objects.select_related("scheme").order_by("scheme__code", "code"):
        found[row.scheme.code].append(
            EditionRow(row.pk, row.code, row.published_on, row.withdrawn_on)
        )
    return {scheme: tuple(rows) for scheme, rows in found.items()}


def _refuse_gaps(known: Codes) -> None:
    needed = {
        "sectors": {line.sector for line in lines()},
        "groups": {item.group for line in lines() for item in line.items},
        "hs": {item.hs for line in lines() for item in line.items},
        "vsic": {code for line in lines() for code in line.vsic},
        "processes": {code for line in lines() for code in line.processes},
        "materials": {code for line in lines() for code in line.materials},
        "buyers": {code for line in lines() for code, _weight in line.buyers},
        "schemes": {code for line in lines() for code, _weight in line.schemes},
        "wards": {place.ward for place, _weight in places()},
        "parks": {place.park for place, _weight in places()},
    }
    for name, wanted in needed.items():
        missing = sorted(wanted - set(getattr(known, name)) - {""})
        if missing:
            raise ListsMissing(f"{name}: {', '.join(missing[:5])}")
