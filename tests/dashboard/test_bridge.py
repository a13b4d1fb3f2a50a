"""The bridge adds up between any two points, and each term is what happened."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from registry import models as m
from registry.dashboard.bridge import bridge
from registry.dashboard.figures import members
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.points import Point
from tests.factories import CertificateFactory, SectorFactory, SupplyRelationFactory
from tests.small_register import TODAY, small_register
from tests.web.test_past_profile import recorded_by

pytestmark = pytest.mark.django_db


def strict_rule() -> m.CountingRule:
    return m.CountingRule.objects.create(
        version=2, name="Chặt", valid_from=dt.date(2030, 1, 1), breadth="both", reason="so sánh"
    )


def past_of_the_register(rng: random.Random) -> list[dt.datetime | None]:
    """Moments of knowledge between which rows came, changed and went."""
    moments = []
    for place, day in enumerate(("2026-02-01", "2026-03-01", "2026-04-01")):
        moments.append(dt.datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        recorded_by(moments[-1])
        for row in m.Enterprise.objects.order_by("pk")[place * 8 : place * 8 + 8]:
            rng.choice(CHANGES)(row)
    recorded_by(dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    return [*moments, None]


CHANGES = (
    lambda row: row.delete(),
    lambda row: row.sites.all().delete(),
    lambda row: row.certificates.all().delete(),
    lambda row: row.supply_relations.update(verified_on=None, verified_by=None),
    lambda row: row.sectors.all().delete(),
    lambda row: m.Enterprise.objects.filter(pk=row.pk).update(ownership="state"),
    lambda row: m.Enterprise.objects.filter(pk=row.pk).update(registered_on=dt.date(2020, 1, 1)),
)


@pytest.mark.parametrize("seed", range(4))  # each apart: a look back locks many tables
def test_it_always_adds_up(seed):
    small_register(40, seed=12 + seed)
    strict_rule()
    rng = random.Random(seed)
    moments = past_of_the_register(rng)
    ways = [{}, {}, {"sector": "components"}, {"capital": "foreign"}, {"tier": "1", "ward": "w1"}]
    for code in INDICATORS:
        before, after = (
            Point(
                TODAY - dt.timedelta(days=rng.choice([0, 0, rng.randint(0, 700)])),
                known=rng.choice([*moments, None, None]),
                version=rng.choice([None, None, 2]),
            )
            for _side in range(2)
        )
        slices = rng.choice(ways)
        found = bridge(code, before, after, slices=slices)
        with before.looked_from() as rule:
            assert found.start == members(code, before.on, slices, rule=rule).count()
        with after.looked_from() as rule:
            assert found.end == members(code, after.on, slices, rule=rule).count()
        assert found.start + sum(term.amount for term in found.terms) == found.end
        moved = [pk for term in found.terms for pk in term.enterprise_ids]
        assert len(moved) == len(set(moved))


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
    assert [(term.sign, term.code) for term in ended.terms] == [(-1, "certificate")]
    strict_rule()
    other = bridge(code, Point(dt.date(2026, 1, 1)), Point(dt.date(2026, 1, 1), version=2))
    assert [(term.sign, term.code) for term in other.terms] == [(-1, "rule")]


TOTAL, MEETING = "enterprises_total", "enterprises_international_standard"
YEAR_END = dt.date(2025, 12, 31)


def terms(code: str, before: Point, after: Point, **more) -> list[tuple[int, str]]:
    return [(term.sign, term.code) for term in bridge(code, before, after, **more).terms]


def test_a_certificate_gained_and_a_relation_gained_lost_or_bettered():
    held = CertificateFactory(verified=True)
    m.VerificationStep.objects.update(on=dt.date(2026, 2, 1))
    assert terms(MEETING, Point(YEAR_END), Point(TODAY)) == [(1, "certificate")]
    firm = held.enterprise
    two = SupplyRelationFactory(enterprise=firm, tier=2, verified=True)
    m.SupplyRelation.objects.update(verified_on=dt.date(2026, 1, 10))
    assert terms("tier2_tier3_enterprises", Point(YEAR_END), Point(TODAY)) == [(1, "relation")]
    SupplyRelationFactory(enterprise=firm, tier=1, verified=True, since=dt.date(2026, 3, 1))
    risen = terms("tier2_tier3_enterprises", Point(dt.date(2026, 2, 1)), Point(TODAY))
    assert risen == [(-1, "nearer")]
    m.SupplyRelation.objects.filter(tier=1).update(until=TODAY)
    assert terms("tier1_enterprises", Point(dt.date(2026, 6, 1)), Point(TODAY)) == [
        (-1, "relation")
    ]
    assert two.tier == 2


def test_the_strict_rule_tells_a_lost_relation_from_a_lost_certificate():
    strict = m.CountingRule.objects.create(
        version=3, name="Chặt", valid_from=dt.date(2000, 1, 1), needs_relation=True, reason="t",
        is_provisional=True,
    )  # fmt: skip
    held = CertificateFactory(verified=True)
    SupplyRelationFactory(enterprise=held.enterprise, verified=True, until=TODAY)
    assert strict.version == 3
    assert terms(MEETING, Point(YEAR_END), Point(TODAY)) == [(-1, "relation")]
    m.SupplyRelation.objects.update(until=None)
    m.Certificate.objects.update(valid_until=YEAR_END)
    assert terms(MEETING, Point(YEAR_END), Point(TODAY)) == [(-1, "certificate")]


def test_another_class_is_a_term_of_its_own_and_not_of_the_whole():
    held = CertificateFactory()
    recorded_by(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    held.enterprise.sectors.create(sector=SectorFactory(code="high_tech"), is_primary=True)
    then, now = Point(TODAY, known=dt.datetime(2026, 1, 2, tzinfo=dt.UTC)), Point(TODAY)
    assert terms(TOTAL, then, now) == []
    assert terms(TOTAL, then, now, slices={"sector": "high_tech"}) == [(1, "class")]
    assert terms(TOTAL, then, now, slices={"sector": "not_stated"}) == [(-1, "class")]


def test_days_and_knowledge_that_change_together_are_told_apart():
    """One enterprise registered since, one entered late, one corrected: three terms."""
    old = CertificateFactory().enterprise
    recorded_by(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    CertificateFactory()  # of 2020, entered late
    new = CertificateFactory().enterprise
    m.Enterprise.objects.filter(pk=new.pk).update(registered_on=dt.date(2026, 3, 1))
    m.Enterprise.objects.filter(pk=old.pk).update(closed_on=dt.date(2025, 11, 1))
    before = Point(YEAR_END, known=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    found = bridge(TOTAL, before, Point(TODAY))
    assert [(term.sign, term.code) for term in found.terms] == [
        (1, "absent"), (1, "not_yet"), (-1, "correction"),
    ]  # fmt: skip
    assert found.terms[1].enterprise_ids == (new.pk,)


def test_who_was_taken_out_since_is_still_named():
    row = CertificateFactory().enterprise
    recorded_by(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    row.refresh_from_db()
    name = row.name
    row.delete()
    found = bridge(TOTAL, Point(TODAY, known=dt.datetime(2026, 1, 2, tzinfo=dt.UTC)), Point(TODAY))
    [term] = found.terms
    assert (term.sign, term.code) == (-1, "absent")
    assert [one.name for one in term.enterprises] == [name]
