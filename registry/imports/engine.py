"""The two calls of the import: plan it (only reads), apply it (all or nothing)."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, connection, reset_queries, transaction
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.core.text import harmless, tidy
from registry.desk.actions import keep_apart
from registry.enterprises.actions import amend_many, register_many, start_register
from registry.enterprises.models import Enterprise
from registry.enterprises.queries import register_is_sample
from registry.imports import spellings, values
from registry.imports.apart import OpenFile, first_rows, opened, portions
from registry.imports.checking import CheckedRow, Source, check_rows, length, load_sectors
from registry.imports.choices import Choice
from registry.imports.columns import Column, How, Meaning, filled, find_table, with_edits
from registry.imports.losses import Losses, columns_of_texts
from registry.imports.matching import Matcher, PlannedRow, with_headers
from registry.imports.places import load_places
from registry.imports.problems import (
    NOT_WRITTEN,
    ImportBusy,
    Outcome,
    Problem,
    RegisterChanged,
    reason_with_row,
)
from registry.imports.reading import MAX_BYTES, Reading

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
    cells: Mapping[int, Sequence[Any]]
    choices: Mapping[int, Choice] = dc.field(default_factory=dict)

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


class OpenList:
    """A list while its rows are gone through: read, checked and matched in portions.

    ``on`` is the day on which new enterprises enter the register. ``hold`` is for writing:
    what the rows would change stays as it is until the transaction ends.
    """

    def __init__(
        self, file: OpenFile, name: str, *, on: dt.date, how: How, hold: bool = False
    ) -> None:
        self.file = file
        self.how = how
        self.table, self.others = find_table(file.reading.sheets, how)
        self.places = load_places()
        self.source = Source(
            name=source_name(name),
            table=self.table,
            places=self.places,
            sectors=load_sectors(),
            on=on,
        )
        self.matcher = Matcher(on, hold=hold, choices=how.choices)
        self.headers = headers(self.table.columns)
        self.with_text: set[Column] = set()
        self.losses = Losses()

    @property
    def height(self) -> int:
        """How many rows stand below the header, empty ones among them."""
        return max(self.table.sheet.far()[0] - self.table.first, 0)

    def portions(self) -> Iterator[list[tuple[PlannedRow, CheckedRow, list[Any]]]]:
        """Every row that holds something: its outcome, what was read of it, its cells."""
        for records in portions(self.records(), PORTION):
            checked = check_rows(self.source, records)
            rows = [with_headers(row, self.headers) for row in self.matcher.match(checked)]
            cells = (cells for _number, cells in records)
            yield list(zip(rows, checked, cells, strict=True))
            if settings.DEBUG:
                reset_queries()  # they would all be kept, each as long as a portion

    def records(self) -> Iterator[tuple[int, list[Any]]]:
        names = [sheet.name for sheet in self.file.reading.sheets]
        rows = enumerate(self.file.rows(names.index(self.table.sheet.name)), start=1)
        edits = self.how.edits
        left_out = set(self.table.sheet.hidden if self.how.without_hidden else ())
        below = (
            (number, with_edits(cells, edits.get(number, {})))
            for number, cells in rows
            if number > self.table.first and number not in left_out
        )
        asked = [one for one in self.table.columns if one.meaning in ASKED_WHETHER_FILLED]
        texts = columns_of_texts(self.table.columns)
        for number, cells in filled(below):
            self.with_text.update(
                one for one in asked if one.place < len(cells) and values.as_text(cells[one.place])
            )
            self.losses.see(number, cells, texts)
            yield number, cells

    def notices(self) -> list[Problem]:
        """What is to be said once of the whole list, when all rows have been gone through."""
        lost = (Problem(sentence) for sentence in self.losses.sentences())
        return [*_spelling(self.file.reading), *lost, *_notices(self)]


PORTION = 500
ASKED_WHETHER_FILLED = (Meaning.LABOUR, Meaning.PERSON)


@contextmanager
def open_list(
    data: bytes, name: str, *, on: dt.date, how: How | None = None, hold: bool = False
) -> Iterator[OpenList]:
    """The list in a file of this name, kept as the source of what is written.

    ``how`` is what is said of the file instead of being guessed. Raises
    :class:`~registry.imports.problems.Unreadable` where the file is no such list.
    """
    how = how or How()
    reader = opened(data, encoding=how.encoding, first=first_rows(how.header))
    del data  # held nowhere here while the rows are read
    with reader as file:
        yield OpenList(file, name, on=on, how=how, hold=hold)


class Onlooker:
    """Sees the rows of a plan and may say something of the whole list; this one does not."""

    def see(
        self, source: Source, row: PlannedRow, checked: CheckedRow, cells: Sequence[Any]
    ) -> None: ...

    def notices(self) -> list[Problem]:
        return []


def plan_import(
    file: BinaryIO,
    name: str,
    *,
    on: dt.date,
    how: How | None = None,
    onlooker: Onlooker | None = None,
) -> ImportPlan:
    """Read a list and say what each of its rows would do, all at once; writes nothing.

    See :func:`open_list`, which also tells what it raises.
    """
    onlooker = onlooker or Onlooker()
    with open_list(file.read(MAX_BYTES + 1), name, on=on, how=how) as found:
        rows = [row for portion in found.portions() for row in portion]
        for row, checked, cells in rows:
            onlooker.see(found.source, row, checked, cells)
        return ImportPlan(
            name=found.source.name,
            on=on,
            columns=found.table.columns,
            rows=tuple(row for row, _checked, _cells in rows),
            notices=(*found.notices(), *onlooker.notices()),
            checked=tuple(checked for _row, checked, _cells in rows),
            cells={
                row.number: cells for row, _checked, cells in rows if row.outcome in NOT_WRITTEN
            },
            choices=(how or How()).choices,
        )


def apply_import(plan: ImportPlan, *, by: User | None, reason: str) -> dict[str, int]:
    """Write the new and the changed rows of a plan: all of them or none.

    Returns the counts of the plan. Raises, and has then written nothing:
    :class:`~registry.imports.problems.ImportBusy` while another import is written,
    :class:`~registry.imports.problems.RegisterChanged` where the register no longer is what
    the plan was made for, and
    :class:`~registry.enterprises.actions.RegisterKindConflict` in a sample register.
    """
    matcher = Matcher(plan.on, hold=True, choices=plan.choices)

    def fresh() -> Iterator[list[PlannedRow]]:
        # What will be amended is held, then looked at again: nobody's change is written over.
        before = iter(plan.rows)
        for checked in portions(iter(plan.checked), PORTION):
            rows = matcher.match(checked)
            if any(row.would_write() != next(before).would_write() for row in rows):
                raise RegisterChanged(_changed_meanwhile())
            yield rows

    try:
        with transaction.atomic():
            lock_imports()
            if any(row.draft or row.amendment for row in plan.rows):
                write_rows(fresh(), matcher, by=by, reason=reason)
    except IntegrityError as error:
        # Somebody wrote beside the import, for example the same tax code in the admin.
        raise RegisterChanged(_changed_meanwhile()) from error
    return plan.counts()


def write_rows(
    portions: Iterable[Sequence[PlannedRow]], matcher: Matcher, *, by: User | None, reason: str
) -> int:
    """Write rows as they come from the matcher, within the caller's transaction and lock.

    Returns how many were written. Raises like :func:`apply_import`.
    """
    start_register(kind="real", by=by)
    written = 0
    ours: set[int] = set()
    for rows in portions:
        drafts = [row.draft for row in rows if row.draft]
        amendments = [row.amendment for row in rows if row.amendment]
        if drafts:
            new = register_many(drafts=drafts, reason=reason, by=by)
            ours.update(one.pk for one in new)
            _keep_apart([row for row in rows if row.draft], new, by)
        if amendments:
            amend_many(amendments=amendments, reason=reason, by=by)
        written += len(drafts) + len(amendments)
    if matcher.newcomers(ours):
        raise RegisterChanged(_changed_meanwhile())
    return written


def _keep_apart(rows: Sequence[PlannedRow], new: Sequence[Enterprise], by: User | None) -> None:
    """Remember of which records it was decided that these new ones are not the same."""
    for row, enterprise in zip(rows, new, strict=True):
        if row.apart_from and row.draft:
            keep_apart(
                one=enterprise.pk,
                others=row.apart_from,
                reason=_("Decided in the review of the list %(name)s: %(place)s.")
                % {"name": row.draft.source, "place": row.draft.source_ref},
                on=row.choice.on,
                decided_by=row.choice.by,
                by=by,
            )


def lock_imports() -> None:
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
    yield [*(column.header for column in columns), _("Reason not written")]
    for row in plan.rows:
        if row.outcome in NOT_WRITTEN:
            here = plan.cells[row.number]
            texts = [
                values.as_text(here[column.place]) if column.place < len(here) else ""
                for column in columns
            ]
            said = ((one.column, one.message) for one in row.problems)
            yield [*map(harmless, texts), reason_with_row(row.number, said)]


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


def headers(columns: Sequence[Column]) -> Mapping[str, str]:
    """What the file calls each meaning, else what we call it."""
    in_file = {column.meaning.value: column.header for column in reversed(columns)}
    named = {value: in_file.get(value, str(Meaning(value).label)) for value in Meaning.values}
    named[Meaning.NAME] = in_file.get(Meaning.NAME, in_file.get(Meaning.NAME_LOCAL, ""))
    named.pop(Meaning.EXTRA)
    return named


def _spelling(reading: Reading) -> list[Problem]:
    if reading.encoding in ("", spellings.UTF8):
        return []
    message = _("The letters of the file were read as %(encoding)s.")
    return [Problem(message % {"encoding": reading.encoding})]


def _notices(found: OpenList) -> list[Problem]:
    table = found.table
    notices = []
    if found.others:
        message = _("Only the sheet “%(sheet)s” is read, not: %(others)s.")
        said = {"sheet": table.sheet.name, "others": ", ".join(found.others)}
        notices.append(Problem(message % said))
    if table.sheet.is_hidden:
        message = _("The sheet “%(sheet)s”, which is read, is hidden in the file.")
        notices.append(Problem(message % {"sheet": table.sheet.name}))
    hidden = [number for number in table.sheet.hidden if number > table.first]
    if hidden:
        message = (
            _("%(count)s rows are hidden in the file and were left out: %(rows)s.")
            if found.how.without_hidden
            else _("%(count)s rows are hidden in the file and were read like the others: %(rows)s.")
        )
        shown = ", ".join(map(str, hidden[:10])) + (" …" if len(hidden) > 10 else "")
        notices.append(Problem(message % {"count": len(hidden), "rows": shown}))
    if not found.places.provinces:
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
        if column.meaning == Meaning.LABOUR and not column.year and column in found.with_text:
            year = table.column(Meaning.YEAR)
            if year is None:
                message = _(
                    "The year of the employees is not stated; they are kept as text. Write it "
                    "into the header, such as “Số lao động 2025”, or into a column “Năm”."
                )
                notices.append(Problem(message, column=column.header))
        if column.meaning == Meaning.PERSON and column in found.with_text:
            message = _(
                "Personal data are not read from lists. Record contact persons on the "
                "enterprise's page, with the day of their consent."
            )
            notices.append(Problem(message, column=column.header))
    return notices


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
