"""Steps of the life of an enterprise: what each does to the days, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from registry import models as m
from registry.core.known import known_at
from registry.dashboard.bridge import bridge
from registry.dashboard.points import Point
from registry.enterprises.life.actions import (
    StepRefused,
    close_enterprise,
    move_away_enterprise,
    name_successor,
    reopen_enterprise,
    resume_enterprise,
    suspend_enterprise,
)
from registry.enterprises.life.queries import steps_of
from tests.factories import EnterpriseFactory, UserFactory

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def lived(row: m.Enterprise, *steps: tuple[str, str], by: m.User | None = None) -> None:
    """Take the steps, told as (what, day), in their order."""
    verbs = {
        "suspend": suspend_enterprise, "resume": resume_enterprise, "close": close_enterprise,
        "move": move_away_enterprise, "reopen": reopen_enterprise,
    }  # fmt: skip
    by = by or UserFactory()
    for verb, on in steps:
        verbs[verb](enterprise_id=row.pk, on=on, reason=f"{verb} {on}", by=by)


WHOLE_LIFE = [
    ("suspend", "2021-01-10"), ("resume", "2021-03-01"),
    ("suspend", "2022-01-10"), ("resume", "2022-03-01"),
    ("suspend", "2023-01-10"), ("close", "2023-06-01"), ("reopen", "2024-01-01"),
    ("move", "2024-06-01"), ("reopen", "2025-01-01"),
    ("close", "2025-06-01"),
]  # fmt: skip

STATES = [
    ("2019-12-31", "not_yet"), ("2020-01-01", "operating"),
    ("2021-01-09", "operating"), ("2021-01-10", "suspended"), ("2021-02-28", "suspended"),
    ("2021-03-01", "operating"), ("2022-01-10", "suspended"), ("2022-03-01", "operating"),
    ("2023-01-10", "suspended"), ("2023-05-31", "suspended"), ("2023-06-01", "closed"),
    ("2023-12-31", "closed"), ("2024-01-01", "operating"), ("2024-05-31", "operating"),
    ("2024-06-01", "moved_away"), ("2024-12-31", "moved_away"), ("2025-01-01", "operating"),
    ("2025-05-31", "operating"), ("2025-06-01", "closed"),
]  # fmt: skip


def test_every_day_of_a_whole_life_is_remembered():
    row = EnterpriseFactory()
    lived(row, *WHOLE_LIFE)
    row.refresh_from_db()
    for text, state in STATES:
        on = day(text)
        found = m.Enterprise.objects.filter(pk=row.pk)
        assert (text, row.state_on(on)) == (text, state)
        assert (text, found.operating(on).exists()) == (text, state == "operating")
        assert (text, found.registered(on).exists()) == (text, state in ("operating", "suspended"))


def test_steps_are_told_with_person_day_and_reason():
    row, by = EnterpriseFactory(), UserFactory(username="thu")
    lived(row, *WHOLE_LIFE, by=by)
    row.refresh_from_db()
    kinds = {"suspend": "suspended", "resume": "resumed", "close": "closed", "move": "moved_away"}
    told = [(step.kind, step.on, step.person, step.reason) for step in steps_of(row)][1:]
    expected = [(kinds.get(verb), day(on), "thu", f"{verb} {on}") for verb, on in WHOLE_LIFE]
    expected[6] = ("reopened", *expected[6][1:])
    expected[8] = ("came_back", *expected[8][1:])
    assert told == expected


@pytest.mark.parametrize("steps", [3, 10])
def test_telling_the_life_takes_a_fixed_number_of_queries(steps, django_assert_num_queries):
    row = EnterpriseFactory()
    lived(row, *WHOLE_LIFE[:steps])
    row.refresh_from_db()
    with django_assert_num_queries(4):
        steps_of(row)


def test_a_reopening_leaves_what_was_known_before_as_it_was():
    row = EnterpriseFactory()
    lived(row, ("close", "2023-06-01"))
    before = timezone.now()
    with connection.cursor() as cursor:  # the test is one transaction, and so one moment
        cursor.execute(
            "UPDATE registry_enterpriseevent SET pgh_created_at = pgh_created_at - interval '1 day'"
        )
    lived(row, ("reopen", "2024-01-01"))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_enterpriseevent SET pgh_created_at = pgh_created_at + interval '1 hour'"
            " WHERE pgh_id = (SELECT max(pgh_id) FROM registry_enterpriseevent)"
        )
        cursor.execute(
            "UPDATE registry_spellevent SET pgh_created_at = pgh_created_at + interval '1 hour'"
        )
    with known_at(before - dt.timedelta(hours=1)):
        assert not m.Enterprise.objects.registered(day("2024-01-01")).exists()
        assert not m.Enterprise.objects.registered(day("2023-06-01")).exists()
    assert m.Enterprise.objects.registered(day("2024-01-01")).exists()
    assert not m.Enterprise.objects.registered(day("2023-06-01")).exists()


@pytest.mark.parametrize(
    ("verbs", "code"),
    [
        ((("close", "2023-06-01"), ("reopen", "2024-01-01")), "closed"),
        ((("move", "2023-06-01"), ("reopen", "2024-01-01")), "moved_away"),
        ((("suspend", "2023-06-01"), ("resume", "2024-01-01"), ("suspend", "2025-01-01")), "suspended"),
    ],
)  # fmt: skip
def test_the_bridge_names_the_return(verbs, code):
    row = EnterpriseFactory(in_hanoi=True)
    lived(row, *verbs)
    came = bridge("enterprises_total", Point(day("2023-07-01")), Point(day("2024-01-01")))
    assert [(term.sign, term.code) for term in came.terms] == [(1, code)]
    went = bridge("enterprises_total", Point(day("2023-01-01")), Point(day("2023-07-01")))
    assert [(term.sign, term.code) for term in went.terms] == [(-1, code)]


TOMORROW = "2999-01-01"


@pytest.mark.parametrize(
    ("before", "step", "code"),
    [
        ([], ("suspend", "2019-12-31"), "before"),
        ([], ("suspend", TOMORROW), "future"),
        ([], ("close", "2026-02-30"), "day"),
        ([], ("resume", "2021-01-01"), "not_suspended"),
        ([], ("reopen", "2021-01-01"), "not_absent"),
        ([("suspend", "2021-01-01")], ("suspend", "2021-02-01"), "suspended"),
        ([("suspend", "2021-01-01")], ("resume", "2020-12-01"), "before"),
        ([("close", "2021-01-01")], ("close", "2021-02-01"), "absent"),
        ([("close", "2021-01-01")], ("move", "2021-02-01"), "absent"),
        ([("close", "2021-01-01")], ("suspend", "2021-02-01"), "absent"),
        ([("close", "2021-01-01")], ("reopen", "2021-01-01"), "before"),
        ([("close", "2021-01-01"), ("reopen", "2021-05-01")], ("suspend", "2021-04-01"), "before"),
    ],
)
def test_a_step_is_refused(before, step, code):
    row = EnterpriseFactory()
    lived(row, *before)
    events = row.events.count()
    with pytest.raises(StepRefused) as refused:
        lived(row, step)
    assert refused.value.code == code
    assert refused.value.message
    assert row.events.count() == events


def test_a_step_without_a_reason_and_one_of_a_merged_record_are_refused():
    kept, gone = EnterpriseFactory(), EnterpriseFactory()
    with pytest.raises(StepRefused, match="reason"):
        close_enterprise(enterprise_id=kept.pk, on="2021-01-01", reason=" ", by=UserFactory())
    m.Enterprise.objects.filter(pk=gone.pk).update(merged_on=day("2022-01-01"), merged_into=kept)
    with pytest.raises(StepRefused, match="merged"):
        close_enterprise(enterprise_id=gone.pk, on="2023-01-01", reason="r", by=UserFactory())


def test_successor_is_named_kept_with_the_time_and_never_itself():
    row, other, by = EnterpriseFactory(), EnterpriseFactory(), UserFactory()
    with pytest.raises(StepRefused, match="not_absent"):
        name_successor(enterprise_id=row.pk, successor_id=other.pk, reason="r", by=by)
    close_enterprise(enterprise_id=row.pk, on="2022-01-01", reason="r", successor_id=None, by=by)
    with pytest.raises(StepRefused, match="successor"):
        name_successor(enterprise_id=row.pk, successor_id=row.pk, reason="r", by=by)
    name_successor(enterprise_id=row.pk, successor_id=other.pk, reason="r", by=by)
    with pytest.raises(StepRefused, match="no_change"):
        name_successor(enterprise_id=row.pk, successor_id=other.pk, reason="r", by=by)
    reopen_enterprise(enterprise_id=row.pk, on="2023-01-01", reason="r", by=by)
    row.refresh_from_db()
    assert row.successor is None
    assert row.spells.get().successor == other


# What the database refuses, by whatever way it is written.


def spell(row: m.Enterprise, kind: str, since: str, until: str) -> None:
    m.Spell.objects.create(enterprise=row, kind=kind, since=day(since), until=day(until))


def test_days_of_every_order_by_plain_sql():
    """The walks the database lets pass are those in which every step follows from the last."""
    cases = [
        ("closed_on = '2022-01-01'", True),
        ("closed_on = '2022-01-01', moved_away_on = '2022-06-01'", False),
        ("closed_on = '2022-01-01', suspended_on = '2022-06-01'", False),
        ("suspended_on = '2021-06-01', closed_on = '2022-01-01'", True),
        ("suspended_on = '2021-06-01', resumed_on = '2022-06-01', closed_on = '2022-01-01'", False),
        ("suspended_on = '2021-06-01', resumed_on = '2021-07-01', closed_on = '2022-01-01'", True),
        ("closed_on = '2019-06-01'", False),
    ]
    for values, is_a_walk in cases:
        row = EnterpriseFactory()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE registry_enterprise SET {values} WHERE id = {row.pk}")
        except IntegrityError:
            passed = False
        else:
            passed = True
        assert (values, passed) == (values, is_a_walk)


@pytest.mark.parametrize(
    ("fields", "kind", "since", "until"),
    [
        ({}, "closed", "2019-06-01", "2021-01-01"),  # before it was registered
        ({"closed_on": "2022-01-01"}, "moved_away", "2021-06-01", "2022-06-01"),
        ({"closed_on": "2022-01-01"}, "suspended", "2022-06-01", "2022-07-01"),
        ({"suspended_on": "2022-01-01"}, "suspended", "2021-06-01", "2022-06-01"),
        ({"suspended_on": "2022-01-01"}, "closed", "2021-06-01", "2022-06-01"),
    ],
)
def test_a_spell_that_is_no_walk_is_refused(fields, kind, since, until):
    row = EnterpriseFactory(**{name: day(text) for name, text in fields.items()})
    with pytest.raises(IntegrityError, match="enterprise_life_is_a_walk"), transaction.atomic():
        spell(row, kind, since, until)


def test_registration_is_not_moved_behind_a_spell():
    row = EnterpriseFactory()
    spell(row, "suspended", "2021-01-01", "2021-02-01")
    with pytest.raises(IntegrityError, match="enterprise_life_is_a_walk"), transaction.atomic():
        m.Enterprise.objects.filter(pk=row.pk).update(registered_on=day("2021-01-15"))


def test_a_merged_record_stands_still_and_can_be_separated():
    kept, gone = EnterpriseFactory(), EnterpriseFactory()
    m.Enterprise.objects.filter(pk=gone.pk).update(merged_on=day("2022-01-01"), merged_into=kept)
    for values in ({"closed_on": day("2023-01-01")}, {"registered_on": day("2019-01-01")},
                   {"merged_into": EnterpriseFactory()}):  # fmt: skip
        with pytest.raises(IntegrityError, match="enterprise_life_is_a_walk"), transaction.atomic():
            m.Enterprise.objects.filter(pk=gone.pk).update(**values)
    with pytest.raises(IntegrityError, match="enterprise_life_is_a_walk"), transaction.atomic():
        spell(gone, "closed", "2022-06-01", "2023-01-01")
    m.Enterprise.objects.filter(pk=gone.pk).update(merged_on=None, merged_into=None)
