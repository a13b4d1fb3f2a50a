"""Figures counted by hand from the recorded events: an oracle that shares no code.

It knows the register's total and a few ways to split it, on any day, at any moment of
knowledge: enough to see a point that is not honoured by all doors alike.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from registry import models as m

WAYS = ("ward", "ownership", "year", "district")
Row = dict[str, Any]


def rows_at(model: Any, known: dt.datetime | None) -> list[Row]:
    """The rows of a table as recorded by then, the youngest event of each."""
    latest: dict[int, Row] = {}
    for event in model.pgh_event_model.objects.order_by("pgh_id").values():
        if known is None or event["pgh_created_at"] <= known:
            latest[event["pgh_obj_id"]] = event
    return [row for row in latest.values() if row["pgh_label"] != "delete"]


def total(on: dt.date, known: dt.datetime | None, slices: dict[str, str]) -> int:
    """How many operate in Hanoi, with the values chosen."""
    sites: dict[int, list[Row]] = {}
    hanoi = m.Province.objects.get(code="01").pk
    for site in sorted(rows_at(m.Site, known), key=lambda row: row["id"]):
        if site["province_id"] == hanoi and stands(site, on):
            sites.setdefault(site["enterprise_id"], []).append(site)
    parts = districts_of_wards()
    spells: dict[int, list[Row]] = {}
    for spell in rows_at(m.Spell, known):
        if spell["since"] <= on < spell["until"]:
            spells.setdefault(spell["enterprise_id"], []).append(spell)
    found = 0
    for row in rows_at(m.Enterprise, known):
        mine = sites.get(row["id"], [])
        if mine and operates(row, on) and row["id"] not in spells:
            values = values_of(row, mine, parts)
            found += all(values[way] == value for way, value in slices.items())
    return found


def stands(site: Row, on: dt.date) -> bool:
    return (site["since"] or dt.date.min) <= on < (site["until"] or dt.date.max)


def operates(row: Row, on: dt.date) -> bool:
    if row["registered_on"] > on:
        return False
    if any(row[name] and row[name] <= on for name in ("closed_on", "moved_away_on", "merged_on")):
        return False
    suspended, resumed = row["suspended_on"], row["resumed_on"]
    return not (suspended and suspended <= on and not (resumed and resumed <= on))


def values_of(row: Row, sites: list[Row], parts: dict[int, set[str]]) -> dict[str, str]:
    sites = sorted(sites, key=lambda site: site["kind"] != "head_office")
    wards = [site for site in sites if site["ward_id"]]
    named = [site for site in sites if site["district_id"]]
    code = dict(m.Ward.objects.values_list("pk", "code"))
    district = dict(m.District.objects.values_list("pk", "code"))
    where = "not_stated"
    if wards:
        ward, said = wards[0]["ward_id"], district.get(wards[0]["district_id"])
        possible = parts.get(ward, set())
        where = "unmapped"
        if said in possible:
            where = said
        elif said is None and len(possible) == 1:
            (where,) = possible
    elif named:
        where = district[named[0]["district_id"]]
    return {
        "ward": code[wards[0]["ward_id"]] if wards else "not_stated",
        "ownership": row["ownership"] or "not_stated",
        "year": str(row["registered_on"].year),
        "district": where,
    }


def districts_of_wards() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for mapping in m.WardMapping.objects.select_related("legacy_ward__district").order_by("pk"):
        found.setdefault(mapping.ward_id, set()).add(mapping.legacy_ward.district.code)
    return found
