"""A figure by ward with the wards' centre points, and what no point can show.

Dots, the table and the whole are one count: dots + wards without a point + not stated =
the figure.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F

from registry.dashboard.breakdown import Count2
from registry.dashboard.figures import members, whole_of
from registry.dashboard.places import UNMAPPED, districts_by_ward
from registry.dashboard.slices import in_slices, sliced
from registry.enterprises.models import EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.reference.models import Ward
from registry.search.criteria import NOT_STATED


@dataclass(frozen=True)
class WardCount:
    """A ward with its count; ``centre`` is latitude and longitude in degrees, where known."""

    code: str
    label: str
    centre: tuple[Decimal, Decimal] | None
    count: Count2


@dataclass(frozen=True)
class WardMap:
    """Wards that have anybody, the greatest first; ``frame`` are the centres of all wards."""

    wards: list[WardCount]
    not_stated: Count2
    total: Count2
    frame: list[tuple[Decimal, Decimal]]

    @property
    def unplaced(self) -> list[WardCount]:
        """Wards that have no point on the map."""
        return [ward for ward in self.wards if ward.centre is None]


def ward_map(
    code: str, on: dt.date, rule: CountingRule, slices: dict[str, str] | None = None
) -> WardMap:
    """One indicator by the wards of today, narrowed to ``slices``; two queries, three for a
    share."""
    counts = by_ward(members(code, on, slices, rule=rule), on)
    whole = whole_of(code, on, slices, rule=rule)
    wholes = None if whole is None else by_ward(whole, on)
    known = {ward.code: ward for ward in Ward.objects.order_by("code")}

    def counted(ward: str) -> Count2:
        return Count2(counts.get(ward, 0), None if wholes is None else wholes.get(ward, 0))

    codes = set(counts if wholes is None else wholes) - {NOT_STATED}
    rows = [WardCount(one, known[one].label, _centre(known[one]), counted(one)) for one in codes]
    rows.sort(key=lambda row: (-row.count.count, -(row.count.whole or 0), row.label, row.code))
    return WardMap(
        wards=rows,
        not_stated=counted(NOT_STATED),
        total=Count2(sum(counts.values()), None if wholes is None else sum(wholes.values())),
        frame=[centre for ward in known.values() if (centre := _centre(ward))],
    )


def by_ward(rows: EnterpriseQuerySet, on: dt.date) -> dict[str, int]:
    """The number of enterprises by ward code, "not stated" among them; one query."""
    counted = sliced(rows.order_by(), "ward", on).values(code=F("slice_ward"))
    return dict(counted.annotate(n=Count("pk")).values_list("code", "n"))


def _centre(ward: Ward) -> tuple[Decimal, Decimal] | None:
    if ward.latitude is None or ward.longitude is None:
        return None
    return ward.latitude, ward.longitude


@dataclass(frozen=True)
class MixedWard:
    """Enterprises of one ward that the old map cannot place, and between which districts."""

    code: str
    label: str
    districts: list[str]
    count: int


def mixed_wards(
    code: str, on: dt.date, rule: CountingRule, slices: dict[str, str] | None = None
) -> list[MixedWard]:
    """Why enterprises of a figure are ``UNMAPPED``, by ward, most first."""
    rows_of = members(code, on, slices, rule=rule)
    counts = by_ward(in_slices(rows_of, {"district": UNMAPPED}, on), on)
    if not counts:
        return []
    labels = {ward.code: ward.label for ward in Ward.objects.order_by("code")}
    districts = districts_by_ward()
    rows = [
        MixedWard(one, labels.get(one, one), districts.get(one, []), count)
        for one, count in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row.count, row.label))
