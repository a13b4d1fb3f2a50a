"""The only writers of enterprises. Each takes a reason and who acts (``by``).

Triggers record every row; here the reason and the person are put beside them.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pghistory
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.core.refusals import RefusedByField
from registry.core.text import digest_of
from registry.enterprises.enums import SiteKind
from registry.enterprises.models import (
    Contact,
    Enterprise,
    EnterpriseMaterial,
    EnterpriseProcess,
    EnterpriseSector,
    EnterpriseVsic,
    Machine,
    Product,
    Register,
    Site,
    YearFigure,
)
from registry.enterprises.permissions import refuse_drafts_outside_area, refuse_outside_area

BATCH = 1_000


class RegisterKindConflict(Exception):
    """Real rows may not enter a sample register, nor sample rows a real one."""


class ConfirmationRefused(Exception):
    """A record cannot be confirmed for a day to come or before its last confirmation."""


class ConsentRefused(RefusedByField):
    """A consent cannot be recorded as told."""


@dc.dataclass(frozen=True)
class SiteDraft:
    """A site to be recorded; ids name rows of the code lists."""

    address: str
    kind: str = SiteKind.HEAD_OFFICE.value
    province_id: int | None = None
    ward_id: int | None = None
    district_id: int | None = None
    park_id: int | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    since: dt.date | None = None
    until: dt.date | None = None


@dc.dataclass(frozen=True)
class YearFigureDraft:
    """Employees (persons), capital and revenue (VND) in a year."""

    year: int
    labour: int | None = None
    capital_vnd: int | None = None
    revenue_vnd: int | None = None


@dc.dataclass(frozen=True)
class ProductDraft:
    """A product with what is known beside its name."""

    name: str
    name_en: str = ""
    group_id: int | None = None
    hs_id: int | None = None
    capacity: str = ""


@dc.dataclass(frozen=True)
class MachineDraft:
    """Machines of one kind; ``count`` None where the number is not known."""

    name: str
    maker: str = ""
    spec: str = ""
    count: int | None = None


@dc.dataclass(frozen=True)
class ContactDraft:
    """A contact person; without a day of consent the field is never shown."""

    full_name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    name_consent_on: dt.date | None = None
    phone_consent_on: dt.date | None = None
    email_consent_on: dt.date | None = None


@dc.dataclass(frozen=True)
class EnterpriseDraft:
    """What is known of an enterprise on the day it enters the register.

    The first of ``sector_ids`` is the primary sector, the first of ``vsic_ids`` the main
    line of business. A product of which only the name is known is given as that name.
    """

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
    foreign_share: Decimal | None = None
    founded_on: dt.date | None = None
    website: str = ""
    about: str = ""
    blank_reasons: Mapping[str, str] = dc.field(default_factory=dict)
    suspended_on: dt.date | None = None
    resumed_on: dt.date | None = None
    closed_on: dt.date | None = None
    moved_away_on: dt.date | None = None
    last_confirmed_on: dt.date | None = None
    extra: Mapping[str, str] = dc.field(default_factory=dict)
    sites: tuple[SiteDraft, ...] = ()
    contacts: tuple[ContactDraft, ...] = ()
    products: tuple[ProductDraft | str, ...] = ()
    machines: tuple[MachineDraft, ...] = ()
    year_figures: tuple[YearFigureDraft, ...] = ()
    sector_ids: tuple[int, ...] = ()
    vsic_ids: tuple[int, ...] = ()
    process_ids: tuple[int, ...] = ()
    material_ids: tuple[int, ...] = ()

    def own_fields(self) -> dict[str, Any]:
        """The columns of the enterprise itself, without its child rows."""
        return {
            field.name: getattr(self, field.name)
            for field in dc.fields(self)
            if field.name not in CHILDREN
        }

    def lies_in(self) -> tuple[str, list[int], tuple[int, ...]]:
        """By what it is looked for in a person's area: name, wards of its sites, sectors."""
        wards = [site.ward_id for site in self.sites if site.ward_id is not None]
        return self.name, wards, self.sector_ids

    def child_rows(self, enterprise_id: int) -> Iterator[models.Model]:
        """The rows that hang on the enterprise, not yet written."""
        yield from _sites(enterprise_id, self.sites)
        yield from _products(enterprise_id, self.products)
        yield from _years(enterprise_id, self.year_figures)
        for contact in self.contacts:
            yield Contact(enterprise_id=enterprise_id, **vars(contact))
        for machine in self.machines:
            yield Machine(enterprise_id=enterprise_id, **vars(machine))
        for place, pk in enumerate(self.sector_ids):
            yield EnterpriseSector(enterprise_id=enterprise_id, sector_id=pk, is_primary=place == 0)
        for place, pk in enumerate(self.vsic_ids):
            yield EnterpriseVsic(enterprise_id=enterprise_id, vsic_id=pk, is_main=place == 0)
        for pk in self.process_ids:
            yield EnterpriseProcess(enterprise_id=enterprise_id, process_id=pk)
        for pk in self.material_ids:
            yield EnterpriseMaterial(enterprise_id=enterprise_id, material_id=pk)


