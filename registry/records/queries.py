"""Applications that wait, and those that look like what is being typed."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from registry.accounts.models import User
from registry.areas.queries import Area
from registry.desk.duplicates import name_key
from registry.records.enums import Status
from registry.records.models import Application, Draft
from registry.reference.models import Sector


def applications_to_decide(by: User | None = None) -> QuerySet[Application]:
    """Waiting for a decision, the longest waiting first; not those that ``by`` entered."""
    rows = Application.objects.filter(status=Status.SUBMITTED).order_by("submitted_at", "pk")
    return rows.exclude(submitted_by=by) if by else rows


def applications_sent_back(to: User | None = None) -> QuerySet[Application]:
    """Sent back and not handed in again, the longest waiting first."""
    rows = Application.objects.filter(status=Status.SENT_BACK).order_by("decided_at", "pk")
    return rows.filter(submitted_by=to) if to else rows


def applications_in(rows: QuerySet[Application], area: Area | None) -> QuerySet[Application]:
    """Those whose record to be would lie in an area: by the wards of its sites, or its sectors.
    None: every one."""
    if area is None:
        return rows
    branches = Sector.objects.filter(parent__in=area.sectors).values_list("pk", flat=True)
    wanted: list[dict[str, Any]] = [
        {"rows": {"sites": [{"ward_id": pk}]}} for pk in sorted(area.wards)
    ]
    wanted += [{"codes": {"sectors": [pk]}} for pk in sorted(area.sectors | set(branches))]
    lies_in = Q()
    for part in wanted:
        lies_in |= Q(content__contains=part)
    return rows.filter(lies_in)


def drafts_of(person: User) -> QuerySet[Draft]:
    """What a person has begun to type and not handed in, the latest first."""
    return Draft.objects.filter(by=person).select_related("enterprise").order_by("-saved_at", "pk")


def applications_like(*, name: str, tax_code: str, but: int | None = None) -> list[Application]:
    """Applications not decided yet with the same name without legal words, or tax code."""
    key = name_key(name) if name else ""
    open_ones = Application.objects.filter(status__in=(Status.SUBMITTED, Status.SENT_BACK))
    open_ones = open_ones.exclude(pk=but) if but else open_ones
    return [
        row
        for row in open_ones.defer("content").order_by("pk")
        if (key and name_key(row.name) == key) or (tax_code and row.tax_code[:10] == tax_code[:10])
    ]


@dc.dataclass(frozen=True)
class Move:
    """One step of an application: where it went, by whom, when and why."""

    status: Status
    person: str
    at: dt.datetime
    reason: str


def moves_of(application: Application) -> list[Move]:
    """Every step of an application from its history, the first one first; two queries."""
    events = (
        Application.pgh_event_model.objects.filter(pgh_obj_id=application.pk)  # type: ignore[attr-defined]
        .select_related("pgh_context")
        .defer("content")
        .order_by("pgh_id")
    )
    rows = [(event, event.pgh_context.metadata if event.pgh_context else {}) for event in events]
    people = User.objects.in_bulk([told["user"] for _event, told in rows if told.get("user")])
    found = []
    for event, told in rows:
        person = people.get(told.get("user") or 0)
        name = person.desk_name if person else ""
        reason = str(told.get("reason", ""))
        found.append(Move(Status(event.status), name, event.pgh_created_at, reason))
    return found
