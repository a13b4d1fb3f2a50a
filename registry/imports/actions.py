"""The only writers of lists in review: keep, read again, decide, mend, write, take back."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pghistory
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.core.known import tracked_models
from registry.enterprises.permissions import refuse_outside_area
from registry.imports.columns import How, Meaning, Table, letters, look_at
from registry.imports.engine import ImportPlan, apply_import, plan_import, source_name
from registry.imports.matching import PlannedRow
from registry.imports.models import WRITTEN, ImportBatch, ImportRow
from registry.imports.problems import RegisterChanged
from registry.imports.reading import Reading, read_file
from registry.imports.values import as_text, words

BATCH = 1_000
LONGEST_CELL = 2_000


class WrongStep(Exception):
    """The batch is not at the step that this needs; somebody else was quicker."""


class CannotTakeBack(Exception):
    """Records were changed after the import: ``names`` says which."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = list(names)


def how_of(batch: ImportBatch) -> How:
    """What was said of the file so far, the mended cells among it."""
    edits = dict(batch.rows.exclude(edits={}).values_list("number", "edits"))
    return How(
        encoding=batch.encoding,
        sheet=batch.sheet,
        header=batch.header,
        mapping=batch.mapping,
        edits=edits,
    )


def look(batch: ImportBatch) -> tuple[Reading, Table]:
    """The file as it is read now; raises :class:`~registry.imports.problems.Unreadable`."""
    reading = read_file(io.BytesIO(batch.content), encoding=batch.encoding)
    table, _others = look_at(reading.sheets, how_of(batch))
    return reading, table


