"""The two calls of the import: plan it (only reads), apply it (all or nothing)."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, BinaryIO

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.core.text import harmless, tidy
from registry.enterprises.actions import amend_many, register_many, start_register
from registry.enterprises.models import Enterprise
from registry.enterprises.queries import register_is_sample
from registry.imports import spellings, values
from registry.imports.checking import CheckedRow, Source, check_rows, length, load_sectors
from registry.imports.columns import Column, How, Meaning, Table, find_table
from registry.imports.matching import PlannedRow, match_rows, with_headers
from registry.imports.places import Places, load_places
from registry.imports.problems import NOT_WRITTEN, ImportBusy, Outcome, Problem, RegisterChanged
from registry.imports.reading import Reading, read_file

LOCK = 6126_2026
"""Number of the advisory lock that only one import at a time can hold."""


@dc.dataclass(frozen=True)
class ImportPlan:
    """What a list would do to the register as it was when the plan was made."""

    name: str
    on: dt.date
    columns: tuple[Column, ...]
    rows: tuple[PlannedRow, ...]
    notices: tuple[Problem, ...]
    checked: tuple[CheckedRow, ...]
    table: Table
    left: frozenset[int] = frozenset()

    def to_write(self) -> Iterator[PlannedRow]:
        """The rows that are written: new or changed, and not left out by number."""
        return (row for row in self.rows if row.number not in self.left)

    def counts(self) -> dict[str, int]:
        """Rows in all and by outcome; every row is counted under exactly one."""
        found = Counter(row.outcome for row in self.rows)
        return {"rows": len(self.rows)} | {one.value: found[one] for one in Outcome}

    def problems(self) -> list[Problem]:
        """What is to be said of the file, then of each row, in the order of the list."""
        return [*self.notices, *(problem for row in self.rows for problem in sentences(row))]

    def as_json(self) -> dict[str, Any]:
        """The plan as one object of plain values."""
        return {
            **self.counts(),
            "columns": [
                {
                    "column": column.header,
                    "meaning": column.meaning.value,
                    "label": str(column.meaning.label),
                    "year": column.year,
                }
                for column in self.columns
                if column.meaning != Meaning.EMPTY
            ],
            "problems": [problem_as_json(problem) for problem in self.problems()],
        }


def problem_as_json(problem: Problem) -> dict[str, Any]:
    return {"row": problem.row, "column": problem.column, "message": problem.message}


def plan_import(file: BinaryIO, name: str, *, on: dt.date, how: How | None = None) -> ImportPlan:
    """Read a list and say what each of its rows would do; writes nothing.

    ``name`` is the file's name, kept as the source of what is written; ``on`` is the day
    on which new enterprises enter the register, ``how`` what is said of the file instead of
    being guessed. Raises
    :class:`~registry.imports.problems.Unreadable` where the file is no such list.
    """
    reading = read_file(file, encoding=how.encoding if how else "")
    table, other_sheets = find_table(reading.sheets, how)
    places = load_places()
    source = Source(
        name=source_name(name), table=table, places=places, sectors=load_sectors(), on=on
    )
    checked = check_rows(source)
    return ImportPlan(
        name=source.name,
        on=on,
        columns=table.columns,
        rows=_matched(checked, table.columns, on),
        notices=(*_spelling(reading), *_notices(table, other_sheets, places)),
        checked=tuple(checked),
        table=table,
    )


def apply_import(plan: ImportPlan, *, by: User | None, reason: str) -> dict[str, int]:
    """Write the new and the changed rows of a plan: all of them or none.

    Returns the counts of the plan. Raises, and has then written nothing:
    :class:`~registry.imports.problems.ImportBusy` while another import is written,
    :class:`~registry.imports.problems.RegisterChanged` where the register no longer is what
    the plan was made for, and
    :class:`~registry.enterprises.actions.RegisterKindConflict` in a sample register.
    """
    try:
        with transaction.atomic():
            _write(plan, by=by, reason=reason)
    except IntegrityError as error:
        # Somebody wrote beside the import, for example the same tax code in the admin.
        raise RegisterChanged(_changed_meanwhile()) from error
    return plan.counts()


def _write(plan: ImportPlan, *, by: User | None, reason: str) -> None:
    _lock()
    drafts = [row.draft for row in plan.to_write() if row.draft]
    amendments = [row.amendment for row in plan.to_write() if row.amendment]
    if not drafts and not amendments:
        return
    start_register(kind="real", by=by)
    # Hold what will be amended, then look again: nobody's change is written over.
    ids = [amendment.enterprise_id for amendment in amendments]
    list(Enterprise.objects.select_for_update().filter(pk__in=ids).order_by("pk").values("pk"))
    fresh = _matched(plan.checked, plan.columns, plan.on)
    if [row.would_write() for row in fresh] != [row.would_write() for row in plan.rows]:
        raise RegisterChanged(_changed_meanwhile())
    if drafts:
        register_many(drafts=drafts, reason=reason, by=by)
    if amendments:
        amend_many(amendments=amendments, reason=reason, by=by)


def _lock() -> None:
    """Take the lock until the transaction ends, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        [is_mine] = cursor.fetchone()
    if not is_mine:
        raise ImportBusy(
            _("Another import is being written just now. Wait until it ends and start again.")
        )


