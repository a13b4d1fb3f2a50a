"""The rows of a list on the page: what is counted is what is shown, and what is changed."""

from __future__ import annotations

import dataclasses as dc
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.imports import actions
from registry.imports.review import actions as review
from registry.imports.review.filters import RowFilter
from registry.imports.review.queries import counts
from tests.factories import UserFactory
from tests.imports.every_repair import CODES, OFFERED, ROWS, every_repair, places
from tests.imports.sheets import csv_bytes, tax_code

pytestmark = pytest.mark.django_db
SAID = {"encoding": "", "sheet": "", "header": 0, "mapping": {}}


def reviewed(content, by):
    with translation.override("en"):
        kept = actions.keep_file(name="list.csv", content=content, by=by)
        return actions.read_as(batch_id=kept.pk, **SAID)


@pytest.fixture
def batch(officer):
    places()
    return reviewed(every_repair(), officer)


@pytest.fixture
def url(batch):
    return f"/en/imports/{batch.pk}/rows/"


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(text):
    """The rows that a page lists."""
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)"', text)]


def links(text):
    """The choices of the filters: the address of each, its count, whether it is taken."""
    found = re.findall(
        r'<li><a id="[^"]*" href="(\?[^"]*)"( aria-current="true")?.*?<b class="n">([\d,.]+)</b>',
        text,
        re.DOTALL,
    )
    return [
        (unescape(address), int(re.sub(r"\D", "", count)), bool(current))
        for address, current, count in found
    ]


# Filters


@pytest.mark.parametrize("start", ["", "?outcome=new", "?repair=any", "?q=tnhh", "?decided=open"])
def test_every_count_is_the_number_of_rows_it_leads_to(client, url, start):
    here = page(client, url + start)
    choices = links(here)
    assert len(choices) > 8
    assert sum(is_taken for _address, _count, is_taken in choices) == start.count("=") - (
        "q=" in start
    )
    for address, count, is_taken in choices:
        # What is taken is counted as it is shown here; its link takes it away.
        text = here if is_taken else page(client, url + address)
        assert (address, len(numbers(text))) == (address, count)


@pytest.mark.parametrize(
    ("part", "value"),
    [("outcome", "new"), ("decided", "open"), ("repair", "capitals"), ("problem", "MST")],
)
def test_a_part_is_counted_beside_what_else_is_asked(batch, part, value):
    """So that another choice of the same part can be made from where one is."""
    for other in (RowFilter(), RowFilter(q="công ty"), RowFilter(outcome="refused")):
        chosen = dc.replace(other, **{part: value})
        found = counts(batch, chosen)[part]
        assert found == counts(batch, other.without(part))[part]
        assert found[value] == chosen.rows(batch).count()


def test_a_choice_that_is_taken_can_be_taken_away_again(client, url):
    text = page(client, url + "?repair=capitals&outcome=new")
    addresses = [address for address, _count, _is_taken in links(text)]
    assert "?outcome=new" in addresses and "?repair=capitals" in addresses


def test_rows_are_found_by_repair_problem_decision_and_text(client, batch, url):
    for number, [kind] in OFFERED.items():
        assert number in numbers(page(client, f"{url}?repair={kind}"))
    assert numbers(page(client, url + "?repair=former-ward")) == [9, 10, 12]
    assert numbers(page(client, url + "?problem=MST")) == [2, 3]
    assert numbers(page(client, url + "?decided=open")) == [2, 3, 4]
    assert numbers(page(client, url + "?q=co khi abc")) == [6]
    assert numbers(page(client, url + "?q=CƠ+KHÍ")) == [6]
    assert numbers(page(client, f"{url}?q={CODES[5]}")) == [7]
    assert numbers(page(client, f"{url}?q={CODES[5][:4]}.{CODES[5][4:]}")) == [7]
    assert numbers(page(client, url + "?q=100%25")) == []
    review.decide(batch_id=batch.pk, numbers=[6, 7], accept=False, by=UserFactory())
    assert numbers(page(client, url + "?decided=left")) == [6, 7]
    assert numbers(page(client, url + "?decided=left&repair=capitals")) == [6]


