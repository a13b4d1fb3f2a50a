"""Several values in a cell, several columns for a field; what is not understood stays beside."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.imports.columns import How, Meaning
from registry.imports.engine import plan_import
from registry.imports.problems import Unreadable
from tests.factories import ProvinceFactory, SectorFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _hanoi(db):
    ProvinceFactory()


def draft(header, row, **how):
    file = io.BytesIO(csv_bytes(("Tên", *header), ("Công ty A", *row)))
    plan = plan_import(file, "list.csv", on=ON, how=How(**how))
    [planned] = plan.rows
    assert planned.draft, planned.problems
    return planned.draft


def test_products_come_from_several_columns_and_cells_each_once():
    header = ("Sản phẩm 1", "Sản phẩm 2", "Sản phẩm khác")
    found = draft(header, ("Bu lông; Ốc vít", "ốc vít", "x"), mapping={"D": "products"})
    assert (found.products, found.extra) == (("Bu lông", "Ốc vít", "x"), {})


def test_sectors_come_from_several_columns():
    first, second = SectorFactory(code="a", name="Cơ khí"), SectorFactory(code="b", name="Nhựa")
    found = draft(("Lĩnh vực", "Lĩnh vực 2"), ("Cơ khí", "Nhựa; Gỗ"))
    assert found.sector_ids == (first.pk, second.pk)
    assert found.extra == {"Lĩnh vực 2": "Nhựa; Gỗ"}


def test_an_address_is_put_together_from_its_parts():
    header = ("Số nhà, đường", "Thôn, xóm", "Phường/Xã", "Tỉnh/TP")
    [site] = draft(header, ("Số 12 phố Thử", "Thôn 1", "Xã An", "Hà Nội")).sites
    # "Thôn 1" is no part of "Số 12", nor "An" of any longer word.
    assert site.address == "Số 12 phố Thử, Thôn 1, Xã An, Hà Nội"


def test_what_an_address_says_already_is_not_said_twice():
    [site] = draft(("Địa chỉ", "Đường phố"), ("Số 5 phố Thử, Hà Nội", "Phố Thử")).sites
    assert site.address == "Số 5 phố Thử, Hà Nội"


def test_two_addresses_are_not_made_one_unless_an_officer_says_so():
    header, row = ("Địa chỉ", "Địa chỉ liên hệ"), ("Số 5 phố Thử", "Hà Nội")
    with pytest.raises(Unreadable, match="further part of the address"):
        draft(header, row)
    [site] = draft(header, row, mapping={"C": "address_part"}).sites
    assert site.address == "Số 5 phố Thử, Hà Nội"


@pytest.mark.parametrize("header", ["Điện thoại 2", "Email 1", "Người liên hệ 3"])
def test_a_second_column_of_persons_is_not_read_either(header):
    found = draft(("Điện thoại", header), ("0912345678", "0912345679"))
    assert found.extra == {}
    assert Meaning.PERSON not in found.extra


def test_what_is_not_understood_is_on_the_record_for_officers_only(client):
    user = give_account(username="officer", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(user)
    content = csv_bytes(
        ("Tên doanh nghiệp", "MST", "Địa chỉ", "Máy chính"),
        ("Công ty A", tax_code(10010910), HANOI, "3 máy phay CNC"),
    )
    columns = client.post("/en/imports/", {"file": SimpleUploadedFile("ds.csv", content)}).url
    assert "3 máy phay CNC" in client.get(columns).content.decode()
    rows = client.post(columns, {"header": "1"}).url
    client.post(rows.replace("rows/", "write/"))
    address = f"/en/suppliers/{m.Enterprise.objects.get().public_id}/"
    page = client.get(address).content.decode()
    assert '<dt lang="vi">Máy chính</dt><dd lang="vi">3 máy phay CNC</dd>' in page
    assert "Last list: ds.csv, row 2." in page
    client.logout()
    assert "Máy chính" not in client.get(address).content.decode()


def test_a_house_number_is_not_taken_for_that_of_the_lane():
    header = ("Đường phố", "Số nhà", "Tỉnh/TP")
    [site] = draft(header, ("Ngõ 12 Láng", "12", "Hà Nội")).sites
    assert site.address == "Ngõ 12 Láng, 12, Hà Nội"


@pytest.mark.parametrize("street", ["12 Láng, Hà Nội", "Số 12 phố Láng, Hà Nội"])
def test_a_house_number_at_the_head_of_the_address_is_not_said_twice(street):
    [site] = draft(("Địa chỉ", "Số nhà"), (street, "12"), mapping={"C": "address_part"}).sites
    assert site.address == street
