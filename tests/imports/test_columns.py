"""Headers: which row they are, what each column means, and when the file is refused."""

import pytest

from registry.imports.columns import Meaning, find_table, letters
from registry.imports.problems import Unreadable
from registry.imports.workbooks import Sheet


def meanings(*rows):
    table, _others = find_table([Sheet("", [list(row) for row in rows])])
    return [column.meaning for column in table.columns]


def refusal(*rows):
    with pytest.raises(Unreadable) as problem:
        meanings(*rows)
    return str(problem.value)


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Mã số thuế", Meaning.TAX_CODE),
        ("MÃ SỐ THUẾ", Meaning.TAX_CODE),
        ("Ma\u0303 so\u0302\u0301 thue\u0302\u0301", Meaning.TAX_CODE),
        ("ma_so_thue", Meaning.TAX_CODE),
        ("Mã số thuế\n(10 số) *", Meaning.TAX_CODE),
        ("Tax code", Meaning.TAX_CODE),
        ("Địa chỉ trụ sở chính", Meaning.ADDRESS),
        ("Địa chỉ nhà máy", Meaning.FACTORY),
        ("Tỉnh/Thành phố", Meaning.PROVINCE),
        ("Ngày thành lập", Meaning.FOUNDED),
        ("Loại hình doanh nghiệp", Meaning.LEGAL_FORM),
        ("Website", Meaning.WEBSITE),
        ("Sản phẩm chính", Meaning.PRODUCTS),
        ("Lĩnh vực", Meaning.SECTOR),
        ("Tên tiếng Anh", Meaning.NAME_EN),
        ("Tên viết tắt", Meaning.SHORT_NAME),
        ("STT", Meaning.COUNTER),
        ("Người liên hệ", Meaning.PERSON),
        ("Số điện thoại", Meaning.PERSON),
        ("Ghi chú", Meaning.EXTRA),
    ],
)
def test_header(header, meaning):
    assert meanings(["Tên doanh nghiệp", header]) == [Meaning.NAME, meaning]


@pytest.mark.parametrize(
    ("header", "year"),
    [("Số lao động 2025", 2025), ("Số lao động năm 2024", 2024), ("Employees (2023)", 2023),
     ("Số lao động", None)],
)  # fmt: skip
def test_year_of_a_header(header, year):
    table, _others = find_table([Sheet("", [["Tên", header]])])
    assert (table.columns[1].meaning, table.columns[1].year) == (Meaning.LABOUR, year)


def test_a_year_in_another_header_is_not_a_figure_of_a_year():
    assert meanings(["Tên", "Doanh thu 2025"]) == [Meaning.NAME, Meaning.EXTRA]


def test_header_below_a_letterhead():
    table, _others = find_table(
        [Sheet("", [["SỞ CÔNG THƯƠNG"], [], ["DANH SÁCH"], ["STT", "Tên doanh nghiệp"], [1, "A"]])]
    )
    assert list(table.records()) == [(5, [1, "A"])]


def test_header_of_two_rows():
    table, _others = find_table(
        [
            Sheet(
                "",
                [
                    ["STT", "Tên doanh nghiệp", "Địa điểm sản xuất", "", "Ghi chú"],
                    ["", "", "Địa chỉ", "Tỉnh/TP", ""],
                    [1, "A", "B", "Hà Nội", ""],
                ],
            )
        ]
    )
    assert [(column.header, column.meaning) for column in table.columns] == [
        ("STT", Meaning.COUNTER),
        ("Tên doanh nghiệp", Meaning.NAME),
        ("Địa điểm sản xuất / Địa chỉ", Meaning.FACTORY),
        ("Địa điểm sản xuất / Tỉnh/TP", Meaning.PROVINCE),
        ("Ghi chú", Meaning.EXTRA),
    ]
    assert [number for number, _cells in table.records()] == [3]


def test_the_first_sheet_with_names_is_read_and_the_others_are_named():
    sheets = [
        Sheet("Ghi chú", [["Không phải dữ liệu"]]),
        Sheet("2025", [["Tên doanh nghiệp"], ["A"]]),
        Sheet("2024", [["Tên doanh nghiệp"], ["B"]]),
    ]
    table, others = find_table(sheets)
    assert (table.sheet.name, others) == ("2025", ["2024"])


def test_no_column_of_names():
    message = refusal(["MST", "Địa chỉ"], ["0100109106", "Hà Nội"])
    assert "Tên doanh nghiệp" in message
    assert "MST, Địa chỉ" in message


def test_no_rows():
    assert "No column with the names" in refusal()


@pytest.mark.parametrize(
    ("first", "second"),
    [("Mã số thuế", "MST"), ("Ghi chú", "ghi chú"), ("Tên doanh nghiệp", "Tên công ty")],
)
def test_two_columns_that_say_the_same(first, second):
    header = [first, second] if first.startswith("Tên") else ["Tên", first, second]
    message = refusal(header)
    assert f"“{first}”" in message
    assert f"“{second}”" in message


def test_columns_of_several_years_do_not_say_the_same():
    assert meanings(["Tên", "Lao động 2024", "Lao động 2025"])[1:] == [Meaning.LABOUR] * 2


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_letters(place, name):
    assert letters(place) == name
