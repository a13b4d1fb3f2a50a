"""A figure as plain data: the one shape that command and API share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from registry.dashboard.figures import Figure


def as_json(one: Figure, query: str) -> dict[str, Any]:
    """One JSON object; a share is a number with one decimal, in percent.

    ``stated``: how many would count if nothing had to be verified; null where nothing has to.
    ``query`` is the address of the point (``on=…``), as its list is asked for.
    """
    value = float(one.value) if isinstance(one.value, Decimal) else one.value
    return {
        "indicator": one.indicator.code,
        "on": one.on.isoformat(),
        "value": value,
        "unit": one.unit,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "stated": one.stated,
        "slices": {
            name: {part.code: part.count for part in parts} for name, parts in one.slices.items()
        },
        "list": reverse("programme-list", args=[one.indicator.code]) + f"?{query}",
    }
