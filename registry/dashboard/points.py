"""A point from which the register is looked at: day, moment of knowledge, rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from registry.core.known import known_at
from registry.plans.models import CountingRule
from registry.plans.queries import rule_in_force, rule_of_version


@dataclass(frozen=True)
class Point:
    """``on``: what was true on that day; ``known``: what was recorded by then (None: now);
    ``version``: of the counting rule (None: the one in force on that day)."""

    on: dt.date
    known: dt.datetime | None = None
    version: int | None = None

    @contextmanager
    def looked_from(self) -> Iterator[CountingRule]:
        """The register as seen from here, and the rule to count by.

        Querysets must be evaluated inside. Raises ``UnknownRule``.
        """
        with known_at(self.known):
            yield self.rule()

    def rule(self) -> CountingRule:
        """The rule to count by: the version asked for, else the one that was in force on the
        day as it was known; a rule approved later is no part of what was known."""
        if self.version is not None:
            return rule_of_version(self.version)
        return rule_in_force(self.on, known=self.known)
