"""A scripted history of 36 months, counted by hand at every month end on both axes.

| recorded | what |
|---|---|
| 2023-02 | A registered 2023-02-10 with a site in Hanoi |
| 2023-04 | B registered 2023-04-05; its certificate (2023-04-01 to 2026-03-31) confirmed |
| 2023-09 | C entered late: registered 2023-06-01 |
| 2024-03 | B's certificate found false (step of 2024-03-20) |
| 2024-06 | A closed by mistake on 2024-05-31 |
| 2024-08 | … corrected: A was suspended from 2024-05-31 |
| 2024-10 | … corrected again: A was suspended 2024-05-31 and resumed 2024-07-01 |
| 2025-02 | C merged into A on 2025-01-31 |
| 2025-07 | B moved away on 2025-06-30 |
| 2025-11 | D registered 2025-11-03; certificate from 2025-11-01, confirmed |
"""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from django.db import connection

from registry import models as m
from registry.core.known import tracked_models
from registry.dashboard.bridge import bridge
from registry.dashboard.figures import figure
from registry.dashboard.points import Point

pytestmark = pytest.mark.django_db
TOTAL, MEETING = "enterprises_total", "enterprises_international_standard"
MONTHS = [(2023 + n // 12, n % 12 + 1) for n in range(36)]


def end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 0), dt.UTC)


class Script:
    """Writes and says when it was recorded; the triggers themselves know only now."""

    def __init__(self) -> None:
        self.hanoi = m.Province.objects.create(code="01", name="Hà Nội")
        self.scheme = m.CertificationScheme.objects.create(
            code="s", name="S", kind="system", is_international=True
        )
        self.officer = m.User.objects.create_user("o")
        self.last = 0

    def recorded(self, year: int, month: int) -> None:
        moment = dt.datetime(year, month, 25, 12, tzinfo=dt.UTC)
        with connection.cursor() as cursor:
            for _model, events in tracked_models():
                cursor.execute(
                    f"UPDATE {events._meta.db_table} SET pgh_created_at = %s"
                    " WHERE pgh_created_at > '2026-06-01'",
                    [moment],
                )

    def enter(self, name: str, day: dt.date) -> m.Enterprise:
        row = m.Enterprise.objects.create(name=name, registered_on=day, source="t")
        row.sites.create(kind="factory", address="x", province=self.hanoi)
        return row

    def certify(self, row: m.Enterprise, start: dt.date, last: dt.date) -> m.Certificate:
        held = m.Certificate.objects.create(
            enterprise=row, scheme=self.scheme, issued_on=start, valid_until=last, source="t"
        )
        self.look(held, start, "confirmed")
        return held

    def look(self, held: m.Certificate, on: dt.date, outcome: str) -> None:
        held.verifications.create(by=self.officer, on=on, method="register", outcome=outcome)


def change(row: m.Enterprise, **fields) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


@pytest.fixture
def history():
    script = Script()
    a = script.enter("A", dt.date(2023, 2, 10))
    script.recorded(2023, 2)
    b = script.enter("B", dt.date(2023, 4, 5))
    held = script.certify(b, dt.date(2023, 4, 1), dt.date(2026, 3, 31))
    script.recorded(2023, 4)
    c = script.enter("C", dt.date(2023, 6, 1))
    script.recorded(2023, 9)
    script.look(held, dt.date(2024, 3, 20), "refuted")
    script.recorded(2024, 3)
    change(a, closed_on=dt.date(2024, 5, 31))
    script.recorded(2024, 6)
    change(a, closed_on=None, suspended_on=dt.date(2024, 5, 31))
    script.recorded(2024, 8)
    change(a, resumed_on=dt.date(2024, 7, 1))
    script.recorded(2024, 10)
    change(c, merged_on=dt.date(2025, 1, 31), merged_into=a)
    script.recorded(2025, 2)
    change(b, moved_away_on=dt.date(2025, 6, 30))
    script.recorded(2025, 7)
    d = script.enter("D", dt.date(2025, 11, 3))
    script.certify(d, dt.date(2025, 11, 1), dt.date(2028, 10, 31))
    script.recorded(2025, 11)


# From which month end on the figure is what: counted by hand from the table above.
AS_KNOWN_NOW = {
    TOTAL: [
        ((2023, 1), 0), ((2023, 2), 1), ((2023, 4), 2), ((2023, 6), 3),
        ((2024, 5), 2), ((2024, 7), 3), ((2025, 1), 2), ((2025, 6), 1), ((2025, 11), 2),
    ],
    MEETING: [((2023, 1), 0), ((2023, 4), 1), ((2024, 3), 0), ((2025, 11), 1)],
}  # fmt: skip
AS_KNOWN_THEN = {
    TOTAL: [
        ((2023, 1), 0), ((2023, 2), 1), ((2023, 4), 2), ((2023, 9), 3),
        ((2024, 6), 2), ((2024, 10), 3), ((2025, 2), 2), ((2025, 7), 1), ((2025, 11), 2),
    ],
    MEETING: [((2023, 1), 0), ((2023, 4), 1), ((2024, 3), 0), ((2025, 11), 1)],
}  # fmt: skip


def by_hand(steps: list, month: tuple[int, int]) -> int:
    return [value for first, value in steps if first <= month][-1]


@pytest.mark.parametrize("code", [TOTAL, MEETING])
def test_every_month_end_on_both_axes(history, code):
    for month in MONTHS:
        on = end(*month)
        assert figure(code, on).numerator == by_hand(AS_KNOWN_NOW[code], month), month
        with Point(on, known=evening(on)).looked_from() as rule:
            then = figure(code, on, rule=rule).numerator
        assert then == by_hand(AS_KNOWN_THEN[code], month), month


def test_nobody_is_known_before_being_entered(history):
    with Point(end(2023, 6), known=evening(end(2023, 8))).looked_from():
        assert sorted(m.Enterprise.objects.values_list("name", flat=True)) == ["A", "B"]


def test_the_late_entry_and_the_correction_of_a_correction_are_terms(history):
    on = end(2023, 6)
    late = bridge(TOTAL, Point(on, known=evening(on)), Point(on))
    assert [(term.sign, term.code) for term in late.terms] == [(1, "absent")]
    on = end(2024, 8)
    twice = bridge(TOTAL, Point(on, known=evening(on)), Point(on))
    assert [(term.sign, term.code) for term in twice.terms] == [(1, "correction")]


def test_a_year_is_explained(history):
    found = bridge(TOTAL, Point(end(2024, 12)), Point(end(2025, 12)))
    assert {(term.sign, term.code) for term in found.terms} == {
        (1, "not_yet"), (-1, "merged"), (-1, "moved_away"),
    }  # fmt: skip
    assert found.start + sum(term.amount for term in found.terms) == found.end
