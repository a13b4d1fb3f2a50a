"""Lists over cases drawn by chance: what goes out and comes back, twice, in any order.

Everything goes through the engine: files are read, checked, decided on, written. ``make
test`` draws a few cases of each property, ``REGISTRY_CASES=2000`` (``make test-long``) forty.
A failure names its case by number; the same number draws the same.
"""

from __future__ import annotations

import os
import random

import pytest
from django.utils import timezone, translation

from registry.imports import actions
from registry.imports.columns import Meaning
from registry.imports.exporting import EXPORTED, HEADINGS, KEYS, export_lines
from registry.imports.workbook_files import workbook_of
from registry.worklists.sheets import sheet
from tests.factories import UserFactory
from tests.imports.sheets import csv_bytes
from tests.properties import drawn_lists as drawn

pytestmark = pytest.mark.django_db
CASES = max(2, int(os.environ.get("REGISTRY_CASES", "200")) // 50)
FIRMS = 8


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def by():
    return UserFactory()


def rng_of(what, number):
    return random.Random(f"{what} {number}")


def register(rng, by):
    """A register that lists have filled; the rows that it was filled from."""
    drawn.code_lists()
    rows = [drawn.drawn_row(rng, n) for n in range(FIRMS)]
    batch = drawn.loaded(drawn.as_lines(rows), by)
    assert list(batch.rows.exclude(outcome="new").values_list("problems", flat=True)) == []
    return rows


# Export, then load


def asked(rng):
    """A state of the officers' list."""
    return rng.choice(
        ["", "sort=-name", "sector=components", "sector=not_stated&sort=tax", "ownership=private"]
    )


def as_exported(rng, rows, today):
    """The rows as a workbook, or as text whose rows and columns somebody has moved about."""
    if rng.random() < 0.4:
        return workbook_of(rows, on=today), "list.xlsx"
    header, *lines = export_lines(today, rows)
    rng.shuffle(lines)
    order = rng.sample(range(len(header)), len(header))
    moved = [[line[place] for place in order] for line in (header, *lines)]
    return csv_bytes(*moved), "list.csv"


@pytest.mark.parametrize("number", range(CASES))
def test_export_then_load_changes_nothing(number, by):
    rng, today = rng_of("export", number), timezone.localdate()
    register(rng, by)
    found = sheet(asked(rng), today)
    content, name = as_exported(rng, found.ordered(), today)
    before, count = drawn.state(), drawn.events()
    if not found.rows.exists():
        return
    batch = drawn.kept(content, by, name)
    assert set(drawn.outcomes(batch).values()) == {"unchanged"}
    assert len(drawn.outcomes(batch)) == found.rows.count()
    assert actions.write(batch_id=batch.pk, by=by) == 0
    assert (drawn.state(), drawn.events()) == (before, count)


# The same list twice


def office_list(rng, rows):
    """What an office sends: known firms otherwise described, new ones, namesakes, errors."""
    known = rng.sample(rows, 3)
    numbered = iter(range(100, 200))
    lines = [drawn.drawn_row(rng, next(numbered)) for _ in range(2)]
    for row in known:
        again = drawn.drawn_row(rng, next(numbered))
        for same in (Meaning.NAME, Meaning.TAX_CODE, Meaning.ADDRESS):
            again[same] = row[same]
        lines.append(again)
    others = [row for row in rows if row not in known]
    lines += [drawn.namesake(rng, row, next(numbered)) for row in rng.sample(others, 3)]
    lines.append(drawn.wrong_row(rng, next(numbered)))
    rng.shuffle(lines)
    return drawn.as_lines(lines)


@pytest.mark.parametrize("number", range(CASES))
def test_a_list_loaded_twice_changes_nothing_the_second_time(number, by):
    """All of its rows accepted, and some of the doubtful ones decided, the first time.

    A row that was said to be a record whose name and place it does not have asks again, and
    writes nothing meanwhile; one that was said to be new does not ask again.
    """
    rng = rng_of("twice", number)
    lines = office_list(rng, register(rng, by))
    first = drawn.kept(csv_bytes(*lines), by)
    decided = drawn.decide_by_chance(rng, first, by)
    done = drawn.outcomes(first)
    actions.write(batch_id=first.pk, by=by)
    before, count = drawn.state(), drawn.events()
    second = drawn.kept(csv_bytes(*lines), by)
    again = drawn.outcomes(second)
    assert [n for n, outcome in again.items() if outcome in ("new", "changed")] == []
    assert {n: again[n] for n in done if done[n] in ("new", "changed", "unchanged")} == {
        n: "doubtful" if decided.get(n) == "same" and again[n] == "doubtful" else "unchanged"
        for n in done
        if done[n] in ("new", "changed", "unchanged")
    }
    assert actions.write(batch_id=second.pk, by=by) == 0
    assert (drawn.state(), drawn.events()) == (before, count)


# Two lists in either order


def edited(rng, exported, cells):
    """The export with these cells (row, column) edited to values of their own."""
    header, *lines = ([*line] for line in exported)
    for row, meaning in cells:
        value = drawn.drawn_value(rng, meaning, 300 + row)
        lines[row][header.index(HEADINGS[meaning])] = value
    rng.shuffle(lines)
    return [header, *lines]


def two_edits(rng):
    """One export edited by two people, no cell by both."""
    exported = list(export_lines(timezone.localdate()))
    editable = [one for one in EXPORTED if one != Meaning.TAX_CODE_NOTE]
    cells = [(row, one) for row in range(len(exported) - 1) for one in editable]
    chosen = rng.sample(cells, 16)
    return edited(rng, exported, chosen[:8]), edited(rng, exported, chosen[8:])


def two_offices(rng, rows):
    """Lists of two offices that speak of different enterprises, known and new ones."""
    known = rng.sample([row for row in rows if row[Meaning.TAX_CODE]], 2)
    lists = []
    for place, row in enumerate(known):
        again = drawn.drawn_row(rng, 400 + place)
        for same in (Meaning.NAME, Meaning.TAX_CODE, Meaning.ADDRESS):
            again[same] = row[same]
        new = [drawn.drawn_row(rng, 500 + 10 * place + n) for n in range(3)]
        lists.append(drawn.as_lines([again, *new]))
    return lists


def after(by, *lists):
    """What the register holds when these lists were written one after the other."""
    with drawn.undone():
        for lines in lists:
            batch = drawn.loaded(lines, by)
            assert set(drawn.outcomes(batch).values()) <= {"new", "changed", "unchanged"}
        return drawn.state()


@pytest.mark.parametrize("number", range(CASES))
def test_the_order_of_two_lists_does_not_matter(number, by):
    """Where they speak of different enterprises, or edit different cells of one export.

    Left out, since there the order is meant to matter: the same cell edited twice (a
    conflict: whoever comes second is asked), two lists that both bring the same new firm (the
    second one finds it), and which list a record rests on. A tax code's note is not drawn:
    it says something only beside a code that fails.
    """
    rng = rng_of("order", number)
    rows = register(rng, by)
    one, other = two_edits(rng) if number % 2 else two_offices(rng, rows)
    nothing = drawn.state()
    result = after(by, one, other)
    assert result != nothing
    assert after(by, other, one) == result
    assert drawn.state() == nothing


def test_what_both_edited_is_asked_in_either_order(by):
    rng = rng_of("both", 1)
    register(rng, by)
    header, row, *others = export_lines(timezone.localdate())
    one, other = ([header, [*row], *others] for _side in range(2))
    one[1][header.index("Website")] = "https://one.example"
    other[1][header.index("Website")] = "https://other.example"
    for first, second in ((one, other), (other, one)):
        with drawn.undone():
            drawn.loaded(first, by)
            asks = drawn.kept(csv_bytes(*second), by)
            assert sorted(set(drawn.outcomes(asks).values())) == ["conflict", "unchanged"]


def test_what_is_drawn_has_something_of_everything(by):
    seen = set()
    for number in range(6):
        with drawn.undone():
            rng = rng_of("everything", number)
            batch = drawn.kept(csv_bytes(*office_list(rng, register(rng, by))), by)
            seen |= set(drawn.outcomes(batch).values())
    assert seen >= {"new", "changed", "doubtful", "refused"}
    assert set(EXPORTED) | set(KEYS) == set(HEADINGS)
