"""An officer's way through a list on the pages; who may go it; what comes back as a sheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.imports import actions, work
from registry.imports.reading import read_sheets
from tests.factories import EnterpriseFactory, ProvinceFactory, UserFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code

pytestmark = pytest.mark.django_db
CODE = tax_code(10010910)
HEADER = ("Tên doanh nghiệp", "MST", "Địa chỉ", "Điện thoại")
GOOD = ("Công ty TNHH Ánh Dương", CODE, HANOI, "0912345678")
BAD = ("=Công ty B", "12", HANOI, "0912345679")


@pytest.fixture
def officer(client):
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    user = give_account(username="officer", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(user)
    return user


def upload(client, *rows, header=HEADER):
    file = SimpleUploadedFile("list.csv", csv_bytes(header, *rows))
    return client.post("/en/imports/", {"file": file})


def reviewed(client, *rows, header=HEADER):
    """A list whose rows are checked, and the address of its rows."""
    columns = upload(client, *rows, header=header).url
    response = client.post(columns, {"header": "1"})
    return m.ImportBatch.objects.latest("pk"), response.url


def test_from_the_file_to_the_register_and_back(client, officer):
    batch, rows = reviewed(client, GOOD, BAD)
    page = client.get(rows).content.decode()
    assert "Công ty TNHH Ánh Dương" in page
    assert "Write 1 row" in page
    assert "has 2 digits" in page
    client.post(f"/en/imports/{batch.pk}/write/")
    assert m.Enterprise.objects.get().tax_code == CODE
    assert "1 row was written." in client.get(rows).content.decode()
    client.post(f"/en/imports/{batch.pk}/take-back/")
    assert not m.Enterprise.objects.exists()
    assert "The import was taken back." in client.get(rows).content.decode()


def test_the_columns_are_shown_with_samples_and_can_be_changed(client, officer):
    columns = upload(client, ("Công ty A", "x"), header=("Nhà thầu", "Ghi chú")).url
    page = client.get(columns).content.decode()
    assert "Công ty A" in page
    answer = client.post(columns, {"header": "1"})
    assert "No column with the names" in answer.content.decode()
    client.post(columns, {"header": "1", "column-A": "name"})
    assert m.ImportRow.objects.get().name == "Công ty A"


def test_an_unreadable_file_is_said_on_the_page(client, officer):
    page = client.post("/en/imports/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})
    assert "This is a file of kind PDF" in page.content.decode()
    assert "Choose a file first." in client.post("/en/imports/").content.decode()


def test_what_is_said_of_the_file_may_be_wrong(client, officer):
    columns = upload(client, GOOD).url
    for said in (
        {"header": "999999"},
        {"header": "x", "encoding": "UTF-16"},
        {"header": "1", "column-A": "nonsense"},
        {"header": "1", "column-A": "name:20255"},
        {"header": "1", "sheet": "other"},
    ):
        assert client.post(columns, said).status_code in (200, 302)
        assert client.get(columns).status_code == 200


def test_lists_are_filtered_by_outcome_and_the_counts_fit(client, officer):
    _batch, rows = reviewed(client, GOOD, BAD)
    page = client.get(rows + "?outcome=refused").content.decode()
    assert "=Công ty B" in page
    assert "Công ty TNHH Ánh Dương" not in page
    assert "1 of 2 rows" in page


def test_rows_are_left_out_and_accepted(client, officer):
    batch, rows = reviewed(client, GOOD, BAD)
    client.post(rows, {"do": "leave", "row": ["2", "x"]})
    assert not batch.rows.filter(decision="accept").exists()
    page = client.get(rows + "?outcome=new").content.decode()
    [mark] = re.findall(r'name="expected-all-accept" value="([^"]*)"', page)
    client.post(rows + "?outcome=new", {"do": "all-accept", "expected-all-accept": mark})
    assert batch.rows.filter(decision="accept").count() == 1
    assert client.post(rows, {"do": "check"}).status_code == 302


def test_a_cell_is_mended_in_place(client, officer):
    batch, _rows = reviewed(client, BAD)
    address = f"/en/imports/{batch.pk}/rows/2/"
    assert "0912345679" not in client.get(address).content.decode()
    seen = {"seen-B": actions.mark_of(batch.rows.get().cells["B"])}
    client.post(address, {"cell-B": CODE, "cell-D": "x", "cell-ZZ": "y", **seen})
    row = batch.rows.get()
    assert (row.outcome, row.edits) == ("new", {"B": CODE})
    assert "mended" in client.get(address).content.decode()


def test_another_officer_takes_over(client, officer):
    batch, _rows = reviewed(client, GOOD)
    other = give_account(username="other", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(other)
    client.post(f"/en/imports/{batch.pk}/write/")
    batch.refresh_from_db()
    assert (batch.uploaded_by, batch.applied_by) == (officer, other)


def test_rows_to_mend_come_back_with_the_reason_and_without_persons(client, officer):
    batch, _rows = reviewed(client, GOOD, BAD)
    data = client.get(f"/en/imports/{batch.pk}/refused.csv").content.decode("utf-8-sig")
    header, row = list(csv.reader(io.StringIO(data)))
    assert header == [*HEADER[:3], "Reason not written"]
    assert row[:3] == ["'=Công ty B", "12", HANOI]
    assert row[3].startswith("Row 3 of the file: MST: “12” has 2 digits")
    data = client.get(f"/en/imports/{batch.pk}/refused.xlsx").content
    [sheet] = read_sheets(io.BytesIO(data))
    assert sheet.rows[1][:3] == list(BAD[:3])
    assert client.get(f"/en/imports/{batch.pk}/refused.pdf").status_code == 404


def test_a_list_that_is_over_cannot_be_written_again(client, officer):
    batch, rows = reviewed(client, GOOD)
    for _again in range(2):
        client.post(f"/en/imports/{batch.pk}/write/")
    assert m.Enterprise.objects.count() == 1
    assert "The review of this list is over" in client.get(rows).content.decode()


def test_managers_and_strangers_stay_out(client):
    manager = give_account(username="m", password="long-enough-1", role=Role.MANAGER, by=None)
    batch = actions.keep_file(name="a.csv", content=csv_bytes(HEADER, GOOD), by=UserFactory())
    assert client.get("/imports/").status_code == 302
    client.force_login(manager)
    for end in ("", f"{batch.pk}/", f"{batch.pk}/rows/", f"{batch.pk}/refused.csv"):
        assert client.get(f"/imports/{end}").status_code == 403
    assert client.post(f"/imports/{batch.pk}/write/").status_code == 403


def test_queries_do_not_grow_with_the_rows(client, officer):
    counts = []
    for many in (1, 1, 30):  # the first one starts the register
        rows = [(f"Công ty {n}", tax_code(10010910 + 20 * n), HANOI, "") for n in range(many)]
        batch, address = reviewed(client, *rows)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        with CaptureQueriesContext(connection) as written:
            client.post(f"/en/imports/{batch.pk}/write/")
        with CaptureQueriesContext(connection) as back:
            client.post(f"/en/imports/{batch.pk}/take-back/")
        counts.append((len(seen), len(written), len(back)))
    assert counts[1] == counts[2]


def test_the_export_is_loaded_again_without_a_change(client, officer):
    batch, _rows = reviewed(client, GOOD)
    client.post(f"/en/imports/{batch.pk}/write/")
    content = client.get("/en/imports/export/").content
    answer = client.post("/en/imports/", {"file": SimpleUploadedFile("register.xlsx", content)})
    client.post(answer.url, {"header": "1"})
    again = m.ImportBatch.objects.latest("pk")
    assert list(again.rows.values_list("outcome", flat=True)) == ["unchanged"]


def test_refused_rows_are_mended_outside_and_loaded_again(client, officer):
    batch, _rows = reviewed(client, GOOD, BAD)
    content = client.get(f"/en/imports/{batch.pk}/refused.xlsx").content
    [sheet] = read_sheets(io.BytesIO(content))
    header, row = (list(cells) for cells in sheet.rows)
    row[1] = CODE
    again, _rows = reviewed(client, row, header=header)
    assert [(one.outcome, one.problems) for one in again.rows.all()] == [("new", [])]
    client.post(f"/en/imports/{again.pk}/write/")
    assert m.Enterprise.objects.get().extra == {}


def test_only_what_a_search_finds_is_exported(client, officer):
    other = ("Công ty TNHH Bình Minh", tax_code(20010910), HANOI, "")
    batch, _rows = reviewed(client, GOOD, other)
    client.post(f"/en/imports/{batch.pk}/write/")

    def exported(address):
        [sheet] = [
            one
            for one in read_sheets(io.BytesIO(client.get(address).content))
            if one.name == "Danh sách"
        ]
        return [cells[2] for cells in sheet.rows[1:]]

    assert exported("/en/imports/export/") == [GOOD[0], other[0]]
    assert exported("/en/imports/export/?q=binh+minh") == [other[0]]
    assert exported(f"/en/imports/export/?q={'x' * 300}") == []


def test_the_empty_list_is_given_to_officers(client, officer):
    answer = client.get("/imports/blank/")
    assert "mau-danh-sach" in answer["Content-Disposition"]
    client.post("/en/imports/", {"file": SimpleUploadedFile("mau.xlsx", answer.content)})
    assert m.ImportBatch.objects.get().name == "mau.xlsx"


# Work in the background


def test_the_page_shows_how_far_the_worker_is(client, officer, settings):
    settings.IMPORTS_IN_BACKGROUND = True
    columns = upload(client, GOOD).url
    rows = client.post(columns, {"header": "1"}).url
    run = m.ImportRun.objects.get()
    address = f"/en/imports/{run.batch_id}/progress/"
    answer = client.get(address)
    assert "Waiting for the worker." in answer.content.decode()
    assert "HX-Refresh" not in answer
    m.ImportRun.objects.update(attempts=1, started_at=run.asked_at, done=50, total=200)
    page = client.get(rows).content.decode()
    assert "50 of 200 rows (25%)" in page
    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in page
    assert "Write 0 rows" not in page
    m.ImportRun.objects.update(ended_at=run.asked_at)
    assert client.get(address)["HX-Refresh"] == "true"
    assert "refresh" not in client.get(rows).content.decode()


def test_the_page_says_that_no_worker_is_running(client, officer, settings):
    settings.IMPORTS_IN_BACKGROUND = True
    rows = client.post(upload(client, GOOD).url, {"header": "1"}).url
    words = "No worker is running"
    assert words not in client.get(rows).content.decode()
    m.ImportRun.objects.update(asked_at=timezone.now() - dt.timedelta(seconds=6))
    assert words in client.get(rows).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert words not in client.get(rows).content.decode()


def test_hands_are_kept_off_while_the_worker_is_at_it(client, officer, settings):
    batch, rows = reviewed(client, GOOD)
    settings.IMPORTS_IN_BACKGROUND = True
    client.post(f"/en/imports/{batch.pk}/write/")
    client.post(rows, {"do": "all-leave", "expected-all-leave": "1"})
    client.post(f"/en/imports/{batch.pk}/write/")
    assert "Work on this list is going on" in client.get(rows).content.decode()
    assert batch.rows.get().decision == "accept"
    assert m.ImportRun.objects.filter(step="write").count() == 1


def test_why_the_work_failed_is_said_until_there_is_other_work(client, officer):
    batch, rows = reviewed(client, GOOD)
    EnterpriseFactory(name="Công ty khác hẳn", tax_code=CODE)
    client.post(f"/en/imports/{batch.pk}/write/")
    assert "The register has changed since" in client.get(rows).content.decode()
    client.post(rows, {"do": "check"})
    assert "The register has changed since" not in client.get(rows).content.decode()


# Large files: looked at by the worker


@pytest.fixture
def large(settings, monkeypatch):
    """Every file is large, and a worker is needed."""
    settings.IMPORTS_IN_BACKGROUND = True
    for module in (work, actions):
        monkeypatch.setattr(module, "BYTES_AT_ONCE", 5)


def worker_works():
    for run in m.ImportRun.objects.filter(ended_at__isnull=True):
        work.carry_out(run.pk)


def test_a_large_file_is_kept_at_once_and_looked_at_by_the_worker(client, officer, large):
    columns = upload(client, ("Công ty A", "x"), header=("Nhà thầu", "Ghi chú")).url
    rows = client.get(columns).url
    assert "Looking at the file" in client.get(rows).content.decode()
    assert m.ImportBatch.objects.get().found == {}
    worker_works()
    assert client.get(rows).url.removeprefix("/en") == columns.removeprefix("/en")
    assert "Công ty A" in client.get(columns).content.decode()
    assert client.post(columns, {"header": "1", "column-A": "name"}).url == rows
    worker_works()
    assert m.ImportRow.objects.get().name == "Công ty A"
    again = upload(client, ("Công ty B", "y"), header=("Nhà thầu", "Ghi chú")).url
    worker_works()
    assert m.ImportBatch.objects.latest("pk").mapping == {"A": "name"}
    page = client.get(again).content.decode()
    assert '<option value="name" selected>' in page


def test_why_a_large_file_cannot_be_read_is_said(client, officer, large):
    file = SimpleUploadedFile("list.xlsx", b"PK\x03\x04 not an archive")
    rows = client.get(client.post("/en/imports/", {"file": file}).url).url
    worker_works()
    page = client.get(rows).content.decode()
    assert "The workbook is damaged or not a workbook at all." in page
    assert client.get(rows.removesuffix("rows/")).url == rows
    pdf = client.post("/en/imports/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 and so on")})
    assert "This is a file of kind PDF" in pdf.content.decode()
    assert m.ImportBatch.objects.count() == 1


def test_what_is_said_of_a_large_file_is_found_out_by_the_worker(client, officer, large):
    columns = upload(client, GOOD).url
    worker_works()
    rows = client.post(columns, {"header": "1", "column-A": "extra"}).url
    worker_works()
    assert (
        "No column with the names of the enterprises was found."
        in client.get(rows).content.decode()
    )
    page = client.get(columns).content.decode()
    assert '<option value="extra" selected>' in page
