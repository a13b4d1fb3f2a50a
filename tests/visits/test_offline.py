"""The form of a visit on a phone without a connection, in a real browser."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from tests.factories import EnterpriseFactory
from tests.visits.test_photos import picture
from tests.visits.test_visits import kept_in  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OF_A_VISIT = re.compile(r"/en/visits/\d+/$")


@pytest.fixture
def officer():
    return give_account(username="o", password="a word", role=Role.OFFICER, by=None)


def signed_in(context, live_server, officer):
    client = Client()
    client.force_login(officer)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
    )


@pytest.fixture
def phone(chromium, live_server, officer, kept_in):  # noqa: F811
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True
    )
    signed_in(context, live_server, officer)
    page = context.new_page()
    yield page
    context.close()


def taken_along(page, enterprise):
    """Open the form with a connection, until the worker holds it."""
    enterprise.refresh_from_db()
    page.goto("/en/visits/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.goto(f"/en/visits/new/{enterprise.public_id}/")


def filled(page, note):
    page.get_by_label("Who was met").select_option("director")
    page.get_by_label("Result").select_option("as_recorded")
    page.get_by_label("What was seen").fill(note)
    page.get_by_label("Photos", exact=True).set_input_files(
        {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.get_by_role("button", name="Save the visit").click()


def test_written_without_a_connection_it_arrives_once(phone, officer):
    enterprise = EnterpriseFactory()
    taken_along(phone, enterprise)
    phone.context.set_offline(True)
    phone.reload()  # the page comes from the phone
    filled(phone, "three presses")
    phone.get_by_text("No connection.").wait_for()
    assert phone.locator("[data-waiting] li").count() == 1
    assert not m.Visit.objects.exists()
    phone.close()  # the phone goes dark
    page = phone.context.new_page()
    page.goto(f"/en/visits/new/{enterprise.public_id}/")
    page.locator("[data-waiting] li").wait_for()
    page.context.set_offline(False)
    page.get_by_text("Everything has arrived.").wait_for()
    assert page.locator("[data-waiting] li").count() == 0
    visit = m.Visit.objects.get()
    assert (visit.note, visit.by, visit.photos.count()) == ("three presses", officer, 1)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert m.Visit.objects.count() == 1


def test_with_a_connection_it_is_sent_at_once_and_shown(phone):
    taken_along(phone, EnterpriseFactory())
    filled(phone, "all there")
    phone.wait_for_url(OF_A_VISIT)
    assert m.Visit.objects.get().note == "all there"


def test_signed_out_it_is_kept_and_said(phone, live_server, officer):
    taken_along(phone, EnterpriseFactory())
    Session.objects.all().delete()
    filled(phone, "kept")
    phone.get_by_text("You are signed out.").wait_for()
    assert phone.locator("[data-waiting] li").count() == 1
    assert not m.Visit.objects.exists()
    signed_in(phone.context, live_server, officer)
    phone.goto("/en/visits/")
    phone.get_by_text("Everything has arrived.").wait_for()
    assert m.Visit.objects.get().note == "kept"


def test_what_is_refused_is_kept_mended_and_sent(phone):
    taken_along(phone, EnterpriseFactory())
    phone.get_by_role("button", name="Save the visit").click()
    assert phone.locator("[data-waiting] li").count() == 0  # said by the browser, not kept
    phone.get_by_label("Who was met").select_option("staff")
    phone.get_by_label("Result").select_option("differs")
    phone.get_by_role("button", name="Save the visit").click()
    phone.get_by_text("Write what differs from the record.").wait_for()
    phone.get_by_role("link", name="Open and mend").click()
    phone.get_by_text("Mend what was refused").wait_for()
    assert phone.get_by_label("Result").input_value() == "differs"
    phone.get_by_label("What was seen").fill("other address")
    phone.get_by_role("button", name="Save the visit").click()
    phone.wait_for_url(OF_A_VISIT)
    assert m.Visit.objects.get().note == "other address"


def test_a_second_person_on_the_phone_sends_nothing_of_the_first(phone, live_server, officer):
    taken_along(phone, EnterpriseFactory())
    phone.context.set_offline(True)
    filled(phone, "of the first")
    phone.get_by_text("No connection.").wait_for()
    phone.context.set_offline(False)
    phone.context.clear_cookies()
    signed_in(
        phone.context,
        live_server,
        give_account(username="p", password="w", role=Role.OFFICER, by=None),
    )
    phone.goto("/en/visits/")
    phone.get_by_text("Written by somebody else on this phone.").wait_for()
    assert not m.Visit.objects.exists()
    phone.context.clear_cookies()
    signed_in(phone.context, live_server, officer)
    phone.goto("/en/visits/")
    phone.get_by_role("button", name="Send now").click()
    phone.get_by_text("Everything has arrived.").wait_for()
    assert m.Visit.objects.get().by == officer
