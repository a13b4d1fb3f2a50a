"""Workbooks made for officers come back as they went, and the empty list can be filled in."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from registry import models as m
from registry.imports.columns import How, Meaning
from registry.imports.engine import plan_import
from registry.imports.exporting import HEADINGS
from registry.imports.workbook_files import (
    CHOICES,
    EXAMPLE_ROWS,
    EXAMPLES,
    HELP,
    LIST,
    blank_headings,
    blank_workbook,
    workbook_of,
)
from tests.factories import EnterpriseFactory, ProvinceFactory, SectorFactory, WardFactory
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def plan(content, how=None):
    return plan_import(io.BytesIO(content), "list.xlsx", on=TODAY, how=how)


def book_of(content):
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture
def _code_lists():
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    SectorFactory(code="components", name="Linh kiện, phụ tùng")
    SectorFactory(code="textile_leather", name="Nguyên phụ liệu dệt may – da giày")
    WardFactory(code="00454", name="Xã Đông Anh")
    WardFactory(code="09556", name="Phường Hà Đông")


@pytest.mark.usefixtures("_code_lists")
def test_an_empty_list_holds_no_enterprise():
    found = plan(blank_workbook(TODAY))
    assert found.rows == ()
    assert [column.meaning for column in found.columns] == list(blank_headings(2000))


@pytest.mark.usefixtures("_code_lists")
def test_the_examples_can_be_loaded_with_nothing_to_mend():
    found = plan(blank_workbook(TODAY), How(sheet=EXAMPLES))
    assert [(row.name, row.outcome.value, row.problems) for row in found.rows] == [
        (row[Meaning.NAME], "new", ()) for row in EXAMPLE_ROWS
    ]
    first, second = (row.draft for row in found.rows)
    assert first.founded_on == dt.date(2012, 3, 15)
    assert first.sites[0].ward_id == m.Ward.objects.get(code="00454").pk
    assert first.year_figures[0].labour == 85
    assert [site.kind for site in second.sites] == ["head_office", "factory"]
    assert second.sector_ids == (m.Sector.objects.get(code="textile_leather").pk,)


@pytest.mark.usefixtures("_code_lists")
def test_columns_offer_the_code_lists():
    book = book_of(blank_workbook(TODAY))
    assert book.sheetnames == [LIST, CHOICES, EXAMPLES, HELP]
    offered = {str(rule.sqref).split(":")[0] for rule in book[LIST].data_validations.dataValidation}
    headings = list(blank_headings(2000))
    asked = (Meaning.LEGAL_FORM, Meaning.OWNERSHIP, Meaning.SECTOR, Meaning.WARD, Meaning.PROVINCE)
    assert offered == {
        f"{openpyxl.utils.get_column_letter(headings.index(one) + 1)}2" for one in asked
    }


def test_only_the_rows_asked_for_are_exported_and_change_nothing():
    small_register(20, 4)
    registered = m.Enterprise.objects.registered(TODAY)
    some = registered.filter(
        pk__in=registered.in_name_order().values_list("pk")[:5]
    ).in_name_order()
    names = [one.name for one in some]
    assert len(names) == 5
    content = workbook_of(some, on=TODAY)
    sheet = book_of(content)[LIST]
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == names
    assert {row.outcome.value for row in plan(content).rows} == {"unchanged"}


def test_keys_are_locked_and_cells_are_text():
    EnterpriseFactory(name="=1+1", tax_code="0100109106", short_name="-x")
    sheet = book_of(workbook_of(m.Enterprise.objects.in_name_order(), on=TODAY))[LIST]
    cells = dict(zip(HEADINGS, sheet[2], strict=True))
    assert cells[Meaning.NAME].data_type == "s"
    assert cells[Meaning.TAX_CODE].value == "0100109106"
    assert sheet.protection.sheet
    assert cells[Meaning.PUBLIC_ID].protection.locked
    assert not cells[Meaning.NAME].protection.locked
