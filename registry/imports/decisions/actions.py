"""The only writers of decisions: whom a row means, whose values hold, and back again.

None of them checks the rows; that is asked for with :mod:`registry.imports.work`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import refuse_outside_area
from registry.imports.actions import in_hand
from registry.imports.choices import LIST, OURS, Asked
from registry.imports.decisions.queries import record_meant
from registry.imports.models import ImportDecision, ImportRow
from registry.imports.recognising import ENDED

Kind = ImportDecision.Kind


class Undecidable(Exception):
    """This cannot be decided so; the text says why. Nothing is kept."""


@transaction.atomic
def decide_same(
    *, batch_id: int, number: int, enterprise_id: int, mark: str, by: User
) -> ImportDecision:
    """The row means this record: it becomes a change of it, and is checked as one.

    ``mark`` is that of the question as it was seen. Raises :class:`Undecidable` for another
    question by now and for a record that is no longer live, and
    :class:`~registry.enterprises.permissions.OutsideArea`.
    """
    asked, _record = _asked(batch_id, number, mark)
    if not asked.whom:
        raise Undecidable(_("Whom this row means is not in question."))
    enterprise = Enterprise.objects.filter(pk=enterprise_id).first()
    if enterprise is None:
        raise Undecidable(_("The register has no enterprise of this number."))
    if enterprise.state_on(timezone.localdate()) in ENDED:
        message = _("%(enterprise)s is no longer in the register (closed, moved away or merged).")
        raise Undecidable(message % {"enterprise": enterprise})
    refuse_outside_area(by, [enterprise.pk])
    return _keep(batch_id, number, Kind.SAME, by, same_as=enterprise.pk)


@transaction.atomic
def decide_new(*, batch_id: int, number: int, mark: str, by: User) -> ImportDecision:
    """The row is none of the records that were shown: it becomes a new one.

    Raises like :func:`decide_same`, and where the tax code is that of a record.
    """
    asked, _record = _asked(batch_id, number, mark)
    if not asked.may_be_new:
        raise Undecidable(
            _("A record has this tax code, so the row is no new one. Mend the code, or choose.")
        )
    others = sorted(one.pk for one in asked.whom)
    refuse_outside_area(by, others)
    return _keep(batch_id, number, Kind.NEW, by, apart_from=others)


@transaction.atomic
def decide_fields(
    *, batch_id: int, number: int, takes: Mapping[str, str], mark: str, by: User
) -> ImportDecision:
    """Whose value each field takes, ``ours`` or ``list``; fields left out stay open.

    Raises like :func:`decide_same`, and where nothing was chosen.
    """
    asked, record = _asked(batch_id, number, mark)
    fields = {
        one.name: {"take": takes[one.name], "ours": one.ours, "list": one.list}
        for one in asked.fields
        if takes.get(one.name) in (OURS, LIST)
    }
    if not fields:
        raise Undecidable(_("Choose for at least one field whose value is to hold."))
    refuse_outside_area(by, [record])
    return _keep(batch_id, number, Kind.FIELDS, by, fields=fields)


@transaction.atomic
def undo_decision(*, batch_id: int, number: int, by: User) -> None:
    """Take back what was decided of a row; it asks again with the next check.

    Raises :class:`~registry.enterprises.permissions.OutsideArea` like the deciding.
    """
    batch = in_hand(batch_id)
    about = {record_meant(batch, row) for row in batch.rows.filter(number=number)}
    for one in batch.decisions.filter(number=number):
        about |= {one.same_as or 0, *one.apart_from}
    still_there = Enterprise.objects.filter(pk__in=about)
    refuse_outside_area(by, list(still_there.values_list("pk", flat=True)))
    with pghistory.context(user=by.pk):
        ImportDecision.objects.filter(batch=batch_id, number=number).delete()


def _asked(batch_id: int, number: int, mark: str) -> tuple[Asked, int]:
    """What the row asks, the batch held; it must be what was seen. And the record that it
    carries the number of, 0 where it carries none."""
    batch = in_hand(batch_id)
    row = ImportRow.objects.select_for_update().get(batch=batch_id, number=number)
    asked = Asked.from_json(row.asks)
    if not row.asks or asked.mark() != mark:
        raise Undecidable(_("The row was checked again meanwhile. Look at it once more."))
    return asked, record_meant(batch, row)


def _keep(batch_id: int, number: int, kind: str, by: User, **chosen: Any) -> ImportDecision:
    blank: dict[str, Any] = {"same_as": None, "apart_from": [], "fields": {}}
    with pghistory.context(user=by.pk):
        decision, _created = ImportDecision.objects.update_or_create(
            batch_id=batch_id,
            number=number,
            defaults={**blank, **chosen, "kind": kind, "by": by, "is_checked": False},
        )
    return decision
