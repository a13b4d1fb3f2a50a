"""Since when the register knows a row: nobody could do its work before that day."""

from __future__ import annotations

from django.db.models import Exists, Model, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from registry.supply.models import SupplyRelation


def recorded_on(model: type[Model]) -> TruncDate:
    """The day on which a row of this tracked table was written down first (NULL: no history)."""
    events = model.pgh_event_model.objects.filter(pgh_obj_id=OuterRef("pk"))  # type: ignore[attr-defined]
    return TruncDate(Subquery(events.order_by("pgh_id").values("pgh_created_at")[:1]))


def stands_since() -> TruncDate:
    """The day since which a relation stands unverified: written down, or changed in what had
    been looked at."""
    history = SupplyRelation.pgh_event_model.objects  # type: ignore[attr-defined]
    looked = Q(verified_on__isnull=False) | Q(unverified_on__isnull=False)
    later = history.filter(looked, pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"))
    events = history.filter(~looked & ~Exists(later), pgh_obj_id=OuterRef("pk"))
    return TruncDate(Subquery(events.order_by("pgh_id").values("pgh_created_at")[:1]))
