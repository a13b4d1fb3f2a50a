"""A figure by two attributes: cells, totals, lists and CSV are one and the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random

import pytest
from django.utils import timezone

from registry import models as m
from registry.dashboard.breakdown import breakdown
from registry.dashboard.figures import figure, members
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.slices import SCHEME, SLICES, WAYS
from registry.plans.queries import rule_in_force
from registry.search.criteria import NOT_STATED
from tests.factories import CertificateFactory, EnterpriseFactory, SchemeFactory
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def test_the_sum_is_the_whole_for_any_pair_on_any_day():
    small_register(60, seed=5)
    rng = random.Random(3)
    for _ in range(40):
        on = TODAY - dt.timedelta(days=rng.randint(0, 700))
        rows, columns = rng.sample(list(SLICES), 2)
        code = rng.choice(list(INDICATORS))
        rule = rule_in_force(on)
        found = breakdown(code, on, rule, rows, columns)
        whole = figure(code, on)
        assert found.rows[-1] == found.columns[-1] == NOT_STATED
        for name, expected in (("count", whole.numerator), ("whole", whole.denominator)):
            if expected is None:
                continue
            for counts in (found.cells, found.row_totals, found.column_totals):
                assert sum(getattr(one, name) for one in counts.values()) == expected
        assert (found.repeated, found.extra) == (0, 0)
        for row in found.rows:
            cells = [found.cells[row, column].count for column in found.columns]
            assert sum(cells) == found.row_totals[row].count
        row, column = rng.choice(list(found.cells))
        listed = members(code, on, {rows: row, columns: column}, rule=rule)
        assert listed.count() == found.cells[row, column].count


def test_schemes_say_how_many_stand_in_several_cells():
    small_register(60, seed=5)
    rng = random.Random(4)
    for turn in range(12):
        on = TODAY - dt.timedelta(days=rng.randint(0, 400))
        other = rng.choice(list(SLICES))
        ways = (SCHEME, other) if turn % 2 else (other, SCHEME)
        code = rng.choice(list(INDICATORS))
        rule = rule_in_force(on)
        found = breakdown(code, on, rule, *ways)
        whole = figure(code, on)
        assert found.total.count == whole.numerator
        assert found.total.whole == whole.denominator
        assert sum(one.count for one in found.cells.values()) == whole.numerator + found.extra
        single = found.column_totals if turn % 2 else found.row_totals
        assert sum(one.count for one in single.values()) == whole.numerator
        for (row, column), cell in found.cells.items():
            listed = members(code, on, {ways[0]: row, ways[1]: column}, rule=rule)
            assert listed.count() == cell.count


def test_two_schemes_are_two_cells_of_one_enterprise():
    row = EnterpriseFactory(in_hanoi=True, ownership="state")
    for code in ("iso9001", "iatf16949"):
        CertificateFactory(enterprise=row, scheme=SchemeFactory(code=code), verified=True)
    EnterpriseFactory(in_hanoi=True)
    found = breakdown("enterprises_total", TODAY, rule_in_force(TODAY), "ownership", SCHEME)
    assert found.columns == ["iatf16949", "iso9001", NOT_STATED]
    assert [found.cells["state", one].count for one in found.columns] == [1, 1, 0]
    assert found.cells[NOT_STATED, NOT_STATED].count == 1
    assert (found.row_totals["state"].count, found.repeated, found.extra) == (1, 1, 1)


def test_size_ownership_and_year_are_those_of_the_day():
    row = EnterpriseFactory(in_hanoi=True, ownership="foreign", registered_on=dt.date(2024, 5, 1))
    row.year_figures.create(year=2024, labour=5, revenue_vnd=1_000_000)
    row.year_figures.create(year=2026, labour=500, revenue_vnd=900_000_000_000)

    def counted(on: dt.date, **slices: str) -> int:
        return members("enterprises_total", on, slices).count()

    assert counted(dt.date(2025, 12, 31), size="micro", ownership="foreign", year="2024") == 1
    assert counted(dt.date(2026, 1, 1), size="large") == 1
    assert counted(dt.date(2026, 1, 1), size="micro") == 0


def read_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("code", "rows", "columns"),
    [
        ("enterprises_total", "park", "year"),
        ("share_international_standard", "sector", "ownership"),
        ("tier1_enterprises", "scheme", "size"),
    ],
)
def test_page_lists_and_csv_agree(client, code, rows, columns):
    small_register(40, seed=9)
    asked = {"rows": rows, "columns": columns, "on": TODAY.isoformat()}
    page = client.get(f"/en/programme/{code}/by/", asked)
    assert page.status_code == 200
    *written, total = read_csv(client.get(f"/en/programme/{code}/by/", {**asked, "format": "csv"}))
    table = page.context["table"]
    assert len(written) - 1 == len(table) - 1
    for line, shown in zip([*written[1:], total], table, strict=True):
        cells = [*shown["cells"], shown["total"]]
        assert [int(one) for one in line[1:]] == [cell["count"].count for cell in cells]
        for cell in cells:
            assert client.get(cell["url"]).context["count"] == cell["count"].count
    assert int(total[-1]) == figure(code, TODAY).numerator
    assert ("stand in more than one cell" in page.content.decode()) == ("scheme" in (rows, columns))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"rows": "colour"}, "cannot be split"),
        ({"rows": "size", "columns": "size"}, "are the same"),
        ({"on": "2026-02-30"}, "is not a day"),
        ({"rule": "77"}, "no version 77"),
    ],
)
def test_bad_input_is_said(client, asked, words):
    response = client.get("/en/programme/enterprises_total/by/", asked)
    assert response.status_code == 400 and words in response.content.decode()


def test_unknown_indicator_is_404(client):
    assert client.get("/programme/no-such/by/").status_code == 404


@pytest.mark.django_db(transaction=True)  # a change is recorded at the time of its transaction
def test_what_was_known_then_is_split(client):
    small_register(12, seed=9)
    moment = timezone.localtime().replace(tzinfo=None)
    before = figure("enterprises_total", TODAY).numerator
    m.Enterprise.objects.operating(TODAY).in_hanoi(TODAY).order_by("pk").first().delete()
    asked = {"on": TODAY.isoformat(), "rows": "size", "columns": "tier"}
    now = client.get("/programme/enterprises_total/by/", asked).context["found"]
    then = client.get(
        "/programme/enterprises_total/by/", {**asked, "known": moment.isoformat()}
    ).context["found"]
    assert (now.total.count, then.total.count) == (before - 1, before)


@pytest.mark.parametrize("columns", ["size", "scheme"])
def test_queries_do_not_grow(client, django_assert_num_queries, columns):
    asked = {"columns": columns}
    rows = small_register(40)
    assert len(WAYS) == 11
    url = "/programme/share_international_standard/by/"
    with django_assert_num_queries(6 if columns == "size" else 10):
        client.get(url, asked)
    m.Enterprise.objects.filter(pk__in=[row.pk for row in rows[:30]]).delete()
    with django_assert_num_queries(6 if columns == "size" else 10):
        client.get(url, asked)
