"""Nobody goes on without a second factor: the one gate before every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from registry.accounts.queries import has_second_factor
from registry.enterprises.queries import register_is_sample

OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "robots",
    }
)
"""Pages that somebody reaches who has said the password only."""

Answer = Callable[[HttpRequest], HttpResponseBase]


class SecondFactorMiddleware:
    """Sends who is signed in without a second factor to where one is set up or said.

    What was said stands in the session, so that this asks the database nothing; only where
    the second factor is optional (a sample register on a development machine, see
    ``settings.SECOND_FACTOR``) does it ask what the register is.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if (match and match.view_name in OPEN) or not request.user.is_authenticated:
            return None
        if said_second_factor(request) or is_optional():
            return None
        page = "mfa_reauthenticate" if has_second_factor(request.user) else "mfa_activate_totp"
        here = request.get_full_path() if request.method == "GET" else reverse("my-account")
        return redirect_to_login(here, reverse(page), REDIRECT_FIELD_NAME)


def said_second_factor(request: HttpRequest) -> bool:
    """Whether a code was taken in this session."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def is_optional() -> bool:
    """Never for a real register, whatever the setting says."""
    return settings.SECOND_FACTOR == "optional" and register_is_sample()
