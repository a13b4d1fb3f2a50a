"""How an action says no: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise


class Refused(Exception):
    """Nothing was written; ``code`` is a key of ``why_not``, which says why in words."""

    why_not: ClassVar[Mapping[str, str | Promise]] = {}

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        return str(self.why_not[self.code])


class RefusedByField(Exception):
    """Nothing was written; ``problems`` says why in words, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = dict(problems)
