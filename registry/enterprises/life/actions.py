"""The only writers of the steps of an enterprise's life: each with its day and its reason.

Arguments are plain (identities, days or ISO text, text), so that a step can be put down as a
proposal and be carried out later by a second person.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.accounts.models import User
from registry.core.refusals import Refused
from registry.enterprises.life.models import Spell, SpellKind
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import refuse_outside_area

Day = dt.date | str

WHY_NOT: dict[str, str | Promise] = {
    "reason": _("Write the reason."),
    "day": _("This is not a day."),
    "future": _("This day has not come yet. Record the step when it has been taken."),
    "before": _("The record has a later step already. Choose that day or a later one."),
    "merged": _("This record is merged into another one; steps are recorded there."),
    "absent": _("The enterprise is closed or moved away on this day already."),
    "suspended": _("The enterprise is suspended on this day already."),
    "not_suspended": _("The enterprise is not suspended."),
    "not_absent": _("The enterprise is neither closed nor moved away."),
    "successor": _("A successor is another enterprise of the register that is not merged."),
    "no_change": _("This is recorded already; nothing was written."),
}


class StepRefused(Refused):
    """The step cannot be taken."""

    why_not = WHY_NOT


@transaction.atomic
def suspend_enterprise(*, enterprise_id: int, on: Day, reason: str, by: User) -> Enterprise:
    """Its operation is suspended from that day; it stays in the register.

    Raises :class:`StepRefused`, as all steps here do; nothing is written then.
    """
    row, day = _at_a_step(enterprise_id, on, reason, by)
    _still_there(row)
    if row.suspended_on and not row.resumed_on:
        raise StepRefused("suspended")
    with pghistory.context(user=by.pk, reason=reason.strip()):
        earlier = _suspension_of(row)
        _write(row, suspended_on=day, resumed_on=None)
        _keep(earlier)
    return row


@transaction.atomic
def resume_enterprise(*, enterprise_id: int, on: Day, reason: str, by: User) -> Enterprise:
    """It operates again from that day."""
    row, day = _at_a_step(enterprise_id, on, reason, by)
    _still_there(row)
    if not row.suspended_on or row.resumed_on:
        raise StepRefused("not_suspended")
    with pghistory.context(user=by.pk, reason=reason.strip()):
        _write(row, resumed_on=day)
    return row


def close_enterprise(
    *, enterprise_id: int, on: Day, reason: str, successor_id: int | None = None, by: User
) -> Enterprise:
    """It is closed from that day on and leaves the register; its record stays for ever."""
    return _end("closed_on", enterprise_id, on, reason, successor_id, by)


def move_away_enterprise(
    *, enterprise_id: int, on: Day, reason: str, successor_id: int | None = None, by: User
) -> Enterprise:
    """From that day on it is no longer in Hanoi and leaves the register."""
    return _end("moved_away_on", enterprise_id, on, reason, successor_id, by)


@transaction.atomic
def _end(
    field: str, enterprise_id: int, on: Day, reason: str, successor_id: int | None, by: User
) -> Enterprise:
    row, day = _at_a_step(enterprise_id, on, reason, by)
    _still_there(row)
    _check_successor(row, successor_id)
    with pghistory.context(user=by.pk, reason=reason.strip()):
        _write(row, **{field: day, "successor_id": successor_id})
    return row


@transaction.atomic
def reopen_enterprise(*, enterprise_id: int, on: Day, reason: str, by: User) -> Enterprise:
    """What was closed works again, what had moved away is back, from that day on.

    A suspension that lasted when it ended is over by that; the time of absence is kept.
    """
    row, day = _at_a_step(enterprise_id, on, reason, by)
    kind, ended = _absence_of(row)
    if day <= ended:
        raise StepRefused("before")
    away = Spell(enterprise=row, kind=kind, since=ended, until=day, successor_id=row.successor_id)
    paused = None
    changes: dict[str, Any] = {"closed_on": None, "moved_away_on": None, "successor_id": None}
    if row.suspended_on and not row.resumed_on:
        paused = Spell(
            enterprise=row, kind=SpellKind.SUSPENDED, since=row.suspended_on, until=ended
        )
        changes["suspended_on"] = None
    with pghistory.context(user=by.pk, reason=reason.strip()):
        _write(row, **changes)
        _keep(paused)
        _keep(away)
    return row


@transaction.atomic
def name_successor(
    *, enterprise_id: int, successor_id: int | None, reason: str, by: User
) -> Enterprise:
    """Say who carries on what an enterprise did that closed or moved away; None takes it back."""
    row, _day = _at_a_step(enterprise_id, None, reason, by)
    _absence_of(row)
    _check_successor(row, successor_id)
    if row.successor_id == successor_id:
        raise StepRefused("no_change")
    with pghistory.context(user=by.pk, reason=reason.strip()):
        _write(row, successor_id=successor_id)
    return row


def last_step(row: Enterprise) -> dt.date:
    """The latest day in the life of an enterprise; no new step is before it."""
    days = [row.registered_on, row.suspended_on, row.resumed_on, row.closed_on, row.moved_away_on]
    days += [spell.until for spell in row.spells.all()]
    return max(day for day in days if day)


def _at_a_step(pk: int, on: Day | None, reason: str, by: User) -> tuple[Enterprise, dt.date]:
    """The locked row and the day of the step, where one can be taken at all."""
    row = Enterprise.objects.select_for_update().get(pk=pk)
    refuse_outside_area(by, [pk])
    if not reason.strip():
        raise StepRefused("reason")
    if row.merged_on:
        raise StepRefused("merged")
    if on is None:
        return row, timezone.localdate()
    try:
        day = dt.date.fromisoformat(on) if isinstance(on, str) else on
    except ValueError as error:
        raise StepRefused("day") from error
    if day > timezone.localdate():
        raise StepRefused("future")
    if day < last_step(row):
        raise StepRefused("before")
    return row, day


def _still_there(row: Enterprise) -> None:
    if row.closed_on or row.moved_away_on:
        raise StepRefused("absent")


def _absence_of(row: Enterprise) -> tuple[str, dt.date]:
    for kind, day in ((SpellKind.CLOSED, row.closed_on), (SpellKind.MOVED_AWAY, row.moved_away_on)):
        if day:
            return kind, day
    raise StepRefused("not_absent")


def _check_successor(row: Enterprise, successor_id: int | None) -> None:
    others = Enterprise.objects.filter(merged_on__isnull=True).exclude(pk=row.pk)
    if successor_id is not None and not others.filter(pk=successor_id).exists():
        raise StepRefused("successor")


def _suspension_of(row: Enterprise) -> Spell | None:
    """The finished suspension in the days of the enterprise; one of no day is not kept."""
    if row.suspended_on and row.resumed_on and row.suspended_on < row.resumed_on:
        return Spell(
            enterprise=row,
            kind=SpellKind.SUSPENDED,
            since=row.suspended_on,
            until=row.resumed_on,
        )
    return None


def _write(row: Enterprise, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=[name.removesuffix("_id") for name in values])


def _keep(spell: Spell | None) -> None:
    if spell is not None and spell.since < spell.until:
        spell.save(force_insert=True)
