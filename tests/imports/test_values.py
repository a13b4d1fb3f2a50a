"""Cells: what is read, and the sentence for what is not."""

import datetime as dt
from decimal import Decimal

import pytest

from registry.imports import values
from registry.imports.values import BadCell

ON = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (3301735282.0, "3301735282"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (dt.datetime(2010, 12, 31), "2010-12-31"),
        (dt.date(2010, 12, 31), "2010-12-31"),
        (" a ", "a"),
        (1e300, "1e+300"),
    ],
)
def test_as_text(cell, text):
    assert values.as_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Ha\u0300 No\u0323\u0302i", "Hà Nội"),
        ("Công  ty\nA", "Công ty A"),
        ("\ufeffA\u200b", "A"),
        ("=1+1", "=1+1"),
        ("+84 24 0000", "+84 24 0000"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("Không có", ""),
        ("N/A", ""),
        ("-", ""),
    ],
)
def test_clean_text(cell, text):
    assert values.clean_text(cell, longest=20) == text


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("a\0b", "cannot be shown"),
        ("a\x82b", "cannot be shown"),
        ("x" * 21, "21 characters; at most 20"),
        ("#REF!", "error #REF!"),
    ],
)
def test_clean_text_refuses(cell, words):
    with pytest.raises(BadCell, match=words):
        values.clean_text(cell, longest=20)


def test_clean_lines():
    assert values.clean_lines("Bu lông; ốc vít\nbu lông;; -", longest=50) == ("bu lông", "ốc vít")


@pytest.mark.parametrize(
    "cell",
    [
        "31/12/2010", "31-12-2010", "31.12.2010", "2010-12-31", "2010-12-31 00:00:00",
        "ngày 31 tháng 12 năm 2010", dt.date(2010, 12, 31), dt.datetime(2010, 12, 31, 8),
    ],
)  # fmt: skip
def test_clean_day(cell):
    assert values.clean_day(cell, on=ON) == dt.date(2010, 12, 31)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("31/02/2010", "31/02/2010 does not exist"),
        ("12/31/2010", "does not exist"),
        ("31/12/10", "is not a day"),
        ("40543", "is not a day"),
        ("25/11/2026", "still to come"),
        ("31/12/1899", "before 1900"),
    ],
)
def test_clean_day_refuses(cell, words):
    with pytest.raises(BadCell, match=words):
        values.clean_day(cell, on=ON)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("120", 120),
        (120.0, 120),
        ("1.200", 1200),
        ("1,200", 1200),
        ("12 345", 12345),
        ("120 người", 120),
        ("", None),
        ("chưa có", None),
    ],
)
def test_clean_count(cell, count):
    assert values.clean_count(cell) == count


@pytest.mark.parametrize("cell", ["100-200", "12.5", "-3", "khoảng 100", "9999999999", "²"])
def test_clean_count_refuses(cell):
    with pytest.raises(BadCell, match="not a number of persons"):
        values.clean_count(cell)


@pytest.mark.parametrize("cell", ["2027", "25", "năm ngoái"])
def test_clean_year_refuses(cell):
    with pytest.raises(BadCell, match="not a year"):
        values.clean_year(cell, on=ON)


def test_clean_degrees():
    read = values.clean_degrees("105,8480751234", lowest=102, highest=118)
    assert read == Decimal("105.848075")
    assert values.clean_degrees("", lowest=8, highest=24) is None


@pytest.mark.parametrize("cell", ["210.5", "1e1", "21°01'", "-21.0", "25"])
def test_clean_degrees_refuses(cell):
    with pytest.raises(BadCell, match="no coordinate"):
        values.clean_degrees(cell, lowest=8, highest=24)


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("www.example.vn", "http://www.example.vn"),
        ("HTTPS://example.vn/a", "HTTPS://example.vn/a"),
        ("", ""),
    ],
)
def test_clean_website(cell, address):
    assert values.clean_website(cell) == address


@pytest.mark.parametrize(
    "cell", ["Công ty A", "a.vn; b.vn", "javascript:alert(1)", "a.vn/" + "x" * 200]
)
def test_clean_website_refuses(cell):
    with pytest.raises(BadCell, match="not one web address"):
        values.clean_website(cell)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Công ty TNHH MTV", "llc1"),
        ("TNHH hai thành viên trở lên", "llc"),
        ("CTCP", "jsc"),
        ("DNTN", "private"),
        ("llc1", "llc1"),
        ("Tập đoàn", ""),
        ("", ""),
    ],
)
def test_read_legal_form(text, form):
    assert values.read_legal_form(text) == form


@pytest.mark.parametrize(
    ("text", "ownership"),
    [("FDI", "foreign"), ("100% vốn nước ngoài", "foreign"), ("Tư nhân", "private"),
     ("DNNN", "state"), ("Liên doanh", "")],
)  # fmt: skip
def test_read_ownership(text, ownership):
    assert values.read_ownership(text) == ownership


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("CÔNG TY CỔ PHẦN A", "jsc"),
        ("Công ty TNHH MTV A", "llc1"),
        # One member or several: the name does not tell.
        ("Công ty TNHH A", ""),
        ("Canon Vietnam Co., Ltd.", ""),
    ],
)
def test_form_in_name(name, form):
    assert values.form_in_name(name) == form
