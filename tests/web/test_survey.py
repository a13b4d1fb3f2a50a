"""A published figure beside the register's: everybody known is counted or named by a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from registry import models as m
from registry.dashboard.figures import figure
from registry.dashboard.survey import beside_the_register
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def published(indicator: str, day: dt.date, value: int) -> m.Baseline:
    return m.Baseline.objects.create(
        scope="hanoi", indicator=indicator, as_of="x", as_of_on=day, qualifier=">", value=value,
        source="báo",
    )  # fmt: skip


def test_everybody_is_counted_or_has_a_reason(client):
    small_register(50, seed=23)
    for indicator, days in (("enterprises_total", 300), ("enterprises_international_standard", 40)):
        published(indicator, TODAY - dt.timedelta(days=days), 20)
    published("share_of_manufacturing_value", TODAY, 16)  # no register can compute it
    found = beside_the_register()
    assert len(found) == 2
    for one in found:
        assert one.counted == figure(one.indicator.code, one.baseline.as_of_on).numerator
        assert one.counted + sum(map(len, one.missing.values())) == 50
        assert one.difference == one.counted - 20
    response = client.get("/en/programme/survey/")
    assert response.content.decode().count("over 20") == 2
    for row in response.context["rows"]:
        assert client.get(row["url"]).context["count"] == row["beside"].counted


def test_nothing_published_is_said(client):
    assert b"No published figure is recorded" in client.get("/en/programme/survey/").content
