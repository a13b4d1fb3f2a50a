"""A list as known then beside the same one as known now: the rows that differ add up."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from registry import models as m
from tests.factories import CertificateFactory
from tests.small_register import TODAY, small_register
from tests.web.test_past_profile import recorded_by

pytestmark = pytest.mark.django_db
KNOWN = "2026-02-01"
URL = "/en/programme/{}/"


@pytest.fixture
def corrected():
    """Known in January; since then three sites were struck out and one firm came late."""
    small_register(30, seed=6)
    recorded_by(dt.datetime(2026, 1, 10, tzinfo=dt.UTC))
    here = m.Enterprise.objects.operating(TODAY).in_hanoi(TODAY)
    for row in here.order_by("pk")[:3]:
        row.sites.all().delete()
    CertificateFactory(verified=True)


def parts(client, url: str, asked: dict) -> dict[str, dict]:
    response = client.get(url, asked)
    assert response.status_code == 200
    return {part["kind"]: part for part in response.context["later"]["parts"]}


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("enterprises_total", {}),
        ("enterprises_international_standard", {}),
        ("enterprises_international_standard", {"step": "stated"}),
        ("share_international_standard", {}),
        ("tier1_enterprises", {"step": "unverified"}),
        ("enterprises_total", {"sector": "components"}),
        ("enterprises_total", {"sector": "not_stated"}),
    ],
)
def test_then_gained_lost_and_now_add_up_and_open_their_lists(client, corrected, code, more):
    asked = {"on": TODAY.isoformat(), "known": KNOWN, **more}
    found = parts(client, URL.format(code), asked)
    count = {kind: part["count"] for kind, part in found.items()}
    assert count[""] + count["gained"] - count["lost"] == count["now"]
    lists = {}
    for kind, part in found.items():
        url = part["url"] if part["url"].startswith("/") else URL.format(code) + part["url"]
        page = client.get(url)
        assert page.context["count"] == part["count"], kind
        joint = "&" if "?" in url else "?"
        text = b"".join(client.get(f"{url}{joint}format=csv").streaming_content)
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))[1:]
        lists[kind] = {row[0] for row in rows}
        assert len(lists[kind]) == part["count"]
    assert lists[""] - lists["lost"] | lists["gained"] == lists["now"]
    assert lists["lost"] <= lists[""] and not lists["gained"] & lists[""]


def test_the_late_one_is_gained_and_the_struck_out_ones_are_lost(client, corrected):
    found = parts(client, URL.format("enterprises_total"), {"on": TODAY, "known": KNOWN})
    assert (found["gained"]["count"], found["lost"]["count"]) == (1, 3)


def test_the_reasons_are_the_bridge_of_the_same_list(client, corrected):
    asked = {"on": TODAY.isoformat(), "known": KNOWN, "sector": "components"}
    page = client.get(URL.format("enterprises_total"), asked)
    why = client.get(page.context["later"]["bridge_url"])
    count = {part["kind"]: part["count"] for part in page.context["later"]["parts"]}
    assert (why.context["bridge"].start, why.context["bridge"].end) == (count[""], count["now"])
    for term in why.context["terms"]:
        for one in term["term"].enterprises:
            link = f"/en/suppliers/{one.public_id}/{term['query']}".replace("&", "&amp;")
            assert f'href="{link}"' in why.content.decode()
            assert client.get(f"/en/suppliers/{one.public_id}/{term['query']}").status_code == 200


def test_without_a_moment_there_is_nothing_to_set_beside(client, corrected):
    page = client.get(URL.format("enterprises_total"), {"later": "gained"})
    assert page.context["later"] is None and b"later-heading" not in page.content
