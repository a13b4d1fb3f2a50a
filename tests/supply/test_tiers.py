"""The tier of an enterprise: its best live verified relation, each clause flipping one."""

from __future__ import annotations

import datetime as dt

import pytest

from registry import models as m
from registry.dashboard.breakdown import breakdown
from registry.dashboard.figures import all_figures, figure, members
from registry.plans.queries import PROVISIONAL
from registry.search.queries import found
from tests.factories import (
    BuyerFactory,
    EnterpriseFactory,
    SiteFactory,
    SupplyRelationFactory,
)
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
ONE, TWO_THREE = "tier1_enterprises", "tier2_tier3_enterprises"


def counts(on: dt.date = TODAY) -> tuple[int | None, ...]:
    """Tier 1: counted, stated; tiers 2 and 3: counted, stated."""
    return tuple(
        number
        for code in (ONE, TWO_THREE)
        for one in [figure(code, on)]
        for number in (one.numerator, one.stated)
    )


@pytest.fixture
def relation():
    """A verified tier-1 relation of an enterprise that operates in Hanoi."""
    return SupplyRelationFactory(verified=True)


def test_a_verified_tier_1_relation_counts(relation):
    assert counts() == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"verified_on": None, "verified_by": None}, (0, 1, 0, 0)),
        ({"verified_on": TODAY + dt.timedelta(days=1)}, (0, 1, 0, 0)),
        ({"until": TODAY}, (0, 0, 0, 0)),
        ({"since": None}, (0, 0, 0, 0)),
        ({"since": TODAY + dt.timedelta(days=1)}, (0, 0, 0, 0)),
        ({"tier": 2}, (0, 0, 1, 1)),
        ({"tier": 3}, (0, 0, 1, 1)),
        ({"tier": 4}, (0, 0, 0, 0)),
        ({"is_confidential": True}, (1, 1, 0, 0)),
    ],
)
def test_one_change_of_the_relation_flips_it(relation, change, expected):
    m.SupplyRelation.objects.filter(pk=relation.pk).update(**change)
    assert counts() == expected


@pytest.mark.parametrize(
    "change",
    [
        {"registered_on": TODAY + dt.timedelta(days=1)},
        {"suspended_on": TODAY},
        {"closed_on": TODAY},
        {"moved_away_on": TODAY},
    ],
)
def test_who_does_not_operate_is_at_no_tier(relation, change):
    m.Enterprise.objects.filter(pk=relation.enterprise_id).update(**change)
    assert counts() == (0, 0, 0, 0)


def test_a_merged_enterprise_is_at_no_tier(relation):
    heir = EnterpriseFactory()
    m.Enterprise.objects.filter(pk=relation.enterprise_id).update(merged_on=TODAY, merged_into=heir)
    assert counts() == (0, 0, 0, 0)


def test_a_head_office_or_a_factory_in_hanoi_is_enough_and_one_is_needed(relation):
    m.Site.objects.all().delete()
    assert counts() == (0, 0, 0, 0)
    site = SiteFactory(enterprise=relation.enterprise, kind="factory")
    assert counts() == (1, 1, 0, 0)
    m.Site.objects.filter(pk=site.pk).update(until=TODAY)
    assert counts() == (0, 0, 0, 0)
    SiteFactory(enterprise=relation.enterprise, kind="head_office")
    assert counts() == (1, 1, 0, 0)


def test_the_best_verified_relation_decides_and_each_enterprise_counts_once(relation):
    firm = relation.enterprise
    SupplyRelationFactory(enterprise=firm, verified=True, buyer=BuyerFactory(code="b2"))
    SupplyRelationFactory(enterprise=firm, verified=True, tier=2, buyer=BuyerFactory(code="b3"))
    assert counts() == (1, 1, 0, 0)
    m.SupplyRelation.objects.filter(tier=1).update(verified_on=None, verified_by=None)
    assert counts() == (0, 1, 1, 1)  # tier 1 is stated, tier 2 is proved


def test_counted_lie_within_stated_and_the_steps_are_lists(client):
    small_register(60, seed=4)
    for code in (ONE, TWO_THREE):
        one = figure(code, TODAY)
        assert one.stated is not None and 0 < one.numerator < one.stated
        lists = {
            step: set(members(code, TODAY, step=step).values_list("pk", flat=True))
            for step in ("", "stated", "unverified")
        }
        assert lists[""] | lists["unverified"] == lists["stated"]
        assert len(lists["stated"]) == one.stated and len(lists["unverified"]) == one.unverified
        for step, rows in lists.items():
            page = client.get(f"/en/programme/{code}/", {"on": TODAY.isoformat(), "step": step})
            assert page.context["count"] == len(rows)


def test_tiers_slice_the_whole_as_the_indicators_count():
    small_register(60, seed=4)
    by_tier = breakdown("enterprises_total", TODAY, PROVISIONAL, "tier", "stated_tier")
    counted = {code: total.count for code, total in by_tier.row_totals.items()}
    one, two_three = figure(ONE, TODAY), figure(TWO_THREE, TODAY)
    assert counted["1"] == one.numerator
    assert counted["2"] + counted["3"] == two_three.numerator
    for (tier, stated), cell in by_tier.cells.items():
        if cell.count:  # "not_stated" sorts after every digit
            assert stated <= tier


def test_what_the_search_calls_tier_1_is_what_is_stated():
    small_register(60, seed=4)
    here = m.Enterprise.objects.operating(TODAY).in_hanoi(TODAY)
    searched = found(here, {"tier": ["1"]}, TODAY).count()
    assert searched == figure(ONE, TODAY).stated


def test_the_number_of_figures_asks_the_same_queries(django_assert_num_queries):
    small_register(5)
    with django_assert_num_queries(12):  # the rule; five counts; their splits, two of a share
        all_figures(TODAY)


def test_capital_is_foreign_by_class_or_by_more_than_half():
    cases = [
        ("foreign", None, "foreign"), ("foreign", 10, "foreign"), ("private", 51, "foreign"),
        ("private", 50, "domestic"), ("private", None, "domestic"), ("state", 0, "domestic"),
        ("", 100, "foreign"), ("", 30, "domestic"), ("", None, "not_stated"),
    ]  # fmt: skip
    for ownership, share, expected in cases:
        row = EnterpriseFactory(in_hanoi=True, ownership=ownership, foreign_share=share)
        found_in = [
            code
            for code in ("domestic", "foreign", "not_stated")
            if members("enterprises_total", TODAY, {"capital": code}).filter(pk=row.pk).exists()
        ]
        assert found_in == [expected], (ownership, share)
