"""What people do to sign in."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.test import Client

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.web.signin.adapters import FactorAdapter

WORD = "a-long-word-for-tests"
LOGIN = "/en/account/login/"
CODE = "/en/account/2fa/code/"


def person(role: Role = Role.OFFICER, username: str = "lan", *, factor: bool = True) -> m.User:
    """Somebody with the password :data:`WORD` and, unless told otherwise, a telephone."""
    user = give_account(username=username, password=WORD, role=role, by=None)
    if factor and not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    return user


def code_of(secret: str) -> str:
    """The six digits that the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def telephone(user: m.User) -> str:
    wrapped = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)

    return code_of(FactorAdapter().decrypt(wrapped.data["secret"]))


def backup_codes(user: m.User) -> list[str]:
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return kept.wrap().get_unused_codes()


def say_password(client: Client, username: str = "lan", word: str = WORD, **extra: str):
    return client.post(LOGIN, {"login": username, "password": word}, **extra)


def sign_in(client: Client, user: m.User) -> None:
    """Password and code, as a person does it."""
    assert say_password(client, user.username).url == CODE
    assert client.post(CODE, {"code": telephone(user)}).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def happened(user: m.User | None) -> list[str]:
    """What is entered about an account, in order."""
    entries = m.AccountEntry.objects.filter(person=user).order_by("pk")
    return list(entries.values_list("kind", flat=True))
