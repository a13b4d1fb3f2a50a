"""Signing in by OpenID Connect: the package's views with a nonce and words for failures."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods
from requests import RequestException

from registry.web.signin.adapters import refused

View = Callable[..., HttpResponseBase]


def says_failures(view: View) -> View:
    """A directory that does not answer, or not as it should, is a page, not an error."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not settings.OIDC_ISSUER:
            raise Http404
        try:
            return view(request, **kwargs)
        except RequestException:
            return refused(request, "down", 503)
        except (KeyError, ValueError):
            return refused(request, "unknown", 502)

    return guarded


@require_http_methods(["POST"])
@says_failures
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """On to the directory, which has to give the nonce back inside its signed answer."""
    nonce = request.session.setdefault("directory_nonce", secrets.token_urlsafe(24))
    asked = {"next": request.POST.get("next", ""), "auth_params": urlencode({"nonce": nonce})}
    request.GET = QueryDict(urlencode(asked))
    return views.login(request, provider_id)


@says_failures
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The directory's answer; a GET that signs in, as the protocol has it."""
    return views.callback(request, provider_id)
