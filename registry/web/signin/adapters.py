"""What django-allauth leaves to its user: nobody registers, refusals say when and why."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render, resolve_url
from django.urls import translate_url
from django.utils import formats, timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from registry.accounts.actions import enter, forget_claims
from registry.accounts.enums import AccountEvent
from registry.accounts.models import User
from registry.web.signin import lockout

FRESH_SECONDS = 5 * 60
SAID = {
    "account/messages/password_changed.txt": _("Your new password holds from now on."),
    "account/messages/password_set.txt": _("Your new password holds from now on."),
    "mfa/messages/totp_activated.txt": _("The second factor is set up."),
    "mfa/messages/totp_deactivated.txt": _("The second factor is removed. Set up a new one."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; attempts are counted by name and by address."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "This name and this password do not belong together. Check both; the password "
            "distinguishes capital and small letters."
        ),
        "account_inactive": _("This account is closed. Ask an administrator."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "rate_limited": _("Too many attempts. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return lockout.key_of_name(credentials.get("username", ""))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Say when to come back; the same words whether or not there is such an account."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise too_many(lockout.free_at(request, key)) from None

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "too_many_login_attempts":
            return too_many(None)
        return super().validation_error(code, *args)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        name = credentials.get("username", "")
        person = User.objects.filter(username__iexact=name).order_by("pk").first()
        address = self.get_client_ip(request)
        enter(kind=AccountEvent.REFUSED, person=person, address=address)
        if lockout.free_at(request, self._get_login_attempts_cache_key(request, **credentials)):
            enter(kind=AccountEvent.LOCKED, person=person, address=address)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        language = getattr(request.user, "language", settings.LANGUAGE_CODE)
        return translate_url(resolve_url(settings.LOGIN_REDIRECT_URL), language)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("my-account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just signed in need not say the password again."""
        records = get_authentication_records(context.request, context.request.user)
        if records and time.time() - records[-1]["at"] < FRESH_SECONDS:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None,
        message_context: Any = None, extra_tags: str = "", message: Any = None,
    ) -> None:  # fmt: skip
        """Only what the page that follows does not show by itself."""
        text = message or SAID.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)


def too_many(until: dt.datetime | None) -> ValidationError:
    """That there were too many attempts, and when to try again; at the latest, if not known."""
    if until is None:
        until = timezone.localtime() + dt.timedelta(minutes=15)
    # The minute after, so that who comes at the time said is not turned away again.
    at = formats.time_format(until + dt.timedelta(minutes=1), "H:i")
    text = _t("Too many attempts. Try again at %(time)s, or ask an administrator.")
    return ValidationError(text % {"time": at}, code="too_many_login_attempts")


class FactorAdapter(DefaultMFAAdapter):
    """Keeps secrets encrypted by a key made of SECRET_KEY: a copy of the database has none."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code is not right. Codes change every half minute and are taken once, "
            "backup codes too; the clock of your telephone must be right."
        ),
    }

    def get_totp_issuer(self) -> str:
        return _t("Hanoi supporting industries")

    def get_totp_label(self, user: Any) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keys().decrypt(encrypted_text.encode()).decode()


def keys() -> MultiFernet:
    """SECRET_KEY first, then its fallbacks, each for this use only."""
    made = [
        hmac.digest(str(secret).encode(), b"registry second factor", hashlib.sha256)
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """A directory says who somebody is; whether they have an account is said here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse an answer to another question, and people who have no account here."""
        told = sociallogin.account.extra_data.get("id_token", {})
        asked = request.session.pop("directory_nonce", None)
        if not asked or not hmac.compare_digest(str(told.get("nonce", "")), asked):
            raise ImmediateHttpResponse(refused(request, "nonce", 401))
        is_known = sociallogin.account.pk is not None and sociallogin.is_existing
        if is_known:
            forget_claims(account=sociallogin.account)
        if not is_known or sociallogin.state.get("process") != "login":
            enter(
                kind=AccountEvent.STRANGER, person=None,
                address=AccountAdapter(request).get_client_ip(request),
            )  # fmt: skip
            raise ImmediateHttpResponse(refused(request, "stranger", 403))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None,
        extra_context: Any = None,
    ) -> None:  # fmt: skip
        if isinstance(exception, RequestException):
            raise ImmediateHttpResponse(refused(request, "down", 503))
        why = "cancelled" if error == AuthError.CANCELLED else "unknown"
        raise ImmediateHttpResponse(refused(request, why, 401))


def refused(request: HttpRequest, why: str, status: int) -> Any:
    """The page that says why the directory's sign-in did not work, and what to do."""
    context_ = {"why": why, "directory": settings.OIDC_NAME}
    return render(request, "pages/account/directory_refused.html", context_, status=status)
