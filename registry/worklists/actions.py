"""The only writers of assignments, targets, pauses and saved views; and bulk changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from urllib.parse import urlencode

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.certifications.actions import ask_to_look_again
from registry.certifications.models import Certificate
from registry.enterprises.actions import Amendment, amend_many, confirm_records
from registry.enterprises.models import EnterpriseQuerySet, EnterpriseSector
from registry.enterprises.permissions import refuse_outside_area
from registry.reference.models import Sector
from registry.supply.models import SupplyRelation
from registry.worklists.models import Assignment, IntakePause, SavedView, ServiceTarget
from registry.worklists.sheets import kept, mark_of

LONGEST_VIEW = 1_500
MOST_AT_ONCE = 2_000
"""Records of one bulk change: it is one transaction, and is looked through before."""


class Refused(Exception):
    """What is asked for cannot be done; the text says why. Nothing is written."""


# Assignments


@transaction.atomic
def take_on(
    *,
    person: User,
    on: dt.date,
    reason: str,
    by: User,
    certificates: Collection[int] = (),
    enterprises: Collection[int] = (),
    relations: Collection[int] = (),
) -> int:
    """From now on ``person`` is in charge of these rows; whoever was is so no longer.

    Returns how many rows changed hands; one that the person has already is left alone.
    Raises :class:`~registry.enterprises.permissions.OutsideArea`: what one cannot write, one
    does not keep from those who can. Giving back is open to everybody.
    """
    refuse_outside_area(by, _holders(certificates, enterprises, relations))
    with pghistory.context(user=by.pk, reason=reason):
        return sum(
            _take_on(field, set(ids), person, on)
            for field, ids in _by_field(certificates, enterprises, relations)
        )


def _holders(
    certificates: Collection[int], enterprises: Collection[int], relations: Collection[int]
) -> set[int]:
    of_rows = (
        Certificate.objects.filter(pk__in=certificates),
        SupplyRelation.objects.filter(pk__in=relations),
    )
    return set(enterprises).union(*(rows.values_list("enterprise", flat=True) for rows in of_rows))


def _by_field(
    certificates: Collection[int], enterprises: Collection[int], relations: Collection[int]
) -> list[tuple[str, Collection[int]]]:
    return [("certificate", certificates), ("enterprise", enterprises), ("relation", relations)]


def _take_on(field: str, ids: set[int], person: User, on: dt.date) -> int:
    held = Assignment.objects.in_force().filter(**{f"{field}__in": ids}).order_by("pk")
    for one in held.select_for_update():
        row = getattr(one, f"{field}_id")
        if one.person_id == person.pk:
            ids = ids - {row}
            continue
        one.until = max(on, one.since)
        one.save(update_fields=["until"])
    Assignment.objects.bulk_create(
        [Assignment(person=person, since=on, **{f"{field}_id": pk}) for pk in sorted(ids)]
    )
    return len(ids)


@transaction.atomic
def give_back(
    *,
    on: dt.date,
    reason: str,
    by: User,
    certificates: Collection[int] = (),
    enterprises: Collection[int] = (),
    relations: Collection[int] = (),
) -> int:
    """Nobody is in charge of these rows any longer; returns how many somebody had."""
    count = 0
    with pghistory.context(user=by.pk, reason=reason):
        for field, ids in _by_field(certificates, enterprises, relations):
            held = Assignment.objects.in_force().filter(**{f"{field}__in": ids})
            for one in held.select_for_update().order_by("pk"):
                one.until = max(on, one.since)
                one.save(update_fields=["until"])
                count += 1
    return count


# Targets and pauses


@transaction.atomic
def set_target(*, queue: str, working_days: int | None, reason: str, by: User) -> ServiceTarget:
    """From now on the rows of a queue are to be done in so many working days (None: no target)."""
    with pghistory.context(user=by.pk, reason=reason):
        return ServiceTarget.objects.create(
            queue=queue, working_days=working_days, reason=reason, by=by
        )


def pause_intake(
    *,
    since: dt.date,
    until: dt.date | None,
    notice: str,
    notice_en: str,
    reason: str,
    by: User,
) -> IntakePause:
    """Take in no new records from ``since``; ``until`` is the first day that is open again.

    Raises :class:`Refused` for days that are paused already and days in the wrong order.
    """
    if since < timezone.localdate():
        raise Refused(_("A pause begins today or later: what was shown to the public was so."))
    if until and until <= since:
        raise Refused(_("It cannot open again before it is paused."))
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason):
            return IntakePause.objects.create(
                since=since, until=until, notice=notice, notice_en=notice_en, reason=reason, by=by
            )
    except IntegrityError as error:
        raise Refused(_("The intake is paused on some of these days already.")) from error


@transaction.atomic
def end_pause(*, pause: IntakePause, on: dt.date, reason: str, by: User) -> IntakePause:
    """The intake is open again from that day. Raises :class:`Refused` for one that is over."""
    held = IntakePause.objects.select_for_update().get(pk=pause.pk)
    if on < timezone.localdate() or (held.until and held.until <= on):
        raise Refused(_("This pause is over already, or the day has gone by."))
    with pghistory.context(user=by.pk, reason=reason):
        held.until = max(on, held.since)
        held.save(update_fields=["until"])
    return held


# Saved views


def save_view(*, name: str, query: str, is_shared: bool, by: User) -> SavedView:
    """Keep a state of the list under a name.

    Raises :class:`Refused` for a name used before, or a state that is too long to be kept.
    """
    state = urlencode(kept(query))
    if len(state) > LONGEST_VIEW:
        raise Refused(_("So many choices do not fit into a view. Take some of them away."))
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=_("View saved")):
            return SavedView.objects.create(name=name, query=state, is_shared=is_shared, owner=by)
    except IntegrityError as error:
        raise Refused(_("You have a view of this name already.")) from error


@transaction.atomic
def drop_view(*, view: SavedView, by: User) -> None:
    """Take away one's own view. Raises :class:`Refused` for another's."""
    if view.owner_id != by.pk:
        raise Refused(_("Only its owner can take a view away."))
    with pghistory.context(user=by.pk, reason=_("View taken away")):
        view.delete()


# Bulk changes


@transaction.atomic
def change_all(
    *, rows: EnterpriseQuerySet, mark: str, what: str, sector: str, reason: str, by: User
) -> int:
    """Do one thing to every record of a set, as one act of the log; returns how many changed.

    ``what`` is ``sector`` (add ``sector``, a code), ``confirm``, ``look-again``, ``take`` or ``give-back``;
    ``mark`` is what the preview showed. Raises :class:`Refused` where the set is no longer
    that of the preview, is too large, or the thing cannot be done to all of it.
    """
    ids = sorted(rows.order_by().values_list("pk", flat=True))
    if len(ids) > MOST_AT_ONCE:
        words = _("At most %(most)s records at once. Narrow the list down.")
        raise Refused(words % {"most": MOST_AT_ONCE})
    if mark_of(rows) != mark:
        raise Refused(
            _("The list has changed since the preview. Nothing was written: look at it once more.")
        )
    today = timezone.localdate()
    with pghistory.context(user=by.pk, reason=reason):
        if what == "sector":
            return _add_sector(ids, sector, reason, by)
        if what == "confirm":
            return confirm_records(enterprise_ids=ids, on=today, reason=reason, by=by)
        if what == "look-again":
            return ask_to_look_again(enterprise_ids=ids, reason=reason, by=by)
        if what == "take":
            return take_on(person=by, enterprises=ids, on=today, reason=reason, by=by)
        if what == "give-back":
            return give_back(enterprises=ids, on=today, reason=reason, by=by)
    raise Refused(_("Choose what is to be done."))


def _add_sector(ids: list[int], code: str, reason: str, by: User) -> int:
    sector = Sector.objects.filter(code=code).first()
    if sector is None:
        raise Refused(_("Choose a sector."))
    there = set(
        EnterpriseSector.objects.filter(enterprise__in=ids, sector=sector).values_list(
            "enterprise", flat=True
        )
    )
    amendments = [Amendment(pk, add_sector_ids=(sector.pk,)) for pk in ids if pk not in there]
    return amend_many(amendments=amendments, reason=reason, by=by)
