"""The only writers of support. Each takes a reason and who acts (``by``).

Rows are checked by their own rules (``full_clean``) before they are written; what is wrong
is raised as ValidationError, by field, and nothing is written then. Programmes, activities
and who takes part are of the whole city and know no area; figures and certificates of
incentives are of one enterprise and raise ``OutsideArea``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import refuse_outside_area
from registry.reference.models import ProductGroup
from registry.support.models import (
    IncentiveAmendment,
    IncentiveCertificate,
    IncentiveProduct,
    IncentiveReport,
    Participation,
    SupportActivity,
    SupportMeasure,
    SupportProgramme,
)

Row = TypeVar("Row", bound=models.Model)
BATCH = 1_000


class ChangedMeanwhile(Exception):
    """Somebody changed the row after it was read; nothing was written."""


def version_of(row: Any) -> int:
    """The number of the last recorded change of a row: another number, another version."""
    return row.events.latest("pgh_id").pgh_id


@contextmanager
def _written(by: User, reason: str) -> Iterator[None]:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this is recorded.")})
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason.strip()):
            yield
    except IntegrityError as error:
        raise ValidationError(_("The database refused this: it is there already.")) from error


def _record(row: Row, reason: str, by: User) -> Row:
    row.full_clean()
    with _written(by, reason):
        row.save(force_insert=True)
    return row


def _change(row: Row, values: Mapping[str, Any], seen: int | None, reason: str, by: User) -> bool:
    """Write the values that differ; False, and no trace, where none does."""
    with _written(by, reason):
        kept: Any = type(row)._base_manager.select_for_update().get(pk=row.pk)
        if seen is not None and version_of(kept) != seen:
            raise ChangedMeanwhile
        changed = [name for name, value in values.items() if getattr(kept, name) != value]
        if not changed:
            return False
        for name in changed:
            setattr(kept, name, values[name])
        kept.full_clean()
        kept.save(update_fields=changed)
    return True


def record_programme(*, values: Mapping[str, Any], reason: str, by: User) -> SupportProgramme:
    """Enter a programme under which support is given."""
    return _record(SupportProgramme(**values), reason, by)


def change_programme(
    *, programme: SupportProgramme, values: Mapping[str, Any], seen: int, reason: str, by: User
) -> bool:
    """Write what differs; ``seen`` is the version that was read (:func:`version_of`).

    Raises :class:`ChangedMeanwhile`.
    """
    return _change(programme, values, seen, reason, by)


def record_activity(
    *, programme: SupportProgramme, values: Mapping[str, Any], reason: str, by: User
) -> SupportActivity:
    """Enter an activity of a programme; it begins within the programme's days."""
    activity = SupportActivity(programme=programme, **values)
    _check_within(activity.begins_on, programme.begins_on, programme.ends_on, "begins_on")
    return _record(activity, reason, by)


def change_activity(
    *, activity: SupportActivity, values: Mapping[str, Any], seen: int, reason: str, by: User
) -> bool:
    """As :func:`change_programme`. Those who take part keep their own days."""
    programme = activity.programme
    begins = values.get("begins_on", activity.begins_on)
    _check_within(begins, programme.begins_on, programme.ends_on, "begins_on")
    return _change(activity, values, seen, reason, by)


def _check_within(day: dt.date, first: dt.date, last: dt.date | None, field: str) -> None:
    if day < first or (last is not None and day > last):
        raise ValidationError({field: _("This day is outside the days of what it belongs to.")})


def add_participants(
    *,
    activity: SupportActivity,
    enterprises: Sequence[Enterprise],
    role: str,
    attended_from: dt.date | None,
    reason: str,
    by: User,
) -> tuple[int, int]:
    """Enter who takes part, from a day on or from the first of the activity.

    Returns how many were added and how many took part already; those stay as they are.
    """
    refuse_outside_area(by, [enterprise.pk for enterprise in enterprises])
    day = attended_from or activity.begins_on
    _check_within(day, activity.begins_on, activity.ends_on, "attended_from")
    wanted = {enterprise.pk for enterprise in enterprises}
    with _written(by, reason):
        SupportActivity.objects.select_for_update().get(pk=activity.pk)
        there = set(
            Participation.objects.filter(activity=activity, enterprise__in=wanted).values_list(
                "enterprise_id", flat=True
            )
        )
        Participation.objects.bulk_create(
            [
                Participation(activity=activity, enterprise_id=pk, role=role, attended_from=day)
                for pk in sorted(wanted - there)
            ],
            batch_size=BATCH,
        )
    return len(wanted - there), len(there)


def change_participation(
    *, participation: Participation, values: Mapping[str, Any], seen: int, reason: str, by: User
) -> bool:
    """Correct the part an enterprise took, its days or the note; as :func:`change_programme`."""
    refuse_outside_area(by, [participation.enterprise_id])
    activity = participation.activity
    day = values.get("attended_from", participation.attended_from)
    _check_within(day, activity.begins_on, activity.ends_on, "attended_from")
    return _change(participation, values, seen, reason, by)


