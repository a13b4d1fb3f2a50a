"""Words with and without diacritics, composed or not, and who stands first."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from registry import models as m
from registry.core.text import fold
from registry.search.queries import public_register, search

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 30)


def enterprise(name: str, **fields) -> m.Enterprise:
    return m.Enterprise.objects.create(name=name, registered_on=DAY, source="t", **fields)


def names(text: str) -> list[str]:
    return [row.name for row in search(public_register(DAY), {"q": text}, on=DAY).rows]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Công ty Cổ phần May 10", "may 10"),
        ("Công ty Cổ phần May 10", "MAY 10"),
        ("Công ty Dệt 8-3", "det 8-3"),
        ("Công ty Dệt 8-3", "Dệt 8-3"),
        ("Cơ khí Đông Anh", "dong anh"),
        ("Cơ khí Đông Anh", unicodedata.normalize("NFD", "Đông Anh")),
        (unicodedata.normalize("NFD", "Cơ khí Đông Anh"), "Đông Anh"),
        ("Cơ khí (Việt Nam)", "viet nam"),
        ("Nhựa A&B", "a&b"),
        ("100% Thép", "100%"),
    ],
)
def test_found(name, typed):
    enterprise("Công ty khác")
    enterprise(name)
    assert names(typed) == [name]


def test_digits_of_a_name_are_no_tax_code():
    enterprise("May Mới", tax_code="1000000001")
    enterprise("May 10")
    assert names("may 10") == ["May 10"]
    assert names("1000000001") == ["May Mới"]


def test_a_register_number_finds_its_enterprise_and_who_a_merged_one_went_into():
    kept, gone = enterprise("Cơ khí Một"), enterprise("Cơ khí Hai")
    enterprise("Cơ khí Ba")
    for row in (kept, gone):
        row.refresh_from_db()
    assert names(kept.public_id) == ["Cơ khí Một"]
    assert names(f" {gone.public_id.lower()}, hai") == ["Cơ khí Hai"]
    gone.merged_into, gone.merged_on = kept, DAY
    gone.save()
    assert names(gone.public_id) == ["Cơ khí Một"]
    gone_before = enterprise("Cơ khí Không", merged_into=gone, merged_on=DAY)
    gone_before.refresh_from_db()
    assert names(gone_before.public_id) == ["Cơ khí Một"]
    assert names("CNHT-9999999") == []


def test_typed_with_diacritics_ranks_first():
    for name in ("Hòa Phát Ba", "Hoa Phát Hai", "Hóa Phát Một"):
        enterprise(name)
    assert names("hóa phát")[0] == "Hóa Phát Một"
    assert names("hòa phát")[0] == "Hòa Phát Ba"
    assert set(names("hoa phat")) == {"Hòa Phát Ba", "Hoa Phát Hai", "Hóa Phát Một"}


def test_the_name_itself_stands_before_longer_ones():
    enterprise("An Phát Chi Nhánh Một")
    enterprise("An Phát")
    enterprise("A Cơ khí An Phát")
    assert names("an phat")[0] == "An Phát"


def test_products_processes_materials_and_other_names_are_searched():
    row = enterprise("Một", name_en="Alpha Tools", short_name="ALT")
    row.products.create(name="Khuôn dập", name_en="Stamping die")
    row.processes.create(process=m.Process.objects.create(code="p", name="Phay", name_en="Milling"))
    row.materials.create(material=m.Material.objects.create(code="s", name="Thép", name_en="Steel"))
    for typed in ("alpha", "alt", "khuon dap", "stamping", "phay", "milling", "thep steel"):
        assert names(typed) == ["Một"], typed
    assert names("alpha nothing") == []


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cn"]), max_size=30))
def test_python_and_database_fold_alike(text):
    text = text.replace("\x00", "")
    # Lower-casing of letters outside Vietnamese is the locale's own; not our promise.
    text = "".join(char for char in text if len(char.lower()) == 1 and ord(char) < 0x1F00)
    if "İ" in text or "ẞ" in text:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT vn_fold(%s)", [text])
        assert cursor.fetchone()[0] == fold(text)
