"""The log: every recorded change of every tracked table, with who, when, why, what.

Triggers of the database write the changes, by whatever route they come. Values of contact
persons are never shown here: the log says only which of their fields changed.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import json
from collections import defaultdict
from typing import Any

from django.db import connection, models
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registry.accounts.models import User
from registry.certifications.models import Certificate
from registry.desk.records import CHILDREN, CORRECTABLE, tracked_by_code
from registry.enterprises.models import Contact, Enterprise

HIDDEN = "•••"
NOT_SHOWN = frozenset({"folded", "name_sort", "number_key", "public_id", "changes"})
"""Computed columns, which change with the ones they are computed from, and numbers of entries."""

UNNAMED = (
    gettext_noop("certificate site"),
    gettext_noop("import decision"),
    gettext_noop("created at"),
    gettext_noop("vsic"),
    gettext_noop("hs"),
    gettext_noop("payload"),
    gettext_noop("foreseen"),
    gettext_noop("moved"),
    gettext_noop("evidence sha256"),
    gettext_noop("fingerprint"),
    gettext_noop("batch"),
    gettext_noop("same as"),
    gettext_noop("apart from"),
    gettext_noop("fields"),
    gettext_noop("is checked"),
    gettext_noop("code"),
    gettext_noop("title"),
    gettext_noop("issuer"),
    gettext_noop("valid to"),
    gettext_noop("supersedes"),
    gettext_noop("operator"),
    gettext_noop("low"),
    gettext_noop("high"),
    gettext_noop("due on"),
    gettext_noop("as of"),
    gettext_noop("as of on"),
    gettext_noop("qualifier"),
    gettext_noop("activity"),
    gettext_noop("participation"),
    gettext_noop("incentive"),
    gettext_noop("visit"),
    gettext_noop("uuid"),
    gettext_noop("record read at"),
    gettext_noop("conflicts"),
    gettext_noop("sha256"),
    gettext_noop("width"),
    gettext_noop("height"),
)
"""Names that Django makes from the code, for tables and columns that are given none."""


HOLDERS = {
    "certificate_id": "registry_certificateevent",
    "incentive_id": "registry_incentivecertificateevent",
    "participation_id": "registry_participationevent",
    "visit_id": "registry_visitevent",
}
"""By which column a row hangs on a row of an enterprise, and where the latter's history is."""


@dc.dataclass(frozen=True)
class LogFilter:
    """What of the log is asked for; an empty field asks for all.

    ``enterprise`` names the record whose rows are meant, ``row`` one row of ``table``
    and ``event`` one change of it. Tables in ``hidden`` are left out whatever is asked.
    """

    table: str = ""
    person: int | None = None
    day: dt.date | None = None
    enterprise: int | None = None
    row: int | None = None
    event: int | None = None
    hidden: frozenset[str] = frozenset()


@dc.dataclass(frozen=True)
class Change:
    """One value before and after, as it is read."""

    label: str
    before: str
    after: str


@dc.dataclass(frozen=True)
class Entry:
    """One recorded change of one row. ``person`` is empty where a command wrote."""

    table: str
    table_label: str
    event: int
    row: int
    label: str
    at: dt.datetime
    person: str
    reason: str
    changes: tuple[Change, ...]
    can_be_taken_back: bool


def entries(asked: LogFilter, *, offset: int, limit: int) -> tuple[list[Entry], int]:
    """A page of the log, the latest first, and how many entries there are in all.

    A handful of queries, however many entries are asked for or held.
    """
    sql, params = _union(asked)
    if not sql:
        return [], 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS log", params)
        total = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT place, pgh_id FROM ({sql}) AS log"
            " ORDER BY pgh_created_at DESC, pgh_id DESC, place LIMIT %s OFFSET %s",
            [*params, limit, offset],
        )
        found = cursor.fetchall()
    return _read(found), total


def versions(table: str, row: int) -> list[Entry]:
    """Every recorded version of one row, the latest first."""
    found, _total = entries(LogFilter(table=table, row=row), offset=0, limit=1_000)
    return found


def compare(table: str, row: int, one: int, other: int) -> list[Change] | None:
    """What differs between two recorded versions of a row; None where one is not known."""
    model, events = tracked_by_code()[table]
    held = events.objects.filter(pgh_obj_id=row).in_bulk([one, other])
    if not {one, other} <= held.keys():
        return None
    pair = [
        {field.attname: getattr(held[key], field.attname) for field in model._meta.concrete_fields}
        for key in (one, other)
    ]
    before, after = ({key: _plain(value) for key, value in side.items()} for side in pair)
    names = _names([(model, before), (model, after)])
    return _changes(model, before, after, names)


def _union(asked: LogFilter) -> tuple[str, list[Any]]:
    parts: list[str] = []
    params: list[Any] = []
    for code, (model, events) in tracked_by_code().items():
        if code in asked.hidden or (asked.table and code != asked.table):
            continue
        where, values = _conditions(asked, model)
        if where is None:
            continue
        parts.append(
            f"SELECT '{code}' AS place, e.pgh_id, e.pgh_created_at FROM public."
            f"{events._meta.db_table} AS e"
            + (
                " LEFT JOIN pghistory_context AS c ON c.id = e.pgh_context_id"
                if asked.person
                else ""
            )
            + (f" WHERE {' AND '.join(where)}" if where else "")
        )
        params += values
    return " UNION ALL ".join(parts), params