@transaction.atomic
def keep_file(*, name: str, content: bytes, by: User) -> ImportBatch:
    """Keep an uploaded list; the mapping of the last list with the same headings comes along.

    Raises :class:`~registry.imports.problems.Unreadable` and keeps nothing.
    """
    reading = read_file(io.BytesIO(content))
    table, _others = look_at(reading.sheets, How())
    headings = _headings(table)
    last = ImportBatch.objects.filter(headings=headings).order_by("-pk").first()
    return ImportBatch.objects.create(
        name=source_name(name)[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        mapping=last.mapping if last else {},
        headings=headings,
        uploaded_by=by,
    )


@transaction.atomic
def read_as(
    *, batch_id: int, encoding: str, sheet: str, header: int, mapping: Mapping[str, str]
) -> ImportBatch:
    """Say how the file is to be read, and check every row against the register.

    Raises :class:`~registry.imports.problems.Unreadable` and changes nothing.
    """
    batch = _open(batch_id)
    if (sheet, header) != (batch.sheet, batch.header):
        batch.rows.all().delete()  # mended cells were of other rows
    batch.encoding, batch.sheet, batch.header = encoding, sheet, header
    batch.mapping = dict(mapping)
    batch.headings = _headings(look(batch)[1])
    _check_rows(batch)
    return batch


@transaction.atomic
def check_again(*, batch_id: int) -> ImportBatch:
    """Check every row against the register as it is now; decisions stay where they can."""
    batch = _open(batch_id)
    _check_rows(batch)
    return batch


@transaction.atomic
def decide(*, batch_id: int, numbers: Sequence[int] | None, outcome: str, accept: bool) -> int:
    """Accept or leave the named rows, or all of one outcome (all there are for ``""``).

    Only new and changed rows can be accepted; the others are passed over. Returns how many
    rows were decided.
    """
    batch = _open(batch_id)
    rows = batch.rows.filter(outcome__in=WRITTEN)
    if numbers is not None:
        rows = rows.filter(number__in=numbers)
    if outcome:
        rows = rows.filter(outcome=outcome)
    choice = ImportRow.Decision.ACCEPT if accept else ImportRow.Decision.LEAVE
    return rows.update(decision=choice)


@transaction.atomic
def mend(*, batch_id: int, number: int, cells: Mapping[str, str]) -> ImportRow:
    """Write other texts into the cells of one row, and check the list again.

    Raises :class:`~registry.imports.problems.Unreadable` and changes nothing.
    """
    batch = _open(batch_id)
    row = batch.rows.select_for_update().get(number=number)
    changed = {
        letter: text.strip()[:LONGEST_CELL]
        for letter, text in cells.items()
        if text.strip() != row.cells.get(letter, "")
    }
    row.edits = row.edits | changed
    row.save(update_fields=["edits"])
    _check_rows(batch)
    return batch.rows.get(number=number)


def write(*, batch_id: int, by: User) -> int:
    """Write the accepted rows: all of them or none. Returns how many rows were written.

    Raises what ``apply_import`` raises, and
    :class:`~registry.imports.problems.RegisterChanged` where an accepted row would no
    longer do what was accepted.
    """
    try:
        with transaction.atomic(), pghistory.context(user=by.pk) as context:
            return _write(batch_id, by, context.id)
    except IntegrityError as error:
        raise RegisterChanged(_changed()) from error


def _write(batch_id: int, by: User, context: Any) -> int:
    batch = _open(batch_id)
    plan = _plan(batch, timezone.localdate())
    accepted = dict(batch.rows.filter(decision="accept").values_list("number", "digest"))
    now = {row.number: digest(row) for row in plan.rows if row.number in accepted}
    if now != accepted:
        raise RegisterChanged(_changed())
    left = frozenset(row.number for row in plan.rows) - set(accepted)
    reason = _("Import of %(name)s") % {"name": plan.name}
    apply_import(dc.replace(plan, left=left), by=by, reason=reason)
    batch.status = ImportBatch.Status.APPLIED
    batch.applied_by, batch.applied_at, batch.context = by, timezone.now(), context
    batch.save(update_fields=["status", "applied_by", "applied_at", "context"])
    return len(accepted)


# Taking back


@transaction.atomic
def take_back(*, batch_id: int, by: User) -> int:
    """Undo all that a batch wrote, as one writing; returns how many records were undone.

    New rows are removed and changed ones get the values of before; the history keeps both.
    Raises :class:`CannotTakeBack` where anything the batch touched was changed since.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.status != ImportBatch.Status.APPLIED:
        raise WrongStep
    written = _written(batch)
    refuse_outside_area(by, _touched(written))
    changed = sorted(_changed_since(batch, written))
    if changed:
        raise CannotTakeBack(changed)
    reason = _("Import of %(name)s taken back") % {"name": batch.name}
    with pghistory.context(user=by.pk, reason=reason):
        count = sum(_undo(model, events) for model, _event_model, events in reversed(written))
    batch.status = ImportBatch.Status.REVERSED
    batch.reversed_by, batch.reversed_at = by, timezone.now()
    batch.save(update_fields=["status", "reversed_by", "reversed_at"])
    return count


Written = list[tuple[type[models.Model], type[models.Model], list[Any]]]


def _written(batch: ImportBatch) -> Written:
    """What the batch wrote: enterprises first, then what hangs on them."""
    found: Written = []
    for model, event_model in tracked_models():
        events = event_model._base_manager.filter(pgh_context_id=batch.context)
        rows = list(events.order_by("pgh_id"))
        if rows:
            found.append((model, event_model, rows))
    return sorted(found, key=lambda one: one[0].__name__ != "Enterprise")


def _touched(written: Written) -> set[int]:
    """Enterprises that a batch wrote to."""
    return {
        event.pgh_obj_id if model.__name__ == "Enterprise" else event.enterprise_id
        for model, _event_model, events in written
        for event in events
    }


def _changed_since(batch: ImportBatch, written: Written) -> set[str]:
    """Names of enterprises that anybody else wrote to after the batch did."""
    new: set[int] = set()
    touched: dict[int, str] = {}
    for model, _event_model, events in written:
        for event in events:
            pk = event.pgh_obj_id if model.__name__ == "Enterprise" else event.enterprise_id
            touched.setdefault(pk, getattr(event, "name", "") if pk == event.pgh_obj_id else "")
            if model.__name__ == "Enterprise" and event.pgh_label == "insert":
                new.add(pk)
    changed: set[int] = set()
    for model, event_model, events in written:
        ids = {event.pgh_obj_id for event in events}
        later: Any = event_model._base_manager.filter(
            pgh_obj_id__in=ids, pgh_id__gt=events[0].pgh_id
        ).exclude(pgh_context_id=batch.context)
        is_enterprise = model.__name__ == "Enterprise"
        for event in later:
            changed.add(event.pgh_obj_id if is_enterprise else event.enterprise_id)
    changed |= _hung_on(new, batch)
    return {touched.get(pk) or f"CNHT-{pk:07}" for pk in changed}


def _hung_on(new: set[int], batch: ImportBatch) -> set[int]:
    """New enterprises of the batch that have been given records by somebody else."""
    found: set[int] = set()
    for _model, event_model in tracked_models():
        for field in event_model._meta.concrete_fields:
            related = field.related_model
            if related is None or getattr(related, "__name__", "") != "Enterprise":
                continue
            if field.name == "pgh_obj":
                continue
            others = event_model._base_manager.filter(**{f"{field.name}__in": new})
            others = others.exclude(pgh_context_id=batch.context)
            found |= set(others.values_list(field.attname, flat=True))
    return found


def _undo(model: type[models.Model], events: Sequence[Any]) -> int:
    """Remove what was added, put back what was changed; the first event of a row tells."""
    first: dict[int, Any] = {}
    for event in events:
        first.setdefault(event.pgh_obj_id, event)
    added = [pk for pk, event in first.items() if event.pgh_label == "insert"]
    model._base_manager.filter(pk__in=added).delete()
    event_model = type(events[0])
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.generated)
    ]
    for pk, event in first.items():
        if event.pgh_label == "insert":
            continue
        earlier = event_model._base_manager.filter(pgh_obj_id=pk, pgh_id__lt=event.pgh_id)
        before = earlier.order_by("-pgh_id").values(*names)[0]
        model._base_manager.filter(pk=pk).update(**before)
    return len(first)


# Parts


def _open(batch_id: int) -> ImportBatch:
    """The batch, held until the transaction ends; only one whose review is not over."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.status not in (ImportBatch.Status.UPLOADED, ImportBatch.Status.PLANNED):
        raise WrongStep
    return batch


def _plan(batch: ImportBatch, on: dt.date) -> ImportPlan:
    return plan_import(io.BytesIO(batch.content), batch.name, on=on, how=how_of(batch))


def _check_rows(batch: ImportBatch) -> None:
    plan = _plan(batch, timezone.localdate())
    cells = dict(plan.table.records())
    kept = {row.number: row for row in batch.rows.all()}
    batch.rows.all().delete()
    ImportRow.objects.bulk_create(
        [
            _row(batch, row, plan.table, cells[row.number], kept.get(row.number))
            for row in plan.rows
        ],
        batch_size=BATCH,
    )
    batch.notices = [{"column": one.column or "", "message": one.message} for one in plan.notices]
    batch.status = ImportBatch.Status.PLANNED
    batch.save()


def _row(
    batch: ImportBatch,
    row: PlannedRow,
    table: Table,
    cells: Sequence[Any],
    before: ImportRow | None,
) -> ImportRow:
    accept = row.outcome in WRITTEN
    if before and before.outcome in WRITTEN and before.decision == ImportRow.Decision.LEAVE:
        accept = False
    return ImportRow(
        batch=batch,
        number=row.number,
        name=row.name[:300],
        outcome=row.outcome.value,
        decision="accept" if accept else "leave",
        cells=_texts(table, cells),
        edits=before.edits if before else {},
        changes=[
            {"column": c.header or str(c.meaning.label), "old": c.old, "new": c.new}
            for c in row.changes
        ],
        problems=[
            {"column": p.column or "", "message": p.message, "weight": int(p.weight)}
            for p in row.problems
        ],
        digest=digest(row),
    )


def _texts(table: Table, cells: Sequence[Any]) -> dict[str, str]:
    """The cells by letter; those of persons are not kept a second time."""
    hidden = (Meaning.PERSON, Meaning.EMPTY)
    return {
        letters(column.place): as_text(cells[column.place]).replace("\0", "")[:LONGEST_CELL]
        for column in table.columns
        if column.place < len(cells) and column.meaning not in hidden
    }


def digest(row: PlannedRow) -> str:
    """The same for rows that write the same over the same, on whatever day."""
    draft = row.draft and dc.replace(row.draft, registered_on=dt.date.min)
    text = repr(dc.replace(row, draft=draft).would_write())
    return hashlib.sha256(text.encode()).hexdigest()


def _headings(table: Table) -> str:
    text = "\n".join(words(column.header) for column in table.columns)
    return hashlib.sha256(text.encode()).hexdigest()


def _changed() -> str:
    return _(
        "The register has changed since the rows were checked. Nothing was written: the rows "
        "were checked again, look at them once more."
    )
