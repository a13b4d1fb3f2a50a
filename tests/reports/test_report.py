"""The report holds the very figures of the page, in the form of Decree 30/2020."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
import zipfile

import docx
import openpyxl
import pypdf
import pytest
from django.utils import timezone, translation
from docx.oxml.ns import qn

from registry import models as m
from registry.dashboard.figures import all_figures
from registry.dashboard.points import Point
from registry.reports.content import cell, report_at, value_words
from registry.reports.letter import docx as as_docx
from registry.reports.paper import pdf as as_pdf
from registry.reports.workbook import xlsx as as_xlsx
from registry.search.criteria import NOT_STATED
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


@pytest.fixture
def register():
    """Enterprises, a plan with targets of two kinds, and a published figure."""
    small_register(60, seed=3)
    plan = m.PlanDocument.objects.create(
        code="p", title="Chương trình <thử> & mẫu", number="6126/QĐ-UBND", scope="hanoi",
        valid_from=TODAY - dt.timedelta(days=900), valid_to=dt.date(2030, 12, 31),
    )  # fmt: skip
    common = {"document": plan, "due_on": plan.valid_to, "period": "2026-2030", "source": "nguồn"}
    m.Target.objects.create(
        indicator="enterprises_total", operator="~", low=1200, unit="enterprises", **common
    )
    m.Target.objects.create(
        indicator="share_international_standard", operator="=", low=35, high=40, unit="%", **common
    )
    m.Baseline.objects.create(
        scope="hanoi", indicator="enterprises_total", as_of="2022", qualifier=">", value=20,
        as_of_on=dt.date(2022, 12, 31), source="báo",
    )  # fmt: skip


def text_of_docx(made: bytes) -> str:
    """Every word of the body, tables and footnotes."""
    texts = []
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        for name in ("word/document.xml", "word/footnotes.xml"):
            xml = parts.read(name).decode()
            texts += ["".join(re.findall(r"<w:t[ >][^<]*", p)) for p in xml.split("</w:p>")]
    return "\n".join(re.sub(r"<w:t[^>]*>", "", text) for text in texts)


def text_of_pdf(made: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_docx_holds_the_figures_and_the_blanks(register):
    made = as_docx(report_at(Point(on=TODAY)))
    document = docx.Document(io.BytesIO(made))
    [lines] = [t for t in document.tables if t.cell(0, 0).text == "TT"]
    with translation.override("vi"):
        for row, figure in zip(lines.rows[1:], all_figures(TODAY), strict=True):
            assert row.cells[1].text == str(figure.indicator.name)
            assert row.cells[2].text.split(" (")[0] == value_words(figure)
        assert lines.rows[1].cells[3].text == "khoảng 1.200 (2026-2030)"
        assert lines.rows[3].cells[3].text == "35–40 % (2026-2030)"
        assert lines.rows[1].cells[5].text == "trên 20 (31/12/2022)"
    text = text_of_docx(made)
    assert STATE in text and "Độc lập - Tự do - Hạnh phúc" in text and "BÁO CÁO" in text
    assert re.search(r"Số:\s+/BC-SCT", text)
    assert re.search(r"Hà Nội, ngày\s+tháng\s+năm\s*\n", text)
    assert "Annex: English summary sheet" in text
    assert "Số liệu đúng tại ngày 30/06/2026" in text and "Quy tắc tính số" in text


def test_text_is_nfc(register):
    report = report_at(Point(on=TODAY))
    for text in (text_of_docx(as_docx(report)), text_of_pdf(as_pdf(report))):
        assert text == unicodedata.normalize("NFC", text) and len(text) > 2000


def test_docx_page_is_that_of_the_decree(register):
    document = docx.Document(io.BytesIO(as_docx(report_at(Point(on=TODAY)))))
    section = document.sections[0]
    found = [round(side.mm) for side in (
        section.page_width, section.page_height, section.top_margin, section.bottom_margin,
        section.left_margin, section.right_margin,
    )]  # fmt: skip
    assert found == [210, 297, 20, 20, 30, 20]
    normal = document.styles["Normal"].font
    assert (normal.name, normal.size.pt) == ("Times New Roman", 13)
    assert document.core_properties.language == "vi-VN"


def test_the_annex_is_marked_as_english_and_nothing_else_is(register):
    document = docx.Document(io.BytesIO(as_docx(report_at(Point(on=TODAY)))))
    marked = {True: "", False: ""}
    for run in document.element.body.iter(qn("w:r")):
        marked[bool(run.xpath("./w:rPr/w:lang[@w:val='en-GB']"))] += run.text
    assert marked[True].startswith("Annex: English summary sheet")
    assert "Supporting-industry enterprises" in marked[True]
    assert "Annex" not in marked[False] and "Nơi nhận" in marked[False]


def test_the_pictures_are_described(register):
    document = docx.Document(io.BytesIO(as_docx(report_at(Point(on=TODAY)))))
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(described) == 2 and all(described)


def test_pdf_is_tagged_with_its_fonts_and_figures(register):
    made = as_pdf(report_at(Point(on=TODAY)))
    reader = pypdf.PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert root["/Lang"].lower().startswith("vi")
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            [inner] = font["/DescendantFonts"]
            descriptor = inner["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
    text = text_of_pdf(made)
    assert STATE in text and "khoảng 1.200" in text and "6126/QĐ-UBND" in text
    with translation.override("vi"):
        for figure in all_figures(TODAY):
            assert value_words(figure).replace("\u00a0", " ") in text


def test_xlsx_holds_the_figures_as_numbers(register):
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(report_at(Point(on=TODAY)))))
    figures = all_figures(TODAY)
    values = [None if f.value is None else float(f.value) for f in figures]
    assert [row[2].value for row in book["Chỉ tiêu"].iter_rows(min_row=2)] == values
    for name in ("Lĩnh vực", "Cấp cung ứng", "Xã, phường", "Sector", "Tier", "Ward"):
        *rows, total = list(book[name].iter_rows(min_row=2, min_col=2, values_only=True))
        assert list(total) == values
        for column, figure in enumerate(figures):
            if figure.indicator.whole is None:
                assert sum(row[column] for row in rows) == values[column]
    cells = [one for sheet in book for row in sheet.iter_rows() for one in row]
    assert {one.data_type for one in cells} <= {"n", "s"}


def test_tables_add_up_with_not_stated_in_sight(register):
    for on in (TODAY, TODAY - dt.timedelta(days=200)):
        for part in report_at(Point(on=on)).parts.values():
            for table in part.tables:
                assert table.rows[-1].code == NOT_STATED
                for line in part.lines:
                    if line.figure.indicator.whole is None:
                        parts = [cell(row, line.figure) for row in table.rows]
                        assert sum(parts) == line.figure.value


def test_remarks_are_differences_and_nothing_else(register):
    part = report_at(Point(on=TODAY)).parts["en"]
    total = all_figures(TODAY)[0].value
    assert f"difference −{1200 - total:,} enterprises" in part.remarks[0]
    assert f"(31 Dec 2022): +{total - 20}" in part.remarks[0]
    assert len(part.remarks) == 2  # nothing of figures that have nothing beside them


@pytest.mark.django_db(transaction=True)  # a change is recorded at the time of its transaction
def test_what_was_known_then_is_reported(register):
    moment = timezone.now()
    before = report_at(Point(on=TODAY)).parts["vi"].lines[0].figure.value
    for row in m.Enterprise.objects.operating(TODAY).order_by("pk")[:3]:
        row.closed_on = row.registered_on
        row.save()
    now = report_at(Point(on=TODAY)).parts["vi"].lines[0].figure.value
    then = report_at(Point(on=TODAY, known=moment)).parts["vi"].lines[0].figure.value
    assert (then, now < before) == (before, True)


@pytest.mark.parametrize(("kind", "magic"), [("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_files_are_public_and_named_by_their_day(client, register, kind, magic):
    response = client.get(f"/en/programme/report.{kind}", {"on": TODAY.isoformat()})
    assert response.status_code == 200 and response.content.startswith(magic)
    assert response["Content-Disposition"].endswith(f'"bao-cao-cnht-{TODAY}.{kind}"')


@pytest.mark.parametrize("asked", [{"on": "2026-02-30"}, {"rule": "77"}, {"known": "x"}])
def test_bad_input_is_said_and_no_file_is_made(client, asked):
    response = client.get("/en/programme/report.pdf", asked)
    assert response.status_code == 400 and response["Content-Type"].startswith("text/html")


def test_other_kinds_are_not_found(client):
    assert client.get("/programme/report.exe").status_code == 404


def test_the_page_offers_the_report_of_its_own_point(client, register):
    shown = client.get("/en/programme/", {"on": TODAY.isoformat()}).content.decode()
    assert f'href="/en/programme/report.pdf?on={TODAY}"' in shown


def test_an_empty_register_has_a_report():
    report = report_at(Point(on=TODAY))
    assert as_pdf(report).startswith(b"%PDF") and as_docx(report) and as_xlsx(report)


def test_queries_do_not_grow(django_assert_num_queries, django_assert_max_num_queries):
    rows = small_register(40)
    with django_assert_max_num_queries(30) as few:
        report_at(Point(on=TODAY))
    m.Enterprise.objects.filter(pk__in=[row.pk for row in rows[:30]]).delete()
    with django_assert_num_queries(len(few)):
        report_at(Point(on=TODAY))
