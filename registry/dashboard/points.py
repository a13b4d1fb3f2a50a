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
            if self.version is not None:
                yield rule_of_version(self.version)
            else:
                yield rule_in_force(self.on)
