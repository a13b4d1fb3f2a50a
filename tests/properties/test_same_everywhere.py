"""One figure, whoever asks: page, list, CSV, JSON, command, map, breakdown and bridge.

A case is an indicator, a rule, values of slices, a day and a moment of knowledge, all drawn
by chance over a register that has lived for 36 months. ``make test`` runs 200 cases, and
``REGISTRY_CASES=2000`` (``make test-long``) as many as wanted.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import random
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from registry.dashboard.indicators import INDICATORS
from registry.dashboard.places import UNMAPPED
from registry.dashboard.slices import SCHEME, SLICES, WAYS
from registry.search.criteria import NOT_STATED
from registry.templatetags.registry_ui import percent
from tests.properties import replay
from tests.properties.lived_register import FIRST, LAST, LivedRegister
from tests.properties.reading import Address, Page, address, csv_rows, first_number

pytestmark = pytest.mark.django_db

CASES = int(os.environ.get("REGISTRY_CASES", "200"))
POINTS = 5
CASES_AT_A_POINT = 2 * len(INDICATORS)
REGISTERS = -(-CASES // (POINTS * CASES_AT_A_POINT))
TOTAL = "enterprises_total"
SHOWN_ON_A_PAGE = 50
MORE_THAN_THE_TOTAL = re.compile(r"the cells add up to (\d+) more than the total")

VALUES = {
    "sector": ["components", "tech"],
    "tier": ["1", "2", "3", "4"],
    "stated_tier": ["1", "2", "3", "4"],
    "ward": ["w0", "w1", "w2", "w3"],
    "district": ["d0", "d1", "d2", UNMAPPED],
    "park": ["p0"],
    "size": ["micro", "small", "medium", "large"],
    "ownership": ["private", "foreign", "state"],
    "capital": ["domestic", "foreign"],
    "year": ["2022", "2023", "2024", "2025", "2026"],
    SCHEME: ["iso9001", "iatf", "ce", "hvnclc"],
}


@dataclass(frozen=True)
class At:
    """A point as it stands in an address."""

    on: dt.date
    known: dt.datetime | None
    rule: int | None

    @property
    def asked(self) -> dict[str, str]:
        named = {"on": self.on.isoformat()}
        if self.known is not None:
            named["known"] = self.known.isoformat()
        if self.rule is not None:
            named["rule"] = str(self.rule)
        return named

    @property
    def moment(self) -> dt.datetime | None:
        return None if self.known is None else timezone.make_aware(self.known)


def drawn_point(rng: random.Random) -> At:
    days = (LAST - FIRST).days
    known = None
    if rng.random() < 0.6:
        moment = FIRST + dt.timedelta(days=rng.randint(30, days))
        known = dt.datetime.combine(moment, dt.time(rng.randint(0, 23), 30))
    on = FIRST + dt.timedelta(days=rng.randint(30, days))
    return At(on, known, rng.choice([None, None, 1, 2, 3]))


def drawn_slices(rng: random.Random) -> dict[str, str]:
    ways = rng.sample(list(VALUES), rng.choice([1, 1, 2]))
    return {way: rng.choice([*VALUES[way], NOT_STATED]) for way in ways}


def test_every_way_is_drawn():
    assert set(VALUES) == set(WAYS)


class Asker:
    """Asks the real addresses and compares what they say."""

    def __init__(self, client: Client, rng: random.Random) -> None:
        self.client, self.rng = client, rng
        self.listed: dict[Address, int] = {}

    def get(self, path: str, asked: dict[str, str]) -> bytes:
        """The answer as a browser gets it.

        Outside of a test each request is a transaction of its own; within the test's one the
        temporary tables of the past would pile up, so that each answer is rolled back.
        """
        with transaction.atomic():
            response = self.client.get(f"/en{path}", asked)
            assert response.status_code == 200, (path, asked)
            parts = response.streaming_content if response.streaming else [response.content]
            body = b"".join(parts)
            transaction.set_rollback(True)
        return body

    def rows(self, path: str, asked: dict[str, str]) -> list[list[str]]:
        return csv_rows(self.get(path, {**asked, "format": "csv"}))

    def figures(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        return json.loads(self.get("/api/v1/figures/", asked))

    def page(self, path: str, asked: dict[str, str]) -> Page:
        page = Page(self.get(path, asked).decode())
        self.check_links(page)
        return page

    def check_links(self, page: Page) -> None:
        """What a page says of a list, the list holds; one drawn by chance, and those known."""
        numbers = page.numbers()
        for where, number in numbers:
            if where in self.listed:
                assert self.listed[where] == number, where
        if numbers:
            where, number = self.rng.choice(sorted(numbers, key=str))
            assert self.count(where[0], dict(where[1])) == number, where

    def count(self, path: str, asked: dict[str, str]) -> int:
        """The number in the heading of a list, which is the number of its rows."""
        where = address(f"{path}?{urlencode(asked)}")
        if where not in self.listed:
            page = Page(self.get(path, asked).decode())
            said = first_number(page.headings["h1"][0].rsplit(": ", 1)[1])
            rows = len(page.tables[0]) - 1 if page.tables else 0
            assert said is not None and rows == min(said, SHOWN_ON_A_PAGE)
            self.listed[where] = said
        return self.listed[where]

    def narrowed(self, at: At, slices: dict[str, str]) -> None:
        """Everything that can be asked of each indicator, narrowed alike, at one point."""
        asked = {**at.asked, **slices}
        told = {one["indicator"]: one for one in self.figures(asked)}
        if not slices:
            self.programme(at, list(told.values()))
        assert list(told) == list(INDICATORS)
        for code, one in told.items():
            path = f"/programme/{code}/"
            count = self.count(path, asked)
            rows = self.rows(path, asked)
            assert len(rows) == len({row[0] for row in rows}) == count == one["numerator"]
            assert address(one["list"]) == address(f"{path}?{urlencode(asked)}")
            for parts in one["slices"].values():
                assert sum(parts.values()) == count
            if one["denominator"] is not None:
                assert one["denominator"] == told[TOTAL]["numerator"]
            if code == TOTAL and set(slices) <= set(replay.WAYS):
                assert count == replay.total(at.on, at.moment, slices)
            match self.rng.randrange(3):
                case 0:
                    self.breakdown(code, asked, slices, count)
                case 1:
                    self.map(code, asked, count)

    def breakdown(
        self, code: str, asked: dict[str, str], slices: dict[str, str], count: int
    ) -> None:
        ways = [way for way in WAYS if not (way == SCHEME and SCHEME in slices)]
        rows, columns = self.rng.sample(ways, 2)
        path, asked = f"/programme/{code}/by/", {**asked, "rows": rows, "columns": columns}
        page = self.page(path, asked)
        table = page.tables[-1]
        head = [cell.text.strip() for cell in table[0]]
        shown = [[first_number(cell.text) for cell in line[1:]] for line in table[1:]]
        names = [line[0].text.strip() for line in table[1:]]
        written = self.rows(path, asked)
        assert [line[0] for line in written] == names
        assert [[int(cell) for cell in line[1:]] for line in written] == shown
        *cells, sums = shown
        assert sums[-1] == count
        # "Not stated" is the last row and the last column, whether anybody is in it or not.
        assert names[-2:] == [NOT_STATED_WORDS[rows], "Total"]
        assert head[-2:] == [NOT_STATED_WORDS[columns], "Total"]
        # Whom several schemes count twice is said; apart from that the sum is the whole.
        twice = MORE_THAN_THE_TOTAL.search(page.text)
        assert bool(twice) == (SCHEME in (rows, columns))
        assert sum(sum(line[:-1]) for line in cells) == count + (int(twice[1]) if twice else 0)
        if rows != SCHEME:
            assert sum(line[-1] for line in cells) == sums[-1]
        if columns != SCHEME:
            assert sum(sums[:-1]) == sums[-1]

    def map(self, code: str, asked: dict[str, str], count: int) -> None:
        path = f"/programme/{code}/map/"
        page = self.page(path, asked)
        shown = [first_number(line[1].text) for line in page.tables[-1][1:]]
        written = [int(line[2]) for line in self.rows(path, asked)]
        assert written == shown
        *parts, total = shown
        assert sum(parts) == total == count

    def programme(self, at: At, figures: list[dict[str, Any]]) -> None:
        """The programme's page speaks of all indicators at once, as the JSON does."""
        page = self.page("/programme/", at.asked)
        said = page.numbers()
        for one in figures:
            words = {text for href, text in page.links if address(href) == address(one["list"])}
            value = f"{one['numerator']:,}"
            if one["unit"] == "%":
                value = percent(one["value"]).replace("\xa0", " ") or "—"
            assert value in words, (one, words)
            for way, parts in one["slices"].items():
                for code, part in parts.items():
                    narrowed = address(f"{one['list']}&{way}={code}")
                    shown = {number for where, number in said if where == narrowed}
                    # Of a figure that counts nobody the page shows no split at all.
                    assert shown == ({part} if one["numerator"] else set())

    def command(self, at: At) -> None:
        out = io.StringIO()
        with transaction.atomic():
            call_command("figures", json=True, stdout=out, **at.asked)
            transaction.set_rollback(True)
        assert json.loads(out.getvalue()) == self.figures(at.asked)

    def bridge(self, code: str, before: At, after: At) -> None:
        """Start + terms = end; the ends are the figures, each term names its enterprises."""
        before, after = in_order(before, after)
        asked = {**after.asked, **{f"from_{name}": v for name, v in before.asked.items()}}
        page = self.page(f"/programme/{code}/bridge/", asked)
        start, *terms, end = [first_number(line[1].text) for line in page.tables[0][1:]]
        path = f"/programme/{code}/"
        assert start == self.count(path, before.asked)
        assert end == self.count(path, after.asked)
        assert start + sum(terms) == end
        assert page.lists == [abs(term) for term in terms]


