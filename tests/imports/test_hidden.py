"""Hidden rows and sheets, titles, merged headings, totals: shown as guessed, changed at will."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from tests.factories import ProvinceFactory
from tests.imports.old_files import xls_bytes
from tests.imports.sheets import HANOI, HEADER, ods_bytes, sheet_xml, tax_code, workbook, xlsx_bytes

pytestmark = pytest.mark.django_db
ROWS = [
    HEADER,
    ("Công ty A", tax_code(10010910), HANOI),
    ("Công ty B", tax_code(10010920), HANOI),
    ("Công ty C", tax_code(10010940), HANOI),
]
OTHER = [HEADER, ("Công ty D", tax_code(10010960), HANOI)]


def xlsx(hidden=(), secret=()):
    xml = sheet_xml(ROWS)
    for number in hidden:
        xml = xml.replace(f'<row r="{number}">', f'<row r="{number}" hidden="1">')
    data = {"List": xml} | ({"Secret": sheet_xml(secret)} if secret else {})
    return hiding(workbook(data)) if secret else workbook(data)


def hiding(data):
    """The workbook with its second sheet hidden."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    book = parts["xl/workbook.xml"].decode()
    parts["xl/workbook.xml"] = book.replace(
        'name="Secret"', 'name="Secret" state="hidden"'
    ).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def ods(hidden=(), secret=()):
    rows = []
    for number, texts in enumerate(ROWS, start=1):
        shown = ' table:visibility="collapse"' if number in hidden else ""
        cells = (f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
        rows.append(f"<table:table-row{shown}>{''.join(cells)}</table:table-row>")
    kind = '<table:table-cell office:value-type="string">'
    return ods_bytes(more="".join(rows).replace("<table:table-cell>", kind))


def xls(hidden=(), secret=()):
    return xls_bytes(*ROWS, hidden=hidden, secret=secret)


@pytest.fixture
def officer(client):
    ProvinceFactory()
    user = give_account(username="officer", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(user)
    return client


def columns_of(client, content, name="list"):
    return client.post("/en/imports/", {"file": SimpleUploadedFile(name, content)}).url


def names():
    batch = m.ImportBatch.objects.latest("pk")
    return list(batch.rows.order_by("number").values_list("name", flat=True))


def notices():
    return [one["message"] for one in m.ImportBatch.objects.latest("pk").notices]


@pytest.mark.parametrize("make", [xlsx, xls, ods])
def test_hidden_rows_are_read_unless_they_are_to_be_left_out(officer, make):
    columns = columns_of(officer, make(hidden=[3, 4]))
    assert "2 rows are hidden in the file." in officer.get(columns).content.decode()
    officer.post(columns, {"header": "1"})
    assert names() == ["Công ty A", "Công ty B", "Công ty C"]
    assert notices() == ["2 rows are hidden in the file and were read like the others: 3, 4."]
    officer.post(columns, {"header": "1", "hidden": "leave"})
    assert names() == ["Công ty A"]
    assert notices() == ["2 rows are hidden in the file and were left out: 3, 4."]
    page = officer.get(columns).content.decode()
    assert '<input type="radio" name="hidden" value="leave" checked>' in page


def test_the_command_leaves_hidden_rows_out_where_told(tmp_path):
    file = tmp_path / "list.xls"
    file.write_bytes(xls(hidden=[3]))
    out = io.StringIO()
    call_command("import_enterprises", str(file), "--without-hidden", stdout=out)
    assert "Rows: 2" in out.getvalue()


@pytest.mark.parametrize("make", [xlsx, xls])
def test_a_hidden_sheet_is_read_only_where_it_is_chosen(officer, make):
    columns = columns_of(officer, make(secret=OTHER))
    page = officer.get(columns).content.decode()
    assert '<option value="List" selected>List</option>' in page
    assert '<option value="Secret">Secret (hidden)</option>' in page
    officer.post(columns, {"header": "1", "sheet": "List"})
    assert names() == ["Công ty A", "Công ty B", "Công ty C"]
    officer.post(columns, {"header": "1", "sheet": "Secret"})
    assert names() == ["Công ty D"]
    assert "The sheet “Secret”, which is read, is hidden in the file." in notices()


def test_what_libreoffice_hides_is_known(officer):
    """Row 3, column C and the sheet “Secret” are hidden; hidden columns are read like others."""
    content = (Path(__file__).parent / "files" / "hidden.ods").read_bytes()
    columns = columns_of(officer, content, "hidden.ods")
    page = officer.get(columns).content.decode()
    assert "1 row is hidden in the file." in page
    assert '<option value="Secret">Secret (hidden)</option>' in page
    officer.post(columns, {"header": "1", "sheet": "List", "hidden": "leave"})
    assert names() == ["Công ty A", "Công ty C"]
    assert notices()[-1] == "1 rows are hidden in the file and were left out: 3."
    cells = m.ImportBatch.objects.latest("pk").rows.order_by("number").values_list("cells")
    assert [one["C"] for (one,) in cells] == ["Hà Nội", "Hà Nội"]
    officer.post(columns, {"header": "1", "sheet": "Secret"})
    assert names() == ["Công ty D"]
    assert "The sheet “Secret”, which is read, is hidden in the file." in notices()


LAYOUT = [
    ("UBND THÀNH PHỐ HÀ NỘI", "", "", "", ""),
    ("DANH SÁCH DOANH NGHIỆP", "", "", "", ""),
    ("STT", "Tên doanh nghiệp", "MST", "Địa điểm sản xuất", ""),
    ("", "", "", "Địa chỉ", "Tỉnh/TP"),
    (1, "Công ty A", tax_code(10010910), "Số 5 phố Thử", "Hà Nội"),
    ("", "Tổng cộng", "", "", ""),
    ("", "", "", "NGƯỜI LẬP BIỂU", ""),
]


def page_of(rows):
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><meta charset=utf-8><table>{lines}</table></html>".encode()


@pytest.mark.parametrize(
    "content",
    [
        xlsx_bytes(*LAYOUT, Khác=[("x",)]),
        xls_bytes(*[[str(cell) for cell in row] for row in LAYOUT]),
        page_of(LAYOUT),
    ],
    ids=["xlsx", "xls", "html"],
)
def test_titles_merged_headings_and_totals(officer, content):
    columns = columns_of(officer, content)
    page = officer.get(columns).content.decode()
    assert '<input id="header" name="header" type="number" min="1" max="999999" value="4">' in page
    assert "Địa điểm sản xuất / Tỉnh/TP" in page
    officer.post(columns, {"header": "4"})
    rows = m.ImportBatch.objects.get().rows.order_by("number")
    assert list(rows.values_list("number", "outcome")) == [
        (5, "new"), (6, "refused"), (7, "refused"),
    ]  # fmt: skip
    officer.post(f"/en/imports/{m.ImportBatch.objects.get().pk}/write/")
    site = m.Site.objects.get()
    assert (site.address, site.province.code) == ("Số 5 phố Thử, Hà Nội", "01")