@pytest.mark.parametrize(
    "odd",
    ["outcome=x", "decided=x", "repair=x", "problem=%00", "q=%00", f"q={'x' * 3000}", "page=x",
     "page=999999999999", "problem=nothing", "q=%5C%25_'", "outcome=new&outcome=x"],
)  # fmt: skip
def test_an_odd_address_is_answered(client, url, odd):
    assert client.get(f"{url}?{odd}").status_code == 200


def test_queries_do_not_grow_with_the_rows(client, officer):
    places()
    seen = []
    for many in (1, 60):
        rows = [
            (f"CÔNG TY CƠ KHÍ {n}", tax_code(20_010_910 + 20 * n), "Số 5, P. Trúc Bạch, Hà Nội")
            for n in range(many)
        ]
        batch = reviewed(csv_bytes(("Tên doanh nghiệp", "MST", "Địa chỉ"), *rows), officer)
        address = f"/en/imports/{batch.pk}/rows/?repair=capitals&q=co khi"
        page(client, address)
        with CaptureQueriesContext(connection) as queries:
            assert len(numbers(page(client, address))) == min(many, 50)
        seen.append(len(queries))
    assert seen[0] == seen[1]


# Deciding


def hidden(text, name):
    [value] = re.findall(rf'name="{name}" value="(\d+:-?\d+)"', text)
    return value


def test_exactly_the_rows_of_the_filter_are_left_and_how_many_is_said_before(client, batch, url):
    address = url + "?repair=any&outcome=new"
    text = page(client, address)
    shown = numbers(text)
    assert "Leave out 6 that are accepted" in text and len(shown) == 6
    answer = client.post(
        address, {"do": "all-leave", "expected-all-leave": hidden(text, "expected-all-leave")}
    )
    assert answer.url == address
    left = batch.rows.filter(decision="leave", outcome="new").order_by("number")
    assert list(left.values_list("number", flat=True)) == shown
    text = page(client, address)
    assert "6 rows were left out." in text and "Accept 6 that are left out" in text
    mark = hidden(text, "expected-all-accept")
    client.post(address, {"do": "all-accept", "expected-all-accept": mark})
    assert not left.exists()


@pytest.mark.parametrize("said", [{}, {"expected-all-leave": "6:1"}, {"expected-all-leave": "6"}])
def test_other_rows_than_were_said_are_not_decided(client, batch, url, said):
    address = url + "?repair=any&outcome=new"
    client.post(address, {"do": "all-leave", **said})
    assert not batch.rows.filter(decision="leave", outcome="new").exists()
    assert "it would be 6 now" in page(client, address)


# Repairs


def offer(batch, number):
    [found] = batch.rows.get(number=number).offers
    return f"{number} {found['mark']}"


def test_a_repair_is_taken_and_put_back_where_it_stands(client, batch, url):
    address = url + "?repair=capitals"
    text = page(client, address)
    assert "Công ty TNHH MTV Cơ khí ABC" in text and "take it in 1 row" in text
    answer = client.post(address, {"take": offer(batch, 6)})
    assert answer.url == address + "#row-6"
    assert batch.rows.get(number=6).name == "Công ty TNHH MTV Cơ khí ABC"
    text = page(client, url + "?repair=mended")
    assert numbers(text) == [6] and "officer, " in text
    client.post(url + "?repair=mended", {"put-back": "6 A"})
    assert batch.rows.get(number=6).name == ROWS[6][0]


def test_of_several_wards_one_is_chosen_or_none(client, batch, url):
    mark = offer(batch, 10)
    client.post(url, {"take": mark, f"choice {mark}": ""})
    assert "Choose one of the wards first." in page(client, url)
    assert batch.rows.get(number=10).edits == {}
    client.post(url, {"take": mark, f"choice {mark}": "1"})
    assert "nay là Phường Hoàn Kiếm" in batch.rows.get(number=10).cells["D"]


