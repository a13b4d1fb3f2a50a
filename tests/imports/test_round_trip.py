"""What is exported and loaded again changes nothing; edited in two places is a conflict."""

import datetime as dt
import io
import random

import pytest

from registry import models as m
from registry.enterprises.actions import Amendment, amend_many
from registry.enterprises.enums import LegalForm, Ownership
from registry.imports.engine import apply_import, plan_import
from registry.imports.exporting import FORMS, OWNERS, export_lines
from registry.imports.values import read_legal_form, read_ownership
from tests.factories import EnterpriseFactory, SectorFactory
from tests.imports.sheets import csv_bytes
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def plan(lines):
    return plan_import(io.BytesIO(csv_bytes(*lines)), "export.csv", on=TODAY)


def outcomes(found):
    return [row.outcome.value for row in found.rows]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_comes_back_as_it_went_changes_nothing(seed):
    small_register(20, seed)
    lines = list(export_lines(TODAY))
    assert len(lines) > 5
    found = plan(lines)
    assert set(outcomes(found)) == {"unchanged"}
    header, *rows = lines
    random.Random(seed).shuffle(rows)
    assert set(outcomes(plan([header, *rows]))) == {"unchanged"}


@pytest.fixture
def exported():
    enterprise = EnterpriseFactory(
        name="Công ty TNHH Ánh Dương", founded_on=dt.date(2001, 2, 3), legal_form="llc"
    )
    EnterpriseFactory(name="Công ty TNHH Bình Minh")
    return enterprise, list(export_lines(TODAY))


def test_only_the_edited_cell_is_a_change(exported):
    enterprise, [header, row, other] = exported
    row[header.index("Website")] = "https://example.vn"
    found = plan([header, row, other])
    assert outcomes(found) == ["changed", "unchanged"]
    [change] = found.rows[0].changes
    assert change.new == "https://example.vn"
    apply_import(found, by=None, reason="test")
    enterprise.refresh_from_db()
    assert enterprise.website == "https://example.vn"


def test_a_name_is_edited_by_its_number(exported):
    _enterprise, [header, row, other] = exported
    row[header.index("Tên doanh nghiệp")] = "Công ty TNHH Hoàng Hôn"
    assert outcomes(plan([header, row, other])) == ["changed", "unchanged"]


def test_edited_in_two_places_is_a_conflict_and_not_written(exported):
    enterprise, [header, row, other] = exported
    row[header.index("Website")] = "https://example.vn"
    amend_many(
        amendments=[Amendment(enterprise_id=enterprise.pk, fields={"website": "https://a.vn"})],
        reason="test",
        by=None,
    )
    found = plan([header, row, other])
    assert outcomes(found) == ["conflict", "unchanged"]
    apply_import(found, by=None, reason="test")
    enterprise.refresh_from_db()
    assert enterprise.website == "https://a.vn"


def test_a_row_changed_only_here_stays_as_it_is_here(exported):
    enterprise, lines = exported
    m.Enterprise.objects.filter(pk=enterprise.pk).update(website="https://a.vn")
    assert outcomes(plan(lines)) == ["unchanged", "unchanged"]


@pytest.mark.parametrize("number", ["CNHT-9999999", "CNHT-1", "x"])
def test_a_number_that_is_not_in_the_register_is_refused(exported, number):
    _enterprise, [header, row, other] = exported
    row[0] = number
    assert outcomes(plan([header, row, other])) == ["refused", "unchanged"]


def test_the_words_to_choose_from_are_read_back():
    assert {read_legal_form(word): word for word in FORMS.values()} == FORMS
    assert {read_ownership(word): word for word in OWNERS.values()} == OWNERS
    assert set(FORMS) == set(LegalForm.values)
    assert set(OWNERS) == set(Ownership.values)


@pytest.mark.parametrize("heading", ["Sản phẩm 2", "Lĩnh vực CNHT 2"])
def test_a_second_column_of_an_export_is_read_too(exported, heading):
    enterprise, [header, row, other] = exported
    sector = SectorFactory(code="plastics", name="Nhựa")
    text = "Khuôn nhựa" if heading == "Sản phẩm 2" else sector.name
    lines = [[*header, heading], [*row, text], [*other, ""]]
    found = plan(lines)
    assert outcomes(found) == ["changed", "unchanged"]
    apply_import(found, by=None, reason="test")
    products = [one.name for one in enterprise.products.all()]
    sectors = [one.sector for one in enterprise.sectors.all()]
    assert (products, sectors) == (
        (["Khuôn nhựa"], []) if heading == "Sản phẩm 2" else ([], [sector])
    )
    assert outcomes(plan(lines)) == ["unchanged", "unchanged"]
