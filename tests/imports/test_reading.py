"""Files as they come: what can be read, and what every other file is told."""

import io
import unicodedata

import pytest

from registry.core.text import tidy
from registry.imports import spellings
from registry.imports.problems import Unreadable
from registry.imports.reading import MAX_BYTES, read_file, read_sheets
from registry.imports.workbooks import MAX_COLUMNS, MAX_ROWS, column_number
from tests.imports.sheets import (
    archive,
    csv_bytes,
    ods_bytes,
    ods_row,
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


def read_as(data):
    """What was guessed, and the cells with their letters composed."""
    reading = read_file(io.BytesIO(data))
    [sheet] = reading.sheets
    return reading.encoding, [[tidy(cell) for cell in row] for row in sheet.rows]


SAME = [list(row) for row in ROWS * 3]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16(encoding):
    assert read_as(TEXT.encode(encoding)) == ("UTF-16", SAME)


def test_decomposed_letters():
    assert read_as(unicodedata.normalize("NFD", TEXT).encode()) == ("UTF-8", SAME)


def test_windows_1258():
    # How Windows writes Vietnamese: the tone is a letter after the vowel.
    text = "Tên,Đi\u0323a chi\u0309\nCông ty Cô\u0309 phâ\u0300n Ánh Dương,Hà Nô\u0323i\n"
    rows = [["Tên", "Địa chỉ"], ["Công ty Cổ phần Ánh Dương", "Hà Nội"]]
    assert read_as(text.encode("cp1258")) == ("Windows-1258", rows)


def test_windows_1252():
    data = "name,city\nCafé Müller,Genève\n".encode("cp1252")
    assert read_as(data) == ("Windows-1252", [["name", "city"], ["Café Müller", "Genève"]])


OLD = [
    ("Tªn doanh nghiÖp,§Þa chØ\nC«ng ty A,Hµ Néi\nc¬ së V¹n ¦u,§IÖN Tö Vµ C¬ KHÝ", "TCVN3 (ABC)"),
    (
        "Teân doanh nghieäp,Ñòa chæ\nCoâng ty A,Haø Noäi\ncô sôû Vaïn Öu,ÑIEÄN TÖÛ VAØ CÔ KHÍ",
        "VNI",
    ),
]
MEANT = [
    ["Tên doanh nghiệp", "Địa chỉ"],
    ["Công ty A", "Hà Nội"],
    ["cơ sở Vạn Ưu", "ĐIỆN TỬ VÀ CƠ KHÍ"],
]


@pytest.mark.parametrize(("text", "name"), OLD)
def test_old_fonts_are_read_in_every_encoding(text, name):
    for data in (text.encode("cp1252"), text.encode(), xlsx_bytes(*csv_cells(text))):
        assert read_as(data) == (name, MEANT)


def csv_cells(text):
    return [line.split(",") for line in text.splitlines()]


def test_every_letter_has_its_way_back():
    letters = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
    found = spellings.from_tcvn3("".join(spellings.TCVN3_LETTERS))
    assert sorted(found) == sorted(letters)
    vni = "aøaûaõaùaïaêaèaúaüaéaëaâaàaåaãaáaäñeøeûeõeùeïeâeàeåeãeáeäìæóíòoøoûoõoùoïoâoàoåoãoáoä"
    vni += "ôôøôûôõôùôïuøuûuõuùuïööøöûöõöùöïyøyûyõyùî"
    assert spellings.from_vni(vni) == letters
    assert spellings.from_vni(vni.upper()) == letters.upper()


def test_utf8_saved_as_windows_1252_is_mended():
    spoiled = spellings.from_cp1252(TEXT.encode()).encode()
    assert read_as(spoiled) == ("UTF-8 → Windows-1252", SAME)


def test_letters_that_are_lost_are_not_made_up():
    spoiled = TEXT.encode().decode("cp1252", errors="replace").encode()
    assert "UTF-8 → Windows-1252" in refusal(spoiled)


def test_the_officer_can_say_the_encoding():
    text = "Tªn,n¬i\nC«ng ty A,Hµ Néi"
    reading = read_file(io.BytesIO(text.encode()), encoding="UTF-8")
    assert reading.sheets[0].rows == csv_cells(text)
    reading = read_file(io.BytesIO(text.encode()), encoding="TCVN3 (ABC)")
    assert reading.sheets[0].rows == [["Tên", "nơi"], ["Công ty A", "Hà Nội"]]
    with pytest.raises(Unreadable, match="cannot be read as UTF-8"):
        read_file(io.BytesIO(text.encode("cp1252")), encoding="UTF-8")


PAGE = (
    "<html><table><tr><td colspan=2>Biểu 1</td></tr>"
    "<tr><th>Tên doanh nghiệp</th><th>Địa chỉ</th></tr>"
    "<tr><td>Công ty A &amp; B<br></td><td>Hà Nội</table>"
)


def test_a_page_saved_as_xls():
    reading = read_file(io.BytesIO(PAGE.encode()))
    assert reading.kind == "HTML"
    assert reading.sheets[0].rows == [
        ["Biểu 1", ""],
        ["Tên doanh nghiệp", "Địa chỉ"],
        ["Công ty A & B", "Hà Nội"],
    ]


def test_several_tables_of_a_page_are_sheets():
    assert [sheet.name for sheet in read((PAGE + PAGE).encode())] == ["1", "2"]


def test_ods():
    reading = read_file(io.BytesIO(ods_bytes(*ROWS)))
    assert (reading.kind, reading.sheets[0].rows) == ("ODS", [list(row) for row in ROWS])


def test_ods_filled_up_with_one_empty_row_is_read():
    [sheet] = read(ods_bytes(*ROWS, more=ods_row("", rows=1_048_000, columns=16_384)))
    assert sheet.rows == [list(row) for row in ROWS]


@pytest.mark.parametrize(
    ("rows", "columns"), [(1_048_576, 1), (1, 16_384), (MAX_ROWS, MAX_COLUMNS)]
)
def test_ods_that_repeats_a_filled_row_is_not_laid_out(rows, columns):
    assert "reaches to row" in refusal(ods_bytes(more=ods_row("x", rows=rows, columns=columns)))


def test_ods_of_endless_entities_is_damaged():
    bomb = '<!DOCTYPE a [<!ENTITY a "' + "x" * 99 + '">'
    bomb += "".join(
        f'<!ENTITY {new} "{f"&{old};" * 99}">' for old, new in zip("abcde", "bcdef", strict=True)
    )
    data = archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<m/>",
            "content.xml": f"{bomb}]><a>&f;</a>",
        }
    )
    assert "damaged" in refusal(data)


def test_a_locked_ods_is_told_so():
    data = archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<m><encryption-data/></m>",
            "content.xml": "x",
        }
    )
    assert "password" in refusal(data)


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_other_kinds_are_named(beginning, kind):
    assert f"of kind {kind}," in refusal(beginning + bytes(range(256)) * 4)


@pytest.mark.parametrize("page", ["<!DOCTYPE html><table>", "\ufeff<html>Tên", "<?xml?><a/>"])
def test_a_page_without_a_table_is_no_list(page):
    assert "of kind HTML," in refusal(page.encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (OLE2, "damaged"),
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
