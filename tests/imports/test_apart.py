"""Files are opened by another process, which may break without anything else breaking."""

from __future__ import annotations

import random

import pytest
from django.utils import translation

from registry.core.memory import most_memory
from registry.imports import apart
from registry.imports.apart import opened
from registry.imports.problems import Unreadable
from tests.imports.sheets import csv_bytes, letters, sheet_xml, workbook, xlsx_bytes

pytestmark = pytest.mark.slow
ROWS = [("Tên doanh nghiệp", "Địa chỉ"), *((f"Công ty {n}", "Hà Nội") for n in range(1_200))]


@pytest.fixture(autouse=True)
def _apart(settings):
    settings.IMPORTS_READ_APART = True


@pytest.mark.parametrize("data", [csv_bytes(*ROWS), xlsx_bytes(*ROWS)])
def test_all_rows_come_and_the_first_ones_before(data):
    with opened(data, first=30) as file:
        [sheet] = file.reading.sheets
        assert (sheet.rows, sheet.far()) == ([list(row) for row in ROWS[:30]], (1_201, 2))
        assert list(file.rows(0)) == [list(row) for row in ROWS]


def test_the_reader_is_gone_when_nobody_looks_any_more():
    with opened(csv_bytes(*ROWS)) as file:
        next(file.rows(0))
    assert file.process.poll() is not None


def test_a_refusal_comes_in_the_language_of_the_page():
    words = "không phải danh sách"
    with translation.override("vi"), pytest.raises(Unreadable, match=words), opened(b"%PDF-1.7"):
        pass


def test_letters_that_are_lost_further_down_are_told():
    def saved_wrongly(text):
        return text.encode().decode("cp1252")

    good = saved_wrongly("Công ty Cơ khí sản xuất linh kiện")
    data = csv_bytes((saved_wrongly("Tên"),), *[(good,)] * 600, ("C\ufffd",))
    with opened(data) as file:
        assert file.reading.encoding == "UTF-8 → Windows-1252"
        with pytest.raises(Unreadable, match="spoiled"):
            list(file.rows(0))


def test_a_reader_that_is_killed_is_told_as_such():
    with opened(csv_bytes(*ROWS)) as file:
        file.process.kill()
        file.process.wait()
        with pytest.raises(Unreadable, match="broke the program that opens it"):
            list(file.rows(0))


@pytest.mark.parametrize("megabytes", [50, 70])  # within the native reader, and after it
def test_a_file_that_needs_too_much_memory_is_let_go(monkeypatch, megabytes):
    monkeypatch.setattr(apart, "MEGABYTES", megabytes)
    chance = random.Random(1)
    rows = [[f"{chance.getrandbits(64):x}" for _cell in range(40)] for _row in range(20_000)]
    data = workbook({"List": sheet_xml(rows)})
    with pytest.raises(Unreadable, match="needs more memory to open"), opened(data) as file:
        list(file.rows(0))


def test_a_file_that_takes_too_long_is_let_go(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 1)
    rows = [[f"{row}{cell}" for cell in range(60)] for row in range(20_000)]
    data = workbook({"List": sheet_xml(rows)})
    with pytest.raises(Unreadable, match="takes longer to open"), opened(data) as file:
        list(file.rows(0))


def test_what_the_reader_held_is_told_to_who_listens(caplog):
    with caplog.at_level("DEBUG", "registry.imports.apart"), opened(csv_bytes(*ROWS)) as file:
        list(file.rows(0))
    [record] = caplog.records
    assert 10 < record.args[0] / 2**20 < most_memory() / 2**20  # its own, not ours


def test_of_a_process_that_is_gone_no_memory_is_told():
    with opened(csv_bytes(*ROWS)) as file:
        pid = file.process.pid
    assert most_memory(pid) is None


def test_hidden_rows_are_known_by_their_number():
    rows = [("Tên doanh nghiệp",), ("A",), ("B",)]
    xml = sheet_xml(rows).replace('<row r="2">', '<row hidden="1" r="2">')
    with opened(workbook({"List": xml})) as file:
        assert file.reading.sheets[0].hidden == (2,)


def test_a_far_cell_is_found_behind_many_pieces():
    rows = [[f"{letters(cell)}{row}" * 10 for cell in range(20)] for row in range(3_000)]
    xml = sheet_xml(rows).replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    with pytest.raises(Unreadable, match="reaches to row 1048576"), opened(workbook({"L": xml})):
        pass
