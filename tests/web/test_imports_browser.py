"""The closed pages of lists in a real browser: axe at both widths, nothing sticks out."""

from __future__ import annotations

import pytest
from django.test import Client

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.imports import actions
from tests.factories import ProvinceFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code
from tests.web.test_browser import AXE, WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADER = ("Tên doanh nghiệp", "MST", "Địa chỉ", "Ghi chú")


@pytest.fixture
def batch():
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    user = give_account(username="officer", password="long-enough-1", role=Role.OFFICER, by=None)
    rows = [("Công ty A", tax_code(10010910), HANOI, "x"), ("Công ty B", "12", HANOI, "")]
    kept = actions.keep_file(name="list.csv", content=csv_bytes(HEADER, *rows), by=user)
    said = {"encoding": "", "sheet": "", "header": 1, "mapping": {}}
    return actions.read_as(batch_id=kept.pk, **said)


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_pages_of_a_list(chromium, live_server, batch, width):
    client = Client()
    client.force_login(m.User.objects.get(username="officer"))
    wide, high = WIDTHS[width]
    context = chromium.new_context(viewport={"width": wide, "height": high})
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    for end in ("", f"{batch.pk}/", f"{batch.pk}/rows/", f"{batch.pk}/rows/3/"):
        answer = page.goto(f"{live_server.url}/en/imports/{end}")
        assert answer.status == 200
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run()")["violations"]
        assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
        sticks_out = "document.documentElement.scrollWidth > window.innerWidth"
        assert not page.evaluate(sticks_out), f"{end} is wider than the screen"
    context.close()