def remove_participation(*, participation: Participation, reason: str, by: User) -> None:
    """Take out an enterprise that was entered by mistake; the history keeps that it was.

    Raises ValidationError while figures before and after hang on it.
    """
    refuse_outside_area(by, [participation.enterprise_id])
    with _written(by, reason):
        kept = Participation.objects.select_for_update().get(pk=participation.pk)
        if kept.measures.exists():
            raise ValidationError(_("Figures before and after are recorded here. It stays."))
        kept.delete()


def record_measure(
    *, participation: Participation, values: Mapping[str, Any], reason: str, by: User
) -> SupportMeasure:
    """Enter a figure before, and after where it is known."""
    refuse_outside_area(by, [participation.enterprise_id])
    return _record(SupportMeasure(participation=participation, **values), reason, by)


def change_measure(
    *, measure: SupportMeasure, values: Mapping[str, Any], seen: int, reason: str, by: User
) -> bool:
    """Correct a figure, or add the one after; as :func:`change_programme`."""
    refuse_outside_area(by, [measure.participation.enterprise_id])
    return _change(measure, values, seen, reason, by)


def record_incentive(
    *,
    enterprise: Enterprise,
    values: Mapping[str, Any],
    groups: Sequence[ProductGroup],
    reason: str,
    by: User,
) -> IncentiveCertificate:
    """Enter a certificate of incentives with its products of the priority list."""
    refuse_outside_area(by, [enterprise.pk])
    certificate = IncentiveCertificate(enterprise=enterprise, **values)
    _check_gone_by(certificate.issued_on, "issued_on")
    with _written(by, reason):
        certificate.full_clean()
        certificate.save(force_insert=True)
        IncentiveProduct.objects.bulk_create(
            [IncentiveProduct(incentive=certificate, group=group) for group in groups]
        )
    return certificate


def change_incentive(
    *,
    certificate: IncentiveCertificate,
    values: Mapping[str, Any],
    groups: Sequence[ProductGroup],
    seen: int,
    reason: str,
    by: User,
) -> bool:
    """Correct what was entered (an amendment by the issuer is a step of its own)."""
    refuse_outside_area(by, [certificate.enterprise_id])
    _check_gone_by(values.get("issued_on", certificate.issued_on), "issued_on")
    wanted = {group.pk for group in groups}
    with transaction.atomic():
        changed = _change(certificate, values, seen, reason, by)
        with _written(by, reason):
            held = set(certificate.products.values_list("group_id", flat=True))
            certificate.products.filter(group__in=held - wanted).delete()
            IncentiveProduct.objects.bulk_create(
                [
                    IncentiveProduct(incentive=certificate, group_id=pk)
                    for pk in sorted(wanted - held)
                ]
            )
    return changed or wanted != held


def amend_incentive(
    *, certificate: IncentiveCertificate, on: dt.date, document: str, what: str,
    reason: str, by: User,
) -> IncentiveAmendment:  # fmt: skip
    """Record that the issuer changed the certificate on a day, after it was issued and
    before it was revoked."""
    refuse_outside_area(by, [certificate.enterprise_id])
    _check_gone_by(on, "on")
    _check_within(on, certificate.issued_on, certificate.revoked_on, "on")
    row = IncentiveAmendment(incentive=certificate, on=on, document=document, what=what)
    return _record(row, reason, by)


def revoke_incentive(
    *, certificate: IncentiveCertificate, on: dt.date, document: str, reason: str, by: User
) -> bool:
    """Record that the issuer took the certificate back; no report falls due after it."""
    refuse_outside_area(by, [certificate.enterprise_id])
    _check_gone_by(on, "on")
    if on < certificate.issued_on:
        raise ValidationError({"on": _("The certificate was issued later.")})
    if not document.strip():
        raise ValidationError({"document": _("Name the document of the revocation.")})
    values = {"revoked_on": on, "revoked_document": document.strip()}
    with transaction.atomic():
        kept = IncentiveCertificate.objects.select_for_update().get(pk=certificate.pk)
        if kept.revoked_on:
            raise ValidationError(_("This certificate has been revoked already."))
        return _change(certificate, values, None, reason, by)


def receive_report(
    *, certificate: IncentiveCertificate, year: int, received_on: dt.date, reference: str,
    reason: str, by: User,
) -> IncentiveReport:  # fmt: skip
    """Record the holder's report on a year in which the certificate was in force."""
    refuse_outside_area(by, [certificate.enterprise_id])
    _check_gone_by(received_on, "received_on")
    if year < certificate.issued_on.year:
        raise ValidationError({"year": _("The certificate was issued after this year.")})
    if certificate.revoked_on and year > certificate.revoked_on.year:
        raise ValidationError({"year": _("The certificate was revoked before this year.")})
    row = IncentiveReport(
        incentive=certificate, year=year, received_on=received_on, reference=reference
    )
    return _record(row, reason, by)


def _check_gone_by(day: dt.date, field: str) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: _("This day has not come yet.")})
