"""Every mark of a drawing that stands for enterprises leads to exactly those."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from registry import models as m
from registry.plans.actions import load_plans
from registry.web.shared.charts import Link, waterfall, waterfall_base
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
MORNING = dt.datetime.combine(TODAY, dt.time(9), tzinfo=dt.UTC)
TOTAL, SHARE = "enterprises_total", "share_international_standard"


@pytest.fixture
def register():
    """Enterprises, the city's plans, and a later rule that nobody meets."""
    load_plans(by=None)
    rows = small_register(60, seed=21)
    m.CountingRule.objects.create(
        version=90, name="hẹp", valid_from=TODAY - dt.timedelta(days=20), breadth="broad",
        verification_months=2, is_provisional=True, reason="thử",
    )  # fmt: skip
    return rows


def value_behind(client, dot) -> int | Decimal:
    """The figure on the page that a mark opens, whose list has as many rows."""
    response = client.get(dot.link.url)
    figure = response.context["figure"]
    assert response.context["count"] == figure.numerator
    return figure.value


@pytest.mark.parametrize("code", [TOTAL, SHARE])
def test_the_months_of_a_course_open_their_lists(client, register, code):
    response = client.get(f"/en/programme/{code}/progress/?on={TODAY}")
    [drawing, *_more] = response.context["drawings"]
    assert len(drawing.chart.dots) > 12
    for dot in drawing.chart.dots:
        day, said = dot.link.label.split(": ")
        value = value_behind(client, dot)
        assert said.removesuffix("\u00a0%") == f"{value:,}".removesuffix(".0"), day


def test_the_months_gone_by_of_the_outlook_open_their_lists(client, register, time_machine):
    time_machine.move_to(MORNING)
    response = client.get("/en/programme/outlook/")
    trend = response.context["trend"]
    assert len(trend.dots) == len(trend.known) > 12
    assert [value_behind(client, dot) for dot in trend.dots] == [p.value for p in trend.known]


def test_the_steps_of_the_floor_open_their_call_lists(client, register, time_machine):
    time_machine.move_to(MORNING)
    m.CountingRule.objects.filter(version=90).delete()  # by it nobody is left to fall out
    response = client.get("/en/programme/outlook/")
    text = response.content.decode()
    calls = [row for row in response.context["months"] if row["calls"]]
    dots = response.context["fan"].dots
    assert calls and len(dots) == len(calls)
    for dot, row in zip(dots, calls, strict=True):
        assert f'id="{dot.link.url[1:]}"' in text
        assert dot.link.label.endswith(f"−{len(row['calls'])}")


def test_the_bars_of_a_bridge_open_their_ends_and_terms(client, register):
    response = client.get(f"/en/programme/{TOTAL}/bridge/?from_on=2024-06-30&on={TODAY}")
    first, *terms, last = response.context["steps"]
    found = response.context["bridge"]
    assert client.get(first.link.url).context["count"] == found.start
    assert client.get(last.link.url).context["count"] == found.end
    text = response.content.decode()
    assert terms and len(terms) == len(found.terms)
    for step in terms:
        assert f'id="{step.link.url[1:]}"' in text


def test_a_scale_that_does_not_begin_at_nothing_says_so(client, register):
    for start, amounts, base in ((280, [55, -33], 262), (4, [3], 0)):
        bars = waterfall(start, amounts, start + sum(amounts))
        assert waterfall_base(start, amounts) == base
        assert len(bars) == len(amounts) + 2
    page = client.get(f"/en/programme/{TOTAL}/bridge/?from_on=2026-06-01&on={TODAY}")
    said = f"The scale begins at {page.context['base']}, not at 0".encode()
    assert (said in page.content) == (page.context["base"] > 0)


def test_a_bridge_of_other_links_than_bars_is_refused():
    with pytest.raises(ValueError, match="each bar"):
        waterfall(1, [1], 2, [Link("a", "/a")])
