"""What a page of a list sends is of the rows as they were shown, or nothing is done."""

from __future__ import annotations

import re
from html import unescape

import pytest

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.imports import actions
from registry.imports.decisions import actions as decisions
from registry.imports.review import actions as review
from tests.factories import EnterpriseFactory, UserFactory
from tests.imports.every_repair import CODES, every_repair, places
from tests.imports.reviewing import asked
from tests.imports.reviewing import reviewed as listed
from tests.imports.sheets import HANOI, csv_bytes
from tests.web.test_import_review import page, reviewed

pytestmark = pytest.mark.django_db
HEADER = ("Tên doanh nghiệp", "MST", "Địa chỉ", "Ghi chú")


@pytest.fixture
def other(officer):
    return give_account(username="other", password="long-enough-1", role=Role.OFFICER, by=None)


@pytest.fixture
def batch(officer):
    places()
    return reviewed(every_repair(), officer)


@pytest.fixture
def url(batch):
    return f"/en/imports/{batch.pk}/rows/"


def form_of(client, address):
    """What the form of a row would send if nothing were typed."""
    text = page(client, address)
    hidden = re.findall(r'name="(seen-\w+)" value="(\w*)"', text)
    areas = re.findall(r'name="(cell-\w+)"[^>]*>(.*?)</textarea>', text, re.DOTALL)
    typed = {name: unescape(said).replace("\n", "\r\n") for name, said in areas}
    return dict(hidden) | typed


def all_hidden(client, address):
    return dict(re.findall(r'name="(expected-[\w-]+)" value="([^"]*)"', page(client, address)))


# One row


def test_a_cell_that_a_colleague_mended_meanwhile_is_not_written_over(client, batch, url, other):
    form = form_of(client, url + "6/")
    actions.mend(batch_id=batch.pk, number=6, cells={"A": "Công ty TNHH Đúng"}, by=other)
    client.post(url + "6/", form | {"cell-F": "0912 345 678"})
    row = batch.rows.get(number=6)
    assert row.edits == {"A": "Công ty TNHH Đúng", "F": "0912 345 678"}
    assert {one["letter"]: one["who"] for one in row.mended} == {"A": "other", "F": "officer"}


def test_the_same_cell_is_not_written_twice_and_what_was_typed_stays(client, batch, url, other):
    form = form_of(client, url + "6/")
    actions.mend(batch_id=batch.pk, number=6, cells={"A": "Công ty TNHH Đúng"}, by=other)
    typed = {"cell-A": "Công ty TNHH Gõ", "cell-F": "0912 345 678"}
    answer = client.post(url + "6/", form | typed)
    assert answer.status_code == 409
    assert batch.rows.get(number=6).edits == {"A": "Công ty TNHH Đúng"}
    text = answer.content.decode()
    assert "somebody else has mended it meanwhile" in text
    for said in (*typed.values(), "Công ty TNHH Đúng"):
        assert said in text
    # Sent once more, with both in sight, it counts.
    marks = dict(re.findall(r'name="(seen-\w+)" value="(\w*)"', text))
    client.post(url + "6/", form | marks | typed)
    assert batch.rows.get(number=6).edits == {"A": "Công ty TNHH Gõ", "F": "0912 345 678"}


def test_a_form_that_does_not_say_what_was_seen_writes_nothing(client, batch, url):
    assert client.post(url + "6/", {"cell-A": "x"}).status_code == 409
    assert batch.rows.get(number=6).edits == {}


@pytest.mark.parametrize("line", ["dòng một\ndòng hai", "dòng một\r\ndòng hai", " lề\r "])
def test_a_cell_of_several_lines_is_not_mended_by_saving(client, officer, line):
    content = csv_bytes(HEADER, ("Công ty TNHH A", CODES[0], HANOI, line))
    batch = reviewed(content, officer)
    address = f"/en/imports/{batch.pk}/rows/2/"
    client.post(address, form_of(client, address))
    row = batch.rows.get()
    assert (row.edits, row.mended) == ({}, [])


# Many rows


def test_as_many_other_rows_are_not_the_rows_that_were_shown(client, batch, url, officer):
    address = url + "?repair=any&outcome=new"
    form = all_hidden(client, address)
    review.decide(batch_id=batch.pk, numbers=[6], accept=False, by=UserFactory())
    seen = all_hidden(client, address)
    review.decide(batch_id=batch.pk, numbers=[6], accept=True, by=UserFactory())
    review.decide(batch_id=batch.pk, numbers=[9], accept=False, by=UserFactory())
    for do in ("all-accept", "all-leave"):
        client.post(address, {"do": do, **seen})
        left = batch.rows.filter(decision="leave", outcome="new").values_list("number", flat=True)
        assert list(left) == [9]
    review.decide(batch_id=batch.pk, numbers=[9], accept=True, by=UserFactory())
    client.post(address, {"do": "all-leave", **form})
    assert batch.rows.filter(decision="leave", outcome="new").count() == 6


def test_another_offer_of_the_same_row_is_not_taken_with_all(client, batch, url, officer):
    form = all_hidden(client, url)
    actions.mend(batch_id=batch.pk, number=6, cells={"A": "CÔNG TY TNHH XYZ HÀ NỘI"}, by=officer)
    client.post(url, {"take-all": "capitals", **form})
    assert batch.rows.get(number=6).cells["A"] == "CÔNG TY TNHH XYZ HÀ NỘI"
    assert "it would be 1 now" in page(client, url)


def test_another_offer_of_a_ticked_row_is_not_taken(client, batch, url, officer):
    offers = re.findall(r'name="offer" value="([^"]*)"', page(client, url))
    assert [one.split()[0] for one in offers] == ["2", "4", "6", "9", "15"]
    actions.mend(batch_id=batch.pk, number=6, cells={"A": "CÔNG TY TNHH XYZ HÀ NỘI"}, by=officer)
    ticked = {"do": "take-chosen", "row": ["6", "9"], "offer": offers}
    client.post(url, ticked)
    assert list(batch.rows.exclude(mended=[]).values_list("number", flat=True)) == [6]
    assert "it would be 1 now" in page(client, url)
    client.post(url, ticked | {"row": ["9"]})
    assert "nay là" in batch.rows.get(number=9).cells["D"]


# Decisions


def test_a_decision_that_is_replaced_or_undone_stays_in_the_history(officer, other):
    known = EnterpriseFactory(name="Công ty TNHH Ánh Dương", tax_code=CODES[0])
    batch = listed([HEADER, ("Công ty TNHH Ánh Dương", CODES[1], "", "")])
    row = {"batch_id": batch.pk, "number": 2, "mark": asked(batch, 2).mark()}
    decisions.decide_same(**row, enterprise_id=known.pk, by=officer)
    decisions.decide_new(**row, by=other)
    decisions.undo_decision(batch_id=batch.pk, number=2, by=officer)
    events = m.ImportDecision.pgh_event_model.objects.order_by("pgh_id")
    assert [
        (one.pgh_label, one.kind, one.by_id, one.pgh_context.metadata["user"]) for one in events
    ] == [
        ("insert", "same", officer.pk, officer.pk),
        ("update", "new", other.pk, other.pk),
        ("delete", "new", other.pk, officer.pk),
    ]
