"""The plan's figures on the command line: the same ones as the pages show."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone, translation

from registry.dashboard.figures import Figure, all_figures


class Command(BaseCommand):
    help = "Print each indicator of the plan on a day: value, numerator, denominator, slices."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", help="the day, as 2026-06-30; today when left out")
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = all_figures(self.day(options["on"]))
        if options["json"]:
            # Addresses without a language: the reader's own choice decides.
            with translation.override(settings.LANGUAGE_CODE):
                rows = [as_json(one) for one in figures]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for one in figures:
            whole = f" ({one.numerator} / {one.denominator})" if one.denominator is not None else ""
            value = "—" if one.value is None else f"{one.value} {one.unit}"
            self.stdout.write(f"{one.indicator.code}\t{value}{whole}\t{one.on.isoformat()}")

    def day(self, text: str | None) -> dt.date:
        today = timezone.localdate()
        try:
            day = dt.date.fromisoformat(text) if text else today
        except ValueError:
            raise CommandError(f"{text} is not a day. Write it as {today.isoformat()}.") from None
        if day > today:
            raise CommandError(f"{day} has not come yet. Choose {today} or an earlier day.")
        return day


def as_json(one: Figure) -> dict[str, Any]:
    """A figure as one JSON object; a share as a number with one decimal."""
    value = float(one.value) if isinstance(one.value, Decimal) else one.value
    return {
        "indicator": one.indicator.code,
        "on": one.on.isoformat(),
        "value": value,
        "unit": one.unit,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "slices": {
            name: {part.code: part.count for part in parts} for name, parts in one.slices.items()
        },
        "list": reverse("programme-list", args=[one.indicator.code]) + f"?on={one.on.isoformat()}",
    }
