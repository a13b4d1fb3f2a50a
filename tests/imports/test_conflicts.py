"""Edited in two places: only what both changed asks, and only what was chosen is written."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.utils import timezone

from registry import models as m
from registry.areas.actions import set_area
from registry.core.text import tidy
from registry.enterprises.actions import Amendment, amend_many
from registry.enterprises.permissions import OutsideArea
from registry.imports import actions
from registry.imports.columns import Meaning
from registry.imports.decisions.actions import Undecidable
from registry.imports.decisions.queries import last_change
from registry.imports.exporting import HEADINGS, changed_since, export_lines, version_of
from registry.imports.problems import RegisterChanged
from registry.imports.review import actions as review
from tests.factories import EnterpriseFactory, SiteFactory, UserFactory, WardFactory
from tests.imports.reviewing import asked, decide, outcomes, reviewed, written

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
OURS, THEIRS = "https://ours.vn", "https://list.vn"


@pytest.fixture
def firm():
    enterprise = EnterpriseFactory(
        name="Công ty TNHH Ánh Dương", short_name="AD", website="https://a.vn"
    )
    SiteFactory(enterprise=enterprise, kind="head_office", address="Số 5 phố Thử, Hà Nội")
    m.Product.objects.create(enterprise=enterprise, name="Bu lông")
    return enterprise


def exported(**edits):
    """The export of the one enterprise, with these columns edited."""
    header, row = export_lines(TODAY)
    for name, text in edits.items():
        row[header.index(HEADINGS[Meaning[name]])] = text
    return [header, row]


def amend(enterprise, by=None, **fields):
    amend_many(
        amendments=[Amendment(enterprise_id=enterprise.pk, fields=fields)], reason="here", by=by
    )


def test_different_fields_are_no_conflict_and_both_stay(firm):
    lines = exported(WEBSITE=THEIRS)
    amend(firm, short_name="ADC", founded_on=dt.date(2001, 2, 3))
    batch = reviewed(lines)
    assert (outcomes(batch), asked(batch, 2).fields) == (["changed"], ())
    [change] = batch.rows.get().changes
    assert (change["column"], change["new"]) == ("Website", THEIRS)
    written(batch)
    firm.refresh_from_db()
    assert (firm.website, firm.short_name, firm.founded_on) == (
        THEIRS,
        "ADC",
        dt.date(2001, 2, 3),
    )


def test_only_the_field_that_both_changed_asks(firm):
    lines = exported(WEBSITE=THEIRS, NAME_EN="Anh Duong", SHORT_NAME="ADL")
    amend(firm, website=OURS, tax_code_note="x")
    batch = reviewed(lines)
    assert outcomes(batch) == ["conflict"]
    [field] = asked(batch, 2).fields
    assert (field.name, field.ours, field.list, field.take) == ("website", OURS, THEIRS, "")
    [problem] = batch.rows.get().problems
    assert problem["message"] == (
        f"Changed here and in the list since the export: {m.Enterprise.objects.get()} has "
        f"“{OURS}”, the list “{THEIRS}”. Choose one of the two."
    )


def test_a_row_with_an_open_field_is_not_written(firm):
    lines = exported(WEBSITE=THEIRS, SHORT_NAME="ADL", NAME_EN="Anh Duong")
    amend(firm, website=OURS, short_name="ADC")
    batch = reviewed(lines)
    decide(batch, 2, fields={"website": "list"})
    assert outcomes(batch) == ["conflict"]
    assert {one.name: one.take for one in asked(batch, 2).fields} == {
        "short_name": "",
        "website": "list",
    }
    review.decide(
        batch_id=batch.pk,
        numbers=[row.number for row in batch.rows.all()],
        accept=True,
        by=UserFactory(),
    )
    assert written(batch) == 0
    firm.refresh_from_db()
    assert (firm.website, firm.short_name, firm.name_en) == (OURS, "ADC", "")


def test_only_chosen_values_are_written(firm):
    lines = exported(WEBSITE=THEIRS, SHORT_NAME="ADL", NAME_EN="Anh Duong")
    amend(firm, website=OURS, short_name="ADC")
    batch = reviewed(lines)
    decide(batch, 2, fields={"website": "list", "short_name": "ours"})
    assert outcomes(batch) == ["changed"]
    assert {one["column"] for one in batch.rows.get().changes} == {"Website", "Tên tiếng Anh"}
    assert written(batch) == 1
    firm.refresh_from_db()
    assert (firm.website, firm.short_name, firm.name_en) == (THEIRS, "ADC", "Anh Duong")


def test_ours_alone_leaves_the_row_unchanged(firm):
    lines = exported(WEBSITE=THEIRS)
    amend(firm, website=OURS)
    batch = reviewed(lines)
    decide(batch, 2, fields={"website": "ours"})
    assert outcomes(batch) == ["unchanged"]


def test_the_same_edit_on_both_sides_asks_nothing(firm):
    lines = exported(WEBSITE=THEIRS)
    amend(firm, website=THEIRS)
    assert outcomes(reviewed(lines)) == ["unchanged"]


def test_addresses_and_products_are_compared_too(firm):
    lines = exported(ADDRESS="Số 6 phố Thử, Hà Nội", PRODUCTS="Bu lông; Ốc vít")
    m.Site.objects.update(address="Số 7 phố Thử, Hà Nội")
    m.Product.objects.create(enterprise=firm, name="Khuôn")
    batch = reviewed(lines)
    assert [(one.name, one.ours, one.list) for one in asked(batch, 2).fields] == [
        ("address", "Số 7 phố Thử, Hà Nội", "Số 6 phố Thử, Hà Nội"),
        ("products", "Bu lông; Khuôn", "Bu lông; Ốc vít"),
    ]
    decide(batch, 2, fields={"address": "ours", "products": "list"})
    written(batch)
    assert m.Site.objects.get().address == "Số 7 phố Thử, Hà Nội"
    assert list(m.Product.objects.order_by("pk").values_list("name", flat=True)) == [
        "Bu lông",
        "Khuôn",
        "Ốc vít",
    ]


def test_a_value_that_changed_again_is_asked_again(firm):
    lines = exported(WEBSITE=THEIRS)
    amend(firm, website=OURS)
    batch = reviewed(lines)
    decide(batch, 2, fields={"website": "list"})
    amend(firm, website="https://again.vn")
    with pytest.raises(RegisterChanged):
        written(batch)
    actions.check_again(batch_id=batch.pk)
    [field] = asked(batch, 2).fields
    assert (outcomes(batch), field.ours, field.take) == (["conflict"], "https://again.vn", "")


def test_nothing_chosen_is_no_decision(firm):
    lines = exported(WEBSITE=THEIRS)
    amend(firm, website=OURS)
    batch = reviewed(lines)
    for takes in ({}, {"website": "both"}, {"short_name": "list"}):
        with pytest.raises(Undecidable, match="at least one field"):
            decide(batch, 2, fields=takes)


def test_whose_value_holds_is_chosen_within_the_officers_area(firm):
    lines = exported(WEBSITE=THEIRS)
    amend(firm, website=OURS)
    batch, person = reviewed(lines), UserFactory()
    set_area(person=person, wards=[WardFactory().pk], sectors=[], reason="x", by=UserFactory())
    with pytest.raises(OutsideArea):
        decide(batch, 2, by=person, fields={"website": "list"})
    assert not m.ImportDecision.objects.exists()


def test_an_export_with_one_sum_of_all_cells_asks_of_every_difference(firm):
    header, row = export_lines(TODAY)
    text = "\n".join(tidy(cell) for cell in row[2:])
    row[1] = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert outcomes(reviewed([header, row])) == ["unchanged"]
    row[header.index("Website")] = THEIRS
    assert outcomes(reviewed([header, row])) == ["changed"]
    amend(firm, short_name="ADC")
    batch = reviewed([header, row])
    assert outcomes(batch) == ["conflict"]
    assert [one.name for one in asked(batch, 2).fields] == ["short_name", "website"]


@pytest.mark.parametrize("version", ["", "x", "v2", "v2" + "0" * 95, "v3" + "0" * 96])
def test_a_version_that_is_none_tells_nothing(version):
    assert changed_since(version, [""] * 12) is None


def test_a_mark_tells_which_cell():
    cells = [str(n) for n in range(12)]
    version = version_of(cells)
    assert changed_since(version, cells) == frozenset()
    cells[0], cells[11] = "x", "y"
    assert changed_since(version, cells) == {Meaning.NAME, Meaning.PRODUCTS}


def test_columns_added_to_an_export_are_read(firm):
    header, row = exported()
    batch = reviewed([[*header, "Số lao động 2025", "Ghi chú"], [*row, "85", "x"]])
    assert outcomes(batch) == ["changed"]
    assert [one["new"] for one in batch.rows.get().changes] == ["x", "2025: 85"]


def test_two_exported_rows_of_one_name_are_told_by_their_numbers(firm):
    twin = EnterpriseFactory(name=firm.name)
    SiteFactory(enterprise=twin, kind="head_office", address="Số 5 phố Thử, Hà Nội")
    header, *rows = export_lines(TODAY)
    for row in rows:
        row[header.index("Website")] = THEIRS
    assert outcomes(reviewed([header, *rows])) == ["changed", "changed"]


def test_who_changed_ours_and_when_is_told(firm):
    first, second = UserFactory(), UserFactory()
    amend(firm, by=first, website=OURS)
    amend(firm, by=second, short_name="ADC")
    event = m.Enterprise.pgh_event_model.objects.filter(website=OURS).order_by("pgh_id").first()
    told = last_change(firm.pk, Meaning.WEBSITE)
    assert (told.at, told.person) == (event.pgh_created_at, str(first))
    assert last_change(firm.pk, Meaning.SHORT_NAME).person == str(second)
    assert last_change(firm.pk, Meaning.PRODUCTS).person == ""
    assert last_change(10**9, Meaning.WEBSITE) is None
