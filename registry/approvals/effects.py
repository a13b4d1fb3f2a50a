"""What a decision does to the headline figures: it is done, measured and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction

from registry.dashboard.figures import all_figures

Effect = list[dict[str, Any]]
"""One entry for each indicator: ``code``, ``unit``, and its value ``before`` and ``after`` as
text (None where a share has nothing to be a share of)."""


class _TakenBack(Exception):
    """Ends a rehearsal."""


def rehearse(do: Callable[[], Any], on: dt.date) -> Effect:
    """The figures of ``on`` before and after ``do``; nothing of it stays.

    Raises what ``do`` raises: what cannot be done is told before anybody is asked.
    """
    before = _measured(on)
    after: dict[str, tuple[str, str | None]] = {}
    try:
        with transaction.atomic():
            do()
            after = _measured(on)
            raise _TakenBack
    except _TakenBack:
        return _beside(before, after)


def watched(do: Callable[[], Any], on: dt.date) -> Effect:
    """Do it, for good, and say what the figures of ``on`` were before and after."""
    before = _measured(on)
    do()
    return _beside(before, _measured(on))


def _measured(on: dt.date) -> dict[str, tuple[str, str | None]]:
    return {
        one.indicator.code: (one.unit, None if one.value is None else str(one.value))
        for one in all_figures(on, with_slices=False)
    }


def _beside(
    before: dict[str, tuple[str, str | None]], after: dict[str, tuple[str, str | None]]
) -> Effect:
    return [
        {"code": code, "unit": unit, "before": value, "after": after[code][1]}
        for code, (unit, value) in before.items()
    ]
