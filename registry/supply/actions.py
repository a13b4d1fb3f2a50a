"""The only writers of supply relations. Each takes a reason and who acts (``by``)."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pghistory
from django.db import transaction

from registry.accounts.models import User
from registry.enterprises.permissions import refuse_outside_area
from registry.supply.models import SupplyRelation

BATCH = 1_000


@dc.dataclass(frozen=True)
class RelationDraft:
    """An enterprise supplies a buyer at a tier; confidential unless said otherwise.

    ``verified_on`` is the day on which the officer who records it saw the evidence.
    """

    enterprise_id: int
    buyer_id: int
    tier: int
    plant_id: int | None = None
    product: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    evidence: str = ""
    verified_on: dt.date | None = None
    is_confidential: bool = True


@transaction.atomic
def record_relations(
    *, drafts: Sequence[RelationDraft], reason: str, by: User
) -> list[SupplyRelation]:
    """Record supply relations, those with a day of verification as verified by ``by``.

    All or none. Raises IntegrityError where the database refuses a row.
    """
    refuse_outside_area(by, {draft.enterprise_id for draft in drafts})
    with pghistory.context(user=by.pk, reason=reason):
        return SupplyRelation.objects.bulk_create(
            [
                SupplyRelation(verified_by=by if draft.verified_on else None, **vars(draft))
                for draft in drafts
            ],
            batch_size=BATCH,
        )


WHAT_WAS_VERIFIED = frozenset({"buyer_id", "plant_id", "product", "tier", "since"})
"""Columns of which a verification speaks: when one changes, it no longer holds."""


@transaction.atomic
def amend_relations(
    *, enterprise_id: int, changes: Mapping[int, Mapping[str, Any]], reason: str, by: User
) -> int:
    """Write new values of relations of one enterprise, by identity; all or none.

    A relation of which the buyer, plant, product, tier or beginning changes is no longer
    verified. Returns how many were touched. Raises IntegrityError where the database refuses.
    """
    refuse_outside_area(by, [enterprise_id])
    rows = SupplyRelation.objects.select_for_update().filter(enterprise=enterprise_id)
    touched = 0
    with pghistory.context(user=by.pk, reason=reason):
        for row in rows.filter(pk__in=changes).order_by("pk"):
            values = dict(changes[row.pk])
            if row.verified_on and WHAT_WAS_VERIFIED & values.keys():
                values |= {"verified_on": None, "verified_by_id": None}
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[name.removesuffix("_id") for name in values])
            touched += 1
    return touched
