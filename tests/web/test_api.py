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
            asked["known"] = timezone.localdate().isoformat()
        rows = client.get(URL, asked).json()
        assert rows == command(**asked)
        for row in rows:
            assert client.get(row["list"]).context["count"] == row["numerator"]


@pytest.mark.parametrize(
    "asked", [{"on": "2026-02-30"}, {"known": "2999-01-01"}, {"rule": "99"}, {"rule": "x"}]
)
def test_a_bad_address_is_said_alike(client, asked):
    answer = client.get("/en" + URL, asked)
    assert answer.status_code == 400
    with pytest.raises(CommandError) as refused:
        call_command("figures", **asked)
    assert answer.json() == {"error": str(refused.value)}


def test_the_api_only_reads(client):
    assert client.post(URL).status_code == 405
