"""An address that cannot be answered: said in plain words, with status 400."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from registry.plans.queries import UnknownRule

EARLIEST = dt.date(1945, 9, 2)
"""No enterprise of the register is older than the state; also keeps sums of days in range."""


class PlainProblem(Exception):
    """What is wrong with the address and what to do, in the reader's language."""


def no_such_rule(problem: UnknownRule) -> str:
    """That no rule has the version asked, in words."""
    return _("There is no version %(version)s of the counting rule.") % {"version": problem}


View = Callable[..., HttpResponseBase]


def says_problems(view: View) -> View:
    """Turn a :class:`PlainProblem` of the view into a page of status 400."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except PlainProblem as problem:
            message = str(problem)
        except UnknownRule as problem:
            message = no_such_rule(problem)
        return render(request, "400.html", {"message": message}, status=400)

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
    if day < EARLIEST:
        raise PlainProblem(
            _("The register knows nothing before %(day)s.")
            % {"day": formats.date_format(EARLIEST, "SHORT_DATE_FORMAT")}
        )
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


def hidden_inputs(
    parameters: QueryDict, *, keep: Iterable[str] = (), leave_out: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """The other parameters of the address, so that a form does not lose them."""
    names = set(keep) or (set(parameters) - set(leave_out))
    return [
        (name, value)
        for name in sorted(names & set(parameters))
        for value in parameters.getlist(name)
        if value
    ]
