"""Tiers and links: every number is its list, and nothing confidential is told."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import models as m
from registry.dashboard.figures import figure
from tests.factories import BuyerFactory, SupplyRelationFactory
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
URL = "/en/programme/supply/"
ON = {"on": TODAY.isoformat()}


def downloaded(client, url: str) -> list[list[str]]:
    response = client.get(url + "&format=csv")
    parts = response.streaming_content if response.streaming else [response.content]
    return list(csv.reader(io.StringIO(b"".join(parts).decode("utf-8-sig"))))[1:]


def test_every_number_is_its_list(client):
    small_register(50, seed=9)
    rows = client.get(URL, ON).context["rows"]
    numbers = [cell for row in rows for cell in (row["enterprises"], *row["capitals"])]
    numbers += [cell for row in rows for cell in row["links"] or ()]
    assert len(numbers) == 6 * 4 + 5 * 2
    for count, url in numbers:
        assert client.get(url).context["count"] == count == len(downloaded(client, url)), url


def test_parts_add_up_and_are_the_indicators(client):
    small_register(50, seed=9)
    *tiers, nowhere, total = client.get(URL, ON).context["rows"]
    one, two, three, _deeper = (row["enterprises"][0] for row in tiers)
    assert one == figure("tier1_enterprises", TODAY).numerator > 0
    assert two + three == figure("tier2_tier3_enterprises", TODAY).numerator > 0
    for row in (*tiers, nowhere, total):
        assert sum(count for count, _url in row["capitals"]) == row["enterprises"][0]
    for column in range(3):
        parts = [row["capitals"][column][0] for row in (*tiers, nowhere)]
        assert sum(parts) == total["capitals"][column][0]
    for column in range(2):
        assert sum(row["links"][column][0] for row in tiers) == total["links"][column][0] > 0


def test_a_confidential_link_is_counted_and_its_partner_is_not_told(client):
    SupplyRelationFactory(
        buyer=BuyerFactory(code="kin", name="Người mua kín", name_en="Secret Buyer"),
        product="Hàng kín", is_confidential=True, verified=True,
    )  # fmt: skip
    url = f"{URL}links/?tier=1&verified=yes&on={TODAY}"
    page = client.get(url)
    assert page.context["count"] == 1
    [row] = downloaded(client, url)
    assert row[3:] == ["Confidential", "", "Yes"]
    for word in ("Người mua kín", "Secret Buyer", "Hàng kín", "2020"):
        assert word not in page.content.decode().split("<tbody>")[1] and word not in row


@pytest.mark.parametrize("asked", ["tier=9", "tier=x", "tier=%00", "on=2026-02-30"])
def test_an_odd_address_is_said(client, asked):
    assert client.get(f"{URL}links/?{asked}").status_code == 400


def test_queries_do_not_grow(client):
    numbers = []
    for more in (1, 3):
        for n in range(more):
            SupplyRelationFactory(verified=True, buyer=BuyerFactory(code=f"b{more}{n}"))
        for url in (URL, f"{URL}links/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(url, ON)
            numbers.append(len(queries))
    assert numbers[:2] == numbers[2:] and max(numbers) <= 10
    assert m.SupplyRelation.objects.count() == 4