def _conditions(asked: LogFilter, model: type[models.Model]) -> tuple[list[str] | None, list[Any]]:
    where: list[str] = []
    params: list[Any] = []
    if asked.row is not None:
        where.append("e.pgh_obj_id = %s")
        params.append(asked.row)
    if asked.event is not None:
        where.append("e.pgh_id = %s")
        params.append(asked.event)
    if asked.person:
        where.append("c.metadata ->> 'user' = %s")
        params.append(str(asked.person))
    if asked.day:
        begin = timezone.make_aware(dt.datetime.combine(asked.day, dt.time.min))
        where.append("e.pgh_created_at >= %s AND e.pgh_created_at < %s")
        params += [begin, begin + dt.timedelta(days=1)]
    if asked.enterprise is not None:
        columns = {field.column for field in model._meta.concrete_fields}
        if model is Enterprise:
            where.append("e.pgh_obj_id = %s")
        elif "enterprise_id" in columns:
            where.append("e.enterprise_id = %s")
        elif held := [column for column in HOLDERS if column in columns]:
            where.append(
                f"e.{held[0]} IN (SELECT pgh_obj_id FROM public.{HOLDERS[held[0]]}"
                " WHERE enterprise_id = %s)"
            )
        else:
            return None, []
        params.append(asked.enterprise)
    return where, params


VALUES = """
SELECT '{code}', e.pgh_id, e.pgh_obj_id, e.pgh_label, e.pgh_created_at, c.metadata,
       to_jsonb(e), to_jsonb(p)
FROM public.{table} AS e
LEFT JOIN pghistory_context AS c ON c.id = e.pgh_context_id
LEFT JOIN LATERAL (
  SELECT * FROM public.{table} AS older
  WHERE older.pgh_obj_id = e.pgh_obj_id AND older.pgh_id < e.pgh_id
  ORDER BY older.pgh_id DESC LIMIT 1
) AS p ON true
WHERE e.pgh_id = ANY(%s)
"""


def _read(found: list[tuple[str, int]]) -> list[Entry]:
    """The entries with their values, in the order given: one query for all tables."""
    if not found:
        return []
    tables = tracked_by_code()
    ids: dict[str, list[int]] = defaultdict(list)
    for code, event in found:
        ids[code].append(event)
    sql = " UNION ALL ".join(
        VALUES.format(code=code, table=tables[code][1]._meta.db_table) for code in ids
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, list(ids.values()))
        rows = {(row[0], row[1]): _Raw(*row) for row in cursor.fetchall()}
    people = _people(rows.values())
    names = _names(
        [
            (tables[row.code][0], side)
            for row in rows.values()
            for side in (row.after, row.before)
            if side
        ]
    )
    return [_entry(rows[key], tables[key[0]][0], people, names) for key in found]


@dc.dataclass(frozen=True)
class _Raw:
    code: str
    event: int
    row: int
    label: str
    at: dt.datetime
    metadata: Any
    after: Any
    before: Any

    def __post_init__(self) -> None:
        for name in ("metadata", "after", "before"):
            object.__setattr__(self, name, _decoded(getattr(self, name)))


def _decoded(value: Any) -> dict[str, Any]:
    """JSON as the driver hands it over: text in Django's connection, or read already."""
    return (json.loads(value) if isinstance(value, str) else value) or {}


def _entry(
    raw: _Raw, model: type[models.Model], people: dict[str, str], names: dict[Any, str]
) -> Entry:
    after = {} if raw.label == "delete" else raw.after
    before = raw.after if raw.label == "delete" else raw.before
    changes = _changes(model, before, after, names)
    return Entry(
        table=raw.code,
        table_label=name_of(model._meta),
        event=raw.event,
        row=raw.row,
        label=raw.label,
        at=raw.at,
        person=people.get(str(raw.metadata.get("user")), ""),
        reason=str(raw.metadata.get("reason", "")),
        changes=tuple(changes),
        can_be_taken_back=model in CORRECTABLE and raw.label in ("update", "delete"),
    )


def _people(rows: Any) -> dict[str, str]:
    ids = {raw.metadata.get("user") for raw in rows} - {None}
    return {str(user.pk): user.desk_name for user in User.objects.filter(pk__in=ids)}


def _names(sides: list[tuple[type[models.Model], dict[str, Any]]]) -> dict[Any, str]:
    """Names of the rows that foreign keys point at; one query for each list pointed at."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for model, values in sides:
        for field in model._meta.concrete_fields:
            value = values.get(field.attname)
            is_named = field.related_model is Certificate or field.related_model not in CHILDREN
            if field.is_relation and value is not None and is_named:
                wanted[field.related_model].add(int(value))  # type: ignore[index]
    certificates = Certificate.objects.select_related("scheme").in_bulk(wanted.pop(Certificate, ()))
    return {
        (model, pk): str(row)
        for model, ids in wanted.items()
        for pk, row in model._base_manager.in_bulk(ids).items()
    } | {
        (Certificate, pk): f"{row.scheme.label} {row.number}".strip()
        for pk, row in certificates.items()
    }


def _changes(
    model: type[models.Model],
    before: dict[str, Any],
    after: dict[str, Any],
    names: dict[Any, str],
) -> list[Change]:
    changed = []
    for field in model._meta.concrete_fields:
        old, new = before.get(field.attname), after.get(field.attname)
        if old == new or field.primary_key or field.name in NOT_SHOWN:
            continue
        texts = [_text(model, field, value, names) for value in (old, new)]
        changed.append(Change(name_of(field), *texts))
    return changed


def name_of(named: Any) -> str:
    """What a table or a column is called, in the reader's language."""
    return _(str(named.verbose_name))


def _text(model: type[models.Model], field: Any, value: Any, names: dict[Any, str]) -> str:
    if value is None or value == "":
        return ""
    if field.name in getattr(model, "hidden_in_log", ()):
        return HIDDEN
    if model is Contact and not field.is_relation:
        return HIDDEN
    if field.is_relation:
        return names.get((field.related_model, int(value)), str(value))
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        day = parse_date(str(value))
        return day.strftime("%d/%m/%Y") if day else str(value)
    return str(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
