"""The rule of status, case by case; pure, so that every case is a line."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from registry.dashboard.pace import (
    Aim,
    Lack,
    Mark,
    Place,
    Status,
    carried_on,
    close,
    judge,
    on_path,
    path,
)

BEGIN, DUE = dt.date(2025, 1, 1), dt.date(2035, 1, 1)
HALF = dt.date(2030, 1, 1)  # 1,826 of 3,652 days: exactly the middle
ABOUT_1200 = Aim(low=Fraction(1200), due_on=DUE, is_count=True)
OVER_40 = Aim(low=Fraction(40), due_on=DUE, is_count=False, is_over=True)
BAND = Aim(low=Fraction(35), high=Fraction(40), due_on=DUE, is_count=False)
AHEAD, ON_TRACK, BEHIND, UNKNOWN = Status.AHEAD, Status.ON_TRACK, Status.BEHIND, Status.UNKNOWN


def start(value: int | Fraction, on: dt.date = BEGIN) -> Mark:
    return Mark(on, Fraction(value))


@pytest.mark.parametrize(
    ("aim", "begin", "on", "value", "status"),
    [
        # From 1,000 to 1,200: in the middle the path stands at 1,100 and leaves 100.
        (ABOUT_1200, 1000, HALF, 1200, AHEAD),
        (ABOUT_1200, 1000, HALF, 1110, AHEAD),
        (ABOUT_1200, 1000, HALF, 1109, ON_TRACK),
        (ABOUT_1200, 1000, HALF, 1100, ON_TRACK),
        (ABOUT_1200, 1000, HALF, 1090, ON_TRACK),
        (ABOUT_1200, 1000, HALF, 1089, BEHIND),
        (ABOUT_1200, 1000, BEGIN, 1000, ON_TRACK),
        # The day before it is due nothing may be missing beyond the path's own last step.
        (ABOUT_1200, 1000, dt.date(2034, 12, 31), 1199, BEHIND),
        (ABOUT_1200, 1000, dt.date(2034, 12, 31), 1200, AHEAD),
        # On the day itself "about" takes nothing off.
        (ABOUT_1200, 1000, DUE, 1199, Status.MISSED),
        (ABOUT_1200, 1000, DUE, 1200, Status.MET),
        # Nothing is asked beyond holding what there was at the beginning.
        (ABOUT_1200, 1250, HALF, 1200, ON_TRACK),
        (ABOUT_1200, 1250, HALF, 1199, BEHIND),
        (BAND, Fraction(356, 10), HALF, Fraction(35), ON_TRACK),
        (BAND, Fraction(356, 10), HALF, Fraction(3496, 100), BEHIND),
        (BAND, Fraction(356, 10), HALF, Fraction(41), ON_TRACK),
        # "Over 40" is not reached by 40, on its day; before it, 40 is far along the path.
        (OVER_40, 30, DUE, 40, Status.MISSED),
        (OVER_40, 30, DUE, Fraction(40001, 1000), Status.MET),
        (OVER_40, 30, HALF, 40, AHEAD),
        (OVER_40, 40, HALF, 40, BEHIND),
    ],
)
def test_status(aim, begin, on, value, status):
    assert judge(Fraction(value), aim, start(begin), [], on).status == status


def test_numbers_beside_the_status():
    verdict = judge(Fraction(1060), ABOUT_1200, start(1000), [], HALF)
    assert (verdict.expected, verdict.left, verdict.need) == (1100, 100, 140)
    assert verdict.required == Fraction(140) * Fraction(1461, 4) / 1826
    reached = judge(Fraction(1300), ABOUT_1200, start(1000), [], HALF)
    assert (reached.need, reached.required, reached.left) == (0, 0, 100)


@pytest.mark.parametrize(
    ("value", "begin", "lack"),
    [
        (None, start(1000), Lack.FIGURE),
        (Fraction(1000), None, Lack.BASELINE),
        (Fraction(1000), start(1000, DUE), Lack.BASELINE),
        (Fraction(1000), start(1000, dt.date(2031, 1, 1)), Lack.BASELINE),
    ],
)
def test_what_is_missing_is_named(value, begin, lack):
    verdict = judge(value, ABOUT_1200, begin, [], HALF)
    assert (verdict.status, verdict.lack) == (UNKNOWN, lack)


def test_without_a_beginning_the_pace_required_is_still_told():
    assert judge(Fraction(1000), ABOUT_1200, None, [], HALF).need == 200


def test_a_milestone_of_the_plan_bends_the_path():
    stone = Mark(HALF, Fraction(1180))
    assert on_path(path(start(1000), [stone], ABOUT_1200), HALF) == 1180
    assert judge(Fraction(1110), ABOUT_1200, start(1000), [stone], HALF).status == BEHIND
    outside = [Mark(BEGIN, Fraction(5)), Mark(DUE, Fraction(5))]
    assert path(start(1000), outside, ABOUT_1200) == [start(1000), Mark(DUE, Fraction(1200))]


def test_a_target_gone_by_is_closed_and_not_judged():
    with pytest.raises(ValueError, match="gone by"):
        judge(Fraction(1), ABOUT_1200, start(1000), [], DUE + dt.timedelta(days=1))
    assert close(Fraction(1199), ABOUT_1200).status == Status.MISSED
    assert close(Fraction(1199), ABOUT_1200).need == 1
    assert close(None, ABOUT_1200).lack == Lack.HISTORY


@pytest.mark.parametrize(
    ("aim", "least", "value", "place"),
    [
        (Aim(Fraction(1000), DUE, is_count=True, is_over=True), 1001, 1000, Place.BELOW),
        (Aim(Fraction(1000), DUE, is_count=True), 1000, 1000, Place.WITHIN),
        (Aim(Fraction(9995, 10), DUE, is_count=True), 1000, 999, Place.BELOW),
        (OVER_40, 40, 40, Place.BELOW),
        (BAND, 35, Fraction(34999, 1000), Place.BELOW),
        (BAND, 35, 40, Place.WITHIN),
        (BAND, 35, Fraction(40001, 1000), Place.ABOVE),
    ],
)
def test_least_and_place(aim, least, value, place):
    assert (aim.least, aim.place(Fraction(value))) == (least, place)


@pytest.mark.parametrize(
    ("aim", "whole", "fewest"),
    [(BAND, 1000, 350), (BAND, 900, 315), (BAND, 901, 316), (OVER_40, 1000, 401), (BAND, 0, 0)],
)
def test_fewest_are_the_first_that_reach(aim, whole, fewest):
    assert aim.fewest(whole) == fewest
    if whole:
        assert aim.is_reached(Fraction(100 * fewest, whole))
        assert not aim.is_reached(Fraction(100 * (fewest - 1), whole))


def test_the_pace_seen_carried_on():
    assert carried_on(Fraction(1000), Fraction(50), BEGIN, BEGIN + dt.timedelta(days=1461)) == 1200
