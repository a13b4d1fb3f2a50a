"""The only writers of supply relations. Each takes a reason and who acts (``by``)."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Sequence

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
