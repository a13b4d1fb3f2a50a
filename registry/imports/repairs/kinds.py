"""What can be offered, and the shape of an offer."""

from __future__ import annotations

import dataclasses as dc
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Repair(models.TextChoices):
    """The kinds of repair."""

    LOST_ZERO = "lost-zero", _("Lost zero of a tax code")
    SWAPPED_DAY = "swapped-day", _("Day and month swapped")
    FORMER_WARD = "former-ward", _("Former ward or district")
    CAPITALS = "capitals", _("Name in capitals")
    ENGLISH_NAME = "english-name", _("English name in the Vietnamese column")
    PHONE = "phone", _("Form of a telephone number")


@dc.dataclass(frozen=True)
class Offer:
    """One repair of the cell ``letter``.

    ``why`` is a sentence to be translated when it is shown, ``said`` fills its places.

    Each of ``choices`` holds new texts by the letter of their cell: mostly one cell, two
    where a text moves. With several choices, or where ``is_sure`` is not set, only a person
    who looks at the row can take it, never all of its kind at once.
    """

    kind: Repair
    letter: str
    why: str
    choices: tuple[Mapping[str, str], ...]
    is_sure: bool = True
    said: Mapping[str, str] = dc.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What is kept beside the row; ``mark`` tells whether it is still the same offer."""
        text = repr([sorted(choice.items()) for choice in self.choices])
        return {
            "mark": hashlib.sha256(text.encode()).hexdigest()[:12],
            "kind": self.kind.value,
            "letter": self.letter,
            "why": self.why,
            "said": dict(self.said),
            "choices": [dict(choice) for choice in self.choices],
            "is_sure": self.is_sure and len(self.choices) == 1,
        }
