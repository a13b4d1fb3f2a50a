"""Files as they come: what can be read, and what every other file is told."""

import io

import pytest

from registry.imports.problems import Unreadable
from registry.imports.reading import MAX_BYTES, read_sheets
from registry.imports.workbooks import MAX_COLUMNS, MAX_ROWS, column_number
from tests.imports.sheets import (
    archive,
    csv_bytes,
    sheet_xml,
    with_false_size,
    workbook,
    xlsx_bytes,
)

ROWS = (("Tên doanh nghiệp", "Địa chỉ"), ("Công ty TNHH Cơ khí Ánh Dương", "Đông Anh, Hà Nội"))
TEXT = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in ROWS * 3)
FAR = (
    '<worksheet><sheetData><row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def read(data):
    return read_sheets(io.BytesIO(data))


def refusal(data):
    with pytest.raises(Unreadable) as problem:
        read(data)
    return str(problem.value)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv(separator, encoding):
    [sheet] = read(csv_bytes(*ROWS, separator=separator, encoding=encoding))
    assert sheet.rows == [list(row) for row in ROWS]


def test_csv_of_an_old_mac_program():
    [sheet] = read(b"name,address\rA,B\rC,D\r")
    assert sheet.rows == [["name", "address"], ["A", "B"], ["C", "D"]]


def test_csv_keeps_formulas_and_line_breaks_as_text():
    [sheet] = read(csv_bytes(("name",), ("=1+1",), ("one\ntwo",)))
    assert sheet.rows == [["name"], ["=1+1"], ["one\ntwo"]]


def test_xlsx():
    [sheet] = read(xlsx_bytes(*ROWS, ("Công ty B", 3301735282)))
    assert sheet.name == "List"
    assert sheet.rows == [*(list(row) for row in ROWS), ["Công ty B", 3301735282.0]]


def test_xlsx_keeps_empty_rows_so_that_row_numbers_fit():
    [sheet] = read(xlsx_bytes((), (), *ROWS))
    assert sheet.rows[2:] == [list(row) for row in ROWS]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")],
)
def test_utf16_is_named(encoding, name):
    assert f"seems to be in {name}." in refusal(TEXT.encode(encoding))


def test_windows_1258_is_named():
    # How Windows writes Vietnamese: the tone is a letter after the vowel.
    text = "Tên,Đi\u0323a chi\u0309\nCông ty Cô\u0309 phâ\u0300n Ánh Dương,Hà Nô\u0323i\n"
    assert "Windows-1258" in refusal(text.encode("cp1258"))


def test_windows_1252_is_named():
    assert "Windows-1252" in refusal("name,city\nCafé Müller,Genève\n".encode("cp1252"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tªn doanh nghiÖp,§Þa chØ\nC«ng ty A,Hµ Néi", "TCVN3"),
        ("Teân doanh nghieäp,Ñòa chæ\nCoâng ty A,Haø Noäi", "VNI"),
    ],
)
def test_old_fonts_are_named_in_every_encoding(text, name):
    for data in (text.encode("cp1252"), text.encode(), xlsx_bytes(*csv_cells(text))):
        message = refusal(data)
        assert name in message
        assert "UniKey" in message


def csv_cells(text):
    return [line.split(",") for line in text.splitlines()]


def test_utf8_saved_as_windows_1252_is_found():
    spoiled = TEXT.encode().decode("cp1252", errors="replace").encode()
    assert "UTF-8 → Windows-1252" in refusal(spoiled)


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"<!DOCTYPE html><table>", "HTML"),
        (b"\xef\xbb\xbf<html>", "HTML"),
    ],
)
def test_other_kinds_are_named(beginning, kind):
    assert f"of kind {kind}," in refusal(beginning + bytes(range(256)) * 4)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (OLE2, "old Excel file (.xls)"),
        (b"PK\x03\x04 not an archive", "damaged"),
        (archive({"word/document.xml": "<w/>"}), "kind Word"),
        (archive({"content.xml": "<o/>"}), "kind OpenDocument"),
        (archive({"xl/workbook.bin": "x"}), "kind XLSB"),
        (archive({"readme.txt": "x"}), "kind ZIP"),
        (archive({"xl/workbook.xml": "<workbook"}), "damaged"),
        (b'name,city\n"A,B\nC,D\n', "quotation marks"),
        (b"x" * (MAX_BYTES + 1), "larger than 30 MB"),
        (b"name\n" * (MAX_ROWS + 1), "rows"),
        (b"a," * MAX_COLUMNS + b"a\n", "columns"),
    ],
)
def test_what_is_no_list_is_told_why(data, words):
    assert words in refusal(data)


def test_a_cut_workbook_is_damaged():
    data = xlsx_bytes(*ROWS)
    for length in range(10, len(data), 97):
        assert "damaged" in refusal(data[:length])


def test_a_zip_bomb_is_not_opened():
    data = workbook({"List": sheet_xml(ROWS) + " " * 8_000_000})
    assert len(data) < 20_000
    assert "would unpack to 7 MB" in refusal(data)


def test_an_archive_of_many_large_parts_is_not_opened():
    noise = bytes(range(256)) * 15_000
    # Little redundancy within the ratio, but too much in all.
    parts = {f"xl/media/{n}.bin": noise for n in range(45)}
    assert "would unpack to 164 MB" in refusal(workbook({"List": sheet_xml(ROWS)}, parts))


def test_an_archive_that_lies_about_its_size_is_damaged():
    data = workbook({"List": sheet_xml(ROWS) + " " * 8_000_000})
    assert "damaged" in refusal(with_false_size(data, "xl/worksheets/sheet1.xml", 900))


@pytest.mark.parametrize("cell", ["A1048576", "XFD1", "XFD1048576", f"A{MAX_ROWS + 1}"])
def test_a_cell_far_out_is_not_laid_out(cell):
    row = cell.lstrip("ABCDFX")
    assert "reaches to row" in refusal(workbook({"List": FAR.format(row=row, cell=cell)}))


def test_a_cell_far_out_is_found_in_a_part_of_any_name():
    data = workbook({"List": "<x/>"}, {"xl/other.dat": FAR.format(row=1, cell="XFD9").encode()})
    assert "reaches to row" in refusal(data)


def test_a_far_row_of_cells_without_a_place_is_found():
    xml = '<worksheet><sheetData><row r="900000"><c><v>1</v></c></row></sheetData></worksheet>'
    assert "reaches to row 900000" in refusal(workbook({"List": xml}))


def test_a_sheet_that_only_claims_a_million_rows_is_read():
    [sheet] = read(workbook({"List": sheet_xml(ROWS, dimension="A1:AMJ1048576")}))
    assert sheet.rows == [list(row) for row in ROWS]


def test_a_sheet_that_is_only_coloured_down_to_the_last_row_is_read():
    xml = sheet_xml(ROWS).replace(
        "</sheetData>", '<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'
    )
    [sheet] = read(workbook({"List": xml}))
    assert sheet.rows == [list(row) for row in ROWS]


@pytest.mark.parametrize(("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("XFD", 16384)])
def test_column_number(letters, number):
    assert column_number(letters) == number
