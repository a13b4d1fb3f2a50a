"""The life of an enterprise as a list of steps, each with who recorded it, when and why."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from typing import Any

from registry.accounts.models import User
from registry.enterprises.life.models import Spell, SpellKind
from registry.enterprises.models import Enterprise

END_OF = {
    SpellKind.SUSPENDED.value: "resumed",
    SpellKind.CLOSED.value: "reopened",
    SpellKind.MOVED_AWAY.value: "came_back",
}
FIELDS = {
    "registered": "registered_on",
    "suspended": "suspended_on",
    "resumed": "resumed_on",
    "closed": "closed_on",
    "moved_away": "moved_away_on",
    "merged": "merged_on",
}


@dc.dataclass(frozen=True)
class Step:
    """One step: ``kind``, the day from which it holds, and how it came into the record.

    ``other`` is the successor, or the record merged into. ``person`` and ``reason`` are
    empty where a command wrote without them.
    """

    kind: str
    on: dt.date
    other: Enterprise | None = None
    person: str = ""
    reason: str = ""
    recorded_at: dt.datetime | None = None


def steps_of(enterprise: Enterprise) -> list[Step]:
    """Every step of the life as it is known now, the earliest first; a fixed number of queries."""
    spells = list(enterprise.spells.select_related("successor").order_by("since", "pk"))
    found = [
        Step(kind, day, _other(enterprise, kind))
        for kind, field in FIELDS.items()
        if (day := getattr(enterprise, field))
    ]
    absent_since = {spell.since for spell in spells if spell.kind != SpellKind.SUSPENDED}
    for spell in spells:
        found.append(Step(spell.kind, spell.since, spell.successor))
        # A suspension that was ended by closing has no step of its own.
        if spell.kind != SpellKind.SUSPENDED or spell.until not in absent_since:
            found.append(Step(END_OF[spell.kind], spell.until))
    order = list(FIELDS)
    found.sort(
        key=lambda step: (step.on, order.index(step.kind) if step.kind in order else len(order))
    )
    return _with_records(enterprise, spells, found)


def _other(enterprise: Enterprise, kind: str) -> Enterprise | None:
    if kind == "merged":
        return enterprise.merged_into
    return enterprise.successor if kind in ("closed", "moved_away") else None


def _with_records(enterprise: Enterprise, spells: list[Spell], steps: list[Step]) -> list[Step]:
    written = _first_writings(enterprise, spells)
    ids = {
        event.pgh_context.metadata.get("user") for event in written.values() if event.pgh_context
    }
    people = User.objects.in_bulk([pk for pk in ids if pk])
    told = []
    for step in steps:
        event = written.get((step.kind, step.on))
        metadata = event.pgh_context.metadata if event and event.pgh_context else {}
        person = people.get(metadata.get("user") or 0)
        told.append(
            dc.replace(
                step,
                person=person.desk_name if person else "",
                reason=str(metadata.get("reason", "")),
                recorded_at=event.pgh_created_at if event else None,
            )
        )
    return told


def _first_writings(enterprise: Enterprise, spells: list[Spell]) -> dict[tuple[str, dt.date], Any]:
    """The recorded change by which each day came into the record, by step and day.

    A day that was taken out and put in again counts from the last time it came in.
    """
    written: dict[tuple[str, dt.date], Any] = {}
    before: Any = None
    rows: Any = type(enterprise).pgh_event_model.objects.filter(pgh_obj_id=enterprise.pk)  # type: ignore[attr-defined]
    for event in rows.select_related("pgh_context").order_by("pgh_id"):
        for kind, field in FIELDS.items():
            day = getattr(event, field)
            if day and (before is None or getattr(before, field) != day):
                written[kind, day] = event
        before = event
    ends: Any = Spell.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id__in=[spell.pk for spell in spells], pgh_label="insert"
    )
    for event in ends.select_related("pgh_context").order_by("pgh_id"):
        written.setdefault((END_OF[event.kind], event.until), event)
    return written
