"""Plans side by side: which targets count, where a path begins, what is never compared."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from registry import models as m
from registry.dashboard.figures import Figure
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.pace import Lack, Status
from registry.dashboard.published import published
from registry.dashboard.series import pace_seen, recent_days, series
from registry.dashboard.standing import SHARES, same_among_target, standings
from registry.plans.queries import PROVISIONAL
from tests.factories import CertificateFactory, EnterpriseFactory

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 28)
TOTAL, MEETING = "enterprises_total", "enterprises_international_standard"
SHARE = "share_international_standard"


def plan(code: str, begin: int, end: int, **fields) -> m.PlanDocument:
    return m.PlanDocument.objects.create(
        **{
            "code": code,
            "title": code,
            "scope": "hanoi",
            "valid_from": dt.date(begin, 1, 1),
            "valid_to": dt.date(end, 12, 31),
            **fields,
        }
    )


def target(document: m.PlanDocument, indicator: str, low: int, year: int, **fields) -> m.Target:
    return m.Target.objects.create(
        **{
            "document": document,
            "indicator": indicator,
            "operator": "~",
            "low": low,
            "unit": "%" if indicator == SHARE else "enterprise",
            "due_on": dt.date(year, 12, 31),
            "period": str(year),
            "source": "s",
            **fields,
        }
    )


def published_figure(indicator: str, day: dt.date, value: int, scope: str = "hanoi") -> m.Baseline:
    return m.Baseline.objects.create(
        scope=scope, indicator=indicator, as_of="x", as_of_on=day, qualifier=">", value=value,
        source="s",
    )  # fmt: skip


def figure(code: str, part: int, whole: int | None = None, on: dt.date = ON) -> Figure:
    return Figure(INDICATORS[code], on, PROVISIONAL, part, whole)


def test_year_plan_programme_and_vision_stand_side_by_side():
    old = plan("old", 2020, 2025)
    programme = plan("programme", 2026, 2030, supersedes=old)
    year = plan("year", 2026, 2026)
    target(old, TOTAL, 1000, 2027)
    target(programme, TOTAL, 1400, 2035)
    target(programme, TOTAL, 1200, 2030)
    target(year, TOTAL, 1020, 2026)
    published_figure(TOTAL, dt.date(2025, 12, 31), 1000)
    [one] = standings([figure(TOTAL, 1010)], ON)
    assert [course.target.low for course in one.courses] == [1020, 1200, 1400]
    assert one.target == one.courses[0].target
    assert [[stone.low for stone in course.milestones] for course in one.courses] == [
        [],
        [],
        [1200],
    ]
    said = published([TOTAL], ON, SHARES)[TOTAL]
    assert [(one.low, one.superseded_by) for one in said.past(ON)] == [(1000, "programme")]
    before = published([TOTAL], dt.date(2025, 6, 1), SHARES)[TOTAL]
    assert [one.low for one in before.live(dt.date(2025, 6, 1))] == [1000]


def test_a_vision_outlives_the_programme_that_names_it():
    vision = plan("programme", 2026, 2030)
    target(vision, TOTAL, 1400, 2035)
    on = dt.date(2032, 1, 1)
    assert [one.low for one in published([TOTAL], on, SHARES)[TOTAL].live(on)] == [1400]


def test_a_later_figure_does_not_move_the_beginning():
    target(plan("programme", 2026, 2030), TOTAL, 1200, 2030)
    for day, value in [
        (dt.date(2024, 12, 31), 950),
        (dt.date(2026, 1, 1), 1000),
        (dt.date(2026, 6, 30), 900),
    ]:
        published_figure(TOTAL, day, value)
    published_figure(TOTAL, dt.date(2026, 1, 1), 5000, scope="nation")
    [one] = standings([figure(TOTAL, 1010)], ON)
    assert one.courses[0].start.mark == one.courses[0].path[0]
    assert (one.courses[0].start.mark.on, one.courses[0].start.mark.value) == (
        dt.date(2026, 1, 1),
        1000,
    )
    assert (one.baseline.value, one.national.value) == (900, 5000)


def test_the_nations_figure_begins_no_path():
    target(plan("programme", 2026, 2030), TOTAL, 1200, 2030)
    published_figure(TOTAL, dt.date(2025, 12, 31), 5000, scope="nation")
    [one] = standings([figure(TOTAL, 1010)], ON)
    assert one.course.verdict.lack == Lack.BASELINE and one.course.path == []


def test_the_nations_target_is_never_compared():
    nation = plan("nation", 2026, 2030, scope="nation")
    target(nation, TOTAL, 2000, 2030)
    [one] = standings([figure(TOTAL, 1010)], ON)
    assert (one.courses, one.target, one.state) == ((), None, "unknown")


def test_a_share_begins_at_two_counts_of_one_day():
    target(plan("programme", 2026, 2030), SHARE, 40, 2030, operator=">")
    published_figure(MEETING, dt.date(2023, 12, 31), 320)
    published_figure(TOTAL, dt.date(2023, 12, 31), 960)
    published_figure(TOTAL, dt.date(2024, 10, 31), 900)
    [one] = standings([figure(SHARE, 336, 965)], ON)
    assert one.course.start.mark.value == Fraction(100, 3)
    assert one.course.start.is_worked_out
    published_figure(SHARE, dt.date(2022, 12, 31), 35)
    [one] = standings([figure(SHARE, 336, 965)], ON)
    assert (one.course.start.mark.value, one.course.start.is_worked_out) == (35, False)


def test_no_rounding_reaches_a_target():
    target(plan("programme", 2026, 2030), SHARE, 35, 2030, operator="~", high=40)
    [one] = standings([figure(SHARE, 3496, 10_000)], ON)
    assert (str(one.figure.value), one.state) == ("35.0", "below")
    assert str(one.gap) == "0.1"  # not 0, which would be no lack
    [one] = standings([figure(SHARE, 3500, 10_000)], ON)
    assert one.state == "reached"


def test_a_target_of_another_unit_is_not_compared():
    target(plan("programme", 2026, 2030), TOTAL, 40, 2030, unit="%")
    published_figure(TOTAL, dt.date(2025, 12, 31), 900)
    [one] = standings([figure(TOTAL, 1010)], ON)
    assert (one.course.verdict.status, one.course.verdict.lack) == (Status.UNKNOWN, Lack.UNIT)


def test_growing_to_the_target_can_fall_out_of_the_band():
    programme = plan("year", 2026, 2026)
    target(programme, TOTAL, 1000, 2026)
    target(programme, SHARE, 35, 2026, operator="~", high=40)
    share, total = standings([figure(SHARE, 320, 900), figure(TOTAL, 900)], ON)
    assert (share.state, same_among_target(share, total)) == ("reached", 32)
    share, total = standings([figure(SHARE, 320, 1000), figure(TOTAL, 1000)], ON)
    assert same_among_target(share, total) is None


def test_the_series_is_one_statement_and_equals_each_figure(django_assert_num_queries):
    for year in (2024, 2025, 2026):
        EnterpriseFactory(in_hanoi=True, registered_on=dt.date(year, 6, 1))
    CertificateFactory(verified=True, issued_on=dt.date(2025, 1, 1), enterprise__registered_on=dt.date(2025, 2, 1))  # fmt: skip
    days = recent_days(ON, 36)
    with django_assert_num_queries(1):
        found = series(dict.fromkeys(INDICATORS, days), PROVISIONAL)
    assert {code: len(one.figures) for code, one in found.items()} == dict.fromkeys(INDICATORS, 31)
    for code, one in found.items():
        indicator = INDICATORS[code]
        for each in one.figures:
            assert each.numerator == indicator.members(each.on, PROVISIONAL).count()
            if indicator.whole:
                assert each.denominator == indicator.whole(each.on, PROVISIONAL).count()
    assert pace_seen(found[TOTAL], ON) == 1
    assert pace_seen(found[SHARE], ON) == Fraction(100, 4) - Fraction(100, 3)


def test_a_register_younger_than_a_year_has_no_pace():
    EnterpriseFactory(in_hanoi=True, registered_on=dt.date(2026, 6, 1))
    found = series({TOTAL: recent_days(ON, 24)}, PROVISIONAL)[TOTAL]
    assert found.figures[0].on == dt.date(2026, 6, 30)
    assert pace_seen(found, ON) is None


def test_a_register_that_is_being_filled_is_not_judged():
    target(plan("programme", 2026, 2030), TOTAL, 1200, 2030)
    published_figure(TOTAL, dt.date(2026, 1, 1), 900)
    lacks = {}
    for held in (899, 900):
        [one] = standings([figure(TOTAL, held)], ON)
        lacks[held] = one.course.verdict.lack
    assert lacks == {899: Lack.COVERAGE, 900: None}
    old = dt.date(2027, 6, 1)  # the figure is of another time: fewer are fewer
    [one] = standings([figure(TOTAL, 899, on=old)], old)
    assert one.course.verdict.status == Status.BEHIND