CHILDREN = {
    "sites", "contacts", "products", "machines", "year_figures",
    "sector_ids", "vsic_ids", "process_ids", "material_ids",
}  # fmt: skip
"""Fields of a draft that become rows of their own."""


@dc.dataclass(frozen=True)
class Amendment:
    """New values for an enterprise; child rows are added, never taken away.

    Of a year that has figures already only the employees are written anew.
    ``site_fields`` holds new values for its sites, by the id of the site. The first of
    ``add_sector_ids`` becomes the primary sector where the enterprise has none.
    """

    enterprise_id: int
    fields: Mapping[str, Any] = dc.field(default_factory=dict)
    site_fields: Mapping[int, Mapping[str, Any]] = dc.field(default_factory=dict)
    add_sites: tuple[SiteDraft, ...] = ()
    add_products: tuple[ProductDraft | str, ...] = ()
    year_figures: tuple[YearFigureDraft, ...] = ()
    add_sector_ids: tuple[int, ...] = ()


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

    Raises IntegrityError where the database refuses a row (tax code twice, …), and
    :class:`~registry.enterprises.permissions.OutsideArea`.
    """
    refuse_drafts_outside_area(by, (draft.lies_in() for draft in drafts))
    with pghistory.context(user=by.pk if by else None, reason=reason):
        enterprises = Enterprise.objects.bulk_create(
            [Enterprise(**draft.own_fields()) for draft in drafts], batch_size=BATCH
        )
        rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        for enterprise, draft in zip(enterprises, drafts, strict=True):
            for row in draft.child_rows(enterprise.pk):
                rows[type(row)].append(row)
        for model, of_one_table in rows.items():
            model._base_manager.bulk_create(of_one_table, batch_size=BATCH)
    return enterprises


@transaction.atomic
def amend_many(*, amendments: Sequence[Amendment], reason: str, by: User | None) -> int:
    """Write the changed values of several enterprises: all or none.

    Locks the rows first, in order of identity, so that two writers cannot
    deadlock. Returns how many enterprises were touched.
    """
    by_id = {amendment.enterprise_id: amendment for amendment in amendments}
    refuse_outside_area(by, by_id.keys())
    with pghistory.context(user=by.pk if by else None, reason=reason):
        rows = Enterprise.objects.select_for_update().filter(pk__in=by_id).order_by("pk")
        for enterprise in rows:
            amendment = by_id[enterprise.pk]
            for name, value in amendment.fields.items():
                setattr(enterprise, name, value)
            if amendment.fields:
                enterprise.save(update_fields=list(amendment.fields))
        _amend_sites(amendments)
        _add_sectors(amendments)
        Site.objects.bulk_create(
            [row for a in amendments for row in _sites(a.enterprise_id, a.add_sites)],
            batch_size=BATCH,
        )
        Product.objects.bulk_create(
            [row for a in amendments for row in _products(a.enterprise_id, a.add_products)],
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


def _amend_sites(amendments: Sequence[Amendment]) -> None:
    by_id = {pk: (a.enterprise_id, new) for a in amendments for pk, new in a.site_fields.items()}
    for site in Site.objects.select_for_update().filter(pk__in=by_id).order_by("pk"):
        enterprise_id, values = by_id[site.pk]
        if site.enterprise_id != enterprise_id:
            raise ValueError(f"site {site.pk} is not of enterprise {enterprise_id}")
        for name, value in values.items():
            setattr(site, name, value)
        site.save(update_fields=list(values))


def _add_sectors(amendments: Sequence[Amendment]) -> None:
    ids = [a.enterprise_id for a in amendments if a.add_sector_ids]
    with_primary = set(
        EnterpriseSector.objects.filter(enterprise__in=ids, is_primary=True).values_list(
            "enterprise_id", flat=True
        )
    )
    EnterpriseSector.objects.bulk_create(
        [
            EnterpriseSector(
                enterprise_id=a.enterprise_id,
                sector_id=sector_id,
                is_primary=place == 0 and a.enterprise_id not in with_primary,
            )
            for a in amendments
            for place, sector_id in enumerate(a.add_sector_ids)
        ],
        batch_size=BATCH,
    )


@transaction.atomic
def confirm_record(*, enterprise: Enterprise, by: User, on: dt.date, reason: str) -> bool:
    """Say that the record of an enterprise was true on a day.

    False where it was already confirmed for that day: then nothing is written. Raises
    :class:`ConfirmationRefused`.
    """
    refuse_outside_area(by, [enterprise.pk])
    kept = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    last = kept.last_confirmed_on
    if on == last:
        return False
    if on > timezone.localdate() or on < (last or kept.registered_on):
        raise ConfirmationRefused(on)
    with pghistory.context(user=by.pk, reason=reason):
        kept.last_confirmed_on = on
        kept.save(update_fields=["last_confirmed_on"])
    return True


@transaction.atomic
def confirm_records(*, enterprise_ids: Collection[int], by: User, on: dt.date, reason: str) -> int:
    """Say of several enterprises that their records were true on a day: all or none.

    Those confirmed for that day already are passed over. Returns how many were written;
    raises :class:`ConfirmationRefused`, as for one.
    """
    refuse_outside_area(by, enterprise_ids)
    rows = Enterprise.objects.select_for_update().filter(pk__in=enterprise_ids).order_by("pk")
    held = list(rows.values_list("pk", "last_confirmed_on", "registered_on"))
    if on > timezone.localdate() or any(on < (last or begun) for _pk, last, begun in held):
        raise ConfirmationRefused(on)
    ids = [pk for pk, last, _begun in held if last != on]
    with pghistory.context(user=by.pk, reason=reason):
        return Enterprise.objects.filter(pk__in=ids).update(last_confirmed_on=on)


CONSENTS = {
    "name_consent_on": "full_name",
    "phone_consent_on": "phone",
    "email_consent_on": "email",
}
"""The day of each consent, and what it lets be shown (the name: the role too)."""


def with_consent_ended(values: Mapping[str, Any]) -> dict[str, Any]:
    """New values of a contact person, and no consent to show what they replace."""
    return {**values, **{name: None for name, shown in CONSENTS.items() if shown in values}}


def consent_mark(contact: Contact) -> str:
    """The same as long as what a person agreed to, and what would be shown, stand unchanged."""
    told = [str(getattr(contact, name)) for pair in CONSENTS.items() for name in pair]
    return digest_of([*told, contact.role])


@transaction.atomic
def set_consent(
    *, contact: Contact, days: Mapping[str, dt.date | None], how: str, mark: str, by: User
) -> bool:
    """Write the days on which a contact person agreed to be shown; None withdraws at once.

    ``days`` by the names of :data:`CONSENTS`; ``how`` says how it was given or taken back,
    and is the reason in the history. ``mark`` is :func:`consent_mark` of what was seen; to
    withdraw all of it holds whatever was seen. False, and no trace, where it was so already.
    Raises :class:`ConsentRefused` for a day to come, a consent to show what is blank, no word
    on how it was given, and at ``mark`` where the person or a consent has changed meanwhile.
    """
    refuse_outside_area(by, [contact.enterprise_id])
    kept = Contact.objects.select_for_update().get(pk=contact.pk)
    if any(days.values()) and consent_mark(kept) != mark:
        words = _("The person or a consent was changed meanwhile. Look at what stands there now.")
        raise ConsentRefused({"mark": words})
    new = {name: days[name] for name in CONSENTS if days[name] != getattr(kept, name)}
    problems = {}
    for name, day in new.items():
        if day is not None and day > timezone.localdate():
            problems[name] = _("This day has not come yet.")
        elif day is not None and not getattr(kept, CONSENTS[name]):
            problems[name] = _("This is not recorded, so nobody can agree to show it.")
    if not how.strip():
        problems["how"] = _("Say how it was given or taken back.")
    if problems:
        raise ConsentRefused(problems)
    if not new:
        return False
    with pghistory.context(user=by.pk, reason=how.strip()):
        for name, day in new.items():
            setattr(kept, name, day)
        kept.save(update_fields=list(new))
    return True


def _sites(enterprise_id: int, drafts: Sequence[SiteDraft]) -> Iterator[Site]:
    return (Site(enterprise_id=enterprise_id, **vars(draft)) for draft in drafts)


def _years(enterprise_id: int, drafts: Sequence[YearFigureDraft]) -> Iterator[YearFigure]:
    return (YearFigure(enterprise_id=enterprise_id, **vars(draft)) for draft in drafts)


def _products(enterprise_id: int, drafts: Sequence[ProductDraft | str]) -> Iterator[Product]:
    named = (ProductDraft(draft) if isinstance(draft, str) else draft for draft in drafts)
    return (Product(enterprise_id=enterprise_id, **vars(draft)) for draft in named)
