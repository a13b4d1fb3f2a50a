"""What a list would do: every row has one outcome, and a sentence where it is not plain."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import models as m
from registry.imports.engine import plan_import
from registry.imports.problems import Outcome
from tests.factories import (
    EnterpriseFactory,
    EnterpriseSectorFactory,
    ProvinceFactory,
    SectorFactory,
    SiteFactory,
    WardFactory,
)
from tests.imports.sheets import HANOI, HEADER, csv_bytes, tax_code, xlsx_bytes

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 24)
CODE = tax_code(10010910)
OTHER = tax_code(20010910)


@pytest.fixture(autouse=True)
def _hanoi(db):
    ProvinceFactory()


def plan(*rows, header=HEADER, name="list.csv"):
    return plan_import(io.BytesIO(csv_bytes(header, *rows)), name, on=ON)


def outcomes(found):
    return [row.outcome.value for row in found.rows]


def said(found, row=None):
    return [(p.column, p.message) for p in found.problems() if p.row == row]


def only_draft(*cells, header):
    [row] = plan(cells, header=header).rows
    assert row.outcome == Outcome.NEW, row.problems
    return row.draft


# New rows


def test_a_new_row_with_everything():
    WardFactory(name="Phường Cửa Nam", name_en="Cua Nam Ward")
    metal = SectorFactory(code="components", name="Linh kiện, phụ tùng")
    draft = only_draft(
        *("Công ty Cổ phần Ánh Dương", "Anh Duong JSC", "ADC", CODE, "FDI", "31/12/2010"),
        *("www.example.vn", "Số 5, phường Cửa Nam, Hà Nội", "21,02", "105.85", "1.200"),
        *("Bu lông; ốc vít", "linh kien, phu tung", "ghi gì đó", "=1+1"),
        header=(
            *("Tên doanh nghiệp", "Tên tiếng Anh", "Tên viết tắt", "MST", "Hình thức sở hữu"),
            *("Ngày thành lập", "Website", "Địa chỉ", "Vĩ độ", "Kinh độ", "Số lao động 2025"),
            *("Sản phẩm", "Lĩnh vực", "Ghi chú", "Công thức"),
        ),
    )
    assert (draft.name, draft.name_en, draft.short_name) == (
        "Công ty Cổ phần Ánh Dương",
        "Anh Duong JSC",
        "ADC",
    )
    assert (draft.tax_code, draft.legal_form, draft.ownership) == (CODE, "jsc", "foreign")
    assert (draft.founded_on, draft.website) == (dt.date(2010, 12, 31), "http://www.example.vn")
    [site] = draft.sites
    assert site.address == "Số 5, phường Cửa Nam, Hà Nội"
    assert site.province_id == m.Province.objects.get().pk
    assert site.ward_id == m.Ward.objects.get().pk
    assert (site.latitude, site.longitude) == (Decimal("21.02"), Decimal("105.85"))
    assert [(one.year, one.labour) for one in draft.year_figures] == [(2025, 1200)]
    assert draft.products == ("Bu lông", "ốc vít")
    assert draft.sector_ids == (metal.pk,)
    assert draft.extra == {"Ghi chú": "ghi gì đó", "Công thức": "=1+1"}
    assert (draft.registered_on, draft.source, draft.source_ref) == (ON, "list.csv", "row 2")


def test_english_headers_and_a_workbook():
    data = xlsx_bytes(("Company name", "Tax code", "Address"), ("A Co., Ltd.", int(CODE), HANOI))
    # A number cell has lost the zero that the tax code begins with.
    [row] = plan_import(io.BytesIO(data), "list.xlsx", on=ON).rows
    assert row.outcome == Outcome.DOUBTFUL
    data = xlsx_bytes(("Company name", "Tax code"), ("A Co., Ltd.", CODE))
    [row] = plan_import(io.BytesIO(data), "list.xlsx", on=ON).rows
    assert (row.draft.tax_code, row.draft.source_ref) == (CODE, "List, row 2")


def test_the_vietnamese_name_is_the_legal_one():
    header = ("name", "name_local")
    draft = only_draft("Anh Duong Co., Ltd.", "Công ty TNHH Ánh Dương", header=header)
    assert (draft.name, draft.name_en) == ("Công ty TNHH Ánh Dương", "Anh Duong Co., Ltd.")
    draft = only_draft("Anh Duong Co., Ltd.", "", header=header)
    assert (draft.name, draft.name_en) == ("Anh Duong Co., Ltd.", "")


def test_one_column_for_legal_form_and_ownership():
    draft = only_draft("Công ty A", "Doanh nghiệp FDI", header=("Tên", "Loại hình"))
    assert (draft.legal_form, draft.ownership, draft.extra) == ("", "foreign", {})


def test_a_factory_with_a_province_of_its_own_column():
    draft = only_draft(
        "Công ty A", "Thôn 3, Đông Anh", "Hà Nội", header=("Tên", "Địa chỉ nhà máy", "Tỉnh")
    )
    [site] = draft.sites
    assert (site.kind, site.address) == ("factory", "Thôn 3, Đông Anh, Hà Nội")
    assert site.province_id == m.Province.objects.get().pk


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("Website", "sẽ có sau", "not one web address"),
        ("Hình thức sở hữu", "Liên doanh", "ownership is not known"),
        ("Loại hình", "Tập đoàn", "legal form is not known"),
        ("Lĩnh vực", "Trồng trọt", "Not a sector"),
        ("Ngày thành lập", "2010", "a year without day and month"),
        ("Tỉnh", "Atlantis", "No province"),
        ("Vĩ độ", "210.5", "no coordinate"),
    ],
)
def test_what_is_not_understood_is_kept_and_said(header, cell, words):
    found = plan(("Công ty A", cell), header=("Tên", header))
    assert outcomes(found) == ["new"]
    assert found.rows[0].draft.extra == {header: cell}
    [(column, message)] = said(found, 2)
    assert column == header
    assert words in message


def test_employees_without_a_year_are_kept_as_text_and_said_once():
    found = plan(("Công ty A", "120"), ("Công ty B", "90"), header=("Tên", "Số lao động"))
    assert [row.draft.extra for row in found.rows] == [
        {"Số lao động": "120"},
        {"Số lao động": "90"},
    ]
    assert [row.draft.year_figures for row in found.rows] == [(), ()]
    [(column, message)] = said(found)
    assert column == "Số lao động"
    assert "year of the employees is not stated" in message


def test_employees_with_the_year_in_a_column():
    draft = only_draft("Công ty A", "120", "2024", header=("Tên", "Số lao động", "Năm"))
    assert [(one.year, one.labour) for one in draft.year_figures] == [(2024, 120)]


def test_personal_data_are_not_read_and_that_is_said():
    found = plan(("Công ty A", "Người Thử"), header=("Tên", "Người liên hệ"))
    assert "Người Thử" not in repr(found.rows)
    [(column, message)] = said(found)
    assert column == "Người liên hệ"
    assert "Personal data are not read" in message


# Refused and doubtful rows


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("MST", "0100A09106", "other signs than digits"),
        ("MST", "12345", "5 digits"),
        ("MST", "001099012345", "household businesses"),
        ("Ngày thành lập", "31/02/2010", "31/02/2010 does not exist"),
        ("Số lao động 2025", "nhiều", "not a number of persons"),
        ("Tên viết tắt", "x" * 121, "121 characters; at most 120"),
        ("Địa chỉ", "x" * 501, "501 characters; at most 500"),
        ("Sản phẩm", "a; " + "x" * 301, "301 characters; at most 300"),
        ("Ghi chú", "a\0b", "cannot be shown"),
        ("Ghi chú", "x" * 2001, "2001 characters"),
    ],
)
def test_refused(header, cell, words):
    found = plan(("Công ty A", cell), header=("Tên", header))
    assert outcomes(found) == ["refused"]
    [(column, message)] = said(found, 2)
    assert column == header
    assert words in message


@pytest.mark.parametrize("name", ["", "-", "(2)", "Tên doanh nghiệp"])
def test_rows_that_name_no_enterprise_are_refused(name):
    found = plan((name, "", "x"))
    assert outcomes(found) == ["refused"]
    assert said(found, 2)[0][0] == "Tên doanh nghiệp"


def test_a_name_alone_is_doubtful_where_others_say_more():
    found = plan(("Công ty A", CODE, HANOI), ("Nhóm cơ khí", "", ""))
    assert outcomes(found) == ["new", "doubtful"]
    assert "heading or a total" in said(found, 3)[0][1]


def test_a_total_at_the_foot_is_no_enterprise():
    found = plan(("Công ty A", CODE, HANOI), ("Tổng cộng:", "", "1"))
    assert outcomes(found) == ["new", "refused"]
    assert "names no enterprise" in said(found, 3)[0][1]


def test_a_list_of_names_alone_is_read():
    assert outcomes(plan(("Công ty A",), ("Công ty B",), header=("Tên",))) == ["new", "new"]


def test_a_slipped_row_is_refused():
    found = plan(("Công ty A", CODE, HANOI), ("Công ty B", OTHER, "Số 5", " Hà Nội"))
    assert outcomes(found) == ["new", "refused"]
    assert "more cells than the header" in said(found, 3)[0][1]


def test_a_lost_zero_is_offered_not_put_back():
    found = plan(("Công ty A", CODE.removeprefix("0"), HANOI))
    assert outcomes(found) == ["doubtful"]
    [(column, message)] = said(found, 2)
    assert column == "Mã số thuế"
    assert f"write {CODE}" in message
    assert found.rows[0].draft is None


def test_a_wrong_check_digit_is_doubtful_unless_it_is_explained():
    wrong = CODE[:9] + str((int(CODE[9]) + 1) % 10)
    header = ("Tên", "MST", "Ghi chú mã số thuế")
    found = plan(("Công ty A", wrong, ""), header=header)
    assert outcomes(found) == ["doubtful"]
    draft = only_draft("Công ty A", wrong, "Đúng như giấy chứng nhận", header=header)
    assert (draft.tax_code, draft.tax_code_note) == (wrong, "Đúng như giấy chứng nhận")


def test_a_household_business_has_twelve_digits():
    draft = only_draft("Hộ kinh doanh A", "001099012345", header=("Tên", "MST"))
    assert (draft.tax_code, draft.legal_form) == ("001099012345", "household")


def test_two_provinces_are_doubtful():
    ProvinceFactory(code="24", name="Bắc Ninh", name_en="Bac Ninh")
    found = plan(("Công ty A", "Số 5, Bắc Ninh", "Hà Nội"), header=("Tên", "Địa chỉ", "Tỉnh"))
    assert outcomes(found) == ["doubtful"]
    assert "ends in another province" in said(found, 2)[0][1]


def test_a_tax_code_twice_names_the_first_row():
    found = plan(("Công ty A", CODE, HANOI), (), ("Công ty B", CODE, HANOI))
    assert outcomes(found) == ["new", "refused"]
    assert said(found, 4) == [
        ("Mã số thuế", "Row 2 has the same tax code. Keep one of the two rows.")
    ]


def test_a_name_twice_in_one_place_names_the_first_row():
    found = plan(
        ("Công ty TNHH Ánh Dương", "", HANOI),
        ("CONG TY TRACH NHIEM HUU HAN ANH DUONG", "", "Đông Anh, Hà Nội"),
    )
    assert outcomes(found) == ["new", "doubtful"]
    assert said(found, 3)[0][1].startswith("Row 2 has the same name")


def test_a_name_twice_in_two_provinces_are_two_enterprises():
    ProvinceFactory(code="24", name="Bắc Ninh", name_en="Bac Ninh")
    found = plan(("Công ty A", "", HANOI), ("Công ty A", "", "Số 5, Bắc Ninh"))
    assert outcomes(found) == ["new", "new"]


def test_branches_of_one_name_are_told_apart_by_their_codes():
    found = plan(("Chi nhánh A", f"{CODE}-001", HANOI), ("Chi nhánh A", f"{CODE}-002", HANOI))
    assert outcomes(found) == ["new", "new"]


def test_every_row_is_counted_once():
    found = plan(("Công ty A", CODE, HANOI), ("Công ty B", CODE, ""), ("", "", "x"), ("", "", ""))
    assert found.counts() == {
        "rows": 3, "new": 1, "changed": 0, "unchanged": 0, "doubtful": 0, "conflict": 0,
        "refused": 2,
    }  # fmt: skip


def test_without_code_lists_the_text_is_kept_and_that_is_said():
    m.Province.objects.all().delete()
    found = plan(("Công ty A", CODE, HANOI))
    assert outcomes(found) == ["new"]
    assert found.rows[0].draft.sites[0].province_id is None
    assert "Run load_reference first" in said(found)[0][1]


# Rows that are in the register


def known(**fields):
    enterprise = EnterpriseFactory(**{"name": "Công ty TNHH Ánh Dương", "tax_code": CODE} | fields)
    SiteFactory(enterprise=enterprise, address=HANOI)
    return enterprise


def test_unchanged():
    known()
    found = plan(("CÔNG TY TNHH ÁNH DƯƠNG", CODE, "số 5, phố Thử - HÀ NỘI"))
    assert outcomes(found) == ["unchanged"]
    assert found.problems() == []


def test_empty_cells_take_nothing_away():
    known(short_name="AD", website="https://example.vn")
    header = ("Tên", "MST", "Tên viết tắt", "Website", "Sản phẩm")
    assert outcomes(plan(("Công ty TNHH Ánh Dương", CODE, "", "", ""), header=header)) == [
        "unchanged"
    ]


def test_changed_says_old_and_new():
    known(short_name="AD")
    found = plan(
        ("Công ty TNHH Ánh Dương", CODE, "ADC", "ốc vít"), header=("Tên", "MST", "Viết", "SP")
    )
    assert said(found, 2) == [("Viết", "“ADC” is added."), ("SP", "“ốc vít” is added.")]
    header = ("Tên", "MST", "Tên viết tắt", "Sản phẩm")
    found = plan(("Công ty TNHH Ánh Dương", CODE, "ADC", "ốc vít"), header=header)
    assert outcomes(found) == ["changed"]
    assert said(found, 2) == [
        ("Tên viết tắt", "“AD” becomes “ADC”."),
        ("Sản phẩm", "“ốc vít” is added."),
    ]


def test_capitals_and_lost_diacritics_are_no_new_name():
    known()
    assert outcomes(plan(("CONG TY TNHH ANH DUONG", CODE, HANOI))) == ["unchanged"]


def test_gained_diacritics_are():
    known(name="CONG TY TNHH ANH DUONG")
    found = plan(("Công ty TNHH Ánh Dương", CODE, HANOI))
    assert outcomes(found) == ["changed"]
    assert found.rows[0].amendment.fields["name"] == "Công ty TNHH Ánh Dương"


def test_the_english_name_is_no_new_legal_name():
    known(name_en="Anh Duong Co., Ltd.")
    assert outcomes(plan(("Anh Duong Co Ltd", CODE, HANOI))) == ["unchanged"]


def test_a_website_written_otherwise_is_the_same():
    known(website="https://www.example.vn/")
    header = ("Tên", "MST", "Website")
    assert outcomes(plan(("Ánh Dương", CODE, "Example.vn"), header=header)) == ["changed"]
    assert outcomes(plan(("Công ty TNHH Ánh Dương", CODE, "Example.vn"), header=header)) == [
        "unchanged"
    ]


def test_a_tax_code_with_quite_another_name_is_doubtful():
    enterprise = known()
    found = plan(("Công ty TNHH Sao Mai", CODE, HANOI))
    assert outcomes(found) == ["doubtful"]
    assert str(enterprise) in said(found, 2)[0][1]


def test_without_a_code_name_and_place_tell():
    enterprise = known()
    found = plan(("Cong ty TNHH Anh Duong", "", "Đông Anh, Hà Nội"))
    assert outcomes(found) == ["changed"]
    assert found.rows[0].amendment.enterprise_id == enterprise.pk


def test_a_code_is_added_to_the_enterprise_of_that_name_and_place():
    enterprise = known(tax_code=None)
    [row] = plan(("Công ty TNHH Ánh Dương", CODE, HANOI)).rows
    assert row.amendment.enterprise_id == enterprise.pk
    assert row.amendment.fields["tax_code"] == CODE


def test_another_code_for_the_same_name_and_place_is_doubtful():
    known()
    found = plan(("Công ty TNHH Ánh Dương", OTHER, HANOI))
    assert outcomes(found) == ["doubtful"]
    assert CODE in said(found, 2)[0][1]


def test_the_same_name_without_a_place_is_doubtful():
    known()
    assert outcomes(plan(("Công ty TNHH Ánh Dương", "", "Số 7 phố Khác"))) == ["doubtful"]


def test_two_of_one_name_and_place_are_doubtful():
    known()
    known(tax_code=OTHER)
    found = plan(("Công ty TNHH Ánh Dương", "", HANOI))
    assert outcomes(found) == ["doubtful"]
    assert said(found, 2)[0][1].count("CNHT-") == 2


def test_the_same_name_in_another_province_is_new():
    ProvinceFactory(code="24", name="Bắc Ninh", name_en="Bac Ninh")
    row = known()
    found = plan(
        ("Công ty TNHH Ánh Dương", "", "Số 7, Bắc Ninh"),
        ("Công ty TNHH Minh Dương", "", "Số 8, Bắc Ninh"),
    )
    assert outcomes(found) == ["new", "new"]
    [(column, message)] = said(found, 2)
    assert column == "Tên doanh nghiệp"
    assert message.startswith(f"The register has this name in another province: {row.name} (CNHT-")
    assert said(found, 3) == []


def test_a_branch_in_another_province_is_no_doubt():
    ProvinceFactory(code="24", name="Bắc Ninh", name_en="Bac Ninh")
    known(tax_code=CODE)
    found = plan(("Công ty TNHH Ánh Dương", f"{CODE}-001", "Số 7, Bắc Ninh"))
    assert (outcomes(found), said(found, 2)) == (["new"], [])


def test_two_rows_for_one_enterprise():
    known(name_en="Anh Duong")
    ProvinceFactory(code="24", name="Bắc Ninh", name_en="Bac Ninh")
    found = plan(
        ("Ánh Dương Bắc", CODE, HANOI),
        ("Công ty TNHH Ánh Dương", "", HANOI),
    )
    assert outcomes(found) == ["changed", "doubtful"]
    assert said(found, 3)[0][1].startswith("Row 2 is the same enterprise")


@pytest.mark.parametrize("end", ["closed_on", "moved_away_on"])
def test_an_ended_enterprise_is_doubtful(end):
    known(**{end: dt.date(2026, 1, 1)})
    found = plan(("Công ty TNHH Ánh Dương", CODE, HANOI))
    assert outcomes(found) == ["doubtful"]
    assert "no longer in the register" in said(found, 2)[0][1]


def test_another_address_in_the_province_is_a_correction():
    site = known().sites.get()
    [row] = plan(("Công ty TNHH Ánh Dương", CODE, "Số 7 phố Khác, Hà Nội")).rows
    assert row.outcome == Outcome.CHANGED
    assert row.amendment.site_fields[site.pk]["address"] == "Số 7 phố Khác, Hà Nội"


@pytest.mark.parametrize("address", ["Số 7, Bắc Ninh", "Số 7 phố Khác"])
def test_an_address_elsewhere_is_doubtful(address):
    ProvinceFactory(code="24", name="Bắc Ninh", name_en="Bac Ninh")
    known()
    found = plan(("Công ty TNHH Ánh Dương", CODE, address))
    assert outcomes(found) == ["doubtful"]
    assert "record that on its page" in said(found, 2)[0][1]


def test_a_province_alone_writes_over_no_address():
    known()
    header = ("Tên", "MST", "Tỉnh")
    assert outcomes(plan(("Công ty TNHH Ánh Dương", CODE, "Hà Nội"), header=header)) == [
        "unchanged"
    ]


def test_a_province_is_added_to_a_site_without_one():
    enterprise = EnterpriseFactory(name="Công ty A", tax_code=CODE)
    site = SiteFactory(enterprise=enterprise, address=HANOI, province=None)
    [row] = plan(("Công ty A", CODE, HANOI)).rows
    assert row.amendment.site_fields == {site.pk: {"province_id": m.Province.objects.get().pk}}


def test_a_factory_is_added():
    known()
    header = ("Tên", "MST", "Địa chỉ nhà máy")
    [row] = plan(("Công ty TNHH Ánh Dương", CODE, "Thôn 3, Hà Nội"), header=header).rows
    assert [site.kind for site in row.amendment.add_sites] == ["factory"]


def test_other_figures_of_a_year():
    enterprise = known()
    m.YearFigure.objects.create(enterprise=enterprise, year=2025, labour=100)
    header = ("Tên", "MST", "Lao động 2024", "Lao động 2025")
    found = plan(("Công ty TNHH Ánh Dương", CODE, "90", "100"), header=header)
    assert said(found, 2) == [("Lao động 2024", "“2024: 90” is added.")]


def test_a_sector_is_not_added_to_its_branch():
    whole = SectorFactory(code="components", name="Linh kiện")
    branch = SectorFactory(code="metal", name="Linh kiện kim loại", parent=whole)
    EnterpriseSectorFactory(enterprise=known(), sector=branch)
    header = ("Tên", "MST", "Lĩnh vực")
    assert outcomes(plan(("Công ty TNHH Ánh Dương", CODE, "Linh kiện"), header=header)) == [
        "unchanged"
    ]


def test_a_form_in_the_name_fills_a_blank_only():
    known(name="Công ty Cổ phần A", legal_form="llc")
    assert outcomes(plan(("Công ty Cổ phần A", CODE, HANOI))) == ["unchanged"]


def test_queries_do_not_grow_with_the_list():
    def count(rows):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = plan(*rows)
        assert {"unchanged", "new"} == set(outcomes(found))
        return len(queries)

    rows = []
    for number in range(30):
        code = tax_code(300_100_000 + 20 * number)
        rows.append((f"Công ty Thử {number}", code, HANOI))
        if number % 2:
            SiteFactory(
                enterprise=EnterpriseFactory(name=f"Công ty Thử {number}", tax_code=code),
                address=HANOI,
            )
    assert count(rows[:2]) == count(rows)
