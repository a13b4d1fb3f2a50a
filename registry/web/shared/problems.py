"""An address that cannot be answered: said in plain words, with status 400."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _


class PlainProblem(Exception):
    """What is wrong with the address and what to do, in the reader's language."""


View = Callable[..., HttpResponseBase]


def says_problems(view: View) -> View:
    """Turn a :class:`PlainProblem` of the view into a page of status 400."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except PlainProblem as problem:
            return render(request, "400.html", {"message": str(problem)}, status=400)

    return guarded


def day_asked(parameters: QueryDict, today: dt.date | None = None) -> dt.date:
    """The day of ``?on=2026-06-30``; today when absent.

    Raises :class:`PlainProblem` for what is no day and for days to come, of which the
    register knows nothing.
    """
    today = today or timezone.localdate()
    text = parameters.get("on", "").strip()
    if not text:
        return today
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise PlainProblem(
            _("“%(text)s” is not a day. Write it as year-month-day, for example %(example)s.")
            % {"text": text[:40], "example": today.isoformat()}
        ) from None
    if day > today:
        raise PlainProblem(
            _("%(day)s has not come yet. Choose %(today)s or an earlier day.")
            % {
                "day": formats.date_format(day, "SHORT_DATE_FORMAT"),
                "today": formats.date_format(today, "SHORT_DATE_FORMAT"),
            }
        )
    return day


def page_asked(parameters: QueryDict) -> int:
    """The number of ``?page=``; the first page for anything that is no number."""
    text = parameters.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def address(parameters: QueryDict, **changes: str | list[str] | None) -> str:
    """The query string with some parameters changed; empty ones and the page left out."""
    changed = parameters.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed.setlist(name, value if isinstance(value, list) else [value])
    for name in list(changed):
        changed.setlist(name, [value for value in changed.getlist(name) if value])
    return "?" + changed.urlencode()
