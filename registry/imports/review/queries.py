"""How many rows each choice of a filter would show, and who works on a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Count, F, Func, JSONField, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform

from registry.accounts.models import User
from registry.imports.models import WRITTEN, ImportBatch, ImportHolder
from registry.imports.problems import Outcome
from registry.imports.repairs.kinds import Repair
from registry.imports.review.filters import DECIDED, NO_COLUMN, OFFERED, RowFilter

MOST_COLUMNS = 40
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
        "problem": _by_column(batch, asked.without("problem")),
    }


def _counted(batch: ImportBatch, asked: RowFilter, choices: Mapping[str, Q]) -> Counts:
    wanted = {f"n{place}": Count("pk", filter=q) for place, q in enumerate(choices.values())}
    found = asked.rows(batch).aggregate(all=Count("pk"), **wanted)
    return {"": found["all"]} | {value: found[f"n{place}"] for place, value in enumerate(choices)}


def _by_column(batch: ImportBatch, asked: RowFilter) -> Counts:
    """Rows by the column of which something is to be said, the commonest first."""
    each = Func(F("problems"), Value("$[*]"), function="jsonb_path_query", output_field=JSONField())
    rows = asked.rows(batch).annotate(said=each).values(column=KeyTextTransform("column", "said"))
    found = rows.annotate(n=Count("pk", distinct=True)).order_by("-n", "column")
    return {column or NO_COLUMN: n for column, n in found.values_list("column", "n")[:MOST_COLUMNS]}


def to_decide(batch: ImportBatch, asked: RowFilter) -> tuple[int, int]:
    """How many rows of the filter accepting would change, and how many leaving out."""
    found = (
        asked.rows(batch)
        .filter(outcome__in=WRITTEN)
        .aggregate(
            left=Count("pk", filter=Q(decision="leave")),
            taken=Count("pk", filter=Q(decision="accept")),
        )
    )
    return found["left"], found["taken"]


def sure_offers(kind: str) -> Q:
    """Rows with a repair of the kind that can be taken together with others."""
    return Q(offers__contains=[{"kind": kind, "is_sure": True}])


def to_repair(batch: ImportBatch, asked: RowFilter) -> tuple[Counts, Counts]:
    """By kind: rows of the filter with a repair that can be taken, and with one taken."""
    can = {f"can{n}": Count("pk", filter=sure_offers(kind)) for n, kind in enumerate(Repair)}
    did = {
        f"did{n}": Count("pk", filter=Q(mended__contains=[{"kind": kind.value}]))
        for n, kind in enumerate(Repair)
    }
    found = asked.rows(batch).aggregate(**can, **did)
    return (
        {kind.value: found[f"can{n}"] for n, kind in enumerate(Repair)},
        {kind.value: found[f"did{n}"] for n, kind in enumerate(Repair)},
    )


def holder(batch: ImportBatch) -> tuple[User, dt.datetime]:
    """Who works on a list, and since when: who took it over last, else who loaded it."""
    last = ImportHolder.objects.filter(batch=batch).select_related("person").order_by("-pk").first()
    return (last.person, last.since) if last else (batch.uploaded_by, batch.uploaded_at)


def with_holders(batches: QuerySet[ImportBatch]) -> list[tuple[ImportBatch, User]]:
    """Lists, each with who works on it; one query for all of them."""
    last = ImportHolder.objects.filter(batch__in=[batch.pk for batch in batches])
    people = {one.batch_id: one.person for one in last.select_related("person").order_by("pk")}
    return [(batch, people.get(batch.pk, batch.uploaded_by)) for batch in batches]
