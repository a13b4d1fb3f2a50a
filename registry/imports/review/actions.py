"""The only writers of what officers do with the rows of a list."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from registry.accounts.models import User
from registry.imports.actions import MENDED, in_hand, write_cells
from registry.imports.models import ImportHolder, ImportRow
from registry.imports.problems import WrongStep
from registry.imports.repairs.kinds import Repair
from registry.imports.review.filters import RowFilter
from registry.imports.review.queries import (
    ACCEPT,
    LEAVE,
    holder,
    meant,
    with_mended,
    with_offer,
)

PORTION = 500


class RowsChanged(WrongStep):
    """Other rows are meant than those that were shown; ``count`` is how many there are now."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


@dc.dataclass(frozen=True)
class Taken:
    """A repair that was chosen: of which row, by the mark of the offer that was shown, and
    which of its choices where there are several."""

    number: int
    mark: str
    choice: int | None = None


@transaction.atomic
def decide_all(*, batch_id: int, rows: RowFilter, accept: bool, expected: str) -> int:
    """Accept or leave all rows of a filter that can be, and are not so already.

    Returns how many were changed. ``expected`` is the mark of the rows as they were shown
    (:class:`~registry.imports.review.queries.Meant`). Raises :class:`RowsChanged` where others
    are meant by now; then nothing is changed.
    """
    batch = in_hand(batch_id)
    choice = ImportRow.Decision.ACCEPT if accept else ImportRow.Decision.LEAVE
    which = ACCEPT if accept else LEAVE
    found = _as_expected(rows.rows(batch), which, expected)
    # By number: a filter may ask for annotations, which an UPDATE cannot have.
    return batch.rows.filter(pk__in=found.values("pk")).update(decision=choice)


@transaction.atomic
def take_repairs(*, batch_id: int, taken: Iterable[Taken], by: User) -> int:
    """Take chosen repairs; returns how many. One that is no longer offered is passed over."""
    batch = in_hand(batch_id)
    chosen = {(one.number, one.mark): one for one in taken}
    rows = batch.rows.filter(number__in={number for number, _mark in chosen})
    kept = []
    count = 0
    for row in rows.select_for_update().order_by("number"):
        for offer in row.offers:
            one = chosen.get((row.number, offer["mark"]))
            cells = one and _choice(offer, one.choice)
            if cells:
                write_cells(row, cells, kind=offer["kind"], by=by)
                count += 1
        kept.append(row)
    ImportRow.objects.bulk_update(kept, MENDED, batch_size=PORTION)
    return count


@transaction.atomic
def take_ticked(*, batch_id: int, taken: Collection[Taken], by: User) -> int:
    """:func:`take_repairs`, all of them or none.

    Raises :class:`RowsChanged` where one is no longer offered; then nothing is changed.
    """
    count = take_repairs(batch_id=batch_id, taken=taken, by=by)
    if count != len(taken):
        raise RowsChanged(count)
    return count


@transaction.atomic
def take_all(*, batch_id: int, rows: RowFilter, kind: str, expected: str, by: User) -> int:
    """Take the repair of a kind in all rows of a filter that have one, and only one way.

    Returns how many rows were mended. Raises :class:`RowsChanged` as :func:`decide_all` does.
    """

    def mend(row: ImportRow) -> None:
        for offer in row.offers:
            if offer["kind"] == kind and offer["is_sure"]:
                write_cells(row, offer["choices"][0], kind=kind, by=by)

    return _mend_all(batch_id, rows, with_offer(Repair(kind).value), mend, expected)


@transaction.atomic
def put_back(*, batch_id: int, number: int, letter: str) -> int:
    """Give a mended cell, and those mended together with it, the text of the file again.

    Returns how many cells; none where the cell is not mended.
    """
    batch = in_hand(batch_id)
    row = batch.rows.select_for_update().get(number=number)
    asked = {one["together"] for one in row.mended if one["letter"] == letter}
    count = _put_back(row, lambda one: one["together"] in asked)
    row.save(update_fields=MENDED)
    return count


@transaction.atomic
def put_all_back(*, batch_id: int, rows: RowFilter, kind: str, expected: str) -> int:
    """Give the cells that a kind of repair has mended their texts again, in all rows of a
    filter. Returns how many rows. Raises :class:`RowsChanged` as :func:`decide_all` does."""
    return _mend_all(
        batch_id,
        rows,
        with_mended(Repair(kind).value),
        lambda row: _put_back(row, lambda one: one["kind"] == kind),
        expected,
    )


@transaction.atomic
def take_over(*, batch_id: int, by: User) -> bool:
    """From now on ``by`` works on the list; False where that is so already."""
    batch = in_hand(batch_id)
    if holder(batch)[0] == by:
        return False
    ImportHolder.objects.create(batch=batch, person=by)
    return True


# Parts


def _choice(offer: Mapping[str, Any], place: int | None) -> Mapping[str, str] | None:
    """What was chosen of an offer; nothing is chosen where there are several and nobody did."""
    choices = offer["choices"]
    if place is None:
        return choices[0] if len(choices) == 1 else None
    return choices[place] if 0 <= place < len(choices) else None


def _as_expected(
    rows: QuerySet[ImportRow], which: tuple[str, Q], expected: str
) -> QuerySet[ImportRow]:
    """The rows that are meant, if they are those that were shown."""
    found = meant(rows, {"these": which})["these"]
    if found.mark != expected:
        raise RowsChanged(found.count)
    return rows.filter(which[1])


def _mend_all(
    batch_id: int,
    rows: RowFilter,
    which: tuple[str, Q],
    mend: Callable[[ImportRow], object],
    expected: str,
) -> int:
    batch = in_hand(batch_id)
    found = _as_expected(rows.rows(batch), which, expected)
    numbers = list(found.order_by("number").values_list("number", flat=True))
    for start in range(0, len(numbers), PORTION):
        portion = list(batch.rows.filter(number__in=numbers[start : start + PORTION]))
        for row in portion:
            mend(row)
        ImportRow.objects.bulk_update(portion, MENDED)
    return len(numbers)


def _put_back(row: ImportRow, which: Callable[[dict], bool]) -> int:
    back = {one["letter"] for one in row.mended if which(one)}
    row.mended = [one for one in row.mended if one["letter"] not in back]
    row.edits = {letter: text for letter, text in row.edits.items() if letter not in back}
    return len(back)