def report_lines(plan: ImportPlan) -> Iterator[list[str]]:
    """The heading, then each row that is not written with its reason; persons left out."""
    hidden = (Meaning.PERSON, Meaning.EMPTY)
    columns = [column for column in plan.columns if column.meaning not in hidden]
    cells = dict(plan.table.records())
    yield [*(column.header for column in columns), _("Reason not written")]
    for row in plan.rows:
        if row.outcome in NOT_WRITTEN:
            here = cells[row.number]
            texts = [
                values.as_text(here[column.place]) if column.place < len(here) else ""
                for column in columns
            ]
            said = "; ".join(
                f"{one.column}: {one.message}" if one.column else one.message
                for one in row.problems
            )
            yield [*map(harmless, texts), said]


def sentences(row: PlannedRow) -> list[Problem]:
    """What is to be said of one row: its problems, and each value that would change."""
    changes = [
        Problem(change.sentence(), row.number, change.header or str(change.meaning.label))
        for change in row.changes
    ]
    return [*row.problems, *changes]


def source_name(name: str) -> str:
    """The file's own name, as kept with each enterprise; its end where it is too long."""
    plain = "".join(character for character in PurePath(name).name if character.isprintable())
    return tidy(plain)[-length(Enterprise, "source") :] or "-"


def _matched(checked: Any, columns: tuple[Column, ...], on: dt.date) -> tuple[PlannedRow, ...]:
    headers: Mapping[str, str] = {
        column.meaning.value: column.header for column in reversed(columns)
    }
    named = {value: headers.get(value, str(Meaning(value).label)) for value in Meaning.values}
    named[Meaning.NAME] = headers.get(Meaning.NAME, headers.get(Meaning.NAME_LOCAL, ""))
    named.pop(Meaning.EXTRA)
    return tuple(with_headers(row, named) for row in match_rows(checked, on=on))


def _spelling(reading: Reading) -> list[Problem]:
    if reading.encoding in ("", spellings.UTF8):
        return []
    message = _("The letters of the file were read as %(encoding)s.")
    return [Problem(message % {"encoding": reading.encoding})]


def _notices(table: Table, other_sheets: list[str], places: Places) -> list[Problem]:
    """What is to be said once of the whole list."""
    notices = []
    if other_sheets:
        message = _("Only the sheet “%(sheet)s” is read, not: %(others)s.")
        said = {"sheet": table.sheet.name, "others": ", ".join(other_sheets)}
        notices.append(Problem(message % said))
    if not places.provinces:
        notices.append(
            Problem(
                _(
                    "The list of provinces is empty, so no place is recognised. Run load_reference "
                    "first."
                )
            )
        )
    if register_is_sample():
        notices.append(Problem(sample_message()))
    for column in table.columns:
        if column.meaning == Meaning.LABOUR and not column.year and has_text(table, column):
            year = table.column(Meaning.YEAR)
            if year is None:
                message = _(
                    "The year of the employees is not stated; they are kept as text. Write it "
                    "into the header, such as “Số lao động 2025”, or into a column “Năm”."
                )
                notices.append(Problem(message, column=column.header))
        if column.meaning == Meaning.PERSON and has_text(table, column):
            message = _(
                "Personal data are not read from lists. Record contact persons on the "
                "enterprise's page, with the day of their consent."
            )
            notices.append(Problem(message, column=column.header))
    return notices


def has_text(table: Table, column: Column) -> bool:
    """Whether any row says something in the column."""
    return any(
        column.place < len(cells) and values.as_text(cells[column.place])
        for _number, cells in table.records()
    )


def sample_message() -> str:
    return _(
        "This is the fictional sample register: a real list cannot be loaded into it. Start an "
        "empty one with REGISTRY_VAR=var-real, as the README says."
    )


def _changed_meanwhile() -> str:
    return _(
        "The register has changed since the list was looked at. Nothing was written; look at "
        "the list again."
    )
