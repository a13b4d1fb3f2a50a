"""A figure as plain data: the one shape that command and API share."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from registry.dashboard.by import Parts
from registry.dashboard.figures import Figure


def as_json(
    one: Figure, query: str, known: dt.datetime | None, parts: Parts | None = None
) -> dict[str, Any]:
    """One JSON object; a share is a number with one decimal, in percent.

    ``rule`` is the version it was counted by, null before one was loaded; ``known`` the moment, null for what is known now.

    ``stated``: how many would count if nothing had to be verified; null where nothing has to.
    ``parts`` adds the figure by one way or two, each part with its list. ``query`` is the address of the point (``on=…``), as its list is asked for.
    """
    row = {
        "indicator": one.indicator.code,
        "on": one.on.isoformat(),
        "known": None if known is None else timezone.localtime(known).isoformat(),
        "rule": one.rule.version if one.rule.pk else None,
        "value": _plain(one.value),
        "unit": one.unit,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "stated": one.stated,
        "slices": {
            name: {part.code: part.count for part in parts} for name, parts in one.slices.items()
        },
        "list": list_address(one.indicator.code, query),
    }
    return row if parts is None else row | {"by": _by(one, query, parts)}


def list_address(code: str, query: str, **slices: str) -> str:
    """The list behind a figure at a point, or behind a part of it."""
    asked = "&".join(part for part in (query, urlencode(slices)) if part)
    return reverse("programme-list", args=[code]) + f"?{asked}"


def _by(one: Figure, query: str, parts: Parts) -> dict[str, Any]:
    return {
        "ways": list(parts.ways),
        "parts": [
            {
                **part.values,
                "count": part.count.count,
                "whole": part.count.whole,
                "share": _plain(part.count.share),
                "list": list_address(one.indicator.code, query, **part.values),
            }
            for part in parts.parts
        ],
        "counted_in_several": parts.repeated,
        "sum_exceeds_total_by": parts.extra,
    }


def _plain(value: Decimal | int | None) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value
