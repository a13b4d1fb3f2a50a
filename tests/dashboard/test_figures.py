"""A figure, its list and its slices are one and the same, on any day."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from registry import models as m
from registry.dashboard.figures import all_figures, figure, members
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def test_slices_add_up_and_open_their_lists():
    small_register(60, seed=2)
    rng = random.Random(8)
    for on in [TODAY, *(TODAY - dt.timedelta(days=rng.randint(0, 900)) for _ in range(8))]:
        for one in all_figures(on):
            code = one.indicator.code
            assert one.numerator == len(list(members(code, on).order_by("pk")))
            for name, slices in one.slices.items():
                assert sum(part.count for part in slices) == one.numerator
                if one.denominator is not None:
                    assert sum(part.whole for part in slices) == one.denominator
                part = rng.choice(slices) if slices else None
                if part:
                    assert members(code, on, {name: part.code}).count() == part.count


def test_figures_change_with_the_day_only_by_dates():
    row = m.Enterprise.objects.create(
        name="A", registered_on=dt.date(2026, 1, 1), source="t", closed_on=dt.date(2026, 6, 1)
    )
    hanoi = m.Province.objects.create(code="01", name="Hà Nội")
    row.sites.create(kind="factory", address="x", province=hanoi, until=dt.date(2026, 5, 1))
    on = {
        day: figure("enterprises_total", dt.date(2026, *day)).value
        for day in [(1, 1), (4, 30), (5, 1), (6, 1)]
    }
    assert on == {(1, 1): 1, (4, 30): 1, (5, 1): 0, (6, 1): 0}


def test_share_of_nothing_is_unknown_not_zero():
    one = figure("share_international_standard", TODAY)
    assert (one.numerator, one.denominator, one.value) == (0, 0, None)


def test_unverified_or_national_certificate_does_not_count():
    small_register(60, seed=2)
    rule = members("enterprises_international_standard", TODAY)
    for row in m.Enterprise.objects.operating(TODAY).in_hanoi(TODAY).order_by("pk"):
        counts = False
        for held in row.certificates.select_related("scheme", "edition").order_by("pk"):
            steps = held.verifications.filter(on__lte=TODAY).order_by("on", "pk")
            last = list(steps)[-1].outcome if steps else ""
            counts |= (
                held.scheme.is_international
                and held.state_on(TODAY) == "valid"
                and last == "confirmed"
            )
        assert rule.filter(pk=row.pk).exists() == counts
