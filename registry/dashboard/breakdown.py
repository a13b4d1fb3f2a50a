"""A figure split by two attributes at once; the parts add up to the whole.

A certification scheme is not like the others: an enterprise can hold certificates of
several and then stands in several cells. The totals count it once, and ``repeated`` says
how many that concerns.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F

from registry.dashboard.figures import members, percent, whole_of
from registry.dashboard.slices import SCHEME, held, slice_labels, sliced
from registry.enterprises.models import EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.search.criteria import NOT_STATED

Cells = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Count2:
    """Enterprises of the figure, and for a share the whole they are part of."""

    count: int
    whole: int | None

    @property
    def share(self) -> Decimal | None:
        return percent(self.count, self.whole)


@dataclass(frozen=True)
class Breakdown:
    """Cells by (row code, column code); totals count each enterprise once.

    ``repeated``: enterprises that stand in more than one cell; ``extra``: by how many the
    sum of all cells is greater than the total for it.
    """

    rows: list[str]
    columns: list[str]
    cells: dict[tuple[str, str], Count2]
    row_totals: dict[str, Count2]
    column_totals: dict[str, Count2]
    total: Count2
    repeated: int
    extra: int


def breakdown(
    code: str,
    on: dt.date,
    rule: CountingRule,
    rows: str,
    columns: str,
    slices: dict[str, str] | None = None,
) -> Breakdown:
    """One indicator by two different ways, narrowed to ``slices``; raises KeyError for what is
    no way, ValueError where schemes would be both split by and narrowed to."""
    if slices and SCHEME in slices and SCHEME in (rows, columns):
        raise ValueError("narrowed to one scheme and split by schemes")
    parts = _counted(members(code, on, slices, rule=rule), on, rows, columns)
    whole = whole_of(code, on, slices, rule=rule)
    wholes = None if whole is None else _counted(whole, on, rows, columns)
    outer = wholes or parts
    labels = slice_labels(rows, columns)

    def two(counts: Cells, whole: Cells | None, key: tuple[str, str]) -> Count2:
        return Count2(counts.get(key, 0), None if whole is None else whole.get(key, 0))

    def totals(place: int, codes: list[str]) -> dict[str, Count2]:
        return {
            one: Count2(
                parts.sides[place].get(one, 0),
                None if wholes is None else wholes.sides[place].get(one, 0),
            )
            for one in codes
        }

    shown = [_in_order(set(outer.sides[n]), labels[way]) for n, way in enumerate((rows, columns))]
    return Breakdown(
        rows=shown[0],
        columns=shown[1],
        cells={
            (row, column): two(parts.cells, wholes.cells if wholes else None, (row, column))
            for row in shown[0]
            for column in shown[1]
        },
        row_totals=totals(0, shown[0]),
        column_totals=totals(1, shown[1]),
        total=Count2(parts.total, wholes.total if wholes else None),
        repeated=parts.repeated,
        extra=sum(parts.cells.values()) - parts.total,
    )


@dataclass(frozen=True)
class _Counted:
    cells: Cells
    sides: tuple[dict[str, int], dict[str, int]]
    total: int
    repeated: int


def _counted(queryset: EnterpriseQuerySet, on: dt.date, rows: str, columns: str) -> _Counted:
    """One statement where each enterprise has one value; two with schemes."""
    if SCHEME in (rows, columns):
        return _by_scheme(queryset, on, rows, columns)
    split = sliced(sliced(queryset.order_by(), rows, on), columns, on)
    cells: Cells = {}
    sides: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    counted = split.values(row=F(f"slice_{rows}"), column=F(f"slice_{columns}"))
    for row, column, count in counted.annotate(n=Count("pk")).values_list("row", "column", "n"):
        cells[row, column] = count
        sides[0][row] += count
        sides[1][column] += count
    return _Counted(cells, sides, sum(cells.values()), 0)


def _by_scheme(queryset: EnterpriseQuerySet, on: dt.date, rows: str, columns: str) -> _Counted:
    other = columns if rows == SCHEME else rows
    values = dict(sliced(queryset.order_by(), other, on).values_list("pk", F(f"slice_{other}")))
    schemes: dict[int, set[str]] = defaultdict(set)
    for pk, scheme in held(on).order_by().values_list("enterprise_id", "scheme__code"):
        schemes[pk].add(scheme)
    cells: Counter[tuple[str, str]] = Counter()
    by_scheme: Counter[str] = Counter()
    by_other: Counter[str] = Counter(values.values())
    for pk, value in values.items():
        for scheme in schemes.get(pk, {NOT_STATED}):
            by_scheme[scheme] += 1
            cells[(scheme, value) if rows == SCHEME else (value, scheme)] += 1
    sides = (by_scheme, by_other) if rows == SCHEME else (by_other, by_scheme)
    repeated = sum(len(schemes.get(pk, ())) > 1 for pk in values)
    return _Counted(dict(cells), sides, len(values), repeated)


def _in_order(codes: set[str], labels: dict[str, str]) -> list[str]:
    """Known values in their order, others by code, "not stated" always and last."""
    order = {code: place for place, code in enumerate(labels)}
    stated = sorted(codes - {NOT_STATED}, key=lambda code: (order.get(code, len(order)), code))
    return [*stated, NOT_STATED]
