"""The API says what the command and the pages say."""

from __future__ import annotations

import datetime as dt
import io
import json
import random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
URL = "/api/v1/figures/"


def command(**options: str) -> list[dict]:
    out = io.StringIO()
    call_command("figures", json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_api_command_and_list_agree(client):
    small_register(40, seed=5)
    rng = random.Random(2)
    for step in range(6):
        asked = {"on": (TODAY - dt.timedelta(days=rng.randint(0, 700))).isoformat()}
        if step % 2:
            asked["known"] = timezone.localtime().replace(tzinfo=None).isoformat()
        rows = client.get(URL, asked).json()
        assert rows == command(**asked)
        for row in rows:
            assert client.get(row["list"]).context["count"] == row["numerator"]


@pytest.mark.parametrize(
    "asked",
    [
        {"on": "2026-02-30"},
        {"known": "2999-01-01"},
        {"rule": "99"},
        {"rule": "x"},
        {"by": "colour"},
        {"by": "sector,sector"},
        {"by": "sector,size,ward"},
        {"by": "sector,"},
    ],  # fmt: skip
)
def test_a_bad_address_is_said_alike(client, asked):
    answer = client.get("/en" + URL, asked)
    assert answer.status_code == 400
    with pytest.raises(CommandError) as refused:
        call_command("figures", **asked)
    assert answer.json() == {"error": str(refused.value)}


def test_the_api_only_reads(client):
    assert client.post(URL).status_code == 405


@pytest.mark.parametrize("by", ["size,capital", "scheme,sector", "sector,scheme"])
def test_two_ways_are_the_cells_of_the_page(client, by):
    small_register(40, seed=5)
    rows, columns = by.split(",")
    for one in client.get(URL, {"on": TODAY.isoformat(), "by": by}).json():
        page = client.get(
            f"/en/programme/{one['indicator']}/by/",
            {"on": TODAY.isoformat(), "rows": rows, "columns": columns},
        )
        found = page.context["found"]
        cells = {
            (part[rows], part[columns]): (part["count"], part["whole"])
            for part in one["by"]["parts"]
        }
        shown = {key: (cell.count, cell.whole) for key, cell in found.cells.items()}
        assert cells == {key: pair for key, pair in shown.items() if any(pair)}
        extra = sum(part["count"] for part in one["by"]["parts"]) - one["numerator"]
        assert extra == one["by"]["sum_exceeds_total_by"] == found.extra
        for part in one["by"]["parts"][:4]:
            assert client.get(part["list"]).context["count"] == part["count"]


@pytest.mark.parametrize("by", ["tier", "scheme", "year"])
def test_one_way_adds_up_and_command_and_api_agree(client, by):
    small_register(40, seed=5)
    asked = {"on": TODAY.isoformat(), "by": by}
    rows = client.get(URL, asked).json()
    assert rows == command(**asked)
    for one in rows:
        total = sum(part["count"] for part in one["by"]["parts"])
        assert total - one["by"]["sum_exceeds_total_by"] == one["numerator"]
        assert (by == "scheme") or one["by"]["sum_exceeds_total_by"] == 0
        assert one["by"]["parts"][-1][by] == "not_stated"
        for part in one["by"]["parts"]:
            assert client.get(part["list"]).context["count"] == part["count"]


def test_the_command_prints_the_parts(client):
    small_register(40, seed=5)
    out = io.StringIO()
    call_command("figures", on=TODAY.isoformat(), by="capital", stdout=out)
    lines = out.getvalue().splitlines()
    [total] = [n for n, line in enumerate(lines) if line.startswith("enterprises_total")]
    printed = [line.split("\t") for line in lines[total + 1 : total + 4]]
    parts = client.get(URL, {"on": TODAY.isoformat(), "by": "capital"}).json()[0]["by"]["parts"]
    assert printed == [[f"  capital={part['capital']}", str(part["count"])] for part in parts]
