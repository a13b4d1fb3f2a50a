"""The only writer of a whole edited record of this room. Untouched rows stay untouched."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping
from typing import Any

import pghistory
from django.db import models, transaction

from registry.accounts.models import User
from registry.enterprises.models import (
    Contact,
    Enterprise,
    EnterpriseMaterial,
    EnterpriseProcess,
    EnterpriseSector,
    Machine,
    Product,
    Site,
    YearFigure,
)
from registry.enterprises.permissions import refuse_outside_area

ROWS: dict[str, type[models.Model]] = {
    "sites": Site,
    "products": Product,
    "machines": Machine,
    "year_figures": YearFigure,
    "contacts": Contact,
}
CODES: dict[str, tuple[type[models.Model], str]] = {
    "sectors": (EnterpriseSector, "sector_id"),
    "processes": (EnterpriseProcess, "process_id"),
    "materials": (EnterpriseMaterial, "material_id"),
}


@dc.dataclass
class RowChanges:
    """What happened to the rows of one table: new ones, new values by identity, gone ones."""

    add: list[dict[str, Any]] = dc.field(default_factory=list)
    change: dict[int, dict[str, Any]] = dc.field(default_factory=dict)
    remove: set[int] = dc.field(default_factory=set)


@dc.dataclass
class CodeChanges:
    """Entries of a code list that an enterprise has gained and lost; ids of the list."""

    add: set[int] = dc.field(default_factory=set)
    remove: set[int] = dc.field(default_factory=set)


@dc.dataclass
class RecordChanges:
    """Everything that one saving changes in the rows of this room.

    ``primary_sector`` is the id of the sector that is to be the primary one, given only
    when it or the sectors changed.
    """

    fields: dict[str, Any] = dc.field(default_factory=dict)
    rows: Mapping[str, RowChanges] = dc.field(default_factory=dict)
    codes: Mapping[str, CodeChanges] = dc.field(default_factory=dict)
    primary_sector: int | None = None
    has_new_primary: bool = False


@transaction.atomic
def write_changes(*, enterprise: Enterprise, changes: RecordChanges, reason: str, by: User) -> None:
    """Write what changed and nothing else. ``enterprise`` is locked by who calls.

    Raises IntegrityError where the database refuses a value, and
    :class:`~registry.enterprises.permissions.OutsideArea`.
    """
    refuse_outside_area(by, [enterprise.pk])
    with pghistory.context(user=by.pk, reason=reason):
        if changes.fields:
            for name, value in changes.fields.items():
                setattr(enterprise, name, value)
            enterprise.save(update_fields=list(changes.fields))
        for table, of_one in changes.rows.items():
            _write_rows(ROWS[table], enterprise.pk, of_one)
        for name, codes in changes.codes.items():
            model, column = CODES[name]
            rows = model._base_manager.filter(enterprise=enterprise)
            rows.filter(**{f"{column}__in": codes.remove}).delete()
            model._base_manager.bulk_create(
                [model(enterprise_id=enterprise.pk, **{column: pk}) for pk in sorted(codes.add)]
            )
        if changes.has_new_primary:
            sectors = EnterpriseSector.objects.filter(enterprise=enterprise)
            wanted = sectors.filter(sector_id__in=filter(None, [changes.primary_sector]))
            sectors.filter(is_primary=True).exclude(pk__in=wanted).update(is_primary=False)
            wanted.filter(is_primary=False).update(is_primary=True)


def _write_rows(model: type[models.Model], enterprise_id: int, changes: RowChanges) -> None:
    of_it = model._base_manager.filter(enterprise=enterprise_id)
    of_it.filter(pk__in=changes.remove).delete()
    for row in of_it.select_for_update().filter(pk__in=changes.change).order_by("pk"):
        values = changes.change[row.pk]
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[name.removesuffix("_id") for name in values])
    model._base_manager.bulk_create(
        [model(enterprise_id=enterprise_id, **values) for values in changes.add]
    )
