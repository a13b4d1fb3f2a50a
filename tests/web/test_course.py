"""The pages of an indicator: its course to every plan, how it is counted, how status is told."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from registry import models as m
from registry.dashboard.figures import all_figures, members
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.quality import LACKING, quality
from registry.dashboard.standing import standings
from registry.plans.actions import load_plans
from registry.plans.queries import rule_in_force
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    SupplyRelationFactory,
)
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
TOTAL, SHARE = "enterprises_total", "share_international_standard"


@pytest.fixture
def plans():
    load_plans(by=None)


def words(response) -> str:
    """The text of a page, blanks made single."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_both_aims_of_decision_6126_stand_side_by_side(client, plans):
    small_register(20)
    response = client.get(f"/en/programme/{TOTAL}/progress/?on=2026-06-30")
    rows = response.context["rows"]
    assert [row.target_words for row in rows] == ["about 1,200", "about 1,400"]
    assert {row.citation for row in rows} == {"6126/QĐ-UBND"}
    assert [row.milestone.is_published for row in rows] == [False, True]
    text = words(response)
    assert "superseded by 6126/QĐ-UBND" in text
    assert "10 Dec 2025" in text and "Nation 31 Dec 2022 about 5,000" in text


def test_before_the_programme_the_year_plan_is_next(client, plans):
    small_register(20)
    rows = client.get(f"/en/programme/{TOTAL}/progress/?on=2025-06-30").context["rows"]
    assert [row.target_words for row in rows] == ["over 1,000", "about 1,000"]


def test_earlier_targets_have_the_figure_of_their_day(client, plans):
    small_register(40)
    response = client.get(f"/en/programme/{TOTAL}/progress/?on=2026-06-30")
    assert len(response.context["past"]) == 7
    for row in response.context["past"]:
        day = row["target"].due_on
        count = members(TOTAL, day).count()
        assert row["value"] == (f"{count}" if count else "—")
        if count:
            assert client.get(row["url"]).context["count"] == count
            near = "the register held fewer enterprises than were published within a year"
            assert row["lack"].startswith(near) == (day.year < 2025)
        else:
            assert row["lack"] == "the register held nobody on that day"


def test_the_page_of_status_is_the_rule_itself(client):
    rows = client.get("/en/programme/status/").context["examples"]
    assert [row["status"] for row in rows] == [
        "ahead", "on_track", "behind", "on_track", "behind", "missed", "met",
    ]  # fmt: skip


def test_programme_page_tells_status_in_words_and_shape(client, plans):
    small_register(40)
    on = dt.date(2026, 6, 30)
    response = client.get(f"/en/programme/?on={on}")
    text = response.content.decode()
    for panel, standing in zip(
        response.context["panels"], standings(all_figures(on), on), strict=True
    ):
        course = standing.course
        status = course.verdict.status.value if course else "unknown"
        assert panel.status == status
        row = text.split(f'id="{standing.figure.indicator.code}"')[1].split('class="kpi"')[0]
        assert str(panel.status_label) in row
    assert "no plan in force names a target of the city" in words(response)


@pytest.mark.parametrize("code", sorted(INDICATORS))
def test_each_statement_of_quality_equals_its_list(client, code):
    small_register(60, seed=4)
    for on in (TODAY, TODAY - dt.timedelta(days=300)):
        context = client.get(f"/en/programme/{code}/method/?on={on}").context
        for row in context["statements"]:
            if row.url and row.rest is not None:
                assert client.get(row.url).context["count"] == row.rest
                later = context["later"] if "12 months" in row.label else 0
                assert row.part.count + row.rest + later == row.part.whole
        assert client.get(context["later_url"]).context["count"] == context["later"]


def test_quality_by_hand():
    on = dt.date(2026, 6, 30)
    old = EnterpriseFactory(in_hanoi=True, registered_on=dt.date(2024, 1, 1))
    fresh = EnterpriseFactory(
        in_hanoi=True, registered_on=dt.date(2024, 1, 1), last_confirmed_on=dt.date(2025, 7, 1)
    )
    EnterpriseFactory(
        in_hanoi=True, registered_on=dt.date(2024, 1, 1), last_confirmed_on=dt.date(2026, 7, 1)
    )
    CertificateFactory(enterprise=old, verified=True)
    CertificateFactory(enterprise=fresh)
    SupplyRelationFactory(enterprise=old, verified=True)
    SupplyRelationFactory(enterprise=fresh)
    rule = rule_in_force(on)
    found = quality(members(TOTAL, on), rule, on)
    assert (found.confirmed.count, found.later, found.confirmed.whole) == (1, 1, 3)
    assert (found.certificates.count, found.certificates.whole) == (1, 2)
    assert (found.relations.count, found.relations.whole) == (1, 2)
    assert {name: part.count for name, part in found.stated.items()} == {
        "sector": 0,
        "ward": 0,
        "size": 0,
    }
    lists = {
        name: list(lacking(members(TOTAL, on), rule, on).order_by("pk"))
        for name, (_label, lacking) in LACKING.items()
    }
    assert lists["confirmation"] == [old]
    assert lists["certificate"] == [fresh] == lists["relation"]


def test_method_honours_rule_and_moment(client):
    small_register(20)
    for version in (1, 2):
        m.CountingRule.objects.create(
            version=version, name=f"Rule {version}", valid_from=dt.date(2000, 1, 1), reason="r",
            is_provisional=version == 1, breadth="either" if version == 1 else "both",
        )  # fmt: skip
    today = timezone.localdate()
    address = f"/en/programme/{SHARE}/method/?on={TODAY}&known={today}&rule=2"
    response = client.get(address)
    text = words(response)
    assert "a system and a product certificate" in text and "counted by rule 2" in text
    listed = client.get(f"/en/programme/{SHARE}/?on={TODAY}&known={today}&rule=2")
    assert response.context["figure"].numerator == listed.context["count"]


@pytest.mark.parametrize("page", ["progress", "method"])
def test_odd_points_are_said_and_odd_indicators_are_404(client, page):
    for bad in ("on=2026-02-30", "on=2099-01-01", "on=1900-01-01", "rule=99", "known=never"):
        assert client.get(f"/en/programme/{TOTAL}/{page}/?{bad}").status_code == 400
    assert client.get(f"/en/programme/no-such/{page}/").status_code == 404


def test_pages_of_a_day_before_any_plan_and_any_record(client, plans):
    for page in ("progress/", "method/", ""):
        assert client.get(f"/en/programme/{TOTAL}/{page}?on=1950-01-01").status_code == 200
    response = client.get("/en/programme/?on=1950-01-01")
    assert {panel.status for panel in response.context["panels"]} == {"unknown"}


@pytest.mark.parametrize("page", ["progress", "method"])
def test_query_count_does_not_grow(client, plans, page, django_assert_max_num_queries):
    for size in (1, 3):
        for _ in range(size):
            CertificateFactory(verified=True)
        with django_assert_max_num_queries(11):
            client.get(f"/programme/{SHARE}/{page}/")
