"""What a repaired text would be: names, days, telephone numbers; pure, without a database."""

import datetime as dt

import pytest

from registry.imports.repairs import days, names, phones

ON = dt.date(2026, 11, 28)


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("CÔNG TY TNHH MTV CƠ KHÍ ABC", "Công ty TNHH MTV Cơ khí ABC"),
        ("CÔNG TY CỔ PHẦN SẢN XUẤT VÀ THƯƠNG MẠI ÁNH DƯƠNG",
         "Công ty cổ phần Sản xuất và Thương mại Ánh Dương"),
        ("CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN HÀ NỘI",
         "Công ty trách nhiệm hữu hạn một thành viên Hà Nội"),
        ("CONG TY TNHH CO KHI VIET NHAT", "Cong ty TNHH Co khi Viet Nhat"),
        ("CÔNG TY TNHH SAMSUNG ELECTRONICS (VIỆT NAM)",
         "Công ty TNHH Samsung Electronics (Việt Nam)"),
        # No vowel, or no Vietnamese word: an acronym.
        ("CÔNG TY CP XNK HTMP BIDV NSK", "Công ty CP XNK HTMP BIDV NSK"),
        ("CÔNG TY CP LILAMA 69-1", "Công ty CP Lilama 69-1"),
        ("HỢP TÁC XÃ SONG LONG", "Hợp tác xã Song Long"),
        ("CANON VIETNAM CO., LTD", "Canon Vietnam Co., Ltd"),
    ],
)  # fmt: skip
def test_a_name_in_capitals_has_a_proposed_form(name, proposed):
    assert names.in_sentence_case(name) == proposed


@pytest.mark.parametrize("name", ["Công ty TNHH ABC", "CÔNG TY TNHH Ánh Dương", "FPT", "A B", ""])
def test_other_names_have_none(name):
    assert names.in_sentence_case(name) is None


@pytest.mark.parametrize(
    ("name", "is_english"),
    [
        ("Canon Vietnam Co., Ltd", True),
        ("HANOI MECHANICAL JOINT STOCK COMPANY", True),
        ("Samsung Electronics Việt Nam Co., Ltd.", True),
        ("Công ty TNHH Canon Việt Nam", False),
        ("Cong ty CP ABC JSC", False),
        ("Ánh Dương Co., Ltd", False),
        ("Canon Vietnam", False),
        ("Incotec Hà Nội", False),
    ],
)
def test_is_english(name, is_english):
    assert names.is_english(name) == is_english


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("12/31/2010", dt.date(2010, 12, 31)),
        ("2010-31-12", dt.date(2010, 12, 31)),
        ("10/12/2026", dt.date(2026, 10, 12)),
        (dt.datetime(2026, 12, 10), dt.date(2026, 10, 12)),
    ],
)
def test_a_day_that_cannot_be_is_swapped(cell, day):
    found = days.swapped(cell, on=ON)
    assert found is not None and found.day == day


@pytest.mark.parametrize(
    "cell",
    ["05/12/2010", "31/12/2010", "32/31/2010", "31/31/2010", "10/12/2030", "28/11/2026", "x", ""],
)
def test_a_day_that_could_be_right_is_not_nor_one_wrong_both_ways(cell):
    assert days.swapped(cell, on=ON) is None


@pytest.mark.parametrize(
    ("cell", "both"),
    [("05/12/2010", True), ("05/05/2010", False), ("31/12/2010", False), ("12/31/2010", False)],
)
def test_days_that_can_be_read_both_ways(cell, both):
    assert days.reads_both_ways(cell, on=ON) is both


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("+84 912.345.678", "0912 345 678"),
        ("(+84) 912 345 678", "0912 345 678"),
        ("84912345678", "0912 345 678"),
        (912345678, "0912 345 678"),
        ("0912-345-678 / ĐT: 024.38251234", "0912 345 678; 024 3825 1234"),
        ("02263851234", "0226 385 1234"),
        ("0912345678, 0912 345 678", "0912 345 678"),
    ],
)
def test_telephone_numbers_get_one_form(cell, form):
    assert phones.one_form(cell) == form


@pytest.mark.parametrize(
    "cell",
    ["", "chưa có", "0912345678 (anh Nam)", "024 3825 1234 máy lẻ 12", "04 3825 1234",
     "024.38251234/5678", "19001234", "0112345678"],
)  # fmt: skip
def test_what_is_not_understood_whole_is_left(cell):
    assert phones.one_form(cell) is None


@pytest.mark.parametrize(
    ("header", "is_of"),
    [("Hotline công ty", True), ("Số ĐT công ty", True), ("Điện thoại bàn 2024", True),
     ("DT 2024", False), ("DT nhà xưởng", False), ("Doanh thu (DT) 2024", False)],
)  # fmt: skip
def test_revenue_and_floor_space_are_no_telephones(header, is_of):
    assert phones.is_of_phones(header) is is_of


@pytest.mark.parametrize(
    ("cell", "is_said"),
    [("0912 345 678", True), ("+84 912 345 678", True), ("84912345678", True),
     ("ĐT: 0912345678", True), ("912345678", False), ("0912345678; 985000000", False)],
)  # fmt: skip
def test_a_number_that_is_none_without_a_zero_of_ours_may_be_anything(cell, is_said):
    assert phones.one_form(cell)
    assert phones.is_said_whole(cell) is is_said
