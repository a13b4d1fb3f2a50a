"""The summary in words of the reader's language: the page, its text and the letter say this."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.imports.models import WRITTEN, ImportBatch, ImportDecision
from registry.imports.problems import Outcome, at_column
from registry.imports.repairs.kinds import Repair
from registry.imports.summary.queries import Summary, Why
from registry.templatetags.registry_ui import number

Line = tuple[str, ...]


@dc.dataclass(frozen=True)
class Table:
    """Lines below a head; the last column holds numbers of rows, or all but the first."""

    heading: str
    head: Line
    lines: tuple[Line, ...]
    note: str = ""
    is_of_numbers: bool = False


@dc.dataclass(frozen=True)
class Told:
    """What is said of a list: one paragraph, what it is, tables, and what was made of it."""

    title: str
    intro: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    remarks: tuple[str, ...]

    def as_text(self) -> str:
        """All of it as plain text, to be copied into a letter."""
        parts = [self.title, self.intro, *(f"{label}: {text}" for label, text in self.facts)]
        for table in self.tables:
            parts += ["", table.heading, *("- " + _line(table, line) for line in table.lines)]
            parts += [table.note] if table.note else []
        if self.remarks:
            parts += ["", _("What was guessed, mended and decided"), *self.remarks]
        return "\n".join(parts)


def tell(summary: Summary) -> Told:
    """In the language that is active; numbers are those of the summary."""
    return Told(
        title=_("Result of loading the list “%(name)s”") % {"name": summary.batch.name},
        intro=_intro(summary),
        facts=tuple(_facts(summary)),
        tables=tuple(table for table in _tables(summary) if table.lines),
        remarks=tuple(_remarks(summary)),
    )


def _intro(summary: Summary) -> str:
    words = _(
        "The list has %(total)s rows: %(new)s new, %(changed)s changed, %(unchanged)s unchanged, "
        "%(doubtful)s doubtful, %(conflict)s in conflict, %(refused)s refused."
    )
    counts = {name: number(rows) for name, rows in summary.outcomes.items()}
    words %= {"total": number(summary.total), **counts}
    return f"{words} {_state(summary)}"


def _state(summary: Summary) -> str:
    accepted = {
        "new": number(summary.accepted["new"]),
        "changed": number(summary.accepted["changed"]),
        "left": number(sum(summary.left.values())),
    }
    status = summary.batch.status
    if status == ImportBatch.Status.APPLIED:
        words = _(
            "Written into the register: %(new)s new and %(changed)s changed; left out by "
            "decision: %(left)s."
        )
    elif status == ImportBatch.Status.REVERSED:
        words = _(
            "%(new)s new and %(changed)s changed were written and have been taken back; the "
            "register holds nothing of this list."
        )
    else:
        words = _(
            "Nothing has been written yet. Accepted so far: %(new)s new and %(changed)s changed; "
            "left out: %(left)s."
        )
    return words % accepted


def _facts(summary: Summary) -> Iterator[tuple[str, str]]:
    batch, shape = summary.batch, summary.shape
    yield _("File"), batch.name
    yield "SHA-256", batch.sha256
    kind = ", ".join(filter(None, [shape.kind, shape.encoding]))
    yield _("Kind of file"), kind
    if shape.sheet:
        yield _("Sheet"), shape.sheet
    yield _("Row of the headings"), str(shape.first)
    yield _("Loaded"), _who(batch.uploaded_at, batch.uploaded_by)
    if batch.applied_at:
        yield _("Written"), _who(batch.applied_at, batch.applied_by)
    if batch.reversed_at:
        yield _("Taken back"), _who(batch.reversed_at, batch.reversed_by)


def _tables(summary: Summary) -> Iterator[Table]:
    head = (_("Outcome"), _("Accepted"), _("Left out"), _("Number of rows"))
    lines = []
    for outcome in Outcome:
        is_written = outcome.value in WRITTEN
        taken = number(summary.accepted[outcome.value]) if is_written else ""
        left = number(summary.left[outcome.value]) if is_written else ""
        lines.append((str(outcome.label), taken, left, number(summary.outcomes[outcome.value])))
    total = (
        _("Total"),
        number(sum(summary.accepted.values())),
        number(sum(summary.left.values())),
        number(summary.total),
    )
    yield Table(_("Rows read"), head, (*lines, total), is_of_numbers=True)
    yield Table(
        _("Why rows were not written"),
        (_("Outcome"), _("Column"), _("Reason"), _("Number of rows")),
        _reasons(summary.why),
        _("A row can have several reasons."),
    )
    yield Table(
        _("Said of rows that can be written"),
        (_("Outcome"), _("Column"), _("Remark"), _("Number of rows")),
        _reasons(summary.remarks),
    )


def _reasons(found: Sequence[Why]) -> tuple[Line, ...]:
    return tuple(
        (str(Outcome(one.outcome).label), one.column or "—", one.reason, number(one.rows))
        for one in found
    )


def _remarks(summary: Summary) -> Iterator[str]:
    batch = summary.batch
    read = [f"{c.header} → {c.meaning.label}" for c in summary.understood]
    yield _("Columns understood: %(columns)s.") % {"columns": "; ".join(read)}
    if summary.kept_beside:
        words = _("Columns not understood, kept beside the records: %(columns)s.")
        yield words % {"columns": "; ".join(summary.kept_beside)}
    if summary.not_read:
        words = _("Columns of contact persons, not read: %(columns)s.")
        yield words % {"columns": "; ".join(summary.not_read)}
    for one in batch.notices:
        yield at_column(one["column"], one["message"])
    if summary.mended_cells:
        words = _("Cells mended in the review: %(cells)s, in %(rows)s rows.")
        yield words % {"cells": number(summary.mended_cells), "rows": number(summary.mended_rows)}
    for kind, rows in sorted(summary.repaired.items()):
        words = _("Repair taken: %(kind)s (%(count)s).")
        yield words % {"kind": Repair(kind).label, "count": number(rows)}
    for kind, rows in sorted(summary.decided.items()):
        words = _("Decided by an officer: %(kind)s (%(count)s).")
        yield words % {"kind": ImportDecision.Kind(kind).label, "count": number(rows)}


def _who(at: dt.datetime, person: object) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}, {person}"


def _line(table: Table, line: Line) -> str:
    """A line in words; of a table of numbers each with its head."""
    first, *others, last = line
    if not table.is_of_numbers:
        return ", ".join([first, *others]) + f": {last}"
    beside = [
        f"{head.lower()} {text}" for head, text in zip(table.head[1:], others, strict=False) if text
    ]
    return f"{first}: {last}" + (f" ({', '.join(beside)})" if beside else "")
