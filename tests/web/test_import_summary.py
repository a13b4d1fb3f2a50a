"""The summary of a list on its page and as a letter, for officers alone."""

from __future__ import annotations

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from tests.factories import ProvinceFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code

pytestmark = pytest.mark.django_db
HEADER = ("Tên doanh nghiệp", "MST", "Địa chỉ")


@pytest.fixture
def officer(client):
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    user = give_account(username="officer", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(user)
    return user


def load(client, count=2):
    rows = [(f"Công ty {n}", tax_code(300_100_000 + 20 * n), HANOI) for n in range(count)]
    rows += [(f"Công ty sai {n}", "12", HANOI) for n in range(count)]
    file = SimpleUploadedFile("danh sách.csv", csv_bytes(HEADER, *rows))
    columns = client.post("/en/imports/", {"file": file}).url
    client.post(columns, {"header": "1"})
    return m.ImportBatch.objects.latest("pk")


def test_the_page_in_both_languages_and_the_letter_in_vietnamese(client, officer):
    batch = load(client)
    english = client.get(f"/en/imports/{batch.pk}/summary/")
    vietnamese = client.get(f"/imports/{batch.pk}/summary/")
    assert english.context["told"].title == "Result of loading the list “danh sách.csv”"
    assert vietnamese.context["told"].title == "Kết quả nhập danh sách “danh sách.csv”"
    shown = english.content.decode()
    assert english.context["text"].splitlines()[1] in shown
    assert "Tax code with a wrong number of digits" in shown
    assert (
        f"/en/imports/{batch.pk}/summary/"
        in client.get(f"/en/imports/{batch.pk}/rows/").content.decode()
    )
    answer = client.get(f"/en/imports/{batch.pk}/summary.docx")
    document = docx.Document(io.BytesIO(answer.content))
    assert vietnamese.context["told"].intro in [one.text for one in document.paragraphs]


def test_what_is_said_of_rows_is_told_in_the_readers_language(client, officer):
    batch = load(client)  # checked in English
    number = batch.rows.filter(outcome="refused").earliest("number").number
    for url in ("rows/", f"rows/{number}/", "refused.csv"):
        english, vietnamese = (
            client.get(f"{language}/imports/{batch.pk}/{url}").content.decode("utf-8-sig")
            for language in ("/en", "")
        )
        said = ["has 2 digits" in english, "có 2 chữ số" in english]
        assert (url, said) == (url, [True, False])
        said = ["has 2 digits" in vietnamese, "có 2 chữ số" in vietnamese]
        assert (url, said) == (url, [False, True])


def test_only_for_officers_and_only_for_lists_that_are_there(client, officer):
    batch = load(client)
    assert client.get("/en/imports/999/summary/").status_code == 404
    assert client.get("/en/imports/999/summary.docx").status_code == 404
    assert client.post(f"/en/imports/{batch.pk}/summary/").status_code == 405
    manager = give_account(username="m", password="long-enough-1", role=Role.MANAGER, by=None)
    client.force_login(manager)
    for end in ("summary/", "summary.docx"):
        assert client.get(f"/imports/{batch.pk}/{end}").status_code == 403


def test_a_list_that_was_not_checked_yet_has_a_summary(client, officer):
    file = SimpleUploadedFile("a.csv", csv_bytes(HEADER, ("Công ty A", "12", HANOI)))
    client.post("/en/imports/", {"file": file})
    batch = m.ImportBatch.objects.get()
    page = client.get(f"/en/imports/{batch.pk}/summary/")
    assert page.context["told"].intro.startswith("The list has 0 rows")


def test_queries_do_not_grow_with_the_rows(client, officer):
    counts = []
    for many in (1, 3):
        batch = load(client, many)
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/en/imports/{batch.pk}/summary/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts
