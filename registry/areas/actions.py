"""The only writer of areas."""

from __future__ import annotations

from collections.abc import Collection

import pghistory
from django.db import transaction

from registry.accounts.models import User
from registry.areas.models import AreaPart


@transaction.atomic
def set_area(
    *, person: User, wards: Collection[int], sectors: Collection[int], reason: str, by: User
) -> bool:
    """Give a person these wards and sectors as the area they may write in; none = everything.

    Parts that stay are left alone, so that the history shows only what changed. Returns
    whether anything did.
    """
    wanted = {(ward, None) for ward in wards} | {(None, sector) for sector in sectors}
    User.objects.select_for_update().get(pk=person.pk)
    with pghistory.context(user=by.pk, reason=reason):
        there = {(part.ward_id, part.sector_id): part for part in person.area.all()}
        gone = [part.pk for key, part in there.items() if key not in wanted]
        new = sorted(wanted - set(there), key=str)
        AreaPart.objects.filter(pk__in=gone).delete()
        AreaPart.objects.bulk_create(
            [AreaPart(person=person, ward_id=ward, sector_id=sector) for ward, sector in new]
        )
    return bool(gone or new)
