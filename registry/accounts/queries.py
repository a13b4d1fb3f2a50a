"""What is known of a person's account."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from registry.accounts.enums import AccountEvent, Role
from registry.accounts.models import AccountEntry, User

DIRECTORY = "directory"
"""The name under which the sign-in of the city or of VNeID is set up (``settings``)."""

LOCK = dt.timedelta(minutes=15)
"""How long the attempts that lock an account are remembered (``settings``)."""


def with_role(people: QuerySet[User]) -> QuerySet[Any]:
    """Add ``role``: the group of rights; null for an account that has none."""
    groups = User.groups.through.objects.filter(
        user=OuterRef("pk"), group__name__in=Role.values
    ).order_by("group__name")
    return people.annotate(
        role=Case(
            When(is_superuser=True, then=Value(Role.ADMIN.value)),
            default=Subquery(groups.values("group__name")[:1]),
            output_field=CharField(),
        )
    )


def role_of(person: User) -> Role | None:
    """The role of a person; one query."""
    found = with_role(User.objects.filter(pk=person.pk)).values_list("role", flat=True).first()
    return Role(found) if found else None


def with_state(people: QuerySet[Any], now: dt.datetime) -> QuerySet[Any]:
    """Add ``has_factor`` (a second factor is set up) and ``is_locked`` (by wrong attempts)."""
    of_person = Q(user=OuterRef("pk"))
    totp = Authenticator.objects.filter(of_person, type=Authenticator.Type.TOTP)
    last = AccountEntry.objects.filter(
        person=OuterRef("pk"),
        kind__in=(AccountEvent.LOCKED, AccountEvent.UNLOCKED, AccountEvent.PASSWORD),
        at__gt=now - LOCK,
    ).order_by("-pk")
    lock = When(last_lock=AccountEvent.LOCKED.value, then=Value(True))
    return (
        people.annotate(has_factor=Exists(totp))
        .alias(last_lock=Subquery(last.values("kind")[:1]))
        .annotate(is_locked=Case(lock, default=Value(False)))
    )


def sessions_of(person: User) -> QuerySet[UserSession]:
    """The sessions in which a person is signed in now, the newest first."""
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=timezone.now()
    )
    return UserSession.objects.filter(Exists(alive), user=person).order_by("-created_at", "-pk")


def has_second_factor(person: User) -> bool:
    """Whether a second factor is set up; backup codes alone are none."""
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def codes_left(person: User) -> int:
    """How many backup codes are not used yet."""
    kept = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES)
    one = kept.order_by("pk").first()
    return len(one.wrap().get_unused_codes()) if one else 0


def directory_identifier(person: User) -> str:
    """By what the directory knows the person; empty where nobody has said so."""
    kept = SocialAccount.objects.filter(user=person, provider=DIRECTORY).order_by("pk")
    return kept.values_list("uid", flat=True).first() or ""
