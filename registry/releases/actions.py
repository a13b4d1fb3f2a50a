"""Prepare, approve, withdraw: the only writers of releases."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from registry.accounts.models import User
from registry.dashboard.points import Point
from registry.plans.queries import UnknownRule
from registry.releases.models import Release
from registry.releases.payload import payload_of, sha256_of


class ReleaseRefused(Exception):
    """Base of the refusals below."""


class SamePerson(ReleaseRefused):
    """Who prepared a release cannot approve it."""


class AlreadyApproved(ReleaseRefused):
    """An approved release is for ever."""


class NoRule(ReleaseRefused):
    """There is no counting rule to count by."""


class DraftRule(ReleaseRefused):
    """Nobody approved the version of the rule: its figures are for comparison only."""


class NoName(ReleaseRefused):
    """A release names the two people who answer for it; this one has no name recorded."""


class NotGoneBy(ReleaseRefused):
    """Day or moment lies in the future."""


def prepare_release(
    *, on: dt.date, known: dt.datetime | None, version: int | None, period: str, by: User
) -> Release:
    """Freeze the figures of ``on`` as known at ``known`` (None: this moment).

    Raises :class:`NotGoneBy`, :class:`NoRule`, :class:`DraftRule`,
    :class:`NoName`, ``PermissionDenied``.
    """
    if not by.has_perm("registry.add_release"):
        raise PermissionDenied
    if not by.get_full_name():
        raise NoName
    now = timezone.now()
    moment = known or now
    if moment > now or on > timezone.localdate():
        raise NotGoneBy
    point = Point(on=on, known=moment, version=version)
    try:
        with point.looked_from() as rule:
            if rule.pk is None:
                raise NoRule
            if rule.is_draft:
                raise DraftRule
            payload = payload_of(point, rule, period)
    except UnknownRule:
        raise NoRule from None
    with transaction.atomic(), pghistory.context(user=by.pk, reason="prepare release"):
        return Release.objects.create(
            period=period,
            on=on,
            known_at=moment,
            rule_id=rule.pk,
            payload=payload,
            sha256=sha256_of(payload),
            prepared_by=by,
            prepared_at=now,
        )


@transaction.atomic
def approve_release(*, release: Release, by: User) -> Release:
    """The second person's yes.

    Raises :class:`SamePerson`, :class:`AlreadyApproved`, :class:`DraftRule`, :class:`NoName`.
    """
    if not by.has_perm("registry.approve_release"):
        raise PermissionDenied
    if not by.get_full_name():
        raise NoName
    locked = Release.objects.select_for_update().get(pk=release.pk)
    if locked.approved_at is not None:
        raise AlreadyApproved
    if locked.prepared_by_id == by.pk:
        raise SamePerson
    if locked.rule.is_draft:
        raise DraftRule
    locked.approved_by, locked.approved_at = by, timezone.now()
    with pghistory.context(user=by.pk, reason="approve release"):
        locked.save(update_fields=["approved_by", "approved_at"])
    return locked


@transaction.atomic
def withdraw_release(*, release: Release, by: User) -> None:
    """Take back what is only prepared. Raises :class:`AlreadyApproved`."""
    if not by.has_perm("registry.add_release"):
        raise PermissionDenied
    locked = Release.objects.select_for_update().get(pk=release.pk)
    if locked.approved_at is not None:
        raise AlreadyApproved
    with pghistory.context(user=by.pk, reason="withdraw release"):
        locked.delete()
