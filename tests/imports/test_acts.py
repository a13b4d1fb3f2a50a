"""What is done to a list by hand is kept: of which rows, by whom, when; lists can be removed."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.imports import actions, work
from registry.imports.acts.queries import acts_on, last_acts
from registry.imports.acts.spans import count_of, holds, spans_of
from registry.imports.problems import BatchBusy, WrongStep
from registry.imports.review import actions as review
from registry.imports.review.filters import RowFilter
from registry.imports.review.queries import as_shown, bulk
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


def remove(batch, by):
    review.remove(batch_id=batch.pk, reason="x", expected=as_shown(batch), by=by)


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
    shown = {"expected": as_shown(batch)}
    client.post(url, {"reason": "  "} | shown)
    assert m.ImportBatch.objects.get().status == "planned"
    runs.end(runs.ask(batch_id=batch.pk, step="write", by=officer).pk, problem="Not written.")
    client.post(url, {"reason": "loaded twice"} | shown)
    batch.refresh_from_db()
    assert (batch.status, batch.name, bytes(batch.content), batch.found) == (
        "removed", "a.csv", b"", {},
    )  # fmt: skip
    assert not batch.rows.exists()
    act = m.ImportAct.objects.get()
    assert (act.kind, act.reason, act.by) == ("remove", "loaded twice", officer)
    listed = client.get("/en/imports/").content.decode()
    on_the_table, _summary, removed = listed.partition("Removed lists")
    link = f"/en/imports/{batch.pk}/rows/"
    assert [link in on_the_table, link in removed] == [False, True]
    assert [f" · {officer} · " in removed, "loaded twice" in removed] == [True, True]
    page = client.get(f"/en/imports/{batch.pk}/rows/").content.decode()
    assert ["loaded twice" in page, "Not written." in page, "0 rows" in page] == [
        True,
        False,
        False,
    ]
    for end in ("", "summary/", "summary.docx", "refused.xlsx", "progress/"):
        answer = client.get(f"/en/imports/{batch.pk}/{end}", follow=True)
        assert answer.status_code == 200, end
        assert "The list has 0 rows" not in answer.content.decode(errors="ignore"), end
    for end in ("summary/", "summary.docx"):
        page = client.get(f"/en/imports/{batch.pk}/{end}", follow=True).content.decode()
        assert "This list was removed before anything of it was written" in page, end
    with pytest.raises(WrongStep):
        actions.in_hand(batch.pk)


def test_a_list_that_was_written_or_is_worked_on_is_not_removed(batch):
    by = UserFactory()
    run = runs.ask(batch_id=batch.pk, step="check", by=by)
    with pytest.raises(BatchBusy):
        remove(batch, by)
    runs.end(run.pk)
    actions.write(batch_id=batch.pk, by=by)
    with pytest.raises(WrongStep):
        remove(batch, by)


def test_a_list_on_which_somebody_worked_since_it_was_shown_is_not_removed(client, batch, officer):
    shown = {"reason": "old", "expected": as_shown(batch)}
    url = f"/en/imports/{batch.pk}/remove/"
    review.decide(batch_id=batch.pk, numbers=[2], accept=False, by=UserFactory())
    page = client.post(url, shown, follow=True).content.decode()
    assert "Somebody has worked on this list since you opened the page." in page
    marks = {shown["expected"], as_shown(batch)}
    review.take_over(batch_id=batch.pk, by=UserFactory())
    marks.add(as_shown(batch))
    m.ImportDecision.objects.create(batch=batch, number=2, kind="same", same_as=1, by=officer)
    marks.add(as_shown(batch))
    assert len(marks) == 4
    with pytest.raises(review.ListChanged):
        review.remove(batch_id=batch.pk, reason="old", expected=shown["expected"], by=officer)
    assert batch.rows.count() == 3


def test_a_list_that_waits_for_a_second_person_is_not_removed(client, batch, officer):
    m.ApprovalPolicy.objects.create(kind="import", is_required=True, reason="x", by=officer)
    client.post(f"/en/imports/{batch.pk}/write/", {"reason": "good"})
    shown = {"reason": "old", "expected": as_shown(batch)}
    answer = client.post(f"/en/imports/{batch.pk}/remove/", shown, follow=True)
    assert "waits for a second person. Withdraw that first" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.status == "planned"
    m.Proposal.objects.update(outcome="withdrawn", decided_by=officer, decided_at=timezone.now())
    client.post(f"/en/imports/{batch.pk}/remove/", shown)
    batch.refresh_from_db()
    assert batch.status == "removed"


def test_a_list_that_was_only_loaded_can_be_removed(client, officer):
    kept = actions.keep_file(name="a.csv", content=csv_bytes(HEADER, *ROWS), by=officer)
    page = client.get(f"/en/imports/{kept.pk}/rows/", follow=True)
    assert page.redirect_chain == [(f"/en/imports/{kept.pk}/", 302)]
    assert 'name="expected"' in page.content.decode()
    url = f"/en/imports/{kept.pk}/remove/"
    said = client.post(url, {"reason": " ", "expected": as_shown(kept)}, follow=True)
    assert "Write why the list is removed." in said.content.decode()
    client.post(url, {"reason": "wrong file", "expected": as_shown(kept)})
    kept.refresh_from_db()
    assert kept.status == "removed"


def test_a_removed_list_no_longer_says_what_columns_mean(officer):
    content = csv_bytes(("Tên doanh nghiệp", "Cột lạ"), ("Công ty A", "x"))
    first = actions.keep_file(name="a.csv", content=content, by=officer)
    how = {"encoding": "", "sheet": "", "header": 0, "mapping": {"B": "website"}}
    actions.say_how(batch_id=first.pk, **how)
    learned = actions.keep_file(name="b.csv", content=content, by=officer)
    for one in (first, learned):
        one.refresh_from_db()
        remove(one, officer)
    again = actions.keep_file(name="c.csv", content=content, by=officer)
    assert (learned.mapping, again.mapping) == ({"B": "website"}, {})


@pytest.mark.parametrize("is_large", [False, True])
def test_what_was_done_to_rows_of_another_sheet_is_not_told_of_these(
    batch, officer, is_large, monkeypatch
):
    if is_large:
        monkeypatch.setattr(actions, "BYTES_AT_ONCE", 1)
    review.decide(batch_id=batch.pk, numbers=[2, 3], accept=False, by=officer)
    how = {"encoding": "", "sheet": "", "header": 2, "mapping": {"A": "name", "B": "tax_code"}}
    work.ask_to_check(batch_id=batch.pk, how=how, by=officer)
    review.decide(batch_id=batch.pk, numbers=[4], accept=False, by=officer)
    assert [act.label for act in acts_on(batch, 3)] == []
    told = [(act.label, act.rows) for act in last_acts(batch)]
    assert told[-2:] == [("Read anew from another sheet or row", 0), ("Left out", 2)]


def test_acts_are_only_added_to(batch, officer):
    review.decide(batch_id=batch.pk, numbers=[2], accept=False, by=officer)
    for change in (
        lambda: m.ImportAct.objects.update(reason="y"),
        lambda: m.ImportAct.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    with pytest.raises(ProtectedError):
        batch.delete()


@pytest.mark.parametrize("letter", ["B", "AB"])
def test_rows_of_before_are_found_as_those_checked_since(officer, letter):
    between = [f"Cột {n}" for n in range(0 if letter == "B" else 26)]
    header = ("Tên doanh nghiệp", *between, "Mã số thuế", "Địa chỉ")
    lines = [("Công ty Số 1", *between, "0100 109-106", HANOI), ("Đúc Ý", *between, "", HANOI)]
    kept = actions.keep_file(name="a.csv", content=csv_bytes(header, *lines), by=officer)
    batch = actions.check_again(batch_id=kept.pk)
    wanted = list(batch.rows.order_by("number").values_list("sought", flat=True))
    assert wanted[0] == "cong ty so 1\n0100 109-106\n0100109106"
    assert letter in batch.rows.get(number=2).cells
    batch.rows.update(sought="")
    with connection.cursor() as cursor:
        cursor.execute(import_module("registry.migrations.0025_list_acts").SOUGHT)
    assert list(batch.rows.order_by("number").values_list("sought", flat=True)) == wanted


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
    shown = {"reason": "damaged", "expected": as_shown(kept)}
    client.post(reverse("import-remove", args=[kept.pk]), shown)
    page = client.get("/en/imports/").content.decode()
    assert "big.xlsx" not in page.partition("Removed lists")[0].partition("Lists so far")[2]


@pytest.mark.parametrize(
    "text", ["cong ty so 1", "CÔNG TY SỐ 1", tax_code(10010911), tax_code(10010911)[:6]]
)
def test_a_row_is_found_by_its_name_or_tax_code(batch, text):
    found = RowFilter.asked({"q": text}).rows(batch)
    folded = sorted(row.number for row in found)
    assert folded == ([2, 3, 4] if len(text) == 6 else [3])
