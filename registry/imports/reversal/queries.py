"""What a batch wrote, and who has written to the same records since."""

from __future__ import annotations

import dataclasses as dc
import uuid
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.core.known import tracked_models
from registry.enterprises.models import Enterprise


@dc.dataclass(frozen=True)
class Written:
    """A table that a batch wrote to, with the events of the history that say so."""

    model: type[models.Model]
    events: QuerySet[Any]
    context: uuid.UUID

    @property
    def of_others(self) -> QuerySet[Any]:
        """Events of the same table that are not the batch's."""
        everything: QuerySet[Any] = self.events.model._base_manager.all()
        return everything.filter(~Q(pgh_context_id=self.context) | Q(pgh_context_id=None))

    @property
    def enterprise_id(self) -> str:
        """The field of an event that says whose record it is. Of two records that are not the
        same the second is the one that the batch made."""
        special = {"Enterprise": "pgh_obj_id", "DuplicateDecision": "second_id"}
        return special.get(self.model.__name__, "enterprise_id")


def written_in(context: uuid.UUID) -> list[Written]:
    """The tables that a batch wrote to: enterprises first, then what hangs on them."""
    found = []
    for model, event_model in tracked_models():
        events = event_model._base_manager.filter(pgh_context_id=context)
        if events.exists():
            found.append(Written(model, events, context))
    return sorted(found, key=lambda one: one.model.__name__ != "Enterprise")


def touched(written: list[Written]) -> set[int]:
    """Enterprises that a batch wrote to."""
    found: set[int] = set()
    for one in written:
        found.update(one.events.order_by().values_list(one.enterprise_id, flat=True).distinct())
    return found


def hold(written: list[Written]) -> None:
    """Keep others from what a batch wrote, and from its enterprises, until the transaction
    ends: enterprises in order of identity, as every writer takes them, then what hangs on them.
    """
    held: list[tuple[Any, Any]] = [(Enterprise, touched(written))]
    held += [
        (one.model, one.events.order_by().values("pgh_obj_id"))
        for one in written
        if one.model is not Enterprise
    ]
    for model, ids in held:
        rows = model._base_manager.select_for_update().filter(pk__in=ids).order_by("pk")
        list(rows.values_list("pk", flat=True))


def changed_since(written: list[Written]) -> set[int]:
    """Enterprises whose records, as far as the batch touched them, are no longer as it left
    them. What others wrote and took back again is no change."""
    changed: set[int] = set()
    for one in written:
        mine = one.events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
        later = one.of_others.filter(Exists(mine)).order_by()
        owners = dict(later.values_list("pgh_obj_id", one.enterprise_id))
        as_left = _last_of_each(one.events.filter(pgh_obj_id__in=owners))
        now = _last_of_each(one.events.model._base_manager.filter(pgh_obj_id__in=owners))
        changed.update(owner for pk, owner in owners.items() if now[pk] != as_left[pk])
        if one.model.__name__ == "Enterprise":
            changed |= _given_more(one)
    return changed


def _last_of_each(events: QuerySet[Any]) -> dict[int, tuple[Any, ...]]:
    """By record: whether it is gone, and its values, as its last event among these says."""
    fields = [f.attname for f in events.model._meta.fields if not f.attname.startswith("pgh_")]
    found = events.order_by("pgh_id").values_list("pgh_obj_id", "pgh_label", *fields)
    return {pk: (label == "delete", *values) for pk, label, *values in found}


def _given_more(enterprises: Written) -> set[int]:
    """New enterprises of the batch on which records hang that somebody else made."""
    new = enterprises.events.filter(pgh_label="insert").values("pgh_obj_id")
    found: set[int] = set()
    for model in apps.get_app_config("registry").get_models():
        if hasattr(model, "pgh_tracked_model"):
            continue
        event_model = getattr(model, "pgh_event_model", None)
        for field in model._meta.concrete_fields:
            if getattr(field.related_model, "__name__", "") != "Enterprise":
                continue
            # What has no history stands in its own table.
            rows: QuerySet[Any] = (event_model or model)._base_manager.filter(
                **{f"{field.attname}__in": new}
            )
            if event_model:
                rows = Written(model, rows, enterprises.context).of_others & rows
                rows = rows.filter(pgh_obj_id__in=model._base_manager.values("pk"))
            found.update(rows.order_by().values_list(field.attname, flat=True).distinct())
    return found


def names_of(ids: set[int], enterprises: QuerySet[Any]) -> list[str]:
    """Names in alphabetical order, with the number where one is not known."""
    known = dict(enterprises.filter(pk__in=ids).values_list("pk", "name"))
    return sorted(known.get(pk, f"CNHT-{pk:07}") for pk in ids)
