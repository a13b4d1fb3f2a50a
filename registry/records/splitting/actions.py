"""The only writer of splittings: one record that was two enterprises becomes two records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import pghistory
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.accounts.models import User
from registry.certifications.models import CertificateSite
from registry.core.refusals import Refused
from registry.desk.actions import difference_of, last_event, write_row
from registry.desk.records import CHILDREN, code_of, tracked_by_code
from registry.enterprises.models import (
    Enterprise,
    EnterpriseMaterial,
    EnterpriseProcess,
    EnterpriseSector,
    EnterpriseVsic,
)
from registry.enterprises.permissions import refuse_outside_area
from registry.records.models import Splitting

TABLES: dict[str, type[models.Model]] = {code_of(model): model for model in CHILDREN}
"""Tables whose rows can go over to the new record, by the name addresses use."""

FIRST_OF_ITS_KIND = {EnterpriseSector: "is_primary", EnterpriseVsic: "is_main"}
SHARED = {
    code_of(model)
    for model in (EnterpriseSector, EnterpriseVsic, EnterpriseProcess, EnterpriseMaterial)
}
"""Entries of code lists: both records may have them, so the new one gets its own."""

WHY_NOT: dict[str, str | Promise] = {
    "reason": _("Write the reason."),
    "name": _("Write the name of the second enterprise."),
    "ended": _("This record is merged into another one and cannot be split."),
    "day": _("Choose a day between the registration of this record and today."),
    "nothing": _("Choose at least one row that belongs to the second enterprise."),
    "rows": _("Some of these rows are not of this record any more. Open the page again."),
    "sites": _("A certificate and the sites it names go together: choose both or neither."),
    "tax_code": _("Another record of the register has this tax code. Look at it first."),
    "refused": _("A rule of the register forbids these values together. Nothing was written."),
    "changed": _("One of the two records was changed after the splitting, or it was undone already. Take the later changes back first; nothing was written."),
}  # fmt: skip


class SplitRefused(Refused):
    """The record cannot be split, or the splitting not be undone."""

    why_not = WHY_NOT


def split_enterprise(
    *,
    enterprise_id: int,
    name: str,
    tax_code: str | None,
    on: dt.date | str,
    rows: Mapping[str, Collection[int]],
    reason: str,
    by: User,
) -> Splitting:
    """Make a second record of the rows that belong to another enterprise, from that day on.

    ``rows`` gives identities by table. They move, but for entries of code lists, which the
    new record gets besides. Nothing is deleted; both identities live. Raises
    :class:`SplitRefused`; nothing is written then.
    """
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason.strip()):
            found = _examined(enterprise_id, name.strip(), on, rows, reason.strip(), by)
            return _split(*found, name.strip(), tax_code, reason.strip(), by)
    except IntegrityError as error:
        is_code = "registry_enterprise_tax_code" in str(error)
        raise SplitRefused("tax_code" if is_code else "refused") from error


@transaction.atomic
def examine_split(
    *,
    enterprise_id: int,
    name: str,
    tax_code: str | None,
    on: dt.date | str,
    rows: Mapping[str, Collection[int]],
    reason: str,
    by: User,
) -> None:
    """Refuse as :func:`split_enterprise` does before it writes, for the preview; what the
    rules of the database would refuse is known only then."""
    _examined(enterprise_id, name.strip(), on, rows, reason.strip(), by)
    if tax_code and Enterprise.objects.filter(tax_code=tax_code).exists():
        raise SplitRefused("tax_code")


def _examined(
    pk: int,
    name: str,
    on: dt.date | str,
    rows: Mapping[str, Collection[int]],
    reason: str,
    by: User,
) -> tuple[Enterprise, dt.date, dict[str, set[int]]]:
    """The record, held; the day from which the second stands; its rows by table."""
    source = Enterprise.objects.select_for_update().get(pk=pk)
    refuse_outside_area(by, [pk])
    for is_missing, code in (
        (not reason, "reason"),
        (not name, "name"),
        (source.merged_on, "ended"),
    ):
        if is_missing:
            raise SplitRefused(code)
    return source, _day(on, source), _checked(source, rows)


def _split(
    source: Enterprise,
    day: dt.date,
    chosen: Mapping[str, set[int]],
    name: str,
    tax_code: str | None,
    reason: str,
    by: User,
) -> Splitting:
    made = Enterprise.objects.create(
        name=name, tax_code=tax_code or None, registered_on=day, source=source.source,
        source_ref=f"split/{source.public_id}",
    )  # fmt: skip
    changes = [[code_of(Enterprise), last_event(Enterprise, made.pk)]]
    for code, ids in chosen.items():
        model = TABLES[code]
        if code in SHARED:
            _share(model, source.pk, made.pk, ids)
        else:
            changes += [write_row(model, row, {"enterprise_id": made.pk}) for row in sorted(ids)]
    return Splitting.objects.create(
        source=source, made=made, reason=reason, by=by, on=timezone.localdate(), changes=changes
    )


def _day(on: dt.date | str, source: Enterprise) -> dt.date:
    try:
        day = dt.date.fromisoformat(on) if isinstance(on, str) else on
    except ValueError as error:
        raise SplitRefused("day") from error
    if not source.registered_on <= day <= timezone.localdate():
        raise SplitRefused("day")
    return day


def _checked(source: Enterprise, rows: Mapping[str, Collection[int]]) -> dict[str, set[int]]:
    """The rows by table, where all of them hang on the record and go together."""
    chosen = {code: set(ids) for code, ids in rows.items() if ids}
    if not chosen:
        raise SplitRefused("nothing")
    for code, ids in chosen.items():
        model = TABLES.get(code)
        if model is None:
            raise SplitRefused("rows")
        of_it = model._base_manager.select_for_update().filter(enterprise=source.pk, pk__in=ids)
        if len(of_it) != len(ids):
            raise SplitRefused("rows")
    certificates, sites = chosen.get("certificate", set()), chosen.get("site", set())
    pairs = CertificateSite.objects.filter(certificate__enterprise=source.pk)
    for certificate, site in pairs.values_list("certificate_id", "site_id"):
        if (certificate in certificates) != (site in sites):
            raise SplitRefused("sites")
    return chosen


def _share(model: type[models.Model], source: int, made: int, ids: set[int]) -> None:
    """Give the new record its own entries; the first is the primary one if none of them was."""
    flag = FIRST_OF_ITS_KIND.get(model)  # type: ignore[type-abstract]
    copies: list[Any] = list(
        model._base_manager.filter(enterprise=source, pk__in=ids).order_by("pk")
    )
    for copy in copies:
        copy.pk, copy.enterprise_id = None, made
        copy._state.adding = True
    if flag and copies and not any(getattr(copy, flag) for copy in copies):
        setattr(copies[0], flag, True)
    model._base_manager.bulk_create(copies)


@transaction.atomic
def undo_split(*, splitting_id: int, reason: str, by: User) -> Splitting:
    """Give the first record back what it was; the second ends as merged into it.

    The second one ends on the day it began, so that no day counts it; its address leads to
    the first one for ever. Raises :class:`SplitRefused` where a row was changed since.
    """
    splitting = Splitting.objects.select_for_update().get(pk=splitting_id)
    refuse_outside_area(by, [splitting.source_id])
    if not reason.strip():
        raise SplitRefused("reason")
    if splitting.undone_on or _was_changed(splitting):
        raise SplitRefused("changed")
    tables = tracked_by_code()
    with pghistory.context(user=by.pk, reason=reason.strip()):
        for code, number in reversed(splitting.changes[1:]):
            model, events = tables[code]
            event = events.objects.filter(pgh_id=number).values().get()
            rows = model._base_manager.filter(pk=event["pgh_obj_id"])
            rows.update(**difference_of(model, events, event))
        Enterprise.objects.filter(pk=splitting.made_id).update(
            merged_on=splitting.made.registered_on, merged_into=splitting.source_id
        )
        splitting.undone_on, splitting.undone_by = timezone.localdate(), by
        splitting.save(update_fields=["undone_on", "undone_by"])
    return splitting


def _was_changed(splitting: Splitting) -> bool:
    """Whether a row was changed after the splitting, or came to the new record since."""
    Enterprise.objects.select_for_update().filter(
        pk__in=[splitting.source_id, splitting.made_id]
    ).order_by("pk").first()
    moved: dict[str, set[int]] = {}
    for code, number in splitting.changes:
        model, events = tracked_by_code()[code]
        pk = events.objects.filter(pgh_id=number).values_list("pgh_obj_id", flat=True).get()
        if last_event(model, pk) != number:
            return True
        moved.setdefault(code, set()).add(pk)
    return any(
        set(model._base_manager.filter(enterprise=splitting.made_id).values_list("pk", flat=True))
        - moved.get(code, set())
        for code, model in TABLES.items()
        if code not in SHARED
    )
