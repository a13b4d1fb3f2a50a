"""The day of ``docs/seeded-day.md``: with the keyboard alone, and every step is in the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.desk.log import LogFilter, entries
from tests.factories import CertificateFactory, ProvinceFactory, SectorFactory, WardFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MOST_TABS = 400
APPLICATIONS = "/en/records/applications/"


@pytest.fixture
def at_desk(chromium, live_server):
    """Makes a page of a browser in which a person of that role has signed in."""
    opened = []

    def page(name: str, role: Role) -> Page:
        client = Client()
        client.force_login(give_account(username=name, password="a word", role=role, by=None))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = chromium.new_context(base_url=live_server.url)
        context.set_default_timeout(15_000)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        opened.append(context)
        return context.new_page()

    yield page
    for context in opened:
        context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until that is where one is; what cannot be reached fails the test."""
    for _ in range(MOST_TABS):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector} on {page.url}")


def type_into(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        tab_to(page, f"#id_{name.replace('__', '-')}")
        page.keyboard.type(text)


def follow(page: Page, selector: str, key: str = "Enter") -> None:
    """Go there by Tab and press a key; wait for the page that comes."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def hand_in(page: Page, tax_code: str, name: str, address: str) -> None:
    page.goto(APPLICATIONS)
    follow(page, 'a[href$="/records/new/"]')
    type_into(page, tax_code=tax_code, name=name)
    type_into(page, **{"sites__0__address": address, "source": f"form of {name}"})
    with page.expect_navigation(url="**/records/applications/*/"):
        page.keyboard.press("Enter")


def decide(page: Page, name: str, *, register: bool, reason: str) -> None:
    page.goto(APPLICATIONS)
    number = m.Application.objects.filter(status="submitted").get(name=name).pk
    follow(page, f'a[href$="/applications/{number}/"]')
    tab_to(page, "#id_step_0")
    page.keyboard.press("Space" if register else "ArrowDown")
    type_into(page, reason=reason)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def look_at_five(page: Page) -> None:
    page.goto("/en/desk/queues/to-verify/")
    follow(page, 'a[href*="/verify/"]')
    for number in range(5):
        is_false = number == 2
        tab_to(page, "#id_outcome_0")
        page.keyboard.press("Space")
        if is_false:
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
        tab_to(page, "#id_method_0")
        page.keyboard.press("Space")
        if is_false:
            type_into(page, note="the body has issued no such number")
        type_into(page, reason=f"look {number}")
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)


def make_one(page: Page) -> None:
    page.goto("/en/office/duplicates/")
    follow(page, 'td a[href*="/office/duplicates/"]')
    tab_to(page, "#id_is_same_0")
    page.keyboard.press("Space")
    type_into(page, reason="one firm, written twice")
    follow(page, 'main form button[type="submit"]')
    type_into(page, reason="merged after asking them")
    follow(page, 'main form button[type="submit"]')


def in_the_log() -> list[tuple[str, str, str]]:
    """Person, table and reason of every entry."""
    rows, _total = entries(LogFilter(), offset=0, limit=1_000)
    return [(row.person, row.table, row.reason) for row in rows]


STEPS = (
    ("lan", "application", "form of Công ty TNHH Kim Phát", 1),
    ("lan", "application", "form of Công ty Cổ phần Đại Thành", 2),
    ("lan", "application", "form of KIM PHAT Co., Ltd", 1),
    ("minh", "application", "complete", 1),
    ("minh", "enterprise", "complete", 1),
    ("minh", "site", "complete", 1),
    ("minh", "application", "the tax code is missing", 1),
    ("minh", "enterprise", "complete too", 1),
    ("minh", "enterprise", "now complete", 1),
    *(("minh", "verificationstep", f"look {number}", 1) for number in range(5)),
    ("lan", "duplicatedecision", "one firm, written twice", 1),
    ("lan", "merger", "merged after asking them", 1),
)
"""Person, table, reason and number of the entries that the day leaves in the log."""


def test_the_day_is_done_by_keyboard_and_is_in_the_log(at_desk: Callable[..., Page]):
    ProvinceFactory(), WardFactory(), SectorFactory()
    for number in range(5):
        held: Any = {
            "issued_on": dt.date(2025, 1, 1),
            "valid_until": timezone.localdate() + dt.timedelta(days=400),
        }
        CertificateFactory(number=f"F-{number}", enterprise__name=f"Cơ khí Số {number}", **held)
    lan, minh = at_desk("lan", Role.OFFICER), at_desk("minh", Role.VERIFIER)

    hand_in(lan, "0100109106", "Công ty TNHH Kim Phát", "Số 1 phố Thử")
    hand_in(lan, "", "Công ty Cổ phần Đại Thành", "Số 2 phố Thử")
    lan.goto("/en/records/new/")
    type_into(lan, name="KIM PHAT Co., Ltd")
    lan.locator("#likeness li").get_by_text("Công ty TNHH Kim Phát").wait_for()
    lan.locator("[data-saved]").get_by_text("Draft saved").wait_for()
    lan.wait_for_url("**/records/drafts/*/")
    type_into(lan, **{"sites__0__address": "1 pho Thu", "source": "form of KIM PHAT Co., Ltd"})
    with lan.expect_navigation(url="**/records/applications/*/"):
        lan.keyboard.press("Enter")
    assert not m.Draft.objects.exists()

    decide(minh, "Công ty TNHH Kim Phát", register=True, reason="complete")
    decide(minh, "Công ty Cổ phần Đại Thành", register=False, reason="the tax code is missing")
    decide(minh, "KIM PHAT Co., Ltd", register=True, reason="complete too")
    lan.goto(APPLICATIONS)
    follow(lan, 'a[href*="/records/applications/"]:not([href$="applications/"])')
    follow(lan, 'a[href$="/revise/"]')
    type_into(lan, tax_code="0100112437")
    with lan.expect_navigation(url="**/records/applications/*/"):
        lan.keyboard.press("Enter")
    decide(minh, "Công ty Cổ phần Đại Thành", register=True, reason="now complete")
    look_at_five(minh)
    make_one(lan)

    assert m.Enterprise.objects.registered(timezone.localdate()).count() == 7
    outcomes = sorted(m.VerificationStep.objects.values_list("outcome", flat=True))
    assert outcomes == ["confirmed"] * 4 + ["refuted"]
    log = in_the_log()
    for person, table, reason, count in STEPS:
        assert (person, table, reason, log.count((person, table, reason))) == (
            person, table, reason, count,
        )  # fmt: skip
