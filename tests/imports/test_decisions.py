"""Doubtful rows: an officer says whom a row means, once; it can be undone before writing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from registry import models as m
from registry.areas.actions import set_area
from registry.desk.actions import decide_duplicate
from registry.desk.duplicates import candidates
from registry.enterprises.permissions import OutsideArea
from registry.imports import actions
from registry.imports.decisions import actions as decisions
from registry.imports.decisions.actions import Undecidable
from tests.factories import (
    EnterpriseFactory,
    SiteFactory,
    UserFactory,
    WardFactory,
)
from tests.imports.reviewing import CLASH as CLASHING
from tests.imports.reviewing import (
    CODE,
    HEADER,
    NAME,
    OTHER,
    asked,
    decide,
    known_firm,
    outcomes,
    reviewed,
    written,
)
from tests.imports.sheets import HANOI, tax_code

pytestmark = pytest.mark.django_db
CLASH = [HEADER, CLASHING]


@pytest.fixture
def known():
    return known_firm()


def decided():
    rows = m.DuplicateDecision.objects.order_by("first")
    return [(one.first_id, one.second_id, one.is_same) for one in rows]


def test_a_doubtful_row_says_with_whom_and_why(known):
    batch = reviewed(CLASH)
    assert outcomes(batch) == ["doubtful"]
    [whom] = asked(batch, 2).whom
    assert (whom.pk, whom.why, whom.can_be_same) == (
        known.pk,
        "name",
        True,
    )
    assert asked(batch, 2).may_be_new


def test_the_same_becomes_a_change_field_by_field_and_is_checked(known):
    batch = reviewed(CLASH)
    decide(batch, 2, same=known.pk)
    row = batch.rows.get()
    assert (row.outcome, row.decision) == ("changed", "accept")
    assert [(one["column"], one["old"], one["new"]) for one in row.changes] == [
        ("MST", CODE, OTHER),
        ("Website", "https://cu.vn", "https://moi.vn"),
        ("Địa chỉ", HANOI, "Số 9 phố Khác, Hà Nội"),
    ]
    assert written(batch) == 1
    known.refresh_from_db()
    assert (known.tax_code, known.website) == (OTHER, "https://moi.vn")
    assert (m.Enterprise.objects.count(), decided()) == (1, [])


def test_a_new_one_is_remembered_and_asked_about_never_again(known):
    batch = reviewed(CLASH)
    officer, writer = UserFactory(), UserFactory()
    decide(batch, 2, by=officer, new=True)
    assert (outcomes(batch), decided()) == (["new"], [])
    assert written(batch, by=writer) == 1
    new = m.Enterprise.objects.exclude(pk=known.pk).get()
    assert decided() == [(known.pk, new.pk, False)]
    remembered = m.DuplicateDecision.objects.get()
    assert (remembered.by, remembered.on) == (officer, timezone.localdate())
    assert remembered.reason == "Decided in the review of the list list.csv: row 2."
    assert candidates() == []
    assert outcomes(reviewed(CLASH)) == ["unchanged"]


def test_the_desk_would_have_asked_without_the_decision(known):
    batch = reviewed(CLASH)
    decide(batch, 2, new=True)
    written(batch)
    m.DuplicateDecision.objects.all().delete()
    assert [one.first for one in candidates()] == [known.pk]


def test_the_list_says_in_its_history_what_it_is_also_of_the_decision(known):
    batch = reviewed(CLASH)
    decide(batch, 2, new=True)
    written(batch)
    [event] = m.DuplicateDecision.pgh_event_model.objects.all()
    batch.refresh_from_db()
    assert event.pgh_context_id == batch.context
    assert event.pgh_context.metadata["reason"] == "Import of list.csv"


def test_taking_back_takes_the_decision_back(known):
    batch = reviewed(CLASH)
    decide(batch, 2, new=True)
    written(batch)
    actions.take_back(batch_id=batch.pk, by=UserFactory())
    assert (list(m.Enterprise.objects.all()), decided()) == ([known], [])


def test_what_was_decided_at_the_desk_since_is_not_taken_back(known):
    batch = reviewed(CLASH)
    decide(batch, 2, new=True)
    written(batch)
    new = m.Enterprise.objects.exclude(pk=known.pk).get()
    day = timezone.localdate()
    decide_duplicate(one=known, other=new, is_same=True, reason="x", by=UserFactory(), on=day)
    with pytest.raises(actions.CannotTakeBack) as problem:
        actions.take_back(batch_id=batch.pk, by=UserFactory())
    assert problem.value.names == [NAME]


@pytest.mark.parametrize("what", ["same", "new"])
def test_a_decision_is_undone_before_writing(known, what):
    batch = reviewed(CLASH)
    before = batch.rows.values().get()
    decide(batch, 2, **({"same": known.pk} if what == "same" else {"new": True}))
    decisions.undo_decision(batch_id=batch.pk, number=2, by=UserFactory())
    actions.check_again(batch_id=batch.pk)
    after = batch.rows.values().get()
    assert {**after, "id": 0} == {**before, "id": 0}
    assert written(batch) == 0


def test_a_decision_that_was_not_checked_yet_writes_nothing(known):
    batch = reviewed(CLASH)
    mark = asked(batch, 2).mark()
    decisions.decide_new(batch_id=batch.pk, number=2, mark=mark, by=UserFactory())
    assert written(batch) == 0
    assert m.Enterprise.objects.count() == 1


def test_what_was_decided_stays_when_the_list_is_checked_again_or_mended(known):
    batch = reviewed(CLASH)
    decide(batch, 2, new=True)
    actions.mend(batch_id=batch.pk, number=2, cells={"D": "https://khac.vn"})
    assert outcomes(batch) == ["new"]


def test_another_candidate_is_another_question(known):
    batch = reviewed(CLASH)
    decide(batch, 2, new=True)
    late = EnterpriseFactory(name=NAME, tax_code=tax_code(10010930))
    SiteFactory(enterprise=late, address="Số 1, Hà Nội", province=m.Province.objects.get())
    actions.check_again(batch_id=batch.pk)
    assert outcomes(batch) == ["doubtful"]
    assert [one.pk for one in asked(batch, 2).whom] == [late.pk]


def test_only_what_was_seen_is_decided(known):
    batch = reviewed(CLASH)
    mark = asked(batch, 2).mark()
    late = EnterpriseFactory(name=NAME, tax_code=tax_code(10010930))
    SiteFactory(enterprise=late, address="Số 1, Hà Nội", province=m.Province.objects.get())
    actions.check_again(batch_id=batch.pk)
    row = {"batch_id": batch.pk, "number": 2, "mark": mark, "by": UserFactory()}
    with pytest.raises(Undecidable, match="checked again meanwhile"):
        decisions.decide_new(**row)
    with pytest.raises(Undecidable, match="checked again meanwhile"):
        decisions.decide_same(**row, enterprise_id=known.pk)
    assert not m.ImportDecision.objects.exists()


def test_a_plain_row_asks_nothing(known):
    batch = reviewed([HEADER, ("Công ty TNHH Bình Minh", OTHER, HANOI, "")])
    row = {"batch_id": batch.pk, "number": 2, "mark": asked(batch, 2).mark()}
    with pytest.raises(Undecidable):
        decisions.decide_same(**row, enterprise_id=known.pk, by=UserFactory())


def test_another_live_record_can_be_named_and_an_ended_one_cannot(known):
    batch = reviewed(CLASH)
    other, merged = EnterpriseFactory(name="Công ty B"), EnterpriseFactory(name="Công ty C")
    m.Enterprise.objects.filter(pk=merged.pk).update(
        merged_into=known, merged_on=timezone.localdate()
    )
    row = {"batch_id": batch.pk, "number": 2, "mark": asked(batch, 2).mark()}
    for pk, words in ((merged.pk, "no longer in the register"), (10**12, "no enterprise of this")):
        with pytest.raises(Undecidable, match=words):
            decisions.decide_same(**row, enterprise_id=pk, by=UserFactory())
    decide(batch, 2, same=other.pk)
    assert outcomes(batch) == ["changed"]
    assert written(batch) == 1
    other.refresh_from_db()
    assert (other.name, other.tax_code) == (NAME, OTHER)


def test_a_record_that_ended_since_it_was_chosen_is_not_written_to(known):
    batch = reviewed(CLASH)
    decide(batch, 2, same=known.pk)
    into = EnterpriseFactory(name="Công ty B")
    m.Enterprise.objects.filter(pk=known.pk).update(
        merged_into=into, merged_on=timezone.localdate()
    )
    actions.check_again(batch_id=batch.pk)
    assert outcomes(batch) == ["doubtful"]


def test_a_tax_code_of_a_third_record_is_said_not_written(known):
    third = EnterpriseFactory(name="Công ty Cổ phần Khác Hẳn", tax_code=OTHER)
    batch = reviewed(CLASH)
    [whom] = asked(batch, 2).whom
    assert (whom.pk, asked(batch, 2).may_be_new) == (third.pk, False)
    with pytest.raises(Undecidable, match="has this tax code"):
        decide(batch, 2, new=True)
    decide(batch, 2, same=known.pk)
    [problem] = batch.rows.get().problems
    assert problem["message"].startswith(f"This tax code is that of {third}")
    assert outcomes(batch) == ["doubtful"]


def test_two_rows_do_not_mean_one_record(known):
    batch = reviewed([*CLASH, (NAME, CODE, HANOI, "https://b.vn")])
    decide(batch, 2, same=known.pk)
    assert outcomes(batch) == ["changed", "doubtful"]


def test_a_decision_lies_within_the_officers_area(known):
    batch = reviewed(CLASH)
    person = UserFactory()
    set_area(person=person, wards=[WardFactory().pk], sectors=[], reason="x", by=UserFactory())
    row = {"batch_id": batch.pk, "number": 2, "mark": asked(batch, 2).mark(), "by": person}
    with pytest.raises(OutsideArea):
        decisions.decide_new(**row)
    with pytest.raises(OutsideArea):
        decisions.decide_same(**row, enterprise_id=known.pk)


@pytest.mark.parametrize("choice", ["same", "new"])
def test_a_decision_about_a_record_outside_of_the_area_is_not_undone(known, choice):
    batch = reviewed(CLASH)
    decide(batch, 2, **{choice: known.pk})
    person = UserFactory()
    set_area(person=person, wards=[WardFactory().pk], sectors=[], reason="x", by=UserFactory())
    with pytest.raises(OutsideArea):
        decisions.undo_decision(batch_id=batch.pk, number=2, by=person)
    assert batch.decisions.count() == 1
    decisions.undo_decision(batch_id=batch.pk, number=2, by=UserFactory())
    assert batch.decisions.count() == 0


def test_another_sheet_forgets_what_was_decided(known):
    batch = reviewed(CLASH)
    decide(batch, 2, new=True)
    actions.say_how(batch_id=batch.pk, encoding="", sheet="", header=1, mapping={})
    assert not batch.decisions.exists()


# Pairs that were decided before


@pytest.fixture
def twin(known):
    """Another enterprise of that name in the province, without a tax code."""
    enterprise = EnterpriseFactory(name=NAME)
    address = "Số 9 phố Khác, Hà Nội"
    SiteFactory(enterprise=enterprise, address=address, province=m.Province.objects.get())
    return enterprise


TWIN_ROW = [HEADER, (NAME, "", "Số 9 phố Khác, Hà Nội", "https://moi.vn")]


def test_a_pair_that_the_desk_told_apart_is_no_doubt(known, twin):
    assert outcomes(reviewed(TWIN_ROW)) == ["doubtful"]
    day = dt.date(2026, 1, 5)
    decide_duplicate(one=twin, other=known, is_same=False, reason="x", by=UserFactory(), on=day)
    batch = reviewed(TWIN_ROW)
    assert outcomes(batch) == ["changed"]
    written(batch)
    twin.refresh_from_db()
    known.refresh_from_db()
    assert (twin.website, known.website) == ("https://moi.vn", "https://cu.vn")


def test_a_pair_that_is_the_same_stays_a_doubt(known, twin):
    day = dt.date(2026, 1, 5)
    decide_duplicate(one=twin, other=known, is_same=True, reason="x", by=UserFactory(), on=day)
    assert outcomes(reviewed(TWIN_ROW)) == ["doubtful"]


def test_a_third_record_of_the_name_is_a_doubt_still(known, twin):
    third = EnterpriseFactory(name=NAME)
    SiteFactory(enterprise=third, address="Số 3, Hà Nội", province=m.Province.objects.get())
    day = dt.date(2026, 1, 5)
    decide_duplicate(one=twin, other=known, is_same=False, reason="x", by=UserFactory(), on=day)
    batch = reviewed(TWIN_ROW)
    assert outcomes(batch) == ["doubtful"]
    assert {one.pk for one in asked(batch, 2).whom} == {known.pk, twin.pk, third.pk}


def test_another_address_of_a_told_pair_is_a_doubt(known, twin):
    day = dt.date(2026, 1, 5)
    decide_duplicate(one=twin, other=known, is_same=False, reason="x", by=UserFactory(), on=day)
    assert outcomes(reviewed([HEADER, (NAME, "", "Số 77, Hà Nội", "")])) == ["doubtful"]


# The database


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "same"},
        {"kind": "same", "same_as": 1, "apart_from": [1]},
        {"kind": "new"},
        {"kind": "new", "apart_from": [1], "same_as": 1},
        {"kind": "fields"},
        {"kind": "other", "same_as": 1},
    ],
)
def test_a_decision_is_one_of_three(known, wrong):
    batch = reviewed(CLASH)
    with pytest.raises(IntegrityError, match="import_decision_is_one_of_three"):
        m.ImportDecision.objects.create(batch=batch, number=2, by=UserFactory(), **wrong)


def test_a_row_has_one_decision(known):
    batch = reviewed(CLASH)
    decide(batch, 2, new=True)
    with pytest.raises(IntegrityError, match="import_decision_once"), transaction.atomic():
        m.ImportDecision.objects.create(
            batch=batch, number=2, by=UserFactory(), kind="same", same_as=1
        )
