"""Consent of contact persons: given with day and how, withdrawn at once, read with a trace."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.areas.actions import set_area
from registry.enterprises.actions import ConsentRefused, set_consent
from registry.enterprises.permissions import OutsideArea
from registry.enterprises.queries import consents_of
from tests.factories import EnterpriseFactory, WardFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
NOBODY = {"name_consent_on": None, "phone_consent_on": None, "email_consent_on": None}


def account(name, role):
    return give_account(username=name, password="a long word", role=role, by=None)


@pytest.fixture
def officer():
    return account("lan", Role.OFFICER)


@pytest.fixture
def contact():
    return EnterpriseFactory().contacts.create(full_name="Người Kín", phone="0900000001")


def events():
    return m.Contact.pgh_event_model.objects.count()


def said(contact, how="a signed form", **days):
    return {f"c{contact.pk}-{name}": value for name, value in {**days, "how": how}.items()}


def public(client, contact, on=None):
    client.logout()
    path = f"/en/suppliers/{contact.enterprise.public_id}/"
    return client.get(path, {"on": on} if on else {}).content.decode()


def test_given_by_day_and_withdrawn_at_once_everywhere(client, officer, contact):
    url = f"/en/office/contacts/{contact.pk}/consent/"
    earlier = (TODAY - DAY).isoformat()
    client.force_login(officer)
    assert client.post(url, said(contact, name_consent_on=earlier)).status_code == 302
    html = public(client, contact)
    assert "Người Kín" in html
    assert "0900000001" not in html
    assert "Người Kín" in public(client, contact, on=earlier)
    client.force_login(officer)
    assert client.post(url, {**said(contact, "a call"), "withdraw": "1"}).status_code == 302
    assert "Người Kín" not in public(client, contact)
    assert "Người Kín" not in public(client, contact, on=earlier)


def test_the_page_says_who_recorded_it_when_and_how(client, officer, contact):
    set_consent(
        contact=contact, days={**NOBODY, "phone_consent_on": TODAY}, how="e-mail", by=officer
    )
    set_consent(contact=contact, days=NOBODY, how="a call", by=officer)
    kept = consents_of(contact.enterprise_id)[contact.pk]
    assert [(one.person, one.how, one.phone_on) for one in kept] == [
        (officer.pk, "e-mail", TODAY), (officer.pk, "a call", None),
    ]  # fmt: skip
    client.force_login(officer)
    path = f"/en/office/enterprises/{contact.enterprise.public_id}/contacts/"
    page = client.post(path, {"reason": "to ask"})
    (row,) = page.context["people"]
    assert [(change.how, name) for change, name in row["changes"]] == [
        ("a call", "lan"), ("e-mail", "lan"),
    ]  # fmt: skip
    assert m.ContactRead.objects.get().reason == "to ask"


@pytest.mark.parametrize(("days", "how", "field"), [
    ({"name_consent_on": TODAY + DAY}, "x", "name_consent_on"),
    ({"email_consent_on": TODAY}, "x", "email_consent_on"),
    ({"name_consent_on": TODAY}, "  ", "how"),
])  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(officer, contact, days, how, field):
    before = events()
    with pytest.raises(ConsentRefused) as refused:
        set_consent(contact=contact, days={**NOBODY, **days}, how=how, by=officer)
    assert set(refused.value.problems) == {field}
    assert events() == before


def test_the_same_again_leaves_no_trace(officer, contact):
    days = {**NOBODY, "name_consent_on": TODAY}
    assert set_consent(contact=contact, days=days, how="x", by=officer)
    before = events()
    assert not set_consent(contact=contact, days=days, how="again", by=officer)
    assert events() == before


def test_a_wrong_form_is_shown_again_and_that_is_a_reading_too(client, officer, contact):
    client.force_login(officer)
    url = f"/en/office/contacts/{contact.pk}/consent/"
    for wrong in (
        said(contact, name_consent_on="2026-02-30"), said(contact, how=""), said(contact)
    ):  # fmt: skip
        page = client.post(url, wrong)
        assert page.status_code == 422
        assert page.context["wrong"].errors
    assert m.ContactRead.objects.count() == 3
    assert client.get(url).status_code == 405
    assert client.post("/en/office/contacts/999999/consent/", {}).status_code == 404


def test_verifiers_read_and_do_not_write_and_managers_neither(client, contact):
    url = f"/en/office/contacts/{contact.pk}/consent/"
    path = f"/en/office/enterprises/{contact.enterprise.public_id}/contacts/"
    for role, reads in ((Role.VERIFIER, 200), (Role.MANAGER, 403), (Role.AUDITOR, 403)):
        client.force_login(account(role.value, role))
        page = client.post(path, {"reason": "r"})
        assert page.status_code == reads
        assert client.post(url, said(contact, name_consent_on=TODAY)).status_code == 403
        assert reads == 403 or page.context["may_set"] is False


def test_outside_of_the_area_nothing_is_written(officer, contact):
    set_area(person=officer, wards=[WardFactory().pk], sectors=[], reason="r", by=officer)
    with pytest.raises(OutsideArea):
        set_consent(contact=contact, days={**NOBODY, "name_consent_on": TODAY}, how="x", by=officer)
