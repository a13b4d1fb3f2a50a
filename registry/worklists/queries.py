"""Reads: who is in charge, what is late, whether the intake is paused, saved views."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.enterprises.models import Register
from registry.worklists.models import Assignment, IntakePause, ServiceTarget


def with_person(rows: QuerySet, *, kind: str) -> QuerySet:
    """Add ``person_id``: who has taken the row on; of its own, else of its enterprise.

    ``kind`` is what the rows are: ``certificate``, ``relation`` or ``enterprise``.
    """
    open_ones = Assignment.objects.in_force()
    of_row = open_ones.filter(**{kind: OuterRef("pk")}).values("person")
    if kind == "enterprise":
        return rows.annotate(person_id=Subquery(of_row))
    of_holder = open_ones.filter(enterprise=OuterRef("enterprise")).values("person")
    return rows.annotate(person_id=Coalesce(Subquery(of_row), Subquery(of_holder)))


def targets() -> dict[str, int]:
    """Working days by queue, for the queues that have a target now; one query."""
    rows = ServiceTarget.objects.order_by("queue", "-pk").distinct("queue")
    return {row.queue: row.working_days for row in rows if row.working_days}


def paused(on: dt.date) -> IntakePause | None:
    """The pause of the intake that covers this day."""
    return IntakePause.objects.in_force(on).order_by("pk").first()


def notices(on: dt.date) -> dict[str, Any]:
    """What every page says on top: whether its data is fictional, and a pause of the intake.

    One query, whatever the answer.
    """
    pause = IntakePause.objects.in_force(on).order_by("pk")
    rows = Register.objects.annotate(
        notice=Subquery(pause.values("notice")[:1]),
        notice_en=Subquery(pause.values("notice_en")[:1]),
        until=Subquery(pause.values("until")[:1]),
    )
    row = rows.values("kind", "notice", "notice_en", "until").order_by(F("pk")).first()
    if row is None:
        return {"is_sample": False, "pause": None}
    said = None
    if row["notice"]:
        said = IntakePause(
            notice=row["notice"], notice_en=row["notice_en"] or "", until=row["until"]
        )
    return {"is_sample": row["kind"] == Register.Kind.SAMPLE, "pause": said}
