"""Old districts and wards of today: never chosen silently, and the whole stays the whole."""

from __future__ import annotations

import datetime as dt

import pytest

from registry import models as m
from registry.dashboard.breakdown import breakdown
from registry.dashboard.figures import figure, members
from registry.dashboard.places import UNMAPPED, districts_by_ward
from registry.dashboard.ward_map import mixed_wards, ward_map
from registry.plans.queries import rule_in_force
from registry.search.criteria import NOT_STATED
from tests.factories import EnterpriseFactory, SiteFactory, WardFactory
from tests.properties.lived_register import LAST, LivedRegister

pytestmark = pytest.mark.django_db
BEFORE, AFTER = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
TOTAL = "enterprises_total"


@pytest.fixture
def districts():
    return {
        code: m.District.objects.create(code=code, name=f"Huyện {code}", name_en=f"{code} District")
        for code in ("a", "b", "c")
    }


def ward_of(code: str, *parts: m.District | None, whole: bool = True) -> m.Ward:
    """A ward of today made of one old ward of each district."""
    ward = WardFactory(code=code)
    for place, district in enumerate(parts):
        old = m.LegacyWard.objects.create(
            code=f"{code}-{place}", name="Cũ", district=district, valid_to=BEFORE
        )
        old.mappings.create(ward=ward, is_whole=whole)
    return ward


def district_now(row: m.Enterprise, on: dt.date = AFTER) -> str:
    found = breakdown(TOTAL, on, rule_in_force(on), "district", "ownership")
    (code,) = [code for code, total in found.row_totals.items() if total.count]
    assert members(TOTAL, on, {"district": code}).get() == row
    return code


@pytest.mark.parametrize("on", [BEFORE, AFTER])
@pytest.mark.parametrize(
    ("parts", "stated", "code"),
    [
        (["a"], None, "a"),
        (["a", "a"], None, "a"),  # an old ward was split, but its district is certain
        (["a", "b"], None, UNMAPPED),
        (["a", "b"], "b", "b"),
        (["a", "b"], "c", UNMAPPED),  # what contradicts the ward is no answer
        (["a"], "b", UNMAPPED),
        ([], None, UNMAPPED),  # a ward of which the list says nothing
        (["a", None], None, UNMAPPED),  # a part whose district the list does not know
        ([None], None, UNMAPPED),
    ],
)
def test_district_of_a_ward(districts, parts, stated, code, on):
    ward = ward_of("w", *(districts.get(one) for one in parts), whole=False)
    row = EnterpriseFactory()
    SiteFactory(enterprise=row, ward=ward, district=districts.get(stated))
    assert district_now(row, on) == code


def test_an_address_without_a_ward_can_name_its_district(districts):
    row = EnterpriseFactory()
    SiteFactory(enterprise=row, district=districts["c"])
    assert district_now(row) == "c"
    assert members(TOTAL, AFTER, {"ward": NOT_STATED, "district": "c"}).count() == 1


def test_both_maps_speak_of_the_same_site(districts):
    row = EnterpriseFactory()
    SiteFactory(enterprise=row, district=districts["c"])  # the head office: no ward
    factory = ward_of("w", districts["a"])
    SiteFactory(enterprise=row, kind="factory", ward=factory)
    assert members(TOTAL, AFTER, {"ward": "w", "district": "a"}).count() == 1


def test_neither_is_stated(districts):
    row = EnterpriseFactory(in_hanoi=True)
    assert district_now(row) == NOT_STATED


def test_why_it_cannot_be_mapped(districts):
    mixed = ward_of("w", districts["b"], districts["a"])
    SiteFactory(ward=mixed)
    SiteFactory(ward=mixed, district=districts["a"])
    SiteFactory(ward=WardFactory(code="v"))
    rule = rule_in_force(AFTER)
    found = {one.code: (one.districts, one.count) for one in mixed_wards(TOTAL, AFTER, rule)}
    assert found == {"w": (["Huyện a", "Huyện b"], 1), "v": ([], 1)}
    assert sum(one.count for one in mixed_wards(TOTAL, AFTER, rule)) == (
        members(TOTAL, AFTER, {"district": UNMAPPED}).count()
    )
    assert mixed_wards(TOTAL, AFTER, rule, {"district": "a"}) == []
    assert districts_by_ward() == {"w": ["Huyện a", "Huyện b"]}


def test_the_total_does_not_change_with_the_map():
    LivedRegister(seed=3)
    for days in range(0, 1_000, 150):
        on = LAST - dt.timedelta(days=days)
        rule = rule_in_force(on)
        whole = figure(TOTAL, on).numerator
        by_both = breakdown(TOTAL, on, rule, "ward", "district")
        for totals in (by_both.row_totals, by_both.column_totals, by_both.cells):
            assert sum(one.count for one in totals.values()) == whole
        drawn = ward_map(TOTAL, on, rule)
        dots = sum(ward.count.count for ward in drawn.wards if ward.centre)
        beside = sum(ward.count.count for ward in drawn.unplaced) + drawn.not_stated.count
        assert dots + beside == whole == drawn.total.count
        # A ward that was of one district only stands in that one, in "cannot be mapped" where
        # an address contradicts it, and nowhere else.
        assert {
            column for (ward, column), cell in by_both.cells.items() if ward == "w0" and cell.count
        } <= {"d0", UNMAPPED}
