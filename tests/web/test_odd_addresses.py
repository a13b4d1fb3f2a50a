"""Addresses that people mistype and machines make up: a clear page, never a wrong figure."""

from __future__ import annotations

import datetime as dt

import pytest
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
