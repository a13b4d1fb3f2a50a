"""The desk of a person with an area: narrowed to it, said so, lifted by a link."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.approvals.actions import ask, set_policy
from registry.areas.actions import set_area
from registry.records.actions import submit_application
from registry.supply.actions import mark_of
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    IncentiveCertificateFactory,
    ParticipationFactory,
    SiteFactory,
    SupplyRelationFactory,
    SupportActivityFactory,
    WardFactory,
    recorded,
)
from tests.records.test_actions import document

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def current(enterprise, days):
    since = TODAY - dt.timedelta(days=days)
    row = CertificateFactory(
        enterprise=enterprise, issued_on=since, valid_until=TODAY + dt.timedelta(days=400)
    )
    return recorded(row, since)


@pytest.fixture
def ward():
    return WardFactory(name="Phường Trong")


@pytest.fixture
def inside(ward):
    enterprise = EnterpriseFactory(name="Trong vùng")
    SiteFactory(enterprise=enterprise, ward=ward)
    return enterprise


@pytest.fixture
def client(ward):
    person = give_account(username="ha", password="a word", role=Role.VERIFIER, by=None)
    set_area(person=person, wards=[ward.pk], sectors=[], reason="split", by=person)
    client = Client()
    client.force_login(person)
    return client


def test_queues_and_home_are_narrowed_until_it_is_lifted(client, inside):
    mine, other = current(inside, 10), current(EnterpriseFactory(name="Ngoài"), 20)
    for query, rows in (
        ("", [mine.pk]),
        ("?area=all", [other.pk, mine.pk]),
        ("?area=x", [mine.pk]),
    ):
        page = client.get(f"/en/desk/queues/to-verify/{query}")
        assert [row["pk"] for row in page.context["rows"]] == rows
        assert page.context["count"] == len(rows)
        home = client.get(f"/en/desk/{query}")
        work = next(one for one in home.context["works"] if one.code == "to-verify")
        assert work.count == len(rows)
        assert client.get(work.url).context["count"] == work.count
        for html in (page.content.decode(), home.content.decode()):
            assert html.count("Only your area is shown:") == (2 - len(rows))
            link = "Show my area only" if len(rows) == 2 else "Show the whole city"
            assert html.count(link) == 1


def test_without_an_area_nothing_is_said(client, inside):
    person = give_account(username="lan", password="a word", role=Role.OFFICER, by=None)
    client.force_login(person)
    current(inside, 10), current(EnterpriseFactory(name="Ngoài"), 20)
    page = client.get("/en/desk/queues/to-verify/")
    assert (page.context["count"], page.context["area"].names) == (2, ())
    assert "Show the whole city" not in page.content.decode()


def test_the_next_one_is_of_the_own_area(client, inside):
    first = SupplyRelationFactory(enterprise=inside, since=dt.date(2025, 1, 1))
    SupplyRelationFactory(since=dt.date(2025, 1, 2))
    last = SupplyRelationFactory(enterprise=inside, since=dt.date(2025, 1, 3))
    said = {"outcome": "verified", "proof": "contract", "seen": "1", "on": TODAY.isoformat(),
            "reason": "r", "mark": mark_of(first)}  # fmt: skip
    response = client.post(f"/en/desk/relations/{first.pk}/verify/", said)
    assert response.url == f"/en/desk/relations/{last.pk}/verify/"


def handed_in(enterprise, by, name):
    ward = enterprise.sites.get().ward_id
    content = document(name=name)
    content["rows"]["sites"] = [
        {"id": None, "kind": "factory", "address": "Số 1", "province_id": None, "ward_id": ward,
         "park_id": None, "since": None, "until": None},
    ]  # fmt: skip
    return submit_application(content=content, by=by)


@pytest.fixture
def two_of_each(inside):
    """Of every heap of work one thing within the area and one outside of it."""
    outside = EnterpriseFactory(name="Ngoài vùng")
    SiteFactory(enterprise=outside, ward=WardFactory())
    root = give_account(username="root", password="a word", role=Role.ADMIN, by=None)
    set_policy(kind="verify", is_required=True, reason="r", by=root)
    activity = SupportActivityFactory()
    for number, one in enumerate((inside, outside)):
        m.Enterprise.objects.filter(pk=one.pk).update(tax_code=f"010123456{number}")
        twin = EnterpriseFactory(name=one.name)
        SiteFactory(enterprise=twin, ward=one.sites.get().ward)
        IncentiveCertificateFactory(enterprise=one)
        ParticipationFactory(activity=activity, enterprise=one)
        handed_in(one, root, f"Mới {number}")
        payload = {"certificate": current(one, 10).pk, "outcome": "confirmed", "note": "",
                   "method": "document", "source_seen": "", "on": TODAY.isoformat()}  # fmt: skip
        ask(kind="verify", payload=payload, reason="r", by=root)
    return f"/en/support/activities/{activity.pk}/"


def test_every_list_of_work_is_narrowed_until_it_is_lifted(client, two_of_each):
    addresses = {
        "duplicates": "/en/office/duplicates/", "questions": "/en/office/questions/",
        "proposals": "/en/office/approvals/", "applications": "/en/records/applications/",
        "incentives": "/en/support/incentives/", "participants": two_of_each,
    }  # fmt: skip
    found = {}
    for name, url in addresses.items():
        mine, whole = client.get(url), client.get(f"{url}?area=all")
        found[name] = (mine.context["count"], whole.context["count"])
        assert mine.content.decode().count("Only your area is shown:") == 1
        assert whole.content.decode().count("Show my area only") == 1
    questions = found.pop("questions")
    assert found == dict.fromkeys(found, (1, 2))
    assert 0 < questions[0] < questions[1]


@pytest.mark.parametrize("query", ["", "?area=all"])
def test_the_home_counts_what_its_links_show(client, two_of_each, query):
    works = {one.code: one for one in client.get(f"/en/desk/{query}").context["works"]}
    for code in ("proposals", "applications", "duplicates", "questions"):
        work = works[code]
        count = work.count
        if count is None:
            count = client.get(work.count_url).context["count"]
        assert (code, count) == (code, client.get(work.url).context["count"])


def test_support_outside_of_the_area_is_refused_in_words_and_kept_as_typed(client, two_of_each):
    person = give_account(username="lan", password="a word", role=Role.OFFICER, by=None)
    inside = m.Enterprise.objects.filter(name="Trong vùng").first()
    set_area(person=person, wards=[inside.sites.get().ward_id], sectors=[], reason="r", by=person)
    client.force_login(person)
    third = EnterpriseFactory(name="Ngoài nữa")
    said = {"lines": third.public_id, "role": "beneficiary", "reason": "list of 3 May"}
    answer = client.post(two_of_each, said)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Outside of your area: Ngoài nữa" in page
    assert third.public_id in page and "list of 3 May" in page
    assert not m.Participation.objects.filter(enterprise=third).exists()


def test_a_proposal_outside_of_the_area_is_not_decided_and_nothing_typed_is_lost(
    client, two_of_each
):
    whole = client.get("/en/office/approvals/?area=all").context["rows"]
    assert sorted((one["proposal"].enterprise.name, one["may_decide"]) for one in whole) == [
        ("Ngoài vùng", False), ("Trong vùng", True),
    ]  # fmt: skip
    proposal = m.Proposal.objects.get(enterprise__name="Ngoài vùng")
    url = f"/en/office/approvals/{proposal.pk}/"
    page = client.get(url).content.decode()
    assert "This record lies outside of your area." in page and 'value="approve"' not in page
    answer = client.post(url, {"do": "approve", "reason": "as in my letter"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Outside of your area: Ngoài vùng" in page
    assert "as in my letter" in page
    proposal.refresh_from_db()
    assert proposal.outcome == ""


def test_a_missing_report_opens_also_outside_of_the_area(client, two_of_each):
    officer = give_account(username="lan", password="a word", role=Role.OFFICER, by=None)
    inside = m.Enterprise.objects.filter(name="Trong vùng").first()
    set_area(person=officer, wards=[inside.sites.get().ward_id], sectors=[], reason="r", by=officer)
    client.force_login(officer)
    row = m.IncentiveCertificate.objects.get(enterprise__name="Ngoài vùng")
    queue = client.get("/en/desk/queues/incentive-reports/?area=all").content.decode()
    link = f"/en/support/incentives/?due=1&amp;enterprise={row.enterprise.public_id}&amp;area=all"
    assert queue.count(link) == 1
    page = client.get(link.replace("&amp;", "&"))
    assert [one.pk for one, _state, _due in page.context["rows"]] == [row.pk]


def test_who_takes_part_says_of_how_many(client, two_of_each):
    assert "Who takes part: 1 of 2</h2>" in client.get(two_of_each).content.decode()
    assert "Who takes part: 2</h2>" in client.get(f"{two_of_each}?area=all").content.decode()
    m.Participation.objects.filter(enterprise__name="Trong vùng").delete()
    page = client.get(two_of_each).content.decode()
    assert "Who takes part: 0 of 1</h2>" in page and "Nobody of your area takes part." in page
    m.Participation.objects.all().delete()
    assert "Nobody is entered yet." in client.get(two_of_each).content.decode()
