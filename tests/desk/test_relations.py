"""Supply relations at the desk: the queue, the screen, the second person, the area."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.approvals.actions import approve, set_policy
from registry.areas.actions import set_area
from registry.desk.queues import QUEUES, next_in, waiting_rows
from registry.supply.actions import amend_relations, mark_of
from registry.worklists.actions import take_on
from tests.factories import (
    BuyerFactory,
    EnterpriseFactory,
    SiteFactory,
    SupplyRelationFactory,
    UserFactory,
    WardFactory,
    recorded,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
ON = dt.date(2026, 6, 30)
SAID = {
    "outcome": "verified", "proof": "invoice", "seen": "HĐ 0012345", "link": "", "because": "",
    "on": TODAY.isoformat(), "reason": "routine",
}  # fmt: skip


def said(relation):
    """What is posted after the page was seen as it stands now."""
    return {**SAID, "mark": mark_of(m.SupplyRelation.objects.get(pk=relation.pk))}


def rows(on=ON, **chosen):
    return list(waiting_rows(QUEUES["relations-to-verify"], on, chosen))


def person(name, role):
    return give_account(username=name, password="a long word", role=role, by=None)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def verifier():
    return person("ha", Role.VERIFIER)


def url(relation, lang="/en"):
    return f"{lang}/desk/relations/{relation.pk}/verify/"


def test_it_waits_since_the_register_knows_it():
    old = SupplyRelationFactory(since=dt.date(2019, 5, 1))
    assert rows(TODAY)[0].waits_since == TODAY
    recorded(old, dt.date(2026, 6, 3))
    assert rows()[0].waits_since == dt.date(2026, 6, 3)
    new = recorded(SupplyRelationFactory(since=ON - DAY), dt.date(2026, 6, 2))
    assert [(row, row.waits_since) for row in rows()] == [
        (old, dt.date(2026, 6, 3)), (new, ON - DAY),
    ]  # fmt: skip


def test_what_is_changed_after_its_verification_waits_since_the_change(verifier):
    relation = recorded(SupplyRelationFactory(verified=True), dt.date(2025, 1, 5))
    amend_relations(
        enterprise_id=relation.enterprise_id,
        changes={relation.pk: {"tier": 2}},
        reason="r",
        by=verifier,
    )
    assert rows(TODAY)[0].waits_since == TODAY
    relation.events.filter(tier=2).update(pgh_created_at=timezone.now() - 9 * DAY)
    assert rows(TODAY)[0].waits_since == TODAY - 9 * DAY
    amend_relations(
        enterprise_id=relation.enterprise_id, changes={relation.pk: {"evidence": "HĐ 2"}},
        reason="r", by=verifier,
    )  # fmt: skip
    assert rows(TODAY)[0].waits_since == TODAY - 9 * DAY


def test_what_waits_is_alive_not_verified_and_of_those_who_operate():
    late = recorded(SupplyRelationFactory(since=dt.date(2026, 3, 1)), dt.date(2025, 1, 1))
    first = recorded(SupplyRelationFactory(since=dt.date(2026, 2, 1)), dt.date(2025, 1, 1))
    SupplyRelationFactory(verified=True)
    SupplyRelationFactory(until=ON)
    SupplyRelationFactory(since=None)
    SupplyRelationFactory(since=ON + DAY)
    SupplyRelationFactory(enterprise=EnterpriseFactory(closed_on=ON))
    future = recorded(
        SupplyRelationFactory(verified_on=ON + DAY, verified_by=UserFactory()), dt.date(2025, 1, 1)
    )
    assert rows() == [future, first, late]
    assert [row.waits_since for row in rows()][1:] == [first.since, late.since]
    assert rows(ON + DAY)[:2] == [first, late]


@pytest.mark.parametrize(("on", "is_there"), [
    (dt.date(2025, 6, 29), True), (dt.date(2025, 6, 30), False),
    (dt.date(2026, 6, 29), False), (dt.date(2026, 6, 30), True),
])  # fmt: skip
def test_what_was_looked_at_in_vain_is_back_after_a_year(on, is_there):
    relation = SupplyRelationFactory(
        unverified_on=dt.date(2025, 6, 30), unverified_by=UserFactory(), unverified_because="x"
    )
    assert rows(on) == ([relation] if is_there else [])
    if on == ON:
        assert rows(on)[0].waits_since == ON


def test_next_is_the_one_after_and_then_the_first():
    one, two, three = (
        recorded(SupplyRelationFactory(since=dt.date(2026, 1, day)), dt.date(2025, 1, 1))
        for day in (3, 1, 2)
    )
    queue = QUEUES["relations-to-verify"]
    assert [next_in(queue, row, ON) for row in (two, three, one)] == [three, one, two]


def test_verified_on_the_screen_and_the_next_opens(verifier):
    first = SupplyRelationFactory(since=dt.date(2026, 1, 1))
    second = SupplyRelationFactory(since=dt.date(2026, 1, 2))
    client = signed_in(verifier)
    page = client.get("/en/desk/queues/relations-to-verify/")
    assert (page.context["count"], len(page.context["rows"])) == (2, 2)
    response = client.post(url(first), said(first))
    assert response.url == url(second)
    first.refresh_from_db()
    assert (first.verified_by, first.proof, first.proof_seen) == (verifier, "invoice", "HĐ 0012345")
    response = client.post(
        url(second), {**said(second), "outcome": "unverified", "because": "no paper"}
    )
    assert response.url == "/en/desk/queues/relations-to-verify/"
    second.refresh_from_db()
    assert (second.unverified_by, second.unverified_because) == (verifier, "no paper")
    assert client.get(response.url).context["count"] == 0
    stay = client.post(url(second), {**said(second), "stay": "1"})
    assert stay.url == url(second)
    looks = client.get(url(second)).context["looks"]
    assert [(look.is_verified, look.holds, name) for look, name in looks] == [
        (True, True, "ha"), (False, False, "ha"),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [
    {"outcome": ""}, {"outcome": "perhaps"}, {"proof": ""}, {"proof": "x"}, {"seen": ""},
    {"on": "2026-02-30"}, {"on": (TODAY + DAY).isoformat()}, {"reason": ""},
    {"outcome": "unverified"}, {"link": "ftp://x"}, {"seen": "a\0b"},
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_kept(verifier, wrong):
    relation = SupplyRelationFactory()
    response = signed_in(verifier).post(url(relation), {**said(relation), "seen": "typed", **wrong})
    assert response.status_code == 422
    assert len(response.context["problems"]) == 1
    relation.refresh_from_db()
    assert relation.verified_on is None


def mark_on(page):
    return re.search(r'name="mark" value="(\w*)"', page.content.decode()).group(1)


def test_a_relation_changed_meanwhile_is_shown_anew_and_what_was_typed_kept(verifier):
    relation, client = SupplyRelationFactory(tier=2), signed_in(verifier)
    asked = {**SAID, "mark": mark_on(client.get(url(relation)))}
    m.SupplyRelation.objects.update(tier=1)
    page = client.post(url(relation), {**asked, "reason": ""})
    assert mark_on(page) == asked["mark"]  # nothing was said of the change yet
    page = client.post(url(relation), asked)
    assert (page.status_code, len(page.context["problems"])) == (422, 1)
    assert page.context["form"]["seen"].value() == SAID["seen"]
    assert client.post(url(relation), {**asked, "mark": mark_on(page)}).status_code == 302
    relation.refresh_from_db()
    assert (relation.tier, relation.verified_on) == (1, TODAY)


def test_a_second_person_where_the_department_asks_for_one(verifier):
    relation = SupplyRelationFactory()
    set_policy(
        kind="verify-relation", is_required=True, reason="order 3", by=person("root", Role.ADMIN)
    )
    client = signed_in(verifier)
    assert client.post(url(relation), said(relation)).status_code == 302
    relation.refresh_from_db()
    proposal = m.Proposal.objects.get()
    moved = {one["code"]: (one["before"], one["after"]) for one in proposal.foreseen}
    assert (relation.verified_on, moved["tier1_enterprises"]) == (None, ("0", "1"))
    again = client.post(url(relation), said(relation))
    assert (again.status_code, len(again.context["problems"])) == (422, 1)
    assert [one.pk for one in client.get(url(relation)).context["proposals"]] == [proposal.pk]
    page = client.get(reverse("proposal", args=[proposal.pk])).content.decode()
    assert "Invoice, order or delivery note" in page
    assert "HĐ 0012345" in page
    approve(proposal=proposal, reason="", by=person("quan", Role.VERIFIER))
    relation.refresh_from_db()
    assert (relation.verified_by, relation.verified_on) == (verifier, TODAY)


def test_a_change_meanwhile_overtakes_the_proposal(verifier):
    relation = SupplyRelationFactory()
    set_policy(
        kind="verify-relation", is_required=True, reason="order 3", by=person("root", Role.ADMIN)
    )
    signed_in(verifier).post(url(relation), said(relation))
    m.SupplyRelation.objects.update(tier=2)
    done = approve(proposal=m.Proposal.objects.get(), reason="", by=person("quan", Role.VERIFIER))
    relation.refresh_from_db()
    assert (done.outcome, relation.verified_on) == ("overtaken", None)


def test_the_screen_takes_as_many_queries_whatever_is_known(
    verifier, django_assert_max_num_queries
):
    relation = SupplyRelationFactory()
    client, counts = signed_in(verifier), []
    for more in (1, 3):
        for n in range(more):
            SupplyRelationFactory(
                enterprise=relation.enterprise, buyer=BuyerFactory(code=f"{more}{n}"), verified=True
            )
            SupplyRelationFactory(buyer=relation.buyer)
        for path in (url(relation), "/en/desk/queues/relations-to-verify/"):
            with django_assert_max_num_queries(30) as seen:
                client.get(path)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_what_is_in_my_charge_is_counted_as_its_page_shows_it(verifier):
    ward = WardFactory()
    inside, outside, done = (SupplyRelationFactory() for _ in range(3))
    SiteFactory(enterprise=inside.enterprise, ward=ward)
    of_mine = SupplyRelationFactory(enterprise=inside.enterprise, buyer=BuyerFactory(code="b"))
    take_on(
        person=verifier, relations=[inside.pk, outside.pk, done.pk],
        enterprises=[inside.enterprise_id], on=TODAY, reason="r", by=verifier,
    )  # fmt: skip
    done.verified_on, done.verified_by = TODAY, verifier
    done.save()
    set_area(person=verifier, wards=[ward.pk], sectors=[], reason="r", by=verifier)
    client = signed_in(verifier)
    for asked, there in (("", {inside, of_mine}), ("?area=all", {inside, of_mine, outside})):
        home = client.get(f"/en/desk/{asked}").context
        page = client.get(home["relations_url"]).context
        assert {row["row"] for row in page["rows"]} == there
        assert home["mine"]["relations"] == page["count"] == len(there)


def test_taken_on_and_only_mine(verifier):
    mine, other = SupplyRelationFactory(), SupplyRelationFactory()
    client = signed_in(verifier)
    assert client.post(f"/en/desk/assign/relation/{mine.pk}/", {"do": "take"}).status_code == 302
    take_on(
        person=person("minh", Role.VERIFIER),
        relations=[other.pk],
        on=TODAY,
        reason="r",
        by=verifier,
    )
    page = client.get("/en/desk/queues/relations-to-verify/?mine=1")
    assert [row["pk"] for row in page.context["rows"]] == [mine.pk]
    assert client.get("/en/desk/").context["mine"]["relations"] == 1
    client.post(f"/en/desk/assign/relation/{mine.pk}/", {"do": "give-back"})
    assert client.get("/en/desk/").context["mine"]["relations"] == 0
