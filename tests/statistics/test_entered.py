"""Entered values: written by managers alone, with source and reason, apart from computed ones."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone, translation

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.dashboard.entered import entered
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.points import Point
from registry.dashboard.published import published
from registry.plans.actions import DATA, load_plans
from registry.reference.actions import read_rows
from registry.statistics.actions import (
    AlreadyWithdrawn,
    NotGoneBy,
    Said,
    correct_value,
    enter_value,
    withdraw_value,
)
from registry.statistics.enums import UNITS, EnteredIndicator
from registry.statistics.queries import values_by_indicator
from registry.web.programme.entered import number_typed

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 30)
SAID = Said(
    indicator="share_of_manufacturing_value",
    scope="hanoi",
    qualifier="~",
    value=Decimal("16.25"),
    high=None,
    period_from=dt.date(2025, 1, 1),
    as_of_on=dt.date(2025, 12, 31),
    source="Niên giám thống kê",
    source_url="https://example.org/x",
)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def manager():
    person = give_account(username="qly-07", password="x", role=Role.MANAGER, by=None)
    person.last_name, person.first_name = "Trần", "Hà"
    person.save()
    return person


def test_no_indicator_is_both_entered_and_computed():
    assert set(EnteredIndicator.values) & set(INDICATORS) == set()
    assert set(UNITS) == set(EnteredIndicator.values)


def test_every_target_of_a_plan_is_of_a_known_indicator():
    named = {row["indicator"] for row in read_rows(DATA / "targets.csv")}
    assert named <= set(INDICATORS) | set(EnteredIndicator.values)


def test_who_when_and_why_are_kept(manager):
    value = enter_value(said=SAID, reason="annual", by=manager)
    correct_value(value=value, said=replace(SAID, value=Decimal("16.5")), reason="typo", by=manager)
    events = value.events.order_by("pgh_id")
    assert [(str(one.value), one.reason) for one in events] == [
        ("16.25", "annual"),
        ("16.50", "typo"),
    ]
    assert events[1].pgh_context.metadata == {"user": manager.pk, "reason": "typo"}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.VERIFIER, Role.AUDITOR])
def test_others_write_nothing(role, manager):
    other = give_account(username="other", password="x", role=role, by=None)
    with pytest.raises(PermissionDenied):
        enter_value(said=SAID, reason="r", by=other)
    value = enter_value(said=SAID, reason="r", by=manager)
    with pytest.raises(PermissionDenied):
        correct_value(value=value, said=SAID, reason="r", by=other)
    with pytest.raises(PermissionDenied):
        withdraw_value(value=value, reason="r", by=other)


def test_a_computed_indicator_is_refused_in_words(manager):
    with pytest.raises(ValidationError):
        enter_value(said=replace(SAID, indicator="enterprises_total"), reason="r", by=manager)
    assert not m.EnteredValue.objects.exists()


def test_a_day_to_come_is_refused(manager):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(NotGoneBy):
        enter_value(said=replace(SAID, as_of_on=tomorrow), reason="r", by=manager)


def test_withdrawn_makes_room_and_stays_withdrawn(manager):
    value = enter_value(said=SAID, reason="r", by=manager)
    with pytest.raises(ValidationError, match="entered already"):
        enter_value(said=SAID, reason="r", by=manager)
    withdraw_value(value=value, reason="wrong table", by=manager)
    with pytest.raises(AlreadyWithdrawn):
        withdraw_value(value=value, reason="again", by=manager)
    with pytest.raises(AlreadyWithdrawn):
        correct_value(value=value, said=SAID, reason="r", by=manager)
    again = enter_value(said=SAID, reason="right table", by=manager)
    assert values_by_indicator(ON) == {SAID.indicator: [again]}
    assert values_by_indicator(dt.date(2025, 12, 30)) == {}


def test_as_known_then(manager):
    value = enter_value(said=SAID, reason="r", by=manager)
    before = timezone.now() - dt.timedelta(days=1)
    with connection.cursor() as cursor:  # triggers know only the moment of the transaction
        table = value.events.model._meta.db_table
        cursor.execute(f"UPDATE {table} SET pgh_created_at = %s", [before])
    correct_value(value=value, said=replace(SAID, value=Decimal(18)), reason="r", by=manager)
    with Point(ON, known=before).looked_from():
        then = [str(one.value) for one in values_by_indicator(ON)[SAID.indicator]]
    assert (then, str(m.EnteredValue.objects.get().value)) == (["16.25"], "18.00")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"value": Decimal(12)}, "within"),
        ({"value": Decimal("11.99")}, "below"),
        ({"as_of_on": dt.date(2024, 12, 31), "period_from": None}, None),
    ],
)
def test_beside_the_target_of_its_own_year_only(manager, changes, place):
    load_plans(by=None)
    growth = replace(SAID, indicator="si_industrial_index_growth", **changes)
    enter_value(said=growth, reason="r", by=manager)
    said = published(EnteredIndicator.values, ON, {})
    [row] = [
        one
        for one in entered(values_by_indicator(ON), said, ON)
        if (one.indicator, one.scope) == (growth.indicator, "hanoi")
    ]
    assert row.place == place


def test_the_nation_is_never_compared(manager):
    load_plans(by=None)
    enter_value(said=replace(SAID, indicator="demand_met", scope="nation", value=Decimal(50)), reason="r", by=manager)  # fmt: skip
    rows = entered(values_by_indicator(ON), published(EnteredIndicator.values, ON, {}), ON)
    nation = [one for one in rows if one.scope == "nation"]
    assert len(nation) == 4 and {one.place for one in nation} == {None}
    assert {one.scope for one in rows if one.indicator == "demand_met"} == {"nation"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("16,5", "16.5"), ("16.5", "16.5"), ("16.25", "16.25"), ("1.000", "1000"), ("1,000", "1000"),
        ("1 000", "1000"), ("1.234.567,5", "1234567.5"), ("1,234.5", "1234.5"), (" 7 ", "7"),
        ("-2,5", "-2.5"), ("1000", "1000"),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(text, number):
    assert number_typed(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "x", "16 %", "1.00.0", "1,0000", "1e3", "١٦x", "1.000,000", "1.000.5", "١٦", "--1"])  # fmt: skip
def test_what_is_no_number_is_said(text):
    with pytest.raises(ValidationError, match="is not a number"):
        number_typed(text)


FORM = {
    "indicator": "fairs", "scope": "hanoi", "qualifier": "=", "value": "2", "high": "",
    "period_from": "", "as_of_on": "2025-12-31", "source": "Báo cáo", "source_url": "",
    "reason": "năm 2025",
}  # fmt: skip


def test_a_manager_enters_corrects_and_withdraws_on_the_pages(client, manager):
    client.force_login(manager)
    add = client.post("/en/programme/entered/add/", FORM)
    value = m.EnteredValue.objects.get()
    assert (add.status_code, value.value, value.entered_by) == (302, 2, manager)
    shown = client.get(f"/en/programme/entered/{value.pk}/").content.decode()
    assert 'value="2"' in shown
    changed = {**FORM, "value": "200,5", "high": "300", "indicator": "fair_booths"}
    assert client.post(f"/en/programme/entered/{value.pk}/", changed).status_code == 302
    text = " ".join(
        re.sub("<[^>]+>", " ", client.get("/en/programme/entered/").content.decode()).split()
    )
    assert "200.5–300" in text and "Entered by Trần Hà" in text
    assert "qly-07" not in text
    gone = client.post(f"/en/programme/entered/{value.pk}/withdraw/", {"reason": "wrong"})
    assert gone.status_code == 302
    assert client.get(f"/en/programme/entered/{value.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"value": "many"}, "is not a number"),
        ({"high": "1"}, "The upper end is below the value."),
        ({"as_of_on": "2099-01-01"}, "The day has not come yet"),
        ({"as_of_on": "2026-02-30"}, "Enter a valid date"),
        ({"period_from": "2026-01-01"}, "The period begins after its end."),
        ({"indicator": "enterprises_total"}, "Select a valid choice"),
        ({"source": ""}, "This field is required"),
        ({"reason": ""}, "This field is required"),
        ({"value": "9" * 19}, "no more than"),
    ],
)
def test_nothing_is_lost_when_something_is_wrong(client, manager, wrong, words):
    client.force_login(manager)
    response = client.post("/en/programme/entered/add/", {**FORM, **wrong})
    html = response.content.decode()
    assert response.status_code == 422 and words in html
    assert ("Báo cáo" in html) == ("source" not in wrong)
    assert not m.EnteredValue.objects.exists()


def test_everybody_reads_and_only_managers_are_offered_to_write(client, manager):
    load_plans(by=None)
    enter_value(said=SAID, reason="annual", by=manager)
    html = client.get("/en/programme/entered/?on=2026-06-30").content.decode()
    assert "about 16.25" in html and "/correct" not in html and "entered/add" not in html
    programme = client.get("/en/programme/?on=2026-06-30")
    assert [one["value"] for one in programme.context["entered"] if one["value"]] == [
        "about 16.25\u00a0%"
    ]
    assert client.get("/en/programme/entered/?on=2025-12-30").context["rows"][0]["value"] == ""


def test_query_count_does_not_grow(client, manager, django_assert_max_num_queries):
    for day in range(1, 4):
        enter_value(said=replace(SAID, period_from=None, as_of_on=dt.date(2025, 6, day)), reason="r", by=manager)  # fmt: skip
        with django_assert_max_num_queries(5):
            client.get("/programme/entered/")
