"""An officer's decisions on the page of a row, by forms alone."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.imports.columns import Meaning
from registry.imports.exporting import HEADINGS
from registry.imports.workbook_files import CHOICES, LIST
from registry.worklists.sheets import sheet
from tests.factories import (
    EnterpriseFactory,
    EnterpriseSectorFactory,
    SectorFactory,
    SiteFactory,
)
from tests.imports.reviewing import CLASH, HEADER, NAME, OTHER, known_firm
from tests.imports.sheets import HANOI, csv_bytes, tax_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    return known_firm()


def load(client, content, name="list.csv"):
    columns = client.post("/en/imports/", {"file": SimpleUploadedFile(name, content)}).url
    client.post(columns, {"header": "1"})
    return m.ImportBatch.objects.latest("pk")


def page(client, batch, number=2):
    return client.get(f"/en/imports/{batch.pk}/rows/{number}/")


def decide(client, batch, at=2, **said):
    mark = page(client, batch, at).context["mark"]
    address = f"/en/imports/{batch.pk}/rows/{at}/decide/"
    return client.post(address, {"mark": mark, **said}, follow=True)


def outcomes(batch):
    return list(batch.rows.order_by("number").values_list("outcome", flat=True))


def test_the_page_names_the_candidate_and_why(client, officer, known):
    batch = load(client, csv_bytes(HEADER, CLASH))
    shown = page(client, batch)
    assert [(one["enterprise"], one["why"]) for one in shown.context["whom"]] == [
        (known, "The same name in the same place")
    ]
    text = shown.content.decode()
    assert f'href="/en/office/enterprises/{known.public_id}/history/"' in text
    assert "checked" not in text  # nothing is chosen beforehand


def test_the_same_then_undone_then_a_new_one(client, officer, known):
    batch = load(client, csv_bytes(HEADER, CLASH))
    answer = decide(client, batch, who=str(known.pk))
    assert outcomes(batch) == ["changed"]
    assert answer.context["chosen"] == known
    client.post(f"/en/imports/{batch.pk}/rows/2/undo/")
    assert (outcomes(batch), m.ImportDecision.objects.count()) == (["doubtful"], 0)
    decide(client, batch, who="new")
    assert outcomes(batch) == ["new"]
    client.post(f"/en/imports/{batch.pk}/write/")
    assert m.DuplicateDecision.objects.get().by == officer


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Choose whom the row means."),
        ({"who": "x" * 50}, "Choose whom the row means."),
        ({"who": "9" * 30}, "Choose whom the row means."),
        ({"who": "typed"}, "A number is written as CNHT-0000012."),
        ({"who": "typed", "number": "CNHT-1\0"}, "A number is written as CNHT-0000012."),
        ({"who": "typed", "number": "CNHT-999999999"}, "no enterprise of this number"),
        ({"about": "fields"}, "Choose for at least one field"),
    ],
)
def test_what_cannot_be_decided_is_said(client, officer, known, said, words):
    batch = load(client, csv_bytes(HEADER, CLASH))
    answer = decide(client, batch, **said)
    assert words in answer.content.decode()
    assert (outcomes(batch), m.ImportDecision.objects.count()) == (["doubtful"], 0)


def test_a_typed_number_is_a_record(client, officer, known):
    other = EnterpriseFactory(name="Công ty B")
    batch = load(client, csv_bytes(HEADER, CLASH))
    decide(client, batch, who="typed", number=f" {other.public_id.lower()} ")
    assert m.ImportDecision.objects.get().same_as == other.pk


def test_many_rows_are_decided_before_they_are_checked(client, officer, known):
    twin = ("Công ty TNHH Bình Minh", OTHER, HANOI, "")
    second = EnterpriseFactory(name=twin[0], tax_code=tax_code(10010950))
    SiteFactory(enterprise=second, address=HANOI, province=m.Province.objects.get())
    first = (NAME, tax_code(10010970), HANOI, "")
    batch = load(client, csv_bytes(HEADER, first, twin))
    answer = decide(client, batch, 2, who="new", then="next")
    assert answer.redirect_chain[-1][0] == f"/en/imports/{batch.pk}/rows/3/"
    assert outcomes(batch) == ["doubtful", "doubtful"]
    rows = client.get(f"/en/imports/{batch.pk}/rows/")
    assert rows.context["unchecked"] == 1
    decide(client, batch, 3, who="new", then="next")
    assert outcomes(batch) == ["new", "new"]
    assert client.get(f"/en/imports/{batch.pk}/rows/").context["unchecked"] == 0


def edited(content, **cells):
    """The workbook with these cells of its first row edited."""
    book = load_workbook(io.BytesIO(content))
    headings = [cell.value for cell in book[LIST][1]]
    for name, text in cells.items():
        book[LIST].cell(2, headings.index(HEADINGS[Meaning[name]]) + 1).value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_conflict_is_decided_field_by_field(client, officer, known):
    content = client.get("/en/desk/enterprises/to-edit.xlsx").content
    m.Enterprise.objects.filter(pk=known.pk).update(website="https://ours.vn")
    content = edited(content, WEBSITE="https://list.vn", SHORT_NAME="AD")
    batch = load(client, content, "list.xlsx")
    [field] = page(client, batch).context["fields"]
    assert (field["name"], field["ours"], field["list"], field["take"]) == (
        "website",
        "https://ours.vn",
        "https://list.vn",
        "",
    )
    assert "checked" not in page(client, batch).content.decode()
    decide(client, batch, about="fields", **{"field-website": "list"})
    assert outcomes(batch) == ["changed"]
    client.post(f"/en/imports/{batch.pk}/write/")
    known.refresh_from_db()
    assert (known.website, known.short_name) == ("https://list.vn", "AD")


# The list of the officers, to edit and load again


@pytest.fixture
def sectors(known):
    metal, textile = SectorFactory(code="components"), SectorFactory(code="textile_leather")
    EnterpriseSectorFactory(enterprise=known, sector=metal)
    other = EnterpriseFactory(name="Công ty TNHH Sợi", tax_code=OTHER)
    SiteFactory(enterprise=other, address=HANOI, province=m.Province.objects.get())
    EnterpriseSectorFactory(enterprise=other, sector=textile)
    return other


def test_a_filtered_list_is_exported_and_comes_back_without_a_change(
    client, officer, known, sectors
):
    m.Contact.objects.create(enterprise=known, full_name="Nguyễn Văn Kín")
    query = "?sector=components&sort=-registered"
    assert f"/en/desk/enterprises/to-edit.xlsx{query}".replace("&", "&amp;") in (
        client.get(f"/en/desk/enterprises/{query}").content.decode()
    )
    content = client.get(f"/en/desk/enterprises/to-edit.xlsx{query}").content
    book = load_workbook(io.BytesIO(content))
    numbers = [row[0].value for row in book[LIST].iter_rows(min_row=2)]
    assert numbers == [one.public_id for one in sheet(query[1:], timezone.localdate()).rows]
    assert numbers == [known.public_id]
    assert book[LIST].protection.sheet and book[LIST]["A2"].protection.locked
    offered = {str(one.sqref) for one in book[LIST].data_validations.dataValidation}
    assert offered == {"H2", "I2", "M2"}
    texts = {cell.value for name in (LIST, CHOICES) for row in book[name] for cell in row}
    assert "Nguyễn Văn Kín" not in texts
    before = m.Enterprise.pgh_event_model.objects.count()
    batch = load(client, content, "list.xlsx")
    assert outcomes(batch) == ["unchanged"]
    client.post(f"/en/imports/{batch.pk}/write/")
    assert m.Enterprise.pgh_event_model.objects.count() == before


def test_rows_outside_of_the_filter_are_untouched(client, officer, known, sectors):
    content = client.get("/en/desk/enterprises/to-edit.xlsx?sector=components").content
    before = m.Enterprise.objects.filter(pk=sectors.pk).values().get()
    batch = load(client, edited(content, WEBSITE="https://moi.vn"), "list.xlsx")
    client.post(f"/en/imports/{batch.pk}/write/")
    known.refresh_from_db()
    assert known.website == "https://moi.vn"
    assert m.Enterprise.objects.filter(pk=sectors.pk).values().get() == before
    assert sectors.events.count() == 1


def test_who_cannot_load_lists_is_not_offered_one(client, known):
    auditor = give_account(username="a", password="long-enough-1", role=Role.AUDITOR, by=None)
    client.force_login(auditor)
    assert "to-edit" not in client.get("/en/desk/enterprises/").content.decode()
    assert client.get("/en/desk/enterprises/to-edit.xlsx").status_code == 403


def test_an_odd_filter_exports_nothing(client, officer, known):
    for query in ("sector=%00", "sector=nonsense", "person=x" * 400, "page=x"):
        answer = client.get(f"/en/desk/enterprises/to-edit.xlsx?{query}")
        assert answer.status_code == 200


def test_queries_do_not_grow_with_rows_or_candidates(client, officer, known):
    counts = []
    for many in (1, 3):
        SiteFactory(
            enterprise=EnterpriseFactory(name=NAME, tax_code=tax_code(10010980 + 30 * many)),
            address=f"Số {many}, Hà Nội",
            province=m.Province.objects.get(),
        )
        rows = [(NAME, "", f"Số 9{n}, Đà Nẵng", "") for n in range(many)]
        batch = load(client, csv_bytes(HEADER, CLASH, *rows))
        with CaptureQueriesContext(connection) as row:
            page(client, batch)
        with CaptureQueriesContext(connection) as rows_page:
            client.get(f"/en/imports/{batch.pk}/rows/")
        with CaptureQueriesContext(connection) as exported:
            client.get("/en/desk/enterprises/to-edit.xlsx")
        counts.append((len(row), len(rows_page), len(exported)))
    assert counts[0] == counts[1]
