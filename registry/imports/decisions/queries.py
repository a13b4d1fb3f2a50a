"""What was decided of the rows of a list, as the check of the rows takes it."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from registry.accounts.models import User
from registry.enterprises.enums import SiteKind
from registry.enterprises.models import Enterprise, EnterpriseSector, Product, Site
from registry.imports.choices import Choice, Taken
from registry.imports.columns import Meaning
from registry.imports.exporting import identity_in
from registry.imports.models import ImportBatch, ImportDecision, ImportRow
from registry.imports.problems import Outcome
from registry.imports.restricting import BLANK
from registry.imports.review.filters import letter_of


def record_meant(batch: ImportBatch, row: ImportRow) -> int:
    """The identity that an exported row carries; 0 where it carries none."""
    return identity_in(row.cells.get(letter_of(batch, Meaning.PUBLIC_ID), ""))


def choices_of(batch: ImportBatch) -> dict[int, Choice]:
    """What was chosen, by the number of the row; one query."""
    return {one.number: choice_of(one) for one in batch.decisions.order_by("number")}


def choice_of(one: ImportDecision) -> Choice:
    return Choice(
        same_as=one.same_as or 0,
        apart_from=frozenset(one.apart_from),
        fields={name: Taken(**taken) for name, taken in one.fields.items()},
        by=one.by_id,
        on=timezone.localdate(one.at),
    )


def waiting(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Rows that ask something and of which nothing was decided since they were checked."""
    decided = batch.decisions.filter(is_checked=False).values("number")
    rows = batch.rows.filter(outcome__in=(Outcome.DOUBTFUL, Outcome.CONFLICT)).exclude(asks={})
    return rows.exclude(number__in=decided).order_by("number")


@dc.dataclass(frozen=True)
class Touched:
    """When a value got what it is now, and by whom; the name is empty where nobody is known."""

    at: dt.datetime
    person: str


TABLES: Mapping[Meaning, tuple[type[models.Model], dict[str, str]]] = {
    Meaning.ADDRESS: (Site, {"kind": SiteKind.HEAD_OFFICE.value}),
    Meaning.SECTOR: (EnterpriseSector, {}),
    Meaning.PRODUCTS: (Product, {}),
}
"""Exported columns that are no field of the enterprise, and the rows that they show."""


def last_change(enterprise_id: int, meaning: Meaning) -> Touched | None:
    """Who gave a value of a record what it is now; None where the history does not say."""
    if meaning in TABLES:
        model, only = TABLES[meaning]
        events = model.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            enterprise_id=enterprise_id, **only
        )
        event = events.select_related("pgh_context").order_by("-pgh_id").first()
        return _touched(event) if event else None
    field, _blank = BLANK[meaning]
    events = Enterprise.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id=enterprise_id
    )
    found = None
    for event in events.select_related("pgh_context").order_by("-pgh_id"):
        if found and getattr(event, field) != getattr(found, field):
            break
        found = event
    return _touched(found) if found else None


def _touched(event: Any) -> Touched:
    user = (event.pgh_context.metadata if event.pgh_context else {}).get("user")
    person = User.objects.filter(pk=user).first() if user else None
    return Touched(event.pgh_created_at, str(person or ""))
