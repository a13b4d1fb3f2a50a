"""Removes what a batch added and puts back what it changed, table by table."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Count

from registry.imports.reversal.queries import Written
from registry.imports.runs.actions import SILENT, Progress

PUT_BACK = """
UPDATE {table} AS now SET {values}
FROM (
  SELECT DISTINCT ON (event.pgh_obj_id) event.*
  FROM {events} AS event
  JOIN (
    SELECT pgh_obj_id, min(pgh_id) AS first FROM {events}
    WHERE pgh_context_id = %(context)s GROUP BY pgh_obj_id
  ) AS mine ON mine.pgh_obj_id = event.pgh_obj_id AND event.pgh_id < mine.first
  ORDER BY event.pgh_obj_id, event.pgh_id DESC
) AS before
WHERE now.{key} = before.pgh_obj_id
"""
"""The values of the last event before the batch's first one; an added row has none."""

REMOVE = """
DELETE FROM {table} WHERE {key} IN (
  SELECT pgh_obj_id FROM {events} WHERE pgh_context_id = %(context)s AND pgh_label = 'insert'
)
"""


class IncompleteHistory(Exception):
    """A record has no event from before the batch: it cannot be put back as it was."""


def undo(written: list[Written], *, progress: Progress = SILENT) -> int:
    """Undo all of it in the caller's transaction and context; returns how many records.

    What hangs on enterprises goes before them. Two statements for each table, however many
    rows there are; the history's triggers see every one.
    """
    counts = [record_count(one) for one in written]
    done = 0
    for one, count in zip(reversed(written), reversed(counts), strict=True):
        if undo_table(one) != count:
            raise IncompleteHistory(one.model.__name__)
        done += count
        progress.tell("undoing", done, sum(counts))
    return done


def record_count(one: Written) -> int:
    found: dict[str, int] = one.events.aggregate(n=Count("pgh_obj_id", distinct=True))
    return found["n"]


def undo_table(one: Written) -> int:
    model = one.model
    columns = [
        str(field.column)
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.generated)
    ]
    names: dict[str, Any] = {
        "table": quoted(model._meta.db_table),
        "events": quoted(one.events.model._meta.db_table),
        "key": quoted(str(model._meta.pk.column)),  # type: ignore[union-attr]
        "values": ", ".join(f"{quoted(name)} = before.{quoted(name)}" for name in columns),
    }
    with connection.cursor() as cursor:
        cursor.execute(PUT_BACK.format(**names), {"context": one.context})
        undone = cursor.rowcount
        cursor.execute(REMOVE.format(**names), {"context": one.context})
        return undone + cursor.rowcount


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
