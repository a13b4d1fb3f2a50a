"""The bridge adds up between any two points, and each term is what happened."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from registry import models as m
from registry.dashboard.bridge import bridge
from registry.dashboard.figures import figure
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.points import Point
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def strict_rule() -> m.CountingRule:
    return m.CountingRule.objects.create(
        version=2, name="Chặt", valid_from=dt.date(2030, 1, 1), breadth="both", reason="so sánh"
    )


def test_it_always_adds_up():
    small_register(60, seed=12)
    strict_rule()
    rng = random.Random(4)
    for _ in range(10):
        before, after = (
            Point(
                TODAY - dt.timedelta(days=rng.randint(0, 700)), version=rng.choice([None, None, 2])
            )
            for _side in range(2)
        )
        for code in INDICATORS:
            found = bridge(code, before, after)
            assert found.start + sum(term.amount for term in found.terms) == found.end
            moved = [pk for term in found.terms for pk in term.enterprise_ids]
            assert len(moved) == len(set(moved))
            if after.version is None:
                assert found.end == figure(code, after.on).numerator


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"registered_on": dt.date(2026, 3, 1)}, (1, "not_yet")),
        ({"closed_on": dt.date(2026, 3, 1)}, (-1, "closed")),
        ({"moved_away_on": dt.date(2026, 3, 1)}, (-1, "moved_away")),
        ({"suspended_on": dt.date(2026, 3, 1)}, (-1, "suspended")),
        (
            {"suspended_on": dt.date(2025, 6, 1), "resumed_on": dt.date(2026, 3, 1)},
            (1, "suspended"),
        ),
    ],
)
def test_each_event_has_its_term(fields, reason):
    hanoi = m.Province.objects.create(code="01", name="Hà Nội")
    row = m.Enterprise.objects.create(
        **{"name": "A", "registered_on": dt.date(2020, 1, 1), "source": "t", **fields}
    )
    row.sites.create(kind="factory", address="x", province=hanoi)
    found = bridge("enterprises_total", Point(dt.date(2025, 12, 31)), Point(dt.date(2026, 6, 30)))
    assert [(term.sign, term.code) for term in found.terms] == [reason]
    assert found.terms[0].enterprise_ids == (row.pk,)


def test_a_certificate_that_ends_and_a_rule_that_asks_more():
    hanoi = m.Province.objects.create(code="01", name="Hà Nội")
    row = m.Enterprise.objects.create(name="A", registered_on=dt.date(2020, 1, 1), source="t")
    row.sites.create(kind="factory", address="x", province=hanoi)
    scheme = m.CertificationScheme.objects.create(
        code="s", name="S", kind="system", is_international=True
    )
    held = m.Certificate.objects.create(
        enterprise=row, scheme=scheme, source="t",
        issued_on=dt.date(2023, 4, 1), valid_until=dt.date(2026, 3, 31),
    )  # fmt: skip
    held.verifications.create(
        by=m.User.objects.create_user("o"), on=dt.date(2023, 5, 1), method="register",
        outcome="confirmed",
    )  # fmt: skip
    code = "enterprises_international_standard"
    ended = bridge(code, Point(dt.date(2026, 3, 31)), Point(dt.date(2026, 4, 1)))
    assert [(term.sign, term.code) for term in ended.terms] == [(-1, "not_counted")]
    strict_rule()
    other = bridge(code, Point(dt.date(2026, 1, 1)), Point(dt.date(2026, 1, 1), version=2))
    assert [(term.sign, term.code) for term in other.terms] == [(-1, "rule")]
