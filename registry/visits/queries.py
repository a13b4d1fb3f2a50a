"""What a visit can run into, and the visits that wait to be settled."""

from __future__ import annotations

import datetime as dt

from django.db.models import DateField, OuterRef, QuerySet, Subquery

from registry.enterprises.models import Enterprise, Site
from registry.visits.enums import Conflict
from registry.visits.models import Visit


def conflicts_of(enterprise: Enterprise, on: dt.date, read_at: dt.datetime | None) -> list[str]:
    """Why a new visit of that day has to be looked at first."""
    found = []
    state = enterprise.state_on(on)
    if enterprise.merged_into_id is not None:
        found.append(Conflict.MERGED.value)
    elif state in ("closed", "moved_away"):
        found.append(Conflict.CLOSED.value)
    if read_at is not None and _changed_since(enterprise, read_at):
        found.append(Conflict.CHANGED.value)
    if Visit.objects.filter(enterprise=enterprise, on=on).exists():
        found.append(Conflict.SAME_DAY.value)
    return found


def _changed_since(enterprise: Enterprise, moment: dt.datetime) -> bool:
    """Whether the record itself or one of its sites was changed after the moment."""
    events = Enterprise.pgh_event_model.objects.filter(pgh_obj_id=enterprise.pk)  # type: ignore[attr-defined]
    sites = Site.pgh_event_model.objects.filter(enterprise_id=enterprise.pk)  # type: ignore[attr-defined]
    return any(rows.filter(pgh_created_at__gt=moment).exists() for rows in (events, sites))


def with_visits_to_settle(enterprises: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Enterprises with a visit to settle, with ``waits_since``: the day of the earliest one."""
    mine = Visit.objects.filter(enterprise=OuterRef("pk")).to_settle()
    first = mine.order_by("on", "pk").values("on")[:1]
    found = enterprises.annotate(waits_since=Subquery(first, output_field=DateField()))
    return found.filter(waits_since__isnull=False)
