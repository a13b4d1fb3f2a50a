"""Page, list, download and command give the same number, on any day."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registry import models as m
from registry.core.text import harmless
from registry.dashboard.indicators import INDICATORS
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def downloaded(client, url: str) -> list[list[str]]:
    response = client.get(url)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def figures_json(on: dt.date) -> list[dict]:
    out = io.StringIO()
    call_command("figures", on=on.isoformat(), json=True, stdout=out)
    return json.loads(out.getvalue())


def test_page_list_download_and_command_agree(client):
    small_register(50, seed=7)
    rng = random.Random(11)
    for on in [TODAY, *(TODAY - dt.timedelta(days=rng.randint(0, 800)) for _ in range(4))]:
        shown = client.get(f"/en/programme/?on={on}").content.decode()
        for one in figures_json(on):
            listed = client.get(f"/en{one['list']}")
            assert listed.status_code == 200
            assert listed.context["count"] == one["numerator"]
            heading = re.search(r"<h1>(.*?)</h1>", listed.content.decode(), re.S).group(1)
            assert heading.endswith(f": {one['numerator']}")
            assert len(downloaded(client, f"{one['list']}&format=csv")) == one["numerator"]
            value = one["value"]
            written = "—" if value is None else f"{value}".removesuffix(".0")
            link = rf'href="/en/programme/{one["indicator"]}/\?on={on}">([^<]*)</a>'
            assert re.search(link, shown).group(1).removesuffix("%").strip() == written or (
                one["unit"] == "%"
            )
            for name, parts in one["slices"].items():
                assert sum(parts.values()) == one["numerator"]
                for code, count in parts.items():
                    rows = downloaded(client, f"{one['list']}&{name}={code}&format=csv")
                    assert len(rows) == count


@pytest.mark.parametrize("text", ["31/02/2026", "2026-02-31", "never", "2026-13-01", "0"])
def test_what_is_no_day_is_said(client, text):
    for url in ("/en/programme/", "/en/programme/enterprises_total/"):
        response = client.get(url, {"on": text})
        assert response.status_code == 400
        assert "is not a day" in response.content.decode()


def test_a_day_to_come_is_refused(client):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    response = client.get("/en/programme/", {"on": tomorrow.isoformat()})
    assert response.status_code == 400 and "has not come yet" in response.content.decode()
    with pytest.raises(CommandError, match="has not come yet"):
        call_command("figures", on=tomorrow.isoformat())
    with pytest.raises(CommandError, match="not a day"):
        call_command("figures", on="31/02/2026")


def test_unknown_indicator_is_404(client):
    assert client.get("/programme/no-such/").status_code == 404


def test_an_unknown_slice_is_no_figure(client):
    small_register(5)
    response = client.get("/programme/enterprises_total/", {"sector": "no-such"})
    assert response.status_code == 400 and b"no-such" in response.content


@pytest.mark.parametrize("cell", ["=1+1", "+84", "-x", "@a", "\tx", "\rx"])
def test_download_holds_no_formula(cell):
    assert harmless(cell) == "'" + cell
    assert harmless("Cơ khí = tốt") == "Cơ khí = tốt"


def test_target_is_said_as_published(client):
    plan = m.PlanDocument.objects.create(
        code="p",
        title="Kế hoạch",
        scope="hanoi",
        valid_from=TODAY - dt.timedelta(days=9),
        valid_to=timezone.localdate() + dt.timedelta(days=400),
    )
    due = plan.valid_to
    common = {"document": plan, "due_on": due, "period": "2030", "source": "s"}
    m.Target.objects.create(
        indicator="enterprises_total", operator="~", low=1200, unit="enterprises", **common
    )
    m.Target.objects.create(
        indicator="share_international_standard", operator="=", low=35, high=40, unit="%", **common
    )
    m.Target.objects.create(
        indicator="tier1_enterprises", operator=">", low=40, unit="enterprises", **common
    )
    html = client.get("/en/programme/").content.decode()
    for words in ("about 1,200", "35–40 %", "over 40"):
        assert words in html
    assert "35–40 %" in client.get("/programme/").content.decode()


def test_query_count_does_not_grow(client, django_assert_max_num_queries):
    assert len(INDICATORS) == 5
    small_register(40)
    with django_assert_max_num_queries(25):
        client.get("/programme/")
    with django_assert_max_num_queries(13):
        client.get("/programme/enterprises_total/")
