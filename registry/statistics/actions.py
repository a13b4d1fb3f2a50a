"""Enter, correct, withdraw: the only writers of entered values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from registry.accounts.models import User
from registry.accounts.permissions import can_enter_values
from registry.statistics.models import EnteredValue


class ValueRefused(Exception):
    """Base of the refusals below."""


class NotGoneBy(ValueRefused):
    """The day has not come yet: nobody can have counted."""


class AlreadyWithdrawn(ValueRefused):
    """A withdrawn value is neither corrected nor withdrawn again."""


@dataclass(frozen=True)
class Said:
    """What the source says."""

    indicator: str
    scope: str
    qualifier: str
    value: Decimal
    high: Decimal | None
    period_from: dt.date | None
    as_of_on: dt.date
    source: str
    source_url: str


@transaction.atomic
def enter_value(*, said: Said, reason: str, by: User) -> EnteredValue:
    """Keep what a source says. Raises :class:`NotGoneBy`, ``PermissionDenied``, and
    ``ValidationError`` where a rule of the database would refuse it."""
    row = EnteredValue(entered_by=by, entered_at=timezone.now(), reason=reason, **vars(said))
    return _written(row, said, "enter value", by)


@transaction.atomic
def correct_value(*, value: EnteredValue, said: Said, reason: str, by: User) -> EnteredValue:
    """Write over a value that was entered wrongly; who first entered it stays in the history.
    Raises as :func:`enter_value`, and :class:`AlreadyWithdrawn`."""
    row = _locked(value)
    for name, one in vars(said).items():
        setattr(row, name, one)
    row.entered_by, row.entered_at, row.reason = by, timezone.now(), reason
    return _written(row, said, reason, by)


@transaction.atomic
def withdraw_value(*, value: EnteredValue, reason: str, by: User) -> EnteredValue:
    """Take a value out of every page. Raises :class:`AlreadyWithdrawn`, ``PermissionDenied``."""
    if not can_enter_values(by):
        raise PermissionDenied
    row = _locked(value)
    row.withdrawn_by, row.withdrawn_on = by, timezone.localdate()
    with pghistory.context(user=by.pk, reason=reason):
        row.save(update_fields=["withdrawn_by", "withdrawn_on"])
    return row


def _locked(value: EnteredValue) -> EnteredValue:
    row = EnteredValue.objects.select_for_update(of=("self",)).get(pk=value.pk)
    if row.withdrawn_on is not None:
        raise AlreadyWithdrawn
    return row


def _written(row: EnteredValue, said: Said, reason: str, by: User) -> EnteredValue:
    if not can_enter_values(by):
        raise PermissionDenied
    if said.as_of_on > timezone.localdate():
        raise NotGoneBy
    row.full_clean()
    with pghistory.context(user=by.pk, reason=reason):
        row.save()
    return row
