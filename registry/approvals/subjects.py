"""What a proposal is about, and how it is told that this has changed since."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from registry.certifications.models import Certificate
from registry.desk.log import Entry, LogFilter, entries
from registry.desk.records import BELOW_CERTIFICATES, CHILDREN, code_of, tracked_by_code
from registry.enterprises.life.models import Spell
from registry.enterprises.models import Enterprise
from registry.supply.models import SupplyRelation

Version = dict[str, Any]
"""The number of the last recorded change by table, and the mark of what is not tracked."""

MARK = "mark"
MOST_TOLD = 20
"""Changes of one table that are told; any one is enough to overtake a proposal."""


@dc.dataclass(frozen=True)
class Subject:
    """The rows whose change overtakes a proposal.

    ``key`` tells two subjects apart; ``enterprise`` is where it stands in the history.
    ``records`` are enterprises with all that hangs on them, ``bare`` enterprises with their
    own row and the steps of their life only. ``mark`` stands for what has no history: any other mark is a change.
    """

    key: str
    enterprise: int | None = None
    records: tuple[int, ...] = ()
    bare: tuple[int, ...] = ()
    certificates: tuple[int, ...] = ()
    relations: tuple[int, ...] = ()
    mark: str = ""


def lock(subject: Subject) -> None:
    """Hold the rows until the transaction ends, in order of identity."""
    ids = sorted({*subject.records, *subject.bare})
    list(Enterprise.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    for model, held in ((Certificate, subject.certificates), (SupplyRelation, subject.relations)):
        rows: QuerySet = model.objects.select_for_update()
        list(rows.filter(pk__in=held).order_by("pk"))


def version_of(subject: Subject) -> Version:
    """What the register has recorded of the subject by now; one query for each table."""
    last = {
        code: events.aggregate(last=Max("pgh_id"))["last"] or 0 for code, events in _events(subject)
    }
    return {**last, MARK: subject.mark}


@dc.dataclass(frozen=True)
class Since:
    """What became of a subject since a version: changes of the log, and another mark."""

    entries: tuple[Entry, ...]
    mark_changed: bool

    def __bool__(self) -> bool:
        return bool(self.entries) or self.mark_changed


def changed_since(subject: Subject, version: Version) -> Since:
    """What was recorded of the subject after that version, the oldest first."""
    found: list[Entry] = []
    for code, events in _events(subject):
        later = events.filter(pgh_id__gt=version.get(code, 0)).order_by("pgh_id")
        for event in later.values_list("pgh_id", flat=True)[:MOST_TOLD]:
            found += entries(LogFilter(table=code, event=event), offset=0, limit=1)[0]
    found.sort(key=lambda entry: (entry.at, entry.event))
    return Since(tuple(found), subject.mark != version.get(MARK, ""))


def _events(subject: Subject) -> Iterator[tuple[str, Any]]:
    """Recorded changes of the subject, by the name of their table."""
    enterprises = {*subject.records, *subject.bare}
    wanted: dict[Any, Q] = {}
    if enterprises:
        wanted[Enterprise] = Q(pgh_obj_id__in=enterprises)
        wanted[Spell] = Q(enterprise_id__in=enterprises)
    if subject.records:
        wanted |= {model: Q(enterprise_id__in=subject.records) for model in CHILDREN}
    held = _held_certificates(subject)
    if subject.certificates:
        wanted[Certificate] = Q(pgh_obj_id__in=held)
    if subject.relations:
        own = Q(pgh_obj_id__in=subject.relations)
        wanted[SupplyRelation] = wanted.get(SupplyRelation, Q(pk__in=[])) | own
    if held:
        wanted |= {model: Q(certificate_id__in=held) for model in BELOW_CERTIFICATES}
    tables = tracked_by_code()
    for model, condition in wanted.items():
        code = code_of(model)
        yield code, tables[code][1]._base_manager.filter(condition)


def _held_certificates(subject: Subject) -> set[int]:
    of_records = Certificate.objects.filter(enterprise__in=subject.records)
    return {*subject.certificates, *of_records.values_list("pk", flat=True)}


def told(since: Since) -> str:
    """The changes in a line of words, to be kept."""
    lines = [
        " · ".join(
            part
            for part in (
                entry.table_label,
                "; ".join(
                    f"{c.label}: {c.before or '—'} → {c.after or '—'}" for c in entry.changes
                ),
                entry.person,
                _moment(entry.at),
            )
            if part
        )
        for entry in since.entries
    ]
    return "\n".join(lines)


def _moment(at: dt.datetime) -> str:
    return timezone.localtime(at).strftime("%d/%m/%Y %H:%M")
