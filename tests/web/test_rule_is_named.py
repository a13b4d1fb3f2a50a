"""Every page with a figure names the version it was counted by, and what that version is worth."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from registry import models as m
from registry.dashboard.points import Point
from registry.plans.actions import load_plans
from registry.reports.content import report_at
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
MEETING = "enterprises_international_standard"
DRAFT = "a draft, not in force"
PAGES = [
    "",
    f"{MEETING}/",
    f"{MEETING}/map/",
    f"{MEETING}/by/",
    f"{MEETING}/bridge/",
    f"{MEETING}/progress/",
    f"{MEETING}/method/",
    "rules/",
]


@pytest.fixture
def register():
    small_register(12)
    load_plans(by=None)


def text_of(response) -> str:
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("page", PAGES)
def test_a_draft_is_never_shown_as_the_rule(client, register, page):
    response = client.get(f"/en/programme/{page}?on={TODAY}&rule=2")
    assert response.status_code == 200
    assert DRAFT in text_of(response)


def test_asking_by_a_draft_does_not_put_it_in_force(client, register):
    shown = client.get(f"/en/programme/rules/?on={TODAY}&rule=2").context["rules"]
    assert [(one["rule"].version, one["is_in_force"]) for one in shown] == [
        (1, True), (2, False), (3, False),
    ]  # fmt: skip


@pytest.mark.parametrize("page", ["", f"{MEETING}/", f"{MEETING}/map/"])
@pytest.mark.parametrize("rule", [1, 2])
def test_the_sentence_of_a_figure_is_true_of_every_rule(client, register, page, rule):
    words = text_of(client.get(f"/en/programme/{page}?on={TODAY}&rule={rule}"))
    assert "meeting every clause of the counting rule" in words
    assert "at least one certificate of an international scheme" not in words


def test_the_page_of_rules_names_author_approver_and_days(client, register):
    people = [
        m.User.objects.create_user(name, first_name=name, last_name="Nguyễn Văn")
        for name in ("An", "Bình")
    ]
    m.CountingRule.objects.create(
        version=4, name="Của Sở", valid_from=dt.date(2026, 1, 1), reason="Thông báo 12",
        author=people[0], approved_by=people[1], approved_on=dt.date(2026, 2, 3),
    )  # fmt: skip
    words = text_of(client.get(f"/en/programme/rules/?on={TODAY}"))
    for said in (
        "Valid from 1 Jan 2026",
        people[0].signed_name,
        people[1].signed_name,
        "3 Feb 2026",
    ):
        assert said in words, said


def test_a_report_by_a_draft_says_so_under_its_title(register):
    by_draft, in_force = report_at(Point(TODAY, version=2)), report_at(Point(TODAY))
    for language, said in (("vi", "DỰ THẢO"), ("en", "DRAFT")):
        part = by_draft.parts[language]
        assert any(said in line for line in by_draft.warnings(part))
        assert in_force.warnings(in_force.parts[language]) == []


def test_json_names_rule_and_moment(client, register):
    now = timezone.localtime() - dt.timedelta(seconds=1)
    asked = {"on": TODAY, "rule": 2, "known": now.replace(tzinfo=None).isoformat()}
    for one in json.loads(client.get("/api/v1/figures/", asked).content):
        assert (one["rule"], one["known"]) == (2, now.isoformat())
    for one in json.loads(client.get("/api/v1/figures/", {"on": TODAY}).content):
        assert (one["rule"], one["known"]) == (1, None)


def test_downloads_of_different_points_have_different_names(client, register):
    def name(query: str) -> str:
        found = client.get(f"/en/programme/{MEETING}/?format=csv&on={TODAY}{query}")
        return str(found["Content-Disposition"])

    assert "2026-06-30.csv" in name("")
    assert "2026-06-30-rule2.csv" in name("&rule=2")
    known = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
    assert f"2026-06-30-known-{known.replace('-', '')}T235959.csv" in name(f"&known={known}")
    assert "-sector-components-2026-06-30.csv" in name("&sector=components")


def test_the_number_of_a_list_is_not_told_as_the_share(client, register):
    page = client.get(f"/en/programme/share_international_standard/?on={TODAY}")
    heading = re.findall("<h1>(.*?)</h1>", page.content.decode())[0]
    count = page.context["count"]
    assert heading == f"Behind “Share meeting international standards”: {count}"
