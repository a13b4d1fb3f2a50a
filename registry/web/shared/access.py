"""Closed pages: who is not signed in is asked to; who may not is told so."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from registry.accounts.models import User

View = Callable[..., HttpResponseBase]


def only_for(*may: Callable[[Any], bool]) -> Callable[[View], View]:
    """Let in those of whom every one of the permissions is true; never kept by a cache."""

    def closed(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not all(allows(request.user) for allows in may):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response

        return guarded

    return closed


def person(request: HttpRequest) -> User:
    """Who has signed in; for closed views only."""
    return cast(User, request.user)
