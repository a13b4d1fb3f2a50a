"""How long somebody who guesses has to wait; the package counts, this only asks it."""

from __future__ import annotations

import datetime as dt
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

FAILED = {"app": "allauth.account", "action": "login_failed"}


def key_of_name(username: str) -> str:
    """What attempts with a name are counted under, whether or not it has an account."""
    return f"name:{username.strip().lower()}"


def key_of_codes(user_id: int) -> str:
    """What wrong codes of a person are counted under: the package's own key."""
    return f"mfa-auth-user-{user_id}"


def free_at(request: HttpRequest, key: str) -> dt.datetime | None:
    """When the next attempt is let through; None for now.

    Attempts fall out of the count one by one, the oldest first.
    """
    now, until = time.time(), 0.0
    for rate in ratelimit.get_rates(**FAILED):
        kept = cache.get(ratelimit.get_cache_key(request, **FAILED, rate=rate, key=key), [])
        allowed, kept = ratelimit.apply_rate(list(kept), now, rate, dry_run=True)
        if not allowed:
            until = max(until, kept[-1] + rate.duration)
    return dt.datetime.fromtimestamp(until, timezone.get_current_timezone()) if until else None


def unlock(request: HttpRequest, username: str, user_id: int) -> None:
    """Forget the failed attempts with a name and with codes."""
    for key in (key_of_name(username), key_of_codes(user_id)):
        ratelimit.clear(request, **FAILED, key=key)
