"""The plan's figures on the command line: the same ones as pages and API show."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.dashboard.by import Part
from registry.plans.queries import UnknownRule
from registry.web.programme.api import Answer, answer_to
from registry.web.programme.asked import NAMES
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
        parser.add_argument(
            "--by", help="split each figure by one way, or by two: sector, or sector,size"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = answer_to({name: options.get(name) for name in (*NAMES, "by")})
        except PlainProblem as problem:
            raise CommandError(str(problem)) from None
        except UnknownRule as problem:
            raise CommandError(no_such_rule(problem)) from None
        if options["json"]:
            self.stdout.write(json.dumps(found.as_rows(), ensure_ascii=False, indent=2))
        else:
            self.say(found)

    def say(self, found: Answer) -> None:
        """One line for each figure, one beneath it for each part."""
        for one, parts in zip(found.figures, found.parts, strict=True):
            whole = f" ({one.numerator} / {one.denominator})" if one.denominator is not None else ""
            value = "—" if one.value is None else f"{one.value} {one.unit}"
            self.stdout.write(f"{one.indicator.code}\t{value}{whole}\t{one.on.isoformat()}")
            for part in parts.parts if parts else ():
                self.stdout.write(f"  {line_of(part)}")


def line_of(part: Part) -> str:
    """The values of a part, its count and, for a share, the whole and the percent."""
    values = "\t".join(f"{way}={value}" for way, value in part.values.items())
    count = part.count
    if count.whole is None:
        return f"{values}\t{count.count}"
    share = "—" if count.share is None else f"{count.share} %"
    return f"{values}\t{count.count} / {count.whole}\t{share}"
