"""What is done to a list by hand is kept: of which rows, by whom, when; lists can be removed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.imports import actions
from registry.imports.acts.queries import acts_on, last_acts
from registry.imports.acts.spans import count_of, holds, spans_of
from registry.imports.problems import BatchBusy, WrongStep
from registry.imports.review import actions as review
from registry.imports.review.filters import RowFilter
from registry.imports.review.queries import bulk
from registry.imports.runs import actions as runs
from tests.factories import UserFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code

pytestmark = pytest.mark.django_db
HEADER = ("Tên doanh nghiệp", "Mã số thuế", "Địa chỉ")
ROWS = [(f"Công ty Số {n}", tax_code(10010910 + n), HANOI) for n in range(3)]


@pytest.fixture
def batch():
    kept = actions.keep_file(name="a.csv", content=csv_bytes(HEADER, *ROWS), by=UserFactory())
    return actions.check_again(batch_id=kept.pk)


@pytest.fixture
def officer(client):
    user = give_account(username="lan", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(user)
    return user


def test_spans_hold_what_they_were_made_of():
    assert spans_of({7, 2, 3, 4}) == [[2, 4], [7, 7]]
    assert spans_of([]) == []
    assert [n for n in range(10) if holds([[2, 4], [7, 7]], n)] == [2, 3, 4, 7]
    assert count_of([[2, 4], [7, 7]]) == 4


def test_what_was_done_to_all_rows_is_kept_with_who_did_it(batch, officer):
    mark = bulk(batch, RowFilter()).leave.mark
    review.decide_all(batch_id=batch.pk, rows=RowFilter(), accept=False, expected=mark, by=officer)
    actions.edit(batch_id=batch.pk, number=3, cells={"A": "Công ty Khác"}, by=officer)
    actions.edit(batch_id=batch.pk, number=3, cells={"A": "Công ty Số 1"}, by=officer)
    review.put_back(batch_id=batch.pk, number=3, letter="A", by=officer)
    acts = [(act.label, act.rows, act.person) for act in last_acts(batch)]
    assert acts[-2:] == [("Mended", 1, str(officer)), ("Left out", 3, str(officer))]
    assert [act.label for act in acts_on(batch, 3)][0] == "Put back"
    assert [act.label for act in acts_on(batch, 2)] == ["Left out"]


def test_the_pages_say_what_was_done_by_hand(client, batch, officer):
    client.post(f"/en/imports/{batch.pk}/rows/", {"do": "leave", "row": ["2", "4"]})
    assert "lan: Left out · 2 rows" in client.get(f"/en/imports/{batch.pk}/rows/").content.decode()
    pages = [f"/en/imports/{batch.pk}/rows/{n}/" for n in (2, 3)]
    assert ["lan: Left out" in client.get(url).content.decode() for url in pages] == [True, False]


def test_a_removed_list_keeps_its_name_and_who_removed_it_and_nothing_else(client, batch, officer):
    url = reverse("import-remove", args=[batch.pk])
    client.post(url, {"reason": "  "})
    assert m.ImportBatch.objects.get().status == "planned"
    runs.end(runs.ask(batch_id=batch.pk, step="write", by=officer).pk, problem="Not written.")
    client.post(url, {"reason": "loaded twice"})
    batch.refresh_from_db()
    assert (batch.status, batch.name, bytes(batch.content), batch.found) == (
        "removed", "a.csv", b"", {},
    )  # fmt: skip
    assert not batch.rows.exists()
    act = m.ImportAct.objects.get()
    assert (act.kind, act.reason, act.by) == ("remove", "loaded twice", officer)
    listed = client.get("/en/imports/").content.decode()
    assert f"/en/imports/{batch.pk}/rows/" not in listed
    page = client.get(f"/en/imports/{batch.pk}/rows/").content.decode()
    assert ["loaded twice" in page, "Not written." in page, "0 rows" in page] == [
        True,
        False,
        False,
    ]
    for end in ("", "summary/", "summary.docx", "refused.xlsx", "progress/"):
        answer = client.get(f"/en/imports/{batch.pk}/{end}", follow=True)
        assert answer.status_code == 200, end
    with pytest.raises(WrongStep):
        actions.in_hand(batch.pk)


def test_a_list_that_was_written_or_is_worked_on_is_not_removed(batch):
    by = UserFactory()
    run = runs.ask(batch_id=batch.pk, step="check", by=by)
    with pytest.raises(BatchBusy):
        review.remove(batch_id=batch.pk, reason="x", by=by)
    runs.end(run.pk)
    actions.write(batch_id=batch.pk, by=by)
    with pytest.raises(WrongStep):
        review.remove(batch_id=batch.pk, reason="x", by=by)


def test_a_large_file_that_cannot_be_read_says_so_and_can_be_removed(client, officer, settings):
    settings.IMPORTS_IN_BACKGROUND = False
    kept = actions.keep_unseen(name="big.xlsx", content=b"PK" + bytes(2_000), by=officer)
    run = runs.ask(batch_id=kept.pk, step="look", by=officer)
    runs.end(run.pk, problem="The workbook is damaged.")
    assert "Cannot be read" in client.get("/en/imports/").content.decode()
    page = client.get(f"/en/imports/{kept.pk}/rows/").content.decode()
    assert "The workbook is damaged." in page
    assert "Remove this list" in page
    assert "Rows to mend" not in page
    client.post(reverse("import-remove", args=[kept.pk]), {"reason": "damaged"})
    assert "big.xlsx" not in client.get("/en/imports/").content.decode().partition("<table")[2]


@pytest.mark.parametrize(
    "text", ["cong ty so 1", "CÔNG TY SỐ 1", tax_code(10010911), tax_code(10010911)[:6]]
)
def test_a_row_is_found_by_its_name_or_tax_code(batch, text):
    found = RowFilter.asked({"q": text}).rows(batch)
    folded = sorted(row.number for row in found)
    assert folded == ([2, 3, 4] if len(text) == 6 else [3])
