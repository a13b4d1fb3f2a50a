"""The desk in a real browser: axe at both widths, the keyboard alone, no script."""

from __future__ import annotations

import re
from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.certifications.actions import attach_evidence
from registry.desk.crosschecks import open_questions
from tests.desk.test_pages import current
from tests.factories import EnterpriseFactory, SupplyRelationFactory
from tests.uploads import evidence_kept_in, png

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe.min.js"))


@pytest.fixture
def signed_in(chromium, live_server, tmp_path, monkeypatch):
    """Makes a page of a browser in which an administrator has signed in."""
    evidence_kept_in(tmp_path, monkeypatch)
    admin = give_account(username="root", password="a word", role=Role.ADMIN, by=None)
    client = Client()
    client.force_login(admin)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    opened = []

    def page(**how):
        context = chromium.new_context(base_url=live_server.url, **how)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        opened.append(context)
        return context.new_page()

    yield page
    for context in opened:
        context.close()


@pytest.mark.parametrize("size", [(1366, 900), (390, 844)])
def test_axe_finds_nothing_and_nothing_sticks_out(signed_in, size):
    certificate, enterprise = current(), EnterpriseFactory()
    current(number=certificate.number)
    attach_evidence(
        certificate=certificate, file=SimpleUploadedFile("a", png()),
        by=give_account(username="v", password="a word", role=Role.VERIFIER, by=None), reason="r",
    )  # fmt: skip
    page = signed_in(viewport={"width": size[0], "height": size[1]})
    verify = f"/en/desk/certificates/{certificate.pk}/verify/"
    for path in (
        "/desk/", "/en/desk/", "/en/desk/queues/to-verify/", "/en/desk/queues/to-confirm/",
        "/en/desk/queues/without-ward/", verify, f"/en/desk/enterprises/{enterprise.pk}/confirm/",
    ):  # fmt: skip
        page.goto(path)
        looked_at(page)
    page.goto(verify)
    page.get_by_role("button", name="Save and open the next").click()
    page.locator(".errsum:focus").wait_for()
    looked_at(page)
    page.goto(verify)
    page.get_by_role("button", name="Keep the file").click()
    page.get_by_text("Choose a file.").first.wait_for()
    looked_at(page)


def looked_at(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), page.url


@pytest.mark.parametrize("has_script", [True, False])
def test_three_certificates_by_the_keyboard_alone(signed_in, has_script):
    made = [current(number=f"K-{n}") for n in range(3)]
    page = signed_in(java_script_enabled=has_script)
    page.goto("/en/desk/queues/to-verify/")
    page.get_by_role("link", name="Name iso9001").first.focus()
    page.keyboard.press("Enter")
    for _ in made:
        page.wait_for_url("**/verify/?queue=to-verify")
        page.locator("#id_outcome_0:focus").wait_for()
        page.keyboard.press("Space")  # confirmed
        page.keyboard.press("Tab")
        page.keyboard.press("Space")  # the document was seen
        page.keyboard.press("Tab")
        page.keyboard.type("a copy")
        page.locator("#id_reason").focus()
        page.keyboard.type("yearly look")
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
    assert page.url.endswith("/en/desk/queues/to-verify/")
    assert {row.verifications.get().outcome for row in made} == {"confirmed"}


def lookalikes():
    EnterpriseFactory(name="Công ty TNHH Kim Phát", tax_code="0101234567")
    EnterpriseFactory(name="Kim Phát", tax_code="0101234567-001")


def test_counts_that_take_a_second_arrive_after_the_page(signed_in):
    lookalikes()
    page = signed_in()
    page.goto("/en/desk/")
    questions = len(open_questions(timezone.localdate()))
    assert questions > 0
    for name, count in (("Possible duplicates", 1), ("Questions", questions)):
        row = page.locator("tr", has=page.get_by_role("link", name=name, exact=True))
        row.locator("td b").first.wait_for()
        assert row.locator("td").first.inner_text() == str(count)


@pytest.mark.parametrize("answer", [500, 403, None])
def test_a_count_that_does_not_arrive_leaves_its_link(signed_in, answer):
    lookalikes()
    page = signed_in()
    asked = []

    def instead(route):
        asked.append(route.request.url)
        if answer:
            route.fulfill(status=answer, body="<h1>Error</h1>")
        else:
            route.abort()

    page.route("**/desk/counts/**", instead)
    page.goto("/en/desk/")
    page.wait_for_load_state("networkidle")
    assert len(asked) == 2
    assert page.get_by_text("Error", exact=True).count() == 0
    page.get_by_role("link", name=re.compile("Count ?: ?Possible duplicates")).click()
    page.wait_for_url("**/office/duplicates/")


def test_without_a_script_the_counts_are_one_link_away(signed_in):
    lookalikes()
    page = signed_in(java_script_enabled=False)
    page.goto("/en/desk/")
    page.get_by_role("link", name=re.compile("Count ?: ?Possible duplicates")).click()
    assert page.url.endswith("/en/office/duplicates/")
    assert "1" in page.locator("h1").inner_text()


PAGES = (
    "desk/queues/relations-to-verify/", "desk/relations/{relation}/verify/", "desk/enterprises/",
    "desk/enterprises/change/", "desk/service/", "records/new/", "records/{public_id}/edit/",
    "records/{public_id}/split/", "records/{public_id}/life/", "records/applications/",
    "visits/", "visits/new/{public_id}/", "support/", "support/incentives/", "people/",
    "people/new/", "account/", "office/approvals/", "office/approvals/policy/",
    "office/questions/", "office/duplicates/", "office/log/", "programme/entered/",
)  # fmt: skip


@pytest.mark.parametrize(
    ("prefix", "size"), [("/", (1366, 900)), ("/en/", (390, 844))], ids=["vi wide", "en phone"]
)
def test_axe_finds_nothing_on_the_other_pages_of_the_office(signed_in, prefix, size):
    relation = SupplyRelationFactory(is_confidential=True)
    holder = relation.enterprise
    holder.refresh_from_db()
    holder.contacts.create(full_name="Người Kín", phone="0900000001")
    page = signed_in(viewport={"width": size[0], "height": size[1]})
    for path in PAGES:
        answer = page.goto(prefix + path.format(relation=relation.pk, public_id=holder.public_id))
        assert answer.status == 200, path
        looked_at(page)
    page.goto(f"{prefix}office/enterprises/{holder.public_id}/contacts/")
    page.locator("#id_reason").fill("to ask")
    page.locator("main form button[type=submit]").click()
    page.get_by_text("Người Kín").first.wait_for()
    looked_at(page)
    page.locator("button[name=withdraw]").click()
    page.locator(".err").first.wait_for()
    looked_at(page)
    page.goto(f"{prefix}desk/relations/{relation.pk}/verify/")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".errsum:focus").wait_for()
    looked_at(page)
