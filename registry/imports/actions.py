"""The only writers of lists in review: keep, check, decide, mend, write, take back.

These do their work at once. ``registry.imports.work`` lets a worker do what takes long.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.core.text import fold
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import refuse_outside_area
from registry.imports.acts.actions import note
from registry.imports.apart import BYTES_AT_ONCE, SECONDS, OpenFile, first_rows, opened
from registry.imports.columns import (
    How,
    Meaning,
    Table,
    as_mapped,
    find_table,
    letters,
    look_at,
)
from registry.imports.decisions.queries import choices_of
from registry.imports.engine import OpenList, lock_imports, open_list, source_name, write_rows
from registry.imports.matching import PlannedRow
from registry.imports.models import WRITTEN, ImportAct, ImportBatch, ImportRow
from registry.imports.problems import BatchBusy, RegisterChanged, RowChanged, WrongStep
from registry.imports.repairs.days import Order
from registry.imports.repairs.offers import offers_of
from registry.imports.reversal.actions import undo
from registry.imports.reversal.queries import changed_since, hold, names_of, touched, written_in
from registry.imports.runs.actions import SILENT, Progress
from registry.imports.runs.queries import open_run
from registry.imports.shape import NOT_COPIED, Shape, shape_of
from registry.imports.values import as_text, words

LONGEST_CELL = 2_000
MENDED = ("edits", "mended")


class CannotTakeBack(Exception):
    """Records were changed after the import: ``names`` says which."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = list(names)


def how_of(batch: ImportBatch) -> How:
    """What was said of the file so far, the mended cells among it."""
    edits = dict(batch.rows.exclude(edits={}).values_list("number", "edits"))
    return How(
        choices=choices_of(batch),
        encoding=batch.encoding,
        sheet=batch.sheet,
        header=batch.header,
        without_hidden=batch.without_hidden,
        mapping=batch.mapping,
        edits=edits,
    )


def shape(batch: ImportBatch) -> Shape:
    """What the file of a batch was found to be; empty before anybody has looked at it."""
    return Shape.from_json(batch.found) if batch.found else Shape()


def looked_at(content: bytes, how: How, *, is_list: bool = False) -> tuple[Shape, Table]:
    """The file as it is read now; ``is_list`` insists that its rows could be checked so.

    Raises :class:`~registry.imports.problems.Unreadable`.
    """
    file: OpenFile
    with opened(content, encoding=how.encoding, first=first_rows(how.header)) as file:
        find = find_table if is_list else look_at
        table, _others = find(file.reading.sheets, how)
        return shape_of(file.reading, table), table


@transaction.atomic
def keep_file(*, name: str, content: bytes, by: User, seconds: int = SECONDS) -> ImportBatch:
    """Keep an uploaded list after a look at it; see :func:`look`.

    Raises :class:`~registry.imports.problems.Unreadable` and keeps nothing.
    """
    batch = keep_unseen(name=name, content=content, by=by)
    return _look(batch, content, seconds)


