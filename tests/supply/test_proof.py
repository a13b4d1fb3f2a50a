"""What came of a look at the proof of a supply relation, and what it does to the figures."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.core.known import known_at
from registry.dashboard.figures import figure
from registry.supply.actions import (
    ProofLook,
    ProofRefused,
    amend_relations,
    mark_of,
    record_proof,
)
from registry.supply.queries import looks_at
from tests.factories import BuyerFactory, SupplyRelationFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
TIER_1 = "tier1_enterprises"
SEEN = ProofLook(on=TODAY, is_verified=True, proof="contract", seen="HĐ 12/2026", link="")
IN_VAIN = ProofLook(on=TODAY, is_verified=False, because="the buyer does not know them")


@pytest.fixture
def person():
    return give_account(username="ha", password="a long word", role=Role.VERIFIER, by=None)


@pytest.fixture
def relation():
    return SupplyRelationFactory()


def look(relation, said, by, **more):
    mark = mark_of(m.SupplyRelation.objects.get(pk=relation.pk))
    return record_proof(relation=relation, look=said, mark=mark, by=by, reason="routine", **more)


def tier_1(on=TODAY):
    return int(figure(TIER_1, on).value)


def test_verified_counts_from_its_day_on_and_says_what_was_seen(relation, person):
    assert (tier_1(), tier_1(TODAY - DAY)) == (0, 0)
    kept = look(relation, SEEN, person)
    assert (kept.verified_by, kept.verified_on, kept.proof, kept.proof_seen) == (
        person, TODAY, "contract", "HĐ 12/2026",
    )  # fmt: skip
    assert (tier_1(), tier_1(TODAY - DAY)) == (1, 0)
    event = m.SupplyRelation.pgh_event_model.objects.latest("pgh_id")
    assert event.pgh_context.metadata == {"user": person.pk, "reason": "routine"}


def test_a_later_day_does_not_take_the_days_between_out_of_the_figures(relation, person):
    look(relation, dc.replace(SEEN, on=TODAY - 90 * DAY), person)
    with pytest.raises(ProofRefused) as refused:
        look(relation, SEEN, person)
    assert list(refused.value.problems) == ["on"]
    assert (tier_1(TODAY - DAY), tier_1(TODAY - 91 * DAY)) == (1, 0)
    look(relation, dc.replace(SEEN, on=TODAY - 91 * DAY), person)  # seen earlier than was said
    assert tier_1(TODAY - 91 * DAY) == 1


def test_could_not_be_verified_takes_the_verification_away(relation, person):
    look(relation, SEEN, person)
    kept = look(relation, IN_VAIN, person)
    assert (kept.verified_on, kept.proof, kept.unverified_by, kept.unverified_because) == (
        None, "", person, "the buyer does not know them",
    )  # fmt: skip
    assert tier_1() == 0
    kept = look(relation, SEEN, person)
    assert (kept.unverified_on, kept.unverified_because, tier_1()) == (None, "", 1)
    assert [(one.is_verified, one.holds) for one in looks_at(kept)] == [
        (True, True), (False, False), (True, True),
    ]  # fmt: skip


def test_what_was_known_before_the_look_is_not_changed_by_it(relation, person):
    look(relation, IN_VAIN, person)
    before = timezone.now() - DAY
    m.SupplyRelation.pgh_event_model.objects.update(pgh_created_at=before - DAY)
    m.Enterprise.pgh_event_model.objects.update(pgh_created_at=before - DAY)
    m.Site.pgh_event_model.objects.update(pgh_created_at=before - DAY)
    look(relation, SEEN, person)
    with known_at(before):
        assert (tier_1(), m.SupplyRelation.objects.get().unverified_on) == (0, TODAY)
    assert tier_1() == 1


REFUSED = [
    (SEEN, {"on": TODAY + DAY}, "on"),
    (SEEN, {"on": dt.date(2019, 12, 31)}, "on"),
    (SEEN, {"proof": ""}, "proof"),
    (SEEN, {"proof": "hearsay"}, "proof"),
    (SEEN, {"seen": "  "}, "seen"),
    (SEEN, {"link": "javascript:alert(1)"}, "link"),
    (SEEN, {"link": "C:/scan.pdf"}, "link"),
    (IN_VAIN, {"because": " "}, "because"),
    (IN_VAIN, {"on": TODAY + DAY}, "on"),
]


@pytest.mark.parametrize(("said", "wrong", "field"), REFUSED)
def test_a_look_that_cannot_be_is_refused_at_its_field(relation, person, said, wrong, field):
    with pytest.raises(ProofRefused) as refused:
        look(relation, dc.replace(said, **wrong), person)
    assert set(refused.value.problems) == {field}
    assert m.SupplyRelation.pgh_event_model.objects.count() == 1


def test_without_a_beginning_it_would_count_on_no_day(relation, person):
    m.SupplyRelation.objects.update(since=None)
    with pytest.raises(ProofRefused) as refused:
        look(relation, SEEN, person)
    assert set(refused.value.problems) == {"outcome"}
    assert look(relation, IN_VAIN, person).unverified_on == TODAY


def test_a_reason_is_asked(relation, person):
    with pytest.raises(ProofRefused) as refused:
        record_proof(relation=relation, look=SEEN, mark=mark_of(relation), by=person, reason=" ")
    assert set(refused.value.problems) == {"reason"}


@pytest.mark.parametrize("changed", [
    {"tier": 2}, {"product": "khác"}, {"since": dt.date(2021, 1, 1)}, {"until": TODAY + DAY},
    {"unverified_on": TODAY, "unverified_because": "x"},
])  # fmt: skip
def test_a_look_is_of_the_relation_that_was_seen(relation, person, changed):
    seen = mark_of(relation)
    if "unverified_on" in changed:
        changed = {**changed, "unverified_by": UserFactory()}
    m.SupplyRelation.objects.update(**changed)
    for mark in (seen, ""):
        with pytest.raises(ProofRefused) as refused:
            record_proof(relation=relation, look=SEEN, mark=mark, by=person, reason="r")
        assert set(refused.value.problems) == {"mark"}
    assert m.SupplyRelation.objects.get().verified_on is None
    m.SupplyRelation.objects.update(evidence="a letter")
    relation.refresh_from_db()
    look(relation, SEEN, person)


CHANGES = {
    "tier": 2,
    "product": "khác",
    "since": dt.date(2021, 1, 1),
    "until": TODAY,
    "evidence": "a letter",
    "is_confidential": True,
}


@pytest.mark.parametrize("name", [*CHANGES, "buyer_id"])
@pytest.mark.parametrize("said", [SEEN, IN_VAIN], ids=["verified", "in vain"])
def test_what_was_looked_at_and_changed_is_looked_at_anew(relation, person, said, name):
    look(relation, said, person)
    changes = {**CHANGES, "buyer_id": BuyerFactory(code="other").pk}
    by = give_account(username="lan", password="a long word", role=Role.OFFICER, by=None)
    amend_relations(
        enterprise_id=relation.enterprise_id,
        changes={relation.pk: {name: changes[name]}},
        reason="r",
        by=by,
    )
    relation.refresh_from_db()
    still = name in ("until", "evidence", "is_confidential")
    assert bool(relation.verified_on or relation.unverified_on) is still
    assert bool(relation.proof or relation.unverified_because) is still


@pytest.mark.parametrize(("was", "new", "stays"), [
    (TODAY, None, False), (TODAY, TODAY + DAY, False), (TODAY + DAY, TODAY, True),
    (None, TODAY, True),
])  # fmt: skip
def test_a_relation_that_is_opened_again_is_looked_at_anew(relation, person, was, new, stays):
    look(relation, dc.replace(SEEN, on=TODAY - DAY), person)
    m.SupplyRelation.objects.update(until=was)
    by = give_account(username="lan", password="a long word", role=Role.OFFICER, by=None)
    changes = {relation.pk: {"until": new}}
    amend_relations(enterprise_id=relation.enterprise_id, changes=changes, reason="r", by=by)
    assert (m.SupplyRelation.objects.get().verified_on is not None) is stays


def test_a_relation_is_not_verified_for_a_day_after_its_end(relation, person):
    m.SupplyRelation.objects.update(until=TODAY)
    with pytest.raises(ProofRefused) as refused:
        look(relation, SEEN, person)
    assert set(refused.value.problems) == {"on"}
    assert look(relation, dc.replace(SEEN, on=TODAY - DAY), person).verified_on == TODAY - DAY


def test_the_admin_shows_a_verification_and_never_writes_it(client, relation, person):
    look(relation, SEEN, person)
    officer = give_account(username="lan", password="a long word", role=Role.OFFICER, by=None)
    client.force_login(officer)
    url = f"/en/admin/registry/supplyrelation/{relation.pk}/change/"
    said = {
        "enterprise": relation.enterprise_id, "buyer": relation.buyer_id, "tier": "1",
        "since": relation.since.isoformat(), "evidence": "a letter", "change_reason": "r",
        "verified_on": "2020-01-01", "verified_by": officer.pk, "proof": "invoice",
    }  # fmt: skip
    assert client.post(url, said).status_code == 302
    relation.refresh_from_db()
    assert (relation.evidence, relation.verified_on, relation.proof) == (
        "a letter", TODAY, "contract",
    )  # fmt: skip
    client.post(url, {**said, "tier": "2"})
    relation.refresh_from_db()
    assert (relation.tier, relation.verified_on, relation.proof) == (2, None, "")
    look(relation, SEEN, person)
    client.post(url, {**said, "tier": "2", "until": TODAY.isoformat()})
    relation.refresh_from_db()
    assert (relation.until, relation.verified_on) == (TODAY, TODAY)
    client.post(url, {**said, "tier": "2", "until": ""})
    relation.refresh_from_db()
    assert (relation.until, relation.verified_on) == (None, None)


def test_only_those_who_decide_have_the_right():
    named = Permission.objects.get(codename="verify_supplyrelation")
    roles = {}
    for role in Role:
        user = give_account(username=role.value, password="a long word", role=role, by=None)
        roles[role.value] = user.has_perm(f"registry.{named.codename}")
    assert {role for role, may in roles.items() if may} == {"verifier", "admin"}
    assert not UserFactory().has_perm(f"registry.{named.codename}")
