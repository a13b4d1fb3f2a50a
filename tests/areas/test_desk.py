"""The desk of a person with an area: narrowed to it, said so, lifted by a link."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.areas.actions import set_area
from registry.supply.actions import mark_of
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    SiteFactory,
    SupplyRelationFactory,
    WardFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def current(enterprise, days):
    return CertificateFactory(
        enterprise=enterprise, issued_on=TODAY - dt.timedelta(days=days),
        valid_until=TODAY + dt.timedelta(days=400),
    )  # fmt: skip


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
