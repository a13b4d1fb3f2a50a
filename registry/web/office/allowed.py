"""Who may open a page of the office: signed in, and with the right it needs."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required, permission_required
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponseBase]

READS_LOG = "registry.view_enterpriseevent"
DECIDES = "registry.change_enterprise"
SEES_CONTACTS = "registry.view_contact"


def needs(right: str) -> Callable[[View], View]:
    """Sign in first; without the right the answer is 403. Never kept by a cache."""

    def closed(view: View) -> View:
        return never_cache(login_required(permission_required(right, raise_exception=True)(view)))

    return closed
