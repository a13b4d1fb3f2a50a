"""The plan's figures on the command line: the same ones as pages and API show."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from registry.dashboard.figures import all_figures
from registry.dashboard.wire import as_json
from registry.plans.queries import UnknownRule
from registry.web.programme.api import point_named
from registry.web.programme.asked import NAMES, parameters_of
from registry.web.shared.problems import PlainProblem, no_such_rule


class Command(BaseCommand):
    help = "Print each indicator of the plan at a point: value, numerator, denominator, slices."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", help="the day, as 2026-06-30; today when left out")
        parser.add_argument(
            "--known", help="what was recorded by then: a day or a moment; now when left out"
        )
        parser.add_argument(
            "--rule", help="version of the counting rule; the one of that day when left out"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            point = point_named({name: options.get(name) for name in NAMES})
            with point.looked_from() as rule:
                figures = all_figures(point.on, rule=rule)
        except PlainProblem as problem:
            raise CommandError(str(problem)) from None
        except UnknownRule as problem:
            raise CommandError(no_such_rule(problem)) from None
        if options["json"]:
            query = parameters_of(point).urlencode()
            # Addresses without a language: the reader's own choice decides.
            with translation.override(settings.LANGUAGE_CODE):
                rows = [as_json(one, query) for one in figures]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for one in figures:
            whole = f" ({one.numerator} / {one.denominator})" if one.denominator is not None else ""
            value = "—" if one.value is None else f"{one.value} {one.unit}"
            self.stdout.write(f"{one.indicator.code}\t{value}{whole}\t{one.on.isoformat()}")