def in_order(one: At, other: At) -> tuple[At, At]:
    """The same two points, the earlier day and the earlier moment first: no bridge goes back."""
    first_on, last_on = sorted([one.on, other.on])
    moments = sorted([one.known, other.known], key=lambda known: known or dt.datetime.max)
    return At(first_on, moments[0], one.rule), At(last_on, moments[1], other.rule)


NOT_STATED_WORDS = {
    "sector": "Not stated",
    "tier": "No verified live relation",
    "stated_tier": "No live relation recorded",
    "ward": "Not stated",
    "district": "Not stated",
    "park": "In no park, or not stated",
    "size": "Not stated",
    "ownership": "Not stated",
    "capital": "Not stated",
    "year": "Not stated",
    SCHEME: "No confirmed certificate valid on the day",
}


def other_point(rng: random.Random, at: At) -> At:
    """Another day, another moment of knowledge, or another rule; at times all of them."""
    other = drawn_point(rng)
    return rng.choice(
        [
            At(other.on, at.known, at.rule),
            At(other.on, at.known, at.rule),
            At(at.on, other.known, at.rule),
            At(at.on, at.known, other.rule),
            other,
        ]
    )


@pytest.mark.parametrize("number", range(REGISTERS))
def test_whoever_asks_gets_the_same_figure(client, number):
    LivedRegister(seed=number)
    rng = random.Random(1_000 + number)
    asker = Asker(client, rng)
    for _point in range(POINTS):
        at = drawn_point(rng)
        for slices in ({}, drawn_slices(rng)):
            asker.narrowed(at, slices)
        for code in rng.sample(list(INDICATORS), 3):
            asker.bridge(code, other_point(rng, at), at)
    asker.command(at)


def test_the_register_drawn_has_something_of_everything():
    """The property says little of a register where nothing happens."""
    LivedRegister(seed=0)
    seen: dict[str, set[bool]] = {way: set() for way in replay.WAYS}
    for at in (FIRST + dt.timedelta(days=400), LAST):
        whole = replay.total(at, None, {})
        assert whole > 10
        for way in seen:
            for value in [*VALUES[way], NOT_STATED]:
                part = replay.total(at, None, {way: value})
                seen[way].add(0 < part < whole)
    assert all(True in found for found in seen.values())
    then = timezone.make_aware(dt.datetime.combine(FIRST + dt.timedelta(days=400), dt.time(23)))
    on = FIRST + dt.timedelta(days=400)
    assert replay.total(on, then, {}) != replay.total(on, None, {})
    assert len(SLICES) + 1 == len(WAYS)
