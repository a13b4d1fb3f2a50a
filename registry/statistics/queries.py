"""Entered values beside the targets that name their indicators."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from registry.statistics.models import EnteredValue


def values_by_indicator(on: dt.date) -> dict[str, list[EnteredValue]]:
    """Those standing for days up to that one, the latest first; one query."""
    found: dict[str, list[EnteredValue]] = defaultdict(list)
    rows = EnteredValue.objects.by(on).select_related("entered_by")
    for row in rows.order_by("-as_of_on", "scope", "pk"):
        found[row.indicator].append(row)
    return found
