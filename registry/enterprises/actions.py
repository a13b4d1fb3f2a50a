"""The only writers of enterprises. Each takes a reason and who acts (``by``).

Triggers record every row; here the reason and the person are put beside them.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction

from registry.accounts.models import User
from registry.enterprises.enums import SiteKind
from registry.enterprises.models import (
    Enterprise,
    EnterpriseSector,
    Product,
    Register,
    Site,
    YearFigure,
)

BATCH = 1_000


class RegisterKindConflict(Exception):
    """Real rows may not enter a sample register, nor sample rows a real one."""


class NotRegistered(Exception):
    """The enterprise is not in a state that this step of its life cycle needs."""


@dc.dataclass(frozen=True)
class SiteDraft:
    """A site to be recorded; ids name rows of the code lists."""

    address: str
    kind: str = SiteKind.HEAD_OFFICE.value
    province_id: int | None = None
    ward_id: int | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dc.dataclass(frozen=True)
class YearFigureDraft:
    """Employees (persons) in a year."""

    year: int
    labour: int | None = None


@dc.dataclass(frozen=True)
class EnterpriseDraft:
    """What is known of an enterprise on the day it enters the register."""

    name: str
    registered_on: dt.date
    source: str
    source_ref: str = ""
    name_en: str = ""
    short_name: str = ""
    tax_code: str | None = None
    tax_code_note: str = ""
    legal_form: str = ""
    ownership: str = ""
    founded_on: dt.date | None = None
    website: str = ""
    extra: Mapping[str, str] = dc.field(default_factory=dict)
    sites: tuple[SiteDraft, ...] = ()
    products: tuple[str, ...] = ()
    year_figures: tuple[YearFigureDraft, ...] = ()
    sector_ids: tuple[int, ...] = ()

    def own_fields(self) -> dict[str, Any]:
        """The columns of the enterprise itself, without its child rows."""
        children = {"sites", "products", "year_figures", "sector_ids"}
        return {
            field.name: getattr(self, field.name)
            for field in dc.fields(self)
            if field.name not in children
        }


@dc.dataclass(frozen=True)
class Amendment:
    """New values for an enterprise; child rows are added, never taken away."""

    enterprise_id: int
    fields: Mapping[str, Any] = dc.field(default_factory=dict)
    add_sites: tuple[SiteDraft, ...] = ()
    add_products: tuple[str, ...] = ()
    year_figures: tuple[YearFigureDraft, ...] = ()


@transaction.atomic
def start_register(*, kind: str, by: User | None) -> Register:
    """Say once what this database holds; the answer can never be changed.

    Raises :class:`RegisterKindConflict` when it already holds the other kind.
    """
    with pghistory.context(user=by.pk if by else None, reason=f"start {kind} register"):
        register, _created = Register.objects.get_or_create(pk=1, defaults={"kind": kind})
    if register.kind != kind:
        raise RegisterKindConflict(register.kind)
    return register


@transaction.atomic
def register_many(
    *, drafts: Sequence[EnterpriseDraft], reason: str, by: User | None
) -> list[Enterprise]:
    """Register enterprises with their child rows: all or none.

    Raises IntegrityError where the database refuses a row (tax code twice, …).
    """
    with pghistory.context(user=by.pk if by else None, reason=reason):
        enterprises = Enterprise.objects.bulk_create(
            [Enterprise(**draft.own_fields()) for draft in drafts], batch_size=BATCH
        )
        pairs = list(zip(enterprises, drafts, strict=True))
        Site.objects.bulk_create(
            [row for e, d in pairs for row in _sites(e.pk, d.sites)], batch_size=BATCH
        )
        Product.objects.bulk_create(
            [Product(enterprise=e, name=name) for e, d in pairs for name in d.products],
            batch_size=BATCH,
        )
        YearFigure.objects.bulk_create(
            [row for e, d in pairs for row in _years(e.pk, d.year_figures)], batch_size=BATCH
        )
        EnterpriseSector.objects.bulk_create(
            [
                EnterpriseSector(enterprise=e, sector_id=sector_id, is_primary=place == 0)
                for e, d in pairs
                for place, sector_id in enumerate(d.sector_ids)
            ],
            batch_size=BATCH,
        )
    return enterprises


@transaction.atomic
def amend_many(*, amendments: Sequence[Amendment], reason: str, by: User | None) -> int:
    """Write the changed values of several enterprises: all or none.

    Locks the rows first, in order of identity, so that two writers cannot
    deadlock. Returns how many enterprises were touched.
    """
    by_id = {amendment.enterprise_id: amendment for amendment in amendments}
    with pghistory.context(user=by.pk if by else None, reason=reason):
        rows = Enterprise.objects.select_for_update().filter(pk__in=by_id).order_by("pk")
        for enterprise in rows:
            amendment = by_id[enterprise.pk]
            for name, value in amendment.fields.items():
                setattr(enterprise, name, value)
            if amendment.fields:
                enterprise.save(update_fields=list(amendment.fields))
        Site.objects.bulk_create(
            [row for a in amendments for row in _sites(a.enterprise_id, a.add_sites)],
            batch_size=BATCH,
        )
        Product.objects.bulk_create(
            [
                Product(enterprise_id=a.enterprise_id, name=name)
                for a in amendments
                for name in a.add_products
            ],
            batch_size=BATCH,
        )
        YearFigure.objects.bulk_create(
            [row for a in amendments for row in _years(a.enterprise_id, a.year_figures)],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["enterprise", "year"],
            update_fields=["labour"],
        )
    return len(by_id)


def _sites(enterprise_id: int, drafts: Sequence[SiteDraft]) -> Iterator[Site]:
    return (Site(enterprise_id=enterprise_id, **dc.asdict(draft)) for draft in drafts)


def _years(enterprise_id: int, drafts: Sequence[YearFigureDraft]) -> Iterator[YearFigure]:
    return (YearFigure(enterprise_id=enterprise_id, **dc.asdict(draft)) for draft in drafts)
