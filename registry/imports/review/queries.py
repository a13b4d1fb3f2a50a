"""How many rows each choice of a filter would show, and who works on a list."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    F,
    Func,
    JSONField,
    Max,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Concat

from registry.accounts.models import User
from registry.core.text import digest_of
from registry.imports.models import WRITTEN, ImportBatch, ImportHolder, ImportRow
from registry.imports.problems import Outcome
from registry.imports.repairs.kinds import Repair
from registry.imports.review.filters import DECIDED, NO_COLUMN, OFFERED, RowFilter

MOST_COLUMNS = 40
BIG = DecimalField(max_digits=40, decimal_places=0)
Counts = Mapping[str, int]


def counts(batch: ImportBatch, asked: RowFilter) -> dict[str, Counts]:
    """For each part of the filter: how many rows each value shows beside what else is asked.

    Four queries, whatever the length of the list.
    """
    by_outcome = {one: Q(outcome=one) for one in Outcome.values}
    return {
        "outcome": _counted(batch, asked.without("outcome"), by_outcome),
        "decided": _counted(batch, asked.without("decided"), DECIDED),
        "repair": _counted(batch, asked.without("repair"), OFFERED),
        "problem": by_column(asked.without("problem").rows(batch), MOST_COLUMNS),
    }


def _counted(batch: ImportBatch, asked: RowFilter, choices: Mapping[str, Q]) -> Counts:
    wanted = {f"n{place}": Count("pk", filter=q) for place, q in enumerate(choices.values())}
    found = asked.rows(batch).aggregate(all=Count("pk"), **wanted)
    return {"": found["all"]} | {value: found[f"n{place}"] for place, value in enumerate(choices)}


def by_column(rows: QuerySet[ImportRow], most: int, *, is_remark_enough: bool = True) -> Counts:
    """Rows by the column of which something is to be said, the commonest first.

    Without ``is_remark_enough`` only what keeps a row from being written is counted.
    """
    path = "$[*]" if is_remark_enough else "$[*] ? (@.weight > 0)"
    each = Func(F("problems"), Value(path), function="jsonb_path_query", output_field=JSONField())
    said = rows.annotate(said=each).values(column=KeyTextTransform("column", "said"))
    found = said.annotate(n=Count("pk", distinct=True)).order_by("-n", "column")
    return {column or NO_COLUMN: n for column, n in found.values_list("column", "n")[:most]}


@dc.dataclass(frozen=True)
class Meant:
    """The rows that a button would change: how many, and a mark of which and of what they
    say, by which they are known again when the button is pressed."""

    count: int
    mark: str


def meant(rows: QuerySet[ImportRow], wanted: Mapping[str, tuple[str, Q]]) -> dict[str, Meant]:
    """For each name the rows that are meant; the column is what they may not change in
    meanwhile. One query, without bringing the rows here."""
    sums: dict[str, Any] = {}
    for place, (column, which) in enumerate(wanted.values()):
        sums[f"n{place}"] = Count("pk", filter=which)
        sums[f"sum{place}"] = Sum(_sum_of_row(column), filter=which)
    found = rows.aggregate(**sums)
    return {
        name: Meant(found[f"n{place}"], f"{found[f'n{place}']}:{found[f'sum{place}'] or 0}")
        for place, name in enumerate(wanted)
    }


def _sum_of_row(column: str) -> Func:
    """64 bits of the row's number and of what stands in a column."""
    text = Concat(F("number"), Value(" "), F(column), output_field=TextField())
    return Func(text, Value(0), function="hashtextextended", output_field=BIG)


ACCEPT = ("digest", Q(outcome__in=WRITTEN, decision="leave"))
LEAVE = ("digest", Q(outcome__in=WRITTEN, decision="accept"))


def with_offer(kind: str) -> tuple[str, Q]:
    """Rows with a repair of the kind that can be taken together with others."""
    return "offers", Q(offers__contains=[{"kind": kind, "is_sure": True}])


def with_mended(kind: str) -> tuple[str, Q]:
    """Rows in which a repair of the kind was taken."""
    return "mended", Q(mended__contains=[{"kind": kind}])


@dc.dataclass(frozen=True)
class Bulk:
    """The rows that each button for all of them would change; repairs by kind."""

    accept: Meant
    leave: Meant
    take: Mapping[str, Meant]
    put_back: Mapping[str, Meant]


def bulk(batch: ImportBatch, asked: RowFilter) -> Bulk:
    """Of the rows of the filter; one query."""
    wanted = {"accept": ACCEPT, "leave": LEAVE}
    wanted |= {f"take {kind.value}": with_offer(kind.value) for kind in Repair}
    wanted |= {f"put {kind.value}": with_mended(kind.value) for kind in Repair}
    found = meant(asked.rows(batch), wanted)
    return Bulk(
        accept=found["accept"],
        leave=found["leave"],
        take={kind.value: found[f"take {kind.value}"] for kind in Repair},
        put_back={kind.value: found[f"put {kind.value}"] for kind in Repair},
    )


def holder(batch: ImportBatch) -> tuple[User, dt.datetime]:
    """Who works on a list, and since when: who took it over last, else who loaded it."""
    last = ImportHolder.objects.filter(batch=batch).select_related("person").order_by("-pk").first()
    return (last.person, last.since) if last else (batch.uploaded_by, batch.uploaded_at)


def as_shown(batch: ImportBatch) -> str:
    """The mark of how far a list has come: another one where anybody has worked on it since."""
    decided = batch.decisions.aggregate(n=Count("pk"), last=Max("at"))
    parts = (
        batch.status,
        batch.holders.aggregate(last=Max("pk"))["last"],
        batch.acts.aggregate(last=Max("pk"))["last"],
        decided["n"],
        decided["last"],
    )
    return digest_of([str(part) for part in parts])


def with_holders(batches: QuerySet[ImportBatch]) -> list[tuple[ImportBatch, User]]:
    """Lists, each with who works on it; one query for all of them."""
    last = ImportHolder.objects.filter(batch__in=[batch.pk for batch in batches])
    people = {one.batch_id: one.person for one in last.select_related("person").order_by("pk")}
    return [(batch, people.get(batch.pk, batch.uploaded_by)) for batch in batches]
