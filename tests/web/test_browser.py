"""The pages in a real browser: axe at both widths, no script, keyboard, swap in place."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from registry import models as m
from tests.small_register import small_register

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe.min.js"))
WIDTHS = {"desk": (1366, 900), "phone": (390, 844)}
PATHS = (
    "/suppliers/",
    "/suppliers/?view=table&sector=components",
    "/suppliers/?q=khong+co+gi",
    "/suppliers/{supplier}/",
    "/suppliers/CNHT-9999999/",
    "/programme/",
    "/programme/?on=2026-02-30",
    "/programme/enterprises_total/?sector=components",
    "/programme/enterprises_total/?park=not_stated&scheme=iso9001",
    "/programme/share_international_standard/by/",
    "/programme/enterprises_total/by/?rows=ward&columns=scheme",
    "/programme/enterprises_total/bridge/?from_on=2025-01-01&on=2026-06-30",
    "/programme/outlook/",
    "/programme/rules/",
    "/programme/survey/",
    "/programme/?known=2026-11-01&on=2026-06-30",
    "/releases/",
    "/programme/planner/",
    "/programme/planner/?gained=many",
    "/components/",
)


@pytest.fixture
def register():
    """A few enterprises; the first one's page is looked at."""
    return small_register(25, seed=6)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_axe_finds_nothing_and_nothing_sticks_out(
    chromium: Browser, live_server, register, width, prefix
):
    # Its own context: pages of status 400 and 404 are looked at on purpose.
    wide, high = WIDTHS[width]
    context = chromium.new_context(viewport={"width": wide, "height": high})
    page = context.new_page()
    first = m.Enterprise.objects.order_by("pk").first()
    for path in PATHS:
        page.goto(live_server.url + prefix + path.format(supplier=first.public_id))
        # Handed over by the debugger, not as a script element, so that the policy stands.
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run()")["violations"]
        assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
        sticks_out = "document.documentElement.scrollWidth > window.innerWidth"
        assert not page.evaluate(sticks_out), f"{path} is wider than the screen"
    context.close()


def test_search_works_without_javascript(chromium: Browser, live_server, register):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/en/suppliers/")
    page.locator("#f-ownership > summary").click()
    page.check("#o-ownership-foreign")
    page.get_by_role("button", name="Apply filters").click()
    assert "ownership=foreign" in page.url
    assert page.is_checked("#o-ownership-foreign")
    page.get_by_role("link", name="Remove Ownership: Foreign-invested").click()
    assert "ownership" not in page.url
    page.fill("#q", "co khi 001")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".res h3").first.inner_text() == "Cơ khí 001"
    context.close()


def test_facet_swaps_in_place_keeps_focus_and_address(page: Page, live_server, register):
    page.goto(live_server.url + "/en/suppliers/")
    page.evaluate("window.sameDocument = true")
    box = page.locator("#f-sector input[type=checkbox]").first
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/suppliers/?**sector=**")
    page.wait_for_selector(".chips")
    assert page.evaluate("window.sameDocument") is True
    assert page.evaluate("document.activeElement.name") == "sector"
    page.go_back()
    page.wait_for_selector(".chips", state="detached")


def test_keyboard_reaches_the_content_first(page: Page, live_server, register):
    page.goto(live_server.url + "/suppliers/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