def test_all_of_a_kind_are_taken_with_the_number_said(client, batch, url):
    address = url + "?outcome=new"
    client.post(address, {"take-all": "phone", "expected-take-all-phone": "2"})
    assert "it would be 1 now" in page(client, address)
    name = "expected-take-all-phone"
    client.post(address, {"take-all": "phone", name: hidden(page(client, address), name)})
    assert "Form of a telephone number: 1 row was mended." in page(client, address)
    assert batch.rows.get(number=15).cells["F"] == "0912 345 678"
    name = "expected-put-all-phone"
    client.post(address, {"put-all": "phone", name: hidden(page(client, address), name)})
    assert batch.rows.get(number=15).cells["F"] == ROWS[15][5]


def test_the_ticked_rows_get_what_is_sure(client, batch, url):
    offers = re.findall(r'name="offer" value="([^"]*)"', page(client, url))
    ticked = {"row": ["6", "9", "10", "7", "x"], "offer": [*offers, "x"]}
    client.post(url, {"do": "take-chosen", **ticked})
    mended = batch.rows.exclude(mended=[]).order_by("number").values_list("number", flat=True)
    assert list(mended) == [6, 9]


@pytest.mark.parametrize(
    "form",
    [{"take": "x"}, {"take": "6"}, {"take": "99999 A"}, {"put-back": "6 Z"}, {"put-back": "x y"},
     {"take-all": "x"}, {"do": "dance"}, {"do": "take-chosen"}, {"take": "6 x", "choice 6 x": "9"}],
)  # fmt: skip
def test_an_odd_form_changes_nothing(client, batch, url, form):
    assert client.post(url, form).status_code == 302
    assert not batch.rows.exclude(edits={}).exists()


def test_a_mended_cell_leads_back_to_the_same_rows(client, batch, url):
    text = page(client, url + "?repair=lost-zero&page=1")
    row = f"/en/imports/{batch.pk}/rows/2/?repair=lost-zero&page=1"
    assert row.replace("&", "&amp;") in text
    assert f'href="{url}?repair=lost-zero&amp;page=1#row-2"' in page(client, row)
    seen = {"seen-C": actions.mark_of(CODES[0][1:])}
    answer = client.post(row, {"cell-C": CODES[0], **seen})
    assert answer.url == row
    text = page(client, row)
    assert "By hand" in text and CODES[0][1:] in text
    client.post(url, {"put-back": "2 C"})
    assert batch.rows.get(number=2).cells["C"] == CODES[0][1:]


def test_in_the_background_it_leads_back_to_the_list_of_rows(client, batch, url, settings):
    settings.IMPORTS_IN_BACKGROUND = True
    answer = client.post(
        f"/en/imports/{batch.pk}/rows/2/?q=mat",
        {"cell-C": CODES[0], "seen-C": actions.mark_of(CODES[0][1:])},
    )
    assert answer.url == url + "?q=mat#row-2"


# Who works on it


def test_another_officer_takes_the_list_over_and_that_is_said(client, batch, url, officer):
    assert "You work on this list since" in page(client, url)
    other = give_account(username="other", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(other)
    text = page(client, url)
    assert "officer works on this list since" in text and "Take it over" in text
    client.post(url, {"do": "take-over"})
    client.post(url, {"do": "take-over"})
    text = page(client, url)
    assert "You work on this list since" in text and "Take it over" not in text
    assert [one.person for one in m.ImportHolder.objects.all()] == [other]
    assert "other" in page(client, "/en/imports/")


def test_a_written_list_offers_nothing_to_press(client, batch, url):
    client.post(f"/en/imports/{batch.pk}/write/")
    text = page(client, url)
    for words in ("Take this repair", 'name="do"', "Take it over", 'type="checkbox"'):
        assert words not in text
    assert numbers(page(client, url + "?outcome=new")) != []
