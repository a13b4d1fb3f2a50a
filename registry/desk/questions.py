"""What a question about the register's own rows is made of.

Each kind is one query. A question is made of facts; an officer may explain it, and it is
not asked again while the facts stay the same (their ``fingerprint``).
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override


@dc.dataclass(frozen=True)
class Fact:
    """What raised a question: the row, its enterprise and the values the sentence names."""

    table: str
    row: int
    enterprise_id: int
    values: dict[str, Any]


Finder = Callable[[dt.date], Iterable[Fact]]


@dc.dataclass(frozen=True)
class Kind:
    """A kind of question. ``sentence`` has a place ``%(name)s`` for each value."""

    code: str
    label: str | Promise
    sentence: str | Promise
    why: str | Promise
    find: Finder


@dc.dataclass(frozen=True)
class Question:
    """One question about one row, on the day it was looked for."""

    kind: str
    table: str
    row: int
    enterprise_id: int
    fingerprint: str
    sentence: str | Promise
    values: dict[str, str]

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return str(self.sentence) % self.values

    @property
    def sentence_vi(self) -> str:
        """The question in Vietnamese, as it is kept beside its answer."""
        with override("vi"):
            return self.text


KINDS: dict[str, Kind] = {}
"""Every kind by its code; filled by the modules that hold the queries."""


def kind_of_question(
    code: str, label: str | Promise, sentence: str | Promise, why: str | Promise
) -> Callable[[Finder], Finder]:
    """Enter the query below as a kind of question."""

    def enter(find: Finder) -> Finder:
        KINDS[code] = Kind(code, label, sentence, why, find)
        return find

    return enter


def fingerprint(kind: str, fact: Fact) -> str:
    """SHA-256 of the kind, the row and the facts; another fact is another question."""
    text = json.dumps([kind, fact.table, fact.row, fact.values], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def shown(value: Any) -> str:
    """A value of a question as it stands in its sentence."""
    return value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else str(value)
