from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from registry.reference.models import Process
from registry.sample.codes import Codes, ListsMissing, codes
from registry.sample.generator import Invented, invented
from registry.sample.lines import lines
from registry.sample.proof import edition_for, end_of, months_after
from tests.sample.conftest import ON

SIZE = 420


def made(lists: Codes, *, seed: int = 1, on: dt.date = ON, size: int = SIZE) -> list[Invented]:
    return list(invented(size=size, seed=seed, on=on, codes=lists))


def test_the_same_seed_and_day_make_the_same_enterprises(lists: Codes) -> None:
    assert made(lists) == made(lists)


def test_a_larger_sample_begins_like_a_smaller_one(lists: Codes) -> None:
    assert made(lists)[:210] == made(lists, size=210)


def test_another_seed_or_day_makes_others(lists: Codes) -> None:
    names = {one.draft.name for one in made(lists)}
    assert not names & {one.draft.name for one in made(lists, seed=2)}
    dated = [one.draft.registered_on for one in made(lists)]
    assert dated != [one.draft.registered_on for one in made(lists, on=ON - dt.timedelta(days=1))]


@pytest.mark.parametrize("on", [dt.date(2026, 6, 30), dt.date(2024, 2, 29), dt.date(2027, 1, 1)])
def test_nothing_but_certificates_to_come_lies_in_the_future(lists: Codes, on: dt.date) -> None:
    for one in made(lists, on=on):
        days = [value for value in vars(one.draft).values() if isinstance(value, dt.date)]
        days += [look.on for draft in one.certificates for look in draft.looks]
        days += [
            day
            for draft in one.relations
            for day in (draft.since, draft.until, draft.verified_on)
            if day
        ]
        days += [
            day
            for draft in one.certificates
            for day in (draft.suspended_on, draft.reinstated_on, draft.withdrawn_on)
            if day
        ]
        assert max(days) <= on


def test_no_look_before_registration(lists: Codes) -> None:
    looks = [
        (one.draft.registered_on, look.on)
        for one in made(lists)
        for draft in one.certificates
        for look in draft.looks
    ]
    assert looks
    assert all(registered <= on for registered, on in looks)


def test_a_merged_enterprise_goes_into_an_earlier_one_that_stays(lists: Codes) -> None:
    enterprises = made(lists, size=1000)
    merged = [one for one in enterprises if one.merged_into is not None]
    assert len(merged) >= 3
    for one in merged:
        assert one.merged_into is not None
        successor = enterprises[one.merged_into]
        assert successor.number < one.number
        assert not (successor.draft.closed_on or successor.draft.moved_away_on)
        assert successor.merged_into is None


def test_every_line_has_what_an_enterprise_needs() -> None:
    for line in lines():
        assert line.items and line.vsic and line.processes and line.schemes, line.code
        assert len(line.buyers) >= 4, line.code  # one enterprise has up to four, none twice


def test_missing_codes_are_named(lists: Codes) -> None:
    with transaction.atomic():
        Process.objects.filter(code__in=["stamping", "spinning"]).delete()
        with pytest.raises(ListsMissing, match="processes: spinning, stamping"):
            codes()
        transaction.set_rollback(True)


def test_months_end_where_the_month_does() -> None:
    assert months_after(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert months_after(dt.date(2026, 11, 15), 2) == dt.date(2027, 1, 15)
    assert months_after(dt.date(2026, 1, 15), -36) == dt.date(2023, 1, 15)


def test_a_certificate_is_of_the_edition_of_its_day(lists: Codes) -> None:
    iso = lists.editions["iso9001"]
    scheme = lists.schemes["iso9001"]

    def edition(day: dt.date) -> str:
        found = edition_for(iso, day, end_of(scheme, day))
        return found.code if found else ""

    assert edition(dt.date(2024, 5, 1)) == "2015"
    assert edition(dt.date(2026, 10, 1)) == "2015"  # the new one is out, nobody certifies to it
    assert edition(dt.date(2027, 6, 1)) == "2026"
    assert edition(dt.date(2012, 1, 1)) == ""
