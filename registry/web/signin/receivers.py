"""Enters into the log what django-allauth says has happened; never a secret."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from registry.accounts.actions import end_sessions, enter
from registry.accounts.enums import AccountEvent
from registry.accounts.models import User
from registry.web.signin import lockout

TOTP = Authenticator.Type.TOTP
CODES = Authenticator.Type.RECOVERY_CODES


def entered(kind: AccountEvent, user: User, request: HttpRequest, detail: str = "") -> None:
    enter(kind=kind, person=user, address=get_client_ip(request), detail=detail)


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    methods = [record["method"] for record in get_authentication_records(request, user)]
    entered(AccountEvent.SIGNED_IN, user, request, " + ".join(dict.fromkeys(methods)))


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    if user is not None and "REMOTE_ADDR" in request.META:
        entered(AccountEvent.SIGNED_OUT, user, request)


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_set(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Whoever knew the old password is signed out, and may guess anew only from now on."""
    entered(AccountEvent.PASSWORD, user, request)
    end_sessions(person=user, keep=request.session.session_key, by=None)
    lockout.unlock(request, user.get_username(), user.pk)


@receiver(mfa.authenticator_added)
def factor_set(request: HttpRequest, user: User, authenticator: Any, **_kwargs: Any) -> None:
    if authenticator.type == TOTP:
        entered(AccountEvent.FACTOR_SET, user, request)
        end_sessions(person=user, keep=request.session.session_key, by=None)
    else:
        entered(AccountEvent.CODES_MADE, user, request)


@receiver(mfa.authenticator_reset)
def codes_made(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    entered(AccountEvent.CODES_MADE, user, request)


@receiver(mfa.authenticator_removed)
def factor_removed(request: HttpRequest, user: User, authenticator: Any, **_kwargs: Any) -> None:
    """The session forgets its second factor, so that a new one is set up before anything."""
    if authenticator.type != TOTP:
        return
    entered(AccountEvent.FACTOR_REMOVED, user, request)
    end_sessions(person=user, keep=request.session.session_key, by=None)
    records = get_authentication_records(request, user)
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record.get("method") != "mfa"
    ]


@receiver(mfa.authenticator_used)
def code_used(request: HttpRequest, user: User, authenticator: Any, **_kwargs: Any) -> None:
    if authenticator.type == CODES:
        entered(AccountEvent.CODE_USED, user, request)


@receiver(mfa.authentication_failed)
def code_refused(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    entered(AccountEvent.CODE_REFUSED, user, request)
    if lockout.free_at(request, lockout.key_of_codes(user.pk)):
        entered(AccountEvent.LOCKED, user, request)
