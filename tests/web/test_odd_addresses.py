"""Addresses that people mistype and machines make up: a clear page, never a wrong figure."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from registry import models as m
from registry.dashboard.bridge import bridge
from registry.dashboard.points import Point
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
MEETING = "enterprises_international_standard"


@pytest.mark.parametrize(
    "url",
    [
        "/en/programme/?rule=99",
        f"/en/programme/{MEETING}/bridge/?rule=99",
        f"/en/programme/{MEETING}/bridge/?from_rule=99",
        "/en/programme/rules/?rule=99",
        "/en/programme/?rule=abc",
        "/en/programme/?known=never",
        "/en/programme/?known=2099-01-01",
        "/en/programme/?known=0001-01-01T00:00:00%2B14:00",
        "/en/programme/?known=9999-12-31T23:59:00-14:00",
        "/en/programme/?on=0001-01-01",
        "/en/programme/?on=1900-01-01",
        f"/en/programme/{MEETING}/bridge/?on=0001-06-01",
        "/en/programme/enterprises_total/?sector=%00",
        "/en/programme/enterprises_total/?ward=" + "x" * 60,
        "/en/api/v1/figures/?rule=99",
        "/en/programme/enterprises_total/?sector=nosuch",
        "/en/programme/enterprises_total/?year=20x6",
        "/en/programme/enterprises_total/?tier=9",
        "/en/programme/enterprises_total/by/?ward=nosuch",
        "/en/programme/enterprises_total/map/?scheme=nosuch",
        "/en/api/v1/figures/?capital=martian",
    ],
)
def test_said_in_words_with_status_400(client, url):
    assert client.get(url).status_code == 400


@pytest.mark.parametrize("url", ["/suppliers/a%00b/", "/suppliers/CNHT-x/", "/programme/x/bridge/"])
def test_nothing_there_is_404(client, url):
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", ["/suppliers/?page=99999999999", "/suppliers/?tier=x&buyer=%27",
                                 "/programme/enterprises_total/?page=-1", "/robots.txt"])  # fmt: skip
def test_harmless_nonsense_is_answered(client, url):
    assert client.get(url).status_code == 200


def test_a_text_that_cannot_be_read_finds_nothing(client):
    small_register(5)
    response = client.get("/en/suppliers/", {"q": "x" * 300})
    assert response.context["results"].total == 0
    assert b"at most 200 characters" in response.content


def test_a_step_keeps_its_slices_and_says_what_it_is(client):
    small_register(60, seed=14)
    url = f"/en/programme/{MEETING}/"
    parts = [
        client.get(url, {"step": "stated", "sector": code}).context["count"]
        for code in ("components", "high_tech", "not_stated")
    ]
    whole = client.get(url, {"step": "stated"})
    assert sum(parts) == whole.context["count"]
    assert b"<h1>A certificate of a scheme that counts is recorded" in whole.content
    other = client.get("/en/programme/enterprises_total/", {"step": "stated"})
    assert other.context["step_label"] == ""


def test_a_change_of_rule_is_no_fault_of_the_enterprises():
    small_register(80, seed=12)
    m.CountingRule.objects.create(
        version=2, name="Chặt", valid_from=dt.date(2030, 1, 1), breadth="both", reason="so sánh"
    )
    day_before = TODAY - dt.timedelta(days=1)
    found = bridge(MEETING, Point(day_before), Point(TODAY, version=2))
    assert found.start > found.end
    lost = {term.code: len(term.enterprise_ids) for term in found.terms if term.sign < 0}
    alone = bridge(MEETING, Point(TODAY), Point(TODAY, version=2))
    assert {term.code for term in alone.terms} == {"rule"}
    assert lost["rule"] >= len(alone.terms[0].enterprise_ids) - 1
    same = bridge(MEETING, Point(day_before), Point(TODAY))
    assert "rule" not in {term.code for term in same.terms}


def test_the_plan_is_in_force_whatever_was_known(client):
    m.PlanDocument.objects.create(
        code="p", title="Kế hoạch của năm", scope="hanoi", valid_from=dt.date(2020, 1, 1),
        valid_to=dt.date(2040, 1, 1),
    )  # fmt: skip
    before = timezone.localdate() - dt.timedelta(days=30)
    html = client.get("/en/programme/", {"known": before.isoformat()}).content.decode()
    assert "Kế hoạch của năm" in html
    assert f'name="known" value="{before}"' in html


@pytest.mark.parametrize("page", ["", f"{MEETING}/"])
def test_a_moment_later_today_has_not_gone_by(client, page):
    with time_machine.travel(dt.datetime(2026, 6, 30, 3, 0, tzinfo=dt.UTC), tick=False):
        assert client.get(f"/en/programme/{page}?known=2026-06-30T10:01").status_code == 400
        assert client.get(f"/en/programme/{page}?known=2026-06-30T10:00").status_code == 200
        today = client.get(f"/en/programme/{page}?known=2026-06-30").context["point"]
        assert today.known == timezone.now()  # what is known of a day that has not ended
        assert client.get(f"/en/programme/{page}?known=2026-06-30T03:01Z").status_code == 400
        # half past eleven at night in London is the next morning in Hanoi
        night = client.get(f"/en/programme/{page}?known=2026-06-29T23:30Z").context["point"]
        assert timezone.localtime(night.known).isoformat() == "2026-06-30T06:30:00+07:00"


def test_a_day_in_hanoi_begins_at_seventeen_hours_utc(client):
    with time_machine.travel(dt.datetime(2026, 6, 30, 16, 59, tzinfo=dt.UTC), tick=False):
        assert client.get("/en/programme/?on=2026-07-01").status_code == 400
    with time_machine.travel(dt.datetime(2026, 6, 30, 17, 0, tzinfo=dt.UTC), tick=False):
        assert client.get("/en/programme/?on=2026-07-01").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "from_on=2026-06-30&on=2025-06-30",
        "from_on=2026-06-30&from_known=&on=2026-06-30&known=2026-01-31",
        "from_on=2026-06-30&from_known=2026-02-28&on=2026-06-30&known=2026-01-31",
    ],
)
def test_a_bridge_is_not_walked_backwards(client, query):
    response = client.get(f"/en/programme/{MEETING}/bridge/?{query}")
    assert response.status_code == 400
    assert b"Exchange" in response.content


@pytest.mark.parametrize("known", ["2026-06-15", f"{TODAY}"])
@pytest.mark.parametrize("start", ["", "&from_known={known}"])
def test_a_bridge_of_one_moment_of_knowledge(client, known, start):
    with time_machine.travel(dt.datetime(2026, 6, 30, 3, 0, tzinfo=dt.UTC)):
        query = f"?on={TODAY}&known={known}{start.format(known=known)}"
        found = client.get(f"/en/programme/{MEETING}/bridge/{query}").context
    assert found["before"].known == found["after"].known


@pytest.mark.parametrize(
    ("on", "before"),
    [("2026-06-30", "2025-06-30"), ("2024-12-31", "2023-12-31"), ("2024-02-29", "2023-02-28")],
)
def test_a_year_before_is_the_same_day_of_the_year(client, on, before):
    found = client.get(f"/en/programme/{MEETING}/bridge/?on={on}").context["before"]
    assert found.on == dt.date.fromisoformat(before)
