"""What the register knew at a moment: the recorded history behind the live tables' names.

Triggers copy every change of a tracked table into its event table. For each of them the
schema ``known`` holds a view of the same name and columns that shows the rows as they were
recorded at the moment in the setting ``registry.known``. ``known_at`` puts these rows in
the place of the live ones, so that the very same queries read the past: there is no
second copy of any rule. That is done for the rooms that hold the enterprises, their
certificates and relations, and for values entered by hand. Plans and counting rules carry their own dates and are
published: they are read as of today.

The views are dropped before and made after every ``migrate`` (see ``registry.apps``), so
that they always fit the tables. Code lists are not tracked: they are read as of today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.db.utils import DEFAULT_DB_ALIAS

SCHEMA = "known"
REMEMBERED = (
    "registry.enterprises.",
    "registry.certifications.",
    "registry.supply.",
    "registry.statistics.",
    "registry.support.",
)
"""Rooms whose tables are read as they were."""

VIEW = """
CREATE OR REPLACE VIEW {schema}.{table} AS
SELECT {columns} FROM (
  SELECT DISTINCT ON (pgh_obj_id) {columns}, pgh_label
  FROM public.{events}
  WHERE pgh_created_at <= current_setting('registry.known')::timestamptz
  ORDER BY pgh_obj_id, pgh_id DESC
) AS latest WHERE pgh_label <> 'delete'
"""


def tracked_models() -> list[tuple[type[models.Model], type[models.Model]]]:
    """Each tracked model of the register with the model of its events."""
    found = []
    for model in apps.get_app_config("registry").get_models():
        events = getattr(model, "pgh_event_model", None)
        if events is not None:
            found.append((model, events))
    return found


def remembered_tables() -> list[type[models.Model]]:
    """The tracked models whose rows stand behind figures and lists."""
    return [model for model, _ in tracked_models() if model.__module__.startswith(REMEMBERED)]


def drop_views(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Make way for a migration that changes event tables."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def make_views(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """One view for each tracked table that the database has by now."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for model, events in tracked_models():
            if not {model._meta.db_table, events._meta.db_table} <= there:
                continue
            columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
            cursor.execute(
                VIEW.format(
                    schema=SCHEMA,
                    table=model._meta.db_table,
                    events=events._meta.db_table,
                    columns=columns,
                )
            )


@contextmanager
def known_at(moment: dt.datetime | None) -> Iterator[None]:
    """Read the register as it was recorded at ``moment``; None reads it as it is.

    The views are copied into temporary tables of the same names, with indexes: a query
    that asks a view once for each row would take minutes. PostgreSQL looks among
    temporary tables first. For reading only, inside one transaction.
    """
    if moment is None:
        yield
        return
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registry.known', %s, true)", [moment.isoformat()])
        for model in remembered_tables():
            cursor.execute(_snapshot(model))
        try:
            yield
        finally:
            if not connection.needs_rollback:
                for model in remembered_tables():
                    cursor.execute(f"DROP TABLE pg_temp.{model._meta.db_table}")


def _snapshot(model: type[models.Model]) -> str:
    """Copy one view; index what rows are looked up by."""
    table = model._meta.db_table
    statements = [f"CREATE TEMP TABLE pg_temp.{table} ON COMMIT DROP AS TABLE {SCHEMA}.{table}"]
    looked_up_by = {"enterprise_id", "certificate_id", model._meta.pk.column}
    for field in model._meta.concrete_fields:
        if field.column in looked_up_by:
            statements.append(f"CREATE INDEX ON pg_temp.{table} ({field.column})")
    statements.append(f"ANALYZE pg_temp.{table}")
    return "; ".join(statements)
