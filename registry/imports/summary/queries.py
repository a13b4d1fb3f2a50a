"""The figures of a list, each counted from its rows in review: four queries."""

from __future__ import annotations

import dataclasses as dc
from collections import Counter
from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from registry.imports.columns import NOT_READ, Meaning
from registry.imports.models import WRITTEN, ImportBatch, ImportDecision, ImportRow
from registry.imports.problems import NOT_WRITTEN, Outcome
from registry.imports.shape import Shape, ShownColumn
from registry.imports.summary.reasons import reason_of, words_of

CHUNK = 2_000


@dc.dataclass(frozen=True)
class Why:
    """How many rows of an outcome have one reason in one column."""

    outcome: str
    column: str
    key: str
    rows: int

    @property
    def reason(self) -> str:
        """In a few words of the reader's language."""
        return words_of(self.key)


@dc.dataclass(frozen=True)
class Summary:
    """What became of a list. Every row is counted under exactly one outcome.

    ``accepted`` and ``left`` are of the new and the changed rows. A row can have several
    reasons, so those of an outcome can be more than its rows. ``remarks`` are of rows that
    can be written: what was kept as text or left open. ``decided`` are decisions by kind
    that the rows were checked with.
    """

    batch: ImportBatch
    shape: Shape
    total: int
    outcomes: Mapping[str, int]
    accepted: Mapping[str, int]
    left: Mapping[str, int]
    why: tuple[Why, ...]
    remarks: tuple[Why, ...]
    repaired: Mapping[str, int]
    mended_rows: int
    mended_cells: int
    decided: Mapping[str, int]

    @property
    def understood(self) -> list[ShownColumn]:
        """The columns from which something is read."""
        return [c for c in self.shape.columns if c.meaning not in NOT_READ]

    @property
    def kept_beside(self) -> list[str]:
        """Headings that were not understood: their cells are kept with the record."""
        return [c.header for c in self.shape.columns if c.meaning == Meaning.EXTRA and c.header]

    @property
    def not_read(self) -> list[str]:
        """Headings of contact persons, whose cells are not read."""
        return [c.header for c in self.shape.columns if c.meaning == Meaning.PERSON]


def summary_of(batch: ImportBatch, shape: Shape) -> Summary:
    """Counted anew each time; ``shape`` is what the file was found to be."""
    rows = ImportRow.objects.filter(batch=batch)
    kept = rows.values("outcome").order_by()
    found = kept.annotate(n=Count("pk"), taken=Count("pk", filter=Q(decision="accept")))
    outcomes, accepted = dict.fromkeys(Outcome.values, 0), dict.fromkeys(WRITTEN, 0)
    for outcome, n, taken in found.values_list("outcome", "n", "taken"):
        outcomes[outcome] = n
        if outcome in WRITTEN:
            accepted[outcome] = taken
    repaired, cells = _mended(rows)
    decided = Counter(
        ImportDecision.objects.filter(batch=batch, is_checked=True)
        .order_by()
        .values_list("kind", flat=True)
    )
    return Summary(
        batch=batch,
        shape=shape,
        total=sum(outcomes.values()),
        outcomes=outcomes,
        accepted=accepted,
        left={one: outcomes[one] - accepted[one] for one in WRITTEN},
        why=reasons(rows.filter(outcome__in=NOT_WRITTEN), is_note=False),
        remarks=reasons(rows.filter(outcome__in=(*WRITTEN, Outcome.UNCHANGED)), is_note=True),
        repaired=repaired,
        mended_rows=len(cells),
        mended_cells=sum(cells),
        decided=decided,
    )


def reasons(rows: QuerySet[ImportRow], *, is_note: bool) -> tuple[Why, ...]:
    """Rows by outcome, column and reason: outcomes in their order, the commonest first."""
    found: Counter[tuple[str, str, str]] = Counter()
    known: dict[str, str] = {}
    said = rows.exclude(problems=[]).order_by("number").values_list("outcome", "problems")
    for outcome, problems in said.iterator(CHUNK):
        for key in {
            (outcome, one["column"], _short(one["message"], known))
            for one in problems
            if (one["weight"] == 0) == is_note
        }:
            found[key] += 1
    order = list(Outcome.values)
    ordered = sorted(found.items(), key=lambda one: (order.index(one[0][0]), -one[1], one[0]))
    return tuple(Why(*key, rows=count) for key, count in ordered)


def _short(message: str, known: dict[str, str]) -> str:
    if message not in known:
        known[message] = reason_of(message)
    return known[message]


def _mended(rows: QuerySet[ImportRow]) -> tuple[Mapping[str, int], list[int]]:
    """In how many rows a repair of a kind was taken; of each mended row, how many cells."""
    kinds: Counter[str] = Counter()
    cells = []
    for edits, mended in rows.exclude(edits={}).order_by("number").values_list("edits", "mended"):
        cells.append(len(edits))
        kinds.update({one["kind"] for one in mended} - {""})
    return kinds, cells
