"""Consent of contact persons: given with day and how, withdrawn at once, read with a trace."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.areas.actions import set_area
from registry.desk.actions import merge_enterprises
from registry.enterprises.actions import ConsentRefused, consent_mark, set_consent
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


def agreed(contact, by, how="a call", **days):
    mark = consent_mark(m.Contact.objects.get(pk=contact.pk))
    return set_consent(contact=contact, days={**NOBODY, **days}, how=how, mark=mark, by=by)


def said(client, contact, how="a signed form", **days):
    """What is posted after the persons were shown for a reason."""
    shown = {"mark": consent_mark(m.Contact.objects.get(pk=contact.pk)), **days, "how": how}
    asked = {f"c{contact.pk}-{name}": value for name, value in shown.items()}
    return {**asked, "read_because": persons_shown(client, contact).context["read_because"]}


def persons_shown(client, contact):
    path = f"/en/office/enterprises/{contact.enterprise.public_id}/contacts/"
    return client.post(path, {"reason": "to ask"})


def public(client, contact, on=None):
    client.logout()
    path = f"/en/suppliers/{contact.enterprise.public_id}/"
    return client.get(path, {"on": on} if on else {}).content.decode()


def test_given_by_day_and_withdrawn_at_once_everywhere(client, officer, contact):
    url = f"/en/office/contacts/{contact.pk}/consent/"
    earlier = (TODAY - DAY).isoformat()
    client.force_login(officer)
    assert client.post(url, said(client, contact, name_consent_on=earlier)).status_code == 302
    html = public(client, contact)
    assert "Người Kín" in html
    assert "0900000001" not in html
    assert "Người Kín" in public(client, contact, on=earlier)
    client.force_login(officer)
    assert client.post(url, {**said(client, contact, "a call"), "withdraw": "1"}).status_code == 302
    assert "Người Kín" not in public(client, contact)
    assert "Người Kín" not in public(client, contact, on=earlier)


def test_the_page_says_who_recorded_it_when_and_how(client, officer, contact):
    agreed(contact, officer, "e-mail", phone_consent_on=TODAY)
    agreed(contact, officer)
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
        agreed(contact, officer, how, **days)
    assert set(refused.value.problems) == {field}
    assert events() == before


def test_the_same_again_leaves_no_trace(officer, contact):
    assert agreed(contact, officer, name_consent_on=TODAY)
    before = events()
    assert not agreed(contact, officer, "again", name_consent_on=TODAY)
    assert events() == before


def test_a_wrong_form_is_shown_again_and_that_is_a_reading_too(client, officer, contact):
    client.force_login(officer)
    url = f"/en/office/contacts/{contact.pk}/consent/"
    for wrong in ({"name_consent_on": "2026-02-30"}, {"how": ""}, {}):
        page = client.post(url, said(client, contact, **wrong))
        assert page.status_code == 422
        assert page.context["wrong"].errors
    assert [row.reason for row in m.ContactRead.objects.all()] == ["to ask"] * 6
    assert client.get(url).status_code == 405
    assert client.post("/en/office/contacts/999999/consent/", {}).status_code == 404


def test_verifiers_read_and_do_not_write_and_managers_neither(client, contact):
    url = f"/en/office/contacts/{contact.pk}/consent/"
    path = f"/en/office/enterprises/{contact.enterprise.public_id}/contacts/"
    for role, reads in ((Role.VERIFIER, 200), (Role.MANAGER, 403), (Role.AUDITOR, 403)):
        client.force_login(account(role.value, role))
        page = client.post(path, {"reason": "r"})
        assert page.status_code == reads
        days = {f"c{contact.pk}-name_consent_on": TODAY, f"c{contact.pk}-how": "x"}
        assert client.post(url, days).status_code == 403
        assert reads == 403 or page.context["may_set"] is False


def test_nobody_is_shown_without_the_reason_of_who_asks(client, officer, contact):
    url = f"/en/office/contacts/{contact.pk}/consent/"
    back = f"/en/office/enterprises/{contact.enterprise.public_id}/contacts/"
    other = EnterpriseFactory().contacts.create(full_name="Người Khác")
    client.force_login(officer)
    of_another = said(client, other)["read_because"]
    client.force_login(account("minh", Role.OFFICER))
    of_a_colleague = said(client, contact)["read_because"]
    client.force_login(officer)
    before = m.ContactRead.objects.count()
    days = {f"c{contact.pk}-name_consent_on": TODAY, f"c{contact.pk}-how": "x"}
    for carried in ("", "x", "a\0b", of_another, of_a_colleague):
        for form in ({}, days):
            page = client.post(url, {**form, "read_because": carried})
            assert (page.status_code, page.url) == (302, back)
    assert (m.ContactRead.objects.count(), events()) == (before, 2)


def test_a_form_of_before_a_withdrawal_publishes_nobody(client, officer, contact):
    agreed(contact, officer, name_consent_on=TODAY)
    client.force_login(officer)
    url = f"/en/office/contacts/{contact.pk}/consent/"
    stale = said(
        client, contact, "an e-mail", name_consent_on=TODAY.isoformat(),
        phone_consent_on=TODAY.isoformat(),
    )  # fmt: skip
    agreed(contact, officer)
    page = client.post(url, stale)
    assert page.status_code == 422
    contact.refresh_from_db()
    assert (contact.name_consent_on, contact.phone_consent_on) == (None, None)
    (row,) = page.context["people"]
    shown = {name: row["form"][name].value() for name in (*NOBODY, "how")}
    assert shown == {**NOBODY, "how": "an e-mail"}
    again = {f"c{contact.pk}-{name}": row["form"][name].value() for name in ("how", "mark")}
    again |= {f"c{contact.pk}-phone_consent_on": TODAY.isoformat()}
    read = page.context["read_because"]
    assert client.post(url, {**again, "read_because": read}).status_code == 302
    contact.refresh_from_db()
    assert (contact.name_consent_on, contact.phone_consent_on) == (None, TODAY)


def test_a_wrong_day_does_not_stop_a_withdrawal(client, officer, contact):
    agreed(contact, officer, name_consent_on=TODAY)
    client.force_login(officer)
    url = f"/en/office/contacts/{contact.pk}/consent/"
    wrong = said(client, contact, name_consent_on="31/31")
    assert client.post(url, wrong).status_code == 422
    assert client.post(url, {**said(client, contact, how=""), "withdraw": "1"}).status_code == 422
    assert m.Contact.objects.get().name_consent_on == TODAY
    assert client.post(url, {**wrong, "withdraw": "1"}).status_code == 302
    assert m.Contact.objects.get().name_consent_on is None


@pytest.mark.parametrize("changed", [{"full_name": "Khác"}, {"phone": "2"}, {"email": "a@b.vn"}])
def test_consent_is_to_what_was_seen_and_withdrawal_to_whatever_stands(officer, contact, changed):
    agreed(contact, officer, name_consent_on=TODAY)
    contact.refresh_from_db()
    mark = consent_mark(contact)
    m.Contact.objects.update(**changed)
    days = {**NOBODY, "phone_consent_on": TODAY}
    with pytest.raises(ConsentRefused) as refused:
        set_consent(contact=contact, days=days, how="x", mark=mark, by=officer)
    assert set(refused.value.problems) == {"mark"}
    assert set_consent(contact=contact, days=NOBODY, how="x", mark=mark, by=officer)
    assert m.Contact.objects.get().name_consent_on is None


def test_the_story_of_a_consent_follows_the_person_into_a_merger(officer, contact):
    agreed(contact, officer, "e-mail", phone_consent_on=TODAY - DAY)
    agreed(contact, officer, "a call")
    kept = EnterpriseFactory()
    merge_enterprises(
        kept=kept, gone=contact.enterprise, choose={}, by=officer, reason="one firm", on=TODAY
    )
    (story,) = consents_of(kept.pk).values()
    assert [(one.how, one.phone_on) for one in story] == [
        ("e-mail", TODAY - DAY), ("a call", None),
    ]  # fmt: skip
    assert consents_of(contact.enterprise_id) == {}


def test_outside_of_the_area_nothing_is_written(officer, contact):
    set_area(person=officer, wards=[WardFactory().pk], sectors=[], reason="r", by=officer)
    with pytest.raises(OutsideArea):
        agreed(contact, officer, name_consent_on=TODAY)
