"""What is true since of those who were given support; the list behind each count."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from registry import models as m
from registry.dashboard.cohorts import (
    OUTCOMES,
    CohortAsked,
    cohort,
    others,
    outcome_counts,
    outcome_rows,
    spent,
)
from registry.dashboard.points import Point
from registry.plans.queries import rule_in_force
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    EnterpriseSectorFactory,
    ParticipationFactory,
    SchemeFactory,
    SectorFactory,
    SupplyRelationFactory,
    SupportActivityFactory,
    SupportKindFactory,
    UserFactory,
    VerificationStepFactory,
)

pytestmark = pytest.mark.django_db
SINCE = dt.date(2024, 3, 1)
ON = dt.date(2026, 6, 30)
ANY = CohortAsked()


def counts(asked=ANY, on=ON):
    found = outcome_counts(cohort(asked, on), on, rule_in_force(on))
    return {code: n for code, n in found.items() if n}


def helped(**fields):
    return ParticipationFactory(enterprise=EnterpriseFactory(**fields)).enterprise


def test_where_they_are_adds_up_to_all():
    helped()
    helped(suspended_on=dt.date(2026, 1, 1))
    helped(suspended_on=dt.date(2025, 1, 1), resumed_on=dt.date(2025, 6, 1))
    helped(closed_on=ON)
    helped(closed_on=ON + dt.timedelta(days=1))
    helped(moved_away_on=dt.date(2025, 1, 1))
    helped(merged_on=dt.date(2025, 1, 1), merged_into=EnterpriseFactory())
    helped(registered_on=ON + dt.timedelta(days=1))
    assert counts() == {
        "all": 8, "operating": 3, "suspended": 1, "closed": 1, "moved_away": 1, "merged": 1,
        "not_registered": 1, "tier_none": 3,
    }  # fmt: skip


def test_who_is_meant():
    training, fair = SupportKindFactory(code="training"), SupportKindFactory(code="fair")
    one = ParticipationFactory(activity=SupportActivityFactory(kind=training))
    two = ParticipationFactory(
        activity=SupportActivityFactory(kind=fair, begins_on=dt.date(2025, 5, 1))
    )
    later = ParticipationFactory(activity=two.activity, enterprise=one.enterprise)
    ParticipationFactory(role="partner")
    EnterpriseSectorFactory(enterprise=two.enterprise)

    def meant(on=ON, **asked):
        return {row.pk: row.since for row in cohort(CohortAsked(**asked), on)}

    first, second = one.enterprise.pk, two.enterprise.pk
    assert meant() == {first: SINCE, second: dt.date(2025, 5, 1)}
    assert meant(kind="fair") == {first: later.attended_from, second: two.attended_from}
    assert meant(kind="training") == {first: SINCE}
    assert meant(year=2025) == {first: dt.date(2025, 5, 1), second: dt.date(2025, 5, 1)}
    assert meant(programme=one.activity.programme_id) == {first: SINCE}
    assert meant(sector="components") == {second: dt.date(2025, 5, 1)}
    assert meant(on=dt.date(2024, 2, 29)) == {}


@pytest.mark.parametrize(
    ("certificate", "is_gain"),
    [
        ({}, True),
        ({"issued_on": SINCE}, True),
        ({"issued_on": dt.date(2024, 2, 29)}, False),
        ({"valid_until": dt.date(2026, 6, 29)}, False),
        ({"withdrawn_on": dt.date(2026, 1, 1)}, False),
        ({"verified": False}, False),
    ],
)
def test_a_certificate_gained_counts_is_confirmed_and_was_issued_since(certificate, is_gain):
    CertificateFactory(enterprise=helped(), **{"verified": True, **certificate})
    assert counts().get("certificate", 0) == is_gain


def test_a_renewal_is_no_gain_and_another_scheme_is_one():
    holder = helped()
    CertificateFactory(
        enterprise=holder,
        number="OLD",
        issued_on=dt.date(2022, 1, 1),
        valid_until=dt.date(2024, 3, 1),
    )
    CertificateFactory(enterprise=holder, number="NEW", verified=True)
    assert "certificate" not in counts()
    other = SchemeFactory(code="iatf16949")
    CertificateFactory(enterprise=holder, scheme=other, verified=True)
    assert counts()["certificate"] == 1


def test_a_certificate_of_a_closed_enterprise_is_no_gain():
    CertificateFactory(enterprise=helped(closed_on=ON), verified=True)
    assert "certificate" not in counts()


def test_a_certificate_found_false_is_no_gain():
    certificate = CertificateFactory(enterprise=helped(), verified=True)
    VerificationStepFactory(certificate=certificate, on=ON, outcome="refuted")
    assert "certificate" not in counts()
    assert counts(on=ON - dt.timedelta(days=1))["certificate"] == 1


BEFORE, AFTER = dt.date(2023, 1, 1), dt.date(2025, 1, 1)


@pytest.mark.parametrize(
    ("relations", "move"),
    [
        ([], "tier_none"),
        ([(1, AFTER, None)], "tier_new"),
        ([(2, BEFORE, AFTER), (1, AFTER, None)], "tier_nearer"),
        ([(1, BEFORE, AFTER), (3, BEFORE, None)], "tier_further"),
        ([(2, BEFORE, None), (3, AFTER, None)], "tier_same"),
        ([(2, BEFORE, AFTER)], "tier_lost"),
        ([(2, None, None)], "tier_none"),
    ],
)
def test_tiers_then_and_now(relations, move):
    supplier = helped()
    for tier, since, until in relations:
        SupplyRelationFactory(
            enterprise=supplier, tier=tier, since=since, until=until, verified=True
        )
    assert counts() == {"all": 1, "operating": 1, move: 1}


def test_to_verify_late_is_no_move():
    relation = SupplyRelationFactory(enterprise=helped(), since=BEFORE)
    assert counts()["tier_none"] == 1
    m.SupplyRelation.objects.filter(pk=relation.pk).update(
        verified_by=UserFactory(), verified_on=dt.date(2026, 6, 1)
    )
    assert counts()["tier_same"] == 1


def drawn(seed):
    """Enterprises with a bit of everything, some of them supported."""
    rng = random.Random(seed)
    for _ in range(14):
        ended = rng.choice([None, None, dt.date(2025, rng.randint(1, 12), 1)])
        paused = None if ended else rng.choice([None, None, dt.date(2026, 1, 1)])
        row = EnterpriseFactory(closed_on=ended, suspended_on=paused)
        EnterpriseSectorFactory(enterprise=row)
        for _ in range(rng.randint(0, 2)):
            SupplyRelationFactory(
                enterprise=row, tier=rng.randint(1, 4), verified=rng.random() < 0.7,
                since=rng.choice([BEFORE, AFTER]),
            )  # fmt: skip
        if rng.random() < 0.5:
            CertificateFactory(enterprise=row, verified=rng.random() < 0.7)
        if rng.random() < 0.8:
            begins = dt.date(2024, rng.randint(1, 12), 1)
            ParticipationFactory(enterprise=row, activity=SupportActivityFactory(begins_on=begins))


@pytest.mark.parametrize("seed", range(4))
def test_every_count_is_its_list_and_the_parts_add_up(seed):
    drawn(seed)
    for on in (dt.date(2024, 7, 1), ON):
        rule = rule_in_force(on)
        found = outcome_counts(cohort(ANY, on), on, rule)
        for code, count in found.items():
            assert len(outcome_rows(cohort(ANY, on), code, on, rule)) == count
        of = {
            part: sum(found[code] for code, one in OUTCOMES.items() if one.part == part)
            for part in ("standing", "tiers")
        }
        assert of == {"standing": found["all"], "tiers": found["operating"]}


def test_what_was_known_then():
    """Recorded in this order: the enterprise, its support, a certificate."""
    holder = helped()
    moment = m.Participation.pgh_event_model.objects.get().pgh_created_at
    CertificateFactory(enterprise=holder, verified=True)
    # One transaction has one moment: the rows are moved after it.
    hour = dt.timedelta(hours=1)
    m.Participation.pgh_event_model.objects.update(pgh_created_at=moment + hour)
    m.Certificate.pgh_event_model.objects.update(pgh_created_at=moment + 2 * hour)

    def known(at):
        with Point(ON, known=at).looked_from() as rule:
            found = outcome_counts(cohort(ANY, ON), ON, rule)
        return found["all"], found["certificate"]

    assert [known(moment + n * hour) for n in range(3)] == [(0, 0), (1, 0), (1, 1)]


def group(size, **activity):
    """A cohort of that size in one sector."""
    for n in range(size):
        row = ParticipationFactory(
            activity=SupportActivityFactory(begins_on=dt.date(2024, 1, 1 + n), **activity)
        )
        EnterpriseSectorFactory(enterprise=row.enterprise)


def unsupported(size):
    return [EnterpriseSectorFactory().enterprise for _ in range(size)]


def test_others_are_of_the_same_sectors_operating_and_not_supported():
    group(11)
    beside = unsupported(10)
    EnterpriseSectorFactory(enterprise=EnterpriseFactory(closed_on=dt.date(2024, 1, 6)))
    EnterpriseSectorFactory(sector__code="high_tech")
    EnterpriseSectorFactory(is_primary=False)
    found = others(ANY, ON)
    assert found.since == dt.date(2024, 1, 6)
    assert set(found.rows) == set(beside)
    assert {row.since for row in found.rows} == {dt.date(2024, 1, 6)}
    assert found.sectors == ("components",)


@pytest.mark.parametrize(("helped_count", "beside_count"), [(9, 10), (10, 9)])
def test_small_groups_are_not_compared(helped_count, beside_count):
    group(helped_count)
    unsupported(beside_count)
    found = others(ANY, ON)
    assert found.rows is None and found.why_not


def test_beginnings_over_more_than_a_year_are_not_compared():
    group(10)
    unsupported(10)
    assert others(ANY, ON).rows is not None
    ParticipationFactory(activity=SupportActivityFactory(begins_on=dt.date(2025, 1, 2)))
    assert others(ANY, ON).rows is None
    assert others(CohortAsked(year=2024), ON).rows is not None


def test_amounts_are_of_whole_activities_and_blank_is_not_nothing():
    known = SupportActivityFactory(city_vnd=60, own_vnd=40, other_vnd=0)
    blank = SupportActivityFactory(city_vnd=5)
    for activity in (known, blank):
        ParticipationFactory.create_batch(2, activity=activity)
    SupportActivityFactory(city_vnd=1_000)
    found = spent(ANY, ON)
    assert found.activities == 2
    assert found.amounts == {"city_vnd": (65, 0), "own_vnd": (40, 1), "other_vnd": (0, 1)}


def test_a_sector_has_its_branches():
    top = SectorFactory(code="components")
    branch = SectorFactory(code="components-metal", parent=top)
    rows = [helped(), helped(), helped()]
    EnterpriseSectorFactory(enterprise=rows[0], sector=branch, is_primary=True)
    EnterpriseSectorFactory(enterprise=rows[1], sector=top, is_primary=True)
    found = cohort(CohortAsked(sector="components"), ON)
    assert {row.pk for row in found} == {rows[0].pk, rows[1].pk}
