"""The only writers of what officers do with the rows of a list."""

from __future__ import annotations

import dataclasses as dc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Q, QuerySet

from registry.accounts.models import User
from registry.imports.actions import MENDED, in_hand, write_cells
from registry.imports.acts.actions import note
from registry.imports.models import ImportAct, ImportBatch, ImportHolder, ImportRow
from registry.imports.problems import WrongStep
from registry.imports.repairs.kinds import Repair
from registry.imports.review.filters import RowFilter
from registry.imports.review.queries import (
    ACCEPT,
    LEAVE,
    as_shown,
    holder,
    meant,
    with_mended,
    with_offer,
)

PORTION = 500
Act = ImportAct.Kind


class RowsChanged(WrongStep):
    """Other rows are meant than those that were shown; ``count`` is how many there are now."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


class ListChanged(WrongStep):
    """Somebody has worked on the list since it was shown."""


@dc.dataclass(frozen=True)
class Taken:
    """A repair that was chosen: of which row, by the mark of the offer that was shown, and
    which of its choices where there are several."""

    number: int
    mark: str
    choice: int | None = None


@transaction.atomic
def decide(*, batch_id: int, numbers: Collection[int], accept: bool, by: User) -> int:
    """Accept or leave the named rows; returns how many were not so already.

    Only new and changed rows can be accepted; the others are passed over.
    """
    batch = in_hand(batch_id)
    _column, which = ACCEPT if accept else LEAVE
    return _decide(batch_id, batch.rows.filter(which, number__in=numbers), accept, by)


@transaction.atomic
def decide_all(*, batch_id: int, rows: RowFilter, accept: bool, expected: str, by: User) -> int:
    """Accept or leave all rows of a filter that can be, and are not so already.

    Returns how many were changed. ``expected`` is the mark of the rows as they were shown
    (:class:`~registry.imports.review.queries.Meant`). Raises :class:`RowsChanged` where others
    are meant by now; then nothing is changed.
    """
    batch = in_hand(batch_id)
    found = _as_expected(rows.rows(batch), ACCEPT if accept else LEAVE, expected)
    return _decide(batch_id, found, accept, by)


@transaction.atomic
def take_repairs(*, batch_id: int, taken: Iterable[Taken], by: User) -> int:
    """Take chosen repairs; returns how many. One that is no longer offered is passed over."""
    batch = in_hand(batch_id)
    chosen = {(one.number, one.mark): one for one in taken}
    rows = batch.rows.filter(number__in={number for number, _mark in chosen})
    kept = []
    mended: defaultdict[str, list[int]] = defaultdict(list)
    count = 0
    for row in rows.select_for_update().order_by("number"):
        for offer in row.offers:
            one = chosen.get((row.number, offer["mark"]))
            cells = one and _choice(offer, one.choice)
            if cells:
                write_cells(row, cells, kind=offer["kind"], by=by)
                mended[offer["kind"]].append(row.number)
                count += 1
        kept.append(row)
    ImportRow.objects.bulk_update(kept, MENDED, batch_size=PORTION)
    for kind, numbers in sorted(mended.items()):
        note(batch_id=batch_id, kind=Act.MEND, numbers=numbers, repair=kind, by=by)
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

    numbers = _mend_all(batch_id, rows, with_offer(Repair(kind).value), mend, expected)
    note(batch_id=batch_id, kind=Act.MEND, numbers=numbers, repair=kind, by=by)
    return len(numbers)


@transaction.atomic
def put_back(*, batch_id: int, number: int, letter: str, by: User) -> int:
    """Give a mended cell, and those mended together with it, the text of the file again.

    Returns how many cells; none where the cell is not mended.
    """
    batch = in_hand(batch_id)
    row = batch.rows.select_for_update().get(number=number)
    asked = {one["together"]: one["kind"] for one in row.mended if one["letter"] == letter}
    count = _put_back(row, lambda one: one["together"] in asked)
    row.save(update_fields=MENDED)
    for kind in asked.values():
        note(batch_id=batch_id, kind=Act.PUT_BACK, numbers=[number], repair=kind, by=by)
    return count


@transaction.atomic
def put_all_back(*, batch_id: int, rows: RowFilter, kind: str, expected: str, by: User) -> int:
    """Give the cells that a kind of repair has mended their texts again, in all rows of a
    filter. Returns how many rows. Raises :class:`RowsChanged` as :func:`decide_all` does."""
    numbers = _mend_all(
        batch_id,
        rows,
        with_mended(Repair(kind).value),
        lambda row: _put_back(row, lambda one: one["kind"] == kind),
        expected,
    )
    note(batch_id=batch_id, kind=Act.PUT_BACK, numbers=numbers, repair=kind, by=by)
    return len(numbers)


@transaction.atomic
def take_over(*, batch_id: int, by: User) -> bool:
    """From now on ``by`` works on the list; False where that is so already."""
    batch = in_hand(batch_id)
    if holder(batch)[0] == by:
        return False
    ImportHolder.objects.create(batch=batch, person=by)
    return True


@transaction.atomic
def remove(*, batch_id: int, reason: str, expected: str, by: User) -> None:
    """Take an unwritten list off the table: its file and rows go, its name and sum stay.

    What was decided stays in the history. ``expected`` is the mark of the list as it was shown
    (:func:`~registry.imports.review.queries.as_shown`). Raises :class:`ListChanged` where
    somebody has worked on it since, :class:`~registry.imports.problems.WrongStep` for a list
    that was written, and :class:`~registry.imports.problems.BatchBusy` while a worker is at it.
    """
    batch = in_hand(batch_id)
    if as_shown(batch) != expected:
        raise ListChanged
    with pghistory.context(user=by.pk, reason=reason):
        batch.decisions.all().delete()
    batch.rows.all().delete()
    batch.content, batch.found, batch.notices = b"", {}, []
    batch.status = ImportBatch.Status.REMOVED
    batch.save(update_fields=["content", "found", "notices", "status"])
    note(batch_id=batch_id, kind=Act.REMOVE, reason=reason, by=by)


# Parts


def _decide(batch_id: int, rows: QuerySet[ImportRow], accept: bool, by: User) -> int:
    """Of rows that can be decided so and are not; what was done is noted."""
    numbers = list(rows.order_by("number").values_list("number", flat=True))
    choice = ImportRow.Decision.ACCEPT if accept else ImportRow.Decision.LEAVE
    rows.order_by().update(decision=choice)
    note(batch_id=batch_id, kind=Act.ACCEPT if accept else Act.LEAVE, numbers=numbers, by=by)
    return len(numbers)


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
) -> list[int]:
    """The numbers of the rows that were mended."""
    batch = in_hand(batch_id)
    found = _as_expected(rows.rows(batch), which, expected)
    numbers = list(found.order_by("number").values_list("number", flat=True))
    for start in range(0, len(numbers), PORTION):
        portion = list(batch.rows.filter(number__in=numbers[start : start + PORTION]))
        for row in portion:
            mend(row)
        ImportRow.objects.bulk_update(portion, MENDED)
    return numbers


def _put_back(row: ImportRow, which: Callable[[dict], bool]) -> int:
    back = {one["letter"] for one in row.mended if which(one)}
    row.mended = [one for one in row.mended if one["letter"] not in back]
    row.edits = {letter: text for letter, text in row.edits.items() if letter not in back}
    return len(back)
