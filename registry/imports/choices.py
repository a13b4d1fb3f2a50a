"""What an officer chose where neither the list nor the register can tell: plain values.

A choice is of what was seen. Another candidate, or another value on either side, is a new
question.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

OURS, LIST = "ours", "list"
WHY: Mapping[str, Any] = {
    "tax_code": _("The same tax code"),
    "name": _("The same name in the same place"),
    "name_only": _("The same name; whether the place is the same is not said"),
}
"""Why a row could mean a record."""


@dc.dataclass(frozen=True)
class Taken:
    """Whose value a field takes, with the two texts between which that was chosen."""

    take: str
    ours: str
    list: str


@dc.dataclass(frozen=True)
class Choice:
    """Of one row: the record that it means, the records that it does not, whose values.

    ``same_as`` is an identity, 0 where none was chosen. ``by`` is the identity of the
    account that chose.
    """

    same_as: int = 0
    apart_from: frozenset[int] = frozenset()
    fields: Mapping[str, Taken] = dc.field(default_factory=dict)
    by: int = 0
    on: dt.date = dt.date.min

    def take(self, field: str, ours: str, theirs: str) -> str:
        """``ours`` or ``list``; empty where these two texts were not chosen between."""
        taken = self.fields.get(field)
        return taken.take if taken and (taken.ours, taken.list) == (ours, theirs) else ""


NO_CHOICE = Choice()


@dc.dataclass(frozen=True)
class Whom:
    """A record that a row could be of, and why (``WHY``). ``can_be_same`` is false for one
    that has ended or that another row of the list means."""

    pk: int
    why: str
    can_be_same: bool = True


@dc.dataclass(frozen=True)
class Field:
    """A value that was changed on both sides since the export; ``take`` is what was chosen."""

    name: str
    ours: str
    list: str
    take: str = ""


@dc.dataclass(frozen=True)
class Asked:
    """What a row asks an officer: whom it means, or whose values hold."""

    whom: tuple[Whom, ...] = ()
    may_be_new: bool = False
    fields: tuple[Field, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return dc.asdict(self) if self.whom or self.fields else {}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Asked:
        return cls(
            whom=tuple(Whom(**one) for one in kept.get("whom", ())),
            may_be_new=kept.get("may_be_new", False),
            fields=tuple(Field(**one) for one in kept.get("fields", ())),
        )

    def mark(self) -> str:
        """The same as long as the same is asked, so that nothing unseen is decided."""
        whom = [one.pk for one in self.whom]
        fields = [(one.name, one.ours, one.list) for one in self.fields]
        text = json.dumps([whom, self.may_be_new, fields])
        return hashlib.sha256(text.encode()).hexdigest()[:16]