@transaction.atomic
def keep_unseen(*, name: str, content: bytes, by: User) -> ImportBatch:
    """Keep an uploaded file as it is; :func:`look` is still to come."""
    return ImportBatch.objects.create(
        name=source_name(name)[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        uploaded_by=by,
    )


@transaction.atomic
def look(*, batch_id: int) -> ImportBatch:
    """Find out what a kept file is; the mapping of the last list with its headings comes along.

    Raises :class:`~registry.imports.problems.Unreadable` and changes nothing.
    """
    batch = at_work(batch_id, ImportBatch.Status.UPLOADED)
    return _look(batch, bytes(batch.content), SECONDS)


def _look(batch: ImportBatch, content: bytes, seconds: int) -> ImportBatch:
    file: OpenFile
    with opened(content, first=first_rows(0), seconds=seconds) as file:
        table, _others = look_at(file.reading.sheets, How())
        batch.headings = _headings(table)
        alike = ImportBatch.objects.filter(headings=batch.headings).exclude(pk=batch.pk)
        alike = alike.exclude(status=ImportBatch.Status.REMOVED)  # what it said was given up
        last = alike.order_by("-pk").defer("content").first()
        if last and last.mapping:
            batch.mapping = last.mapping
            table, _others = look_at(file.reading.sheets, How(mapping=last.mapping))
        batch.found = shape_of(file.reading, table).as_json()
    batch.save(update_fields=["headings", "mapping", "found"])
    return batch


@transaction.atomic
def say_how(
    *,
    batch_id: int,
    encoding: str,
    sheet: str,
    header: int,
    mapping: Mapping[str, str],
    without_hidden: bool = False,
    by: User | None = None,
) -> ImportBatch:
    """Say how the file is to be read; its rows are still to be checked.

    A large file is not opened for that: :func:`check_again` will find out whether
    it can be read so. Raises :class:`~registry.imports.problems.Unreadable` and changes nothing.
    """
    batch = in_hand(batch_id)
    before = (batch.sheet, batch.header)
    batch.encoding, batch.sheet, batch.header = encoding, sheet, header
    batch.without_hidden = without_hidden
    batch.mapping = dict(mapping)
    if is_large(batch_id) and batch.found:
        found = Shape.from_json(batch.found)
        columns = tuple(as_mapped(column, mapping) for column in found.columns)
        asked = found.asked or before
        batch.found = dc.replace(found, columns=columns, asked=asked).as_json()
    else:
        if (sheet, header) != before:
            _forget_rows(batch, by)
        shape, table = looked_at(bytes(batch.content), how_of(batch), is_list=True)
        batch.found, batch.headings = shape.as_json(), _headings(table)
    batch.save()
    return batch


def is_large(batch_id: int) -> bool:
    """Whether a kept file is only opened by the worker."""
    size = ImportBatch.objects.annotate(size=Length("content")).values_list("size", flat=True)
    return size.get(pk=batch_id) > BYTES_AT_ONCE


@transaction.atomic
def read_as(
    *, batch_id: int, encoding: str, sheet: str, header: int, mapping: Mapping[str, str]
) -> ImportBatch:
    """:func:`say_how` and :func:`check_again` in one."""
    say_how(batch_id=batch_id, encoding=encoding, sheet=sheet, header=header, mapping=mapping)
    return check_again(batch_id=batch_id)


@transaction.atomic
def check_again(
    *, batch_id: int, progress: Progress = SILENT, by: User | None = None
) -> ImportBatch:
    """Check every row against the register as it is now; decisions stay where they can.

    Raises :class:`~registry.imports.problems.Unreadable` and changes nothing.
    """
    batch = at_work(batch_id, *ImportBatch.IN_REVIEW)
    asked = (batch.sheet, batch.header)
    if shape(batch).asked not in (None, asked):
        _forget_rows(batch, by)  # with the file unreadable so, this is undone too
    with _opened(batch, timezone.localdate()) as found:
        notices = _keep_rows(batch, found, progress)
        now = shape_of(found.file.reading, found.table)
        batch.found = dc.replace(now, asked=asked).as_json()
        if not found.how.edits:  # which may have added a column
            batch.headings = _headings(found.table)
    batch.notices = [{"column": one.column or "", "message": one.message} for one in notices]
    batch.status = ImportBatch.Status.PLANNED
    batch.save(update_fields=["notices", "status", "found", "headings"])
    progress.tell("checked", found.height, found.height)
    return batch


@transaction.atomic
def edit(
    *,
    batch_id: int,
    number: int,
    cells: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
    by: User | None = None,
) -> None:
    """Write other texts into the cells of one row; the list is still to be checked.

    ``seen`` has the mark (:func:`mark_of`) of each cell as it was shown: what is still so was
    not typed. Raises :class:`~registry.imports.problems.RowChanged`, and writes nothing, where
    another text stands by now in a cell that was.
    """
    batch = in_hand(batch_id)
    row = batch.rows.select_for_update().get(number=number)
    if seen is not None:
        cells = {
            letter: text for letter, text in cells.items() if mark_of(text) != seen.get(letter)
        }
        now = {letter: mark_of(row.cells.get(letter, "")) for letter in cells}
        if any(now[letter] != seen.get(letter) for letter in cells):
            raise RowChanged(cells)
    before = dict(row.edits)
    write_cells(row, cells, by=by)
    row.save(update_fields=MENDED)
    if by and row.edits != before:
        note(batch_id=batch_id, kind=ImportAct.Kind.MEND, numbers=[number], by=by)


def plain(text: str) -> str:
    """The text of a cell without what a form on a page alters: ends of lines, blanks around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def mark_of(text: str) -> str:
    """Tells whether a cell still holds the text that was shown."""
    return hashlib.sha256(plain(text).encode()).hexdigest()[:12]


def write_cells(
    row: ImportRow, cells: Mapping[str, str], *, kind: str = "", by: User | None = None
) -> None:
    """Put other texts into a row that the caller saves; what stood there first is kept.

    ``kind`` is the repair that was taken, empty where the officer wrote the texts. Texts
    written together are put back together.
    """
    changed = {
        letter: plain(text)[:LONGEST_CELL]
        for letter, text in cells.items()
        if plain(text) != plain(row.cells.get(letter, ""))
    }
    before = {one["letter"]: one["was"] for one in row.mended}
    said = {"kind": kind, "who": str(by or ""), "at": timezone.now().isoformat()}
    said["together"] = f"{kind} {'+'.join(sorted(changed))}"
    row.mended = [one for one in row.mended if one["letter"] not in changed] + [
        {"letter": letter, "was": before.get(letter, row.cells.get(letter, "")), **said}
        for letter in changed
    ]
    row.edits = row.edits | changed


@transaction.atomic
def mend(
    *, batch_id: int, number: int, cells: Mapping[str, str], by: User | None = None
) -> ImportRow:
    """:func:`edit` and :func:`check_again` in one."""
    edit(batch_id=batch_id, number=number, cells=cells, by=by)
    return check_again(batch_id=batch_id).rows.get(number=number)


def write(*, batch_id: int, reason: str = "", progress: Progress = SILENT, by: User) -> int:
    """Write the accepted rows: all of them or none. Returns how many rows were written.

    ``reason`` is added to what the history says of it. Raises what ``apply_import`` raises,
    and :class:`~registry.imports.problems.RegisterChanged` where an accepted row would no
    longer do what was accepted.
    """
    try:
        with transaction.atomic(), pghistory.context(user=by.pk) as context:
            return _write(batch_id, reason, progress, by, context.id)
    except IntegrityError as error:
        raise RegisterChanged(_changed()) from error


def _write(batch_id: int, reason: str, progress: Progress, by: User, context: Any) -> int:
    batch = at_work(batch_id, *ImportBatch.IN_REVIEW)
    lock_imports()
    accepted = batch.rows.filter(decision="accept")
    count = accepted.count()
    said = _("Import of %(name)s") % {"name": batch.name}
    with _opened(batch, timezone.localdate(), hold=True) as found:
        rows = _as_accepted(found, accepted, progress)
        written = write_rows(
            rows, found.matcher, by=by, reason=": ".join(filter(None, [said, reason]))
        )
    if written != count:
        raise RegisterChanged(_changed())
    batch.status = ImportBatch.Status.APPLIED
    batch.applied_by, batch.applied_at, batch.context = by, timezone.now(), context
    batch.save(update_fields=["status", "applied_by", "applied_at", "context"])
    progress.tell("written", found.height, found.height)
    return count


def _as_accepted(
    found: OpenList, accepted: QuerySet[ImportRow], progress: Progress
) -> Iterator[list[PlannedRow]]:
    """The accepted rows; each must still do what was accepted."""
    done = 0
    for portion in found.portions():
        progress.tell("writing", done, found.height)
        numbers = [row.number for row, _checked, _cells in portion]
        among = accepted.filter(number__gte=numbers[0], number__lte=numbers[-1])
        digests = dict(among.values_list("number", "digest"))
        rows = [row for row, _checked, _cells in portion if row.number in digests]
        if {row.number: digest(row) for row in rows} != digests:
            raise RegisterChanged(_changed())
        yield rows
        done += len(portion)


@transaction.atomic
def take_back(*, batch_id: int, progress: Progress = SILENT, by: User) -> int:
    """Undo all that a batch wrote, as one writing; returns how many records were undone.

    New rows are removed and changed ones get the values of before; the history keeps both.
    Raises :class:`CannotTakeBack` where anything the batch touched was changed since.
    """
    batch = at_work(batch_id, ImportBatch.Status.APPLIED)
    lock_imports()
    assert batch.context
    written = written_in(batch.context)
    refuse_outside_area(by, touched(written))
    hold(written)  # before it is asked who changed them: nobody can between the two
    progress.tell("looking")
    if changed := changed_since(written):
        raise CannotTakeBack(names_of(changed, Enterprise.objects.order_by("pk")))
    reason = _("Import of %(name)s taken back") % {"name": batch.name}
    with pghistory.context(user=by.pk, reason=reason):
        count = undo(written, progress=progress)
    batch.status = ImportBatch.Status.REVERSED
    batch.reversed_by, batch.reversed_at = by, timezone.now()
    batch.save(update_fields=["status", "reversed_by", "reversed_at"])
    progress.tell("undone", count, count)
    return count


# Parts


def in_hand(batch_id: int) -> ImportBatch:
    """A batch in review for an officer's hand, held until the transaction ends.

    Raises :class:`WrongStep`, and :class:`BatchBusy` where a worker is at it.
    """
    if open_run(batch_id):  # asked before waiting for it, and again when it is held
        raise BatchBusy
    batch = ImportBatch.objects.select_for_update().defer("content").get(pk=batch_id)
    if batch.status not in ImportBatch.IN_REVIEW:
        raise WrongStep
    if open_run(batch_id):
        raise BatchBusy
    return batch


def at_work(batch_id: int, *steps: str) -> ImportBatch:
    """A batch for one writing, held until the transaction ends; raises :class:`WrongStep`."""
    batch = ImportBatch.objects.select_for_update().defer("content").get(pk=batch_id)
    if batch.status not in steps:
        raise WrongStep
    return batch


def _opened(
    batch: ImportBatch, on: dt.date, *, hold: bool = False
) -> AbstractContextManager[OpenList]:
    # Asked for apart: as a field of the batch the bytes would stay in memory.
    [content] = ImportBatch.objects.filter(pk=batch.pk).values_list("content", flat=True)
    return open_list(bytes(content), batch.name, on=on, how=how_of(batch), hold=hold)


def _forget_rows(batch: ImportBatch, by: User | None) -> None:
    """Other rows of the file are read from now on: what was mended and decided was of these.

    It is noted as an act, so that what was done to these is not told of the others.
    """
    if by and batch.rows.exists():
        note(batch_id=batch.pk, kind=ImportAct.Kind.FORGET, by=by)
    batch.rows.all().delete()
    batch.decisions.all().delete()


def _keep_rows(batch: ImportBatch, found: OpenList, progress: Progress) -> list[Any]:
    """Put what the rows are now in the place of what they were; returns the notices."""
    edits = found.how.edits
    mended = dict(batch.rows.exclude(mended=[]).values_list("number", "mended"))
    order = Order(found.table, found.source.on)
    left = set(
        batch.rows.filter(outcome__in=WRITTEN, decision="leave").values_list("number", flat=True)
    )
    batch.rows.all()._raw_delete(batch.rows.db)  # nothing hangs on them
    done = 0
    for portion in found.portions():
        progress.tell("checking", done, found.height)
        rows = []
        for row, checked, cells in portion:
            kept = _row(batch, row, found.table, cells, row.number in left)
            kept.edits, kept.mended = edits.get(row.number, {}), mended.get(row.number, [])
            kept.offers = [one.as_json() for one in offers_of(found.source, row, checked, cells)]
            order.look_at(cells)
            rows.append(kept)
        ImportRow.objects.bulk_create(rows)
        done += len(portion)
    batch.decisions.update(is_checked=True)
    return [*found.notices(), *order.notices()]


def _row(
    batch: ImportBatch,
    row: PlannedRow,
    table: Table,
    cells: Sequence[Any],
    is_left: bool,
) -> ImportRow:
    accept = row.outcome in WRITTEN and not is_left
    texts = _texts(table, cells)
    column = table.column(Meaning.TAX_CODE)
    code = letters(column.place) if column else ""
    return ImportRow(
        batch=batch,
        number=row.number,
        name=row.name[:300],
        outcome=row.outcome.value,
        decision="accept" if accept else "leave",
        cells=texts,
        sought=sought_in(row.name, texts.get(code, "")),
        changes=[
            {"column": c.header or str(c.meaning.label), "old": c.old, "new": c.new}
            for c in row.changes
        ],
        problems=[
            {"column": p.column or "", "message": p.message, "weight": int(p.weight)}
            for p in row.problems
        ],
        asks=row.asks.as_json(),
        digest=digest(row),
    )


def sought_in(name: str, code: str) -> str:
    """What a search for a row looks in: see :class:`~registry.imports.models.ImportRow`."""
    digits = "".join(sign for sign in code if sign.isdigit())
    return "\n".join((fold(name), code, digits))


def _texts(table: Table, cells: Sequence[Any]) -> dict[str, str]:
    """The cells by letter; those of persons are not kept a second time."""
    return {
        letters(column.place): as_text(cells[column.place]).replace("\0", "")[:LONGEST_CELL]
        for column in table.columns
        if column.place < len(cells) and column.meaning not in NOT_COPIED
    }


def digest(row: PlannedRow) -> str:
    """The same for rows that write the same over the same, on whatever day."""
    draft = row.draft and dc.replace(row.draft, registered_on=dt.date.min)
    text = repr(dc.replace(row, draft=draft).would_write())
    return hashlib.sha256(text.encode()).hexdigest()


def _headings(table: Table) -> str:
    width = table.sheet.far()[1]  # a column that mending has added is not of the file
    text = "\n".join(words(one.header) for one in table.columns if one.place < width)
    return hashlib.sha256(text.encode()).hexdigest()


def _changed() -> str:
    return _(
        "The register has changed since the rows were checked. Nothing was written: the rows "
        "were checked again, look at them once more."
    )
