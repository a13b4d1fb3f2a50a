"""Which rows of a list are meant: one definition for the page, its counts and bulk changes."""

from __future__ import annotations

import dataclasses as dc
import re
from collections.abc import Mapping

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.core.text import fold, tidy
from registry.imports.columns import Meaning
from registry.imports.models import WRITTEN, ImportBatch, ImportRow
from registry.imports.problems import NOT_WRITTEN, Outcome
from registry.imports.repairs.kinds import Repair
from registry.imports.shape import Shape

LONGEST_TEXT = 200
NO_COLUMN = "-"
"""Stands for "the row as a whole" where a problem names no column."""


class Decided(models.TextChoices):
    """What is settled of a row."""

    TAKEN = "taken", _("Accepted")
    LEFT = "left", _("Left out")
    OPEN = "open", _("Not decided")
    NOTHING = "nothing", _("Nothing to decide")


DECIDED: Mapping[str, Q] = {
    Decided.TAKEN: Q(decision="accept"),
    Decided.LEFT: Q(decision="leave", outcome__in=WRITTEN),
    Decided.OPEN: Q(decision="leave", outcome__in=NOT_WRITTEN),
    Decided.NOTHING: Q(decision="leave", outcome=Outcome.UNCHANGED),
}
"""Every row is in exactly one of these."""

ANY, MENDED = "any", "mended"
OFFERED: Mapping[str, Q] = {
    ANY: ~Q(offers=[]),
    **{kind.value: Q(offers__contains=[{"kind": kind.value}]) for kind in Repair},
    MENDED: ~Q(mended=[]),
}
PARTS = ("outcome", "decided", "repair", "problem", "q")


@dc.dataclass(frozen=True)
class RowFilter:
    """What an address asks for; what it asks wrongly is not asked."""

    outcome: str = ""
    decided: str = ""
    repair: str = ""
    problem: str = ""
    q: str = ""

    @classmethod
    def asked(cls, said: Mapping[str, str]) -> RowFilter:
        text = {name: said.get(name, "").replace("\0", "") for name in PARTS}
        return cls(
            outcome=text["outcome"] if text["outcome"] in Outcome.values else "",
            decided=text["decided"] if text["decided"] in DECIDED else "",
            repair=text["repair"] if text["repair"] in OFFERED else "",
            problem=text["problem"][:LONGEST_TEXT],
            q=tidy(text["q"])[:LONGEST_TEXT],
        )

    @property
    def is_empty(self) -> bool:
        return self == RowFilter()

    def rows(self, batch: ImportBatch) -> QuerySet[ImportRow]:
        """The rows of the batch that are meant, in no order."""
        rows = batch.rows.all()
        if self.outcome:
            rows = rows.filter(outcome=self.outcome)
        if self.decided:
            rows = rows.filter(DECIDED[self.decided])
        if self.repair:
            rows = rows.filter(OFFERED[self.repair])
        if self.problem:
            column = "" if self.problem == NO_COLUMN else self.problem
            rows = rows.filter(problems__contains=[{"column": column}])
        return with_text(rows, self.q) if self.q else rows

    def without(self, part: str) -> RowFilter:
        return dc.replace(self, **{part: ""})


def with_text(rows: QuerySet[ImportRow], text: str) -> QuerySet[ImportRow]:
    """Rows whose name or tax code holds the text, with or without diacritics.

    A scan of one short column: 100,000 rows take a third of a second. An index of
    trigrams would need an extension, which the register does without (decision 0003).
    """
    found = Q(sought__contains=fold(text)) | Q(sought__contains=text)
    digits = re.sub(r"[ .\-]", "", text)
    if digits.isdigit():
        found |= Q(sought__contains=digits)
    return rows.filter(found)


def letter_of(batch: ImportBatch, meaning: Meaning) -> str:
    """The letter of the column with a meaning, as the file was read last."""
    columns = Shape.from_json(batch.found).columns
    return next((one.letter for one in columns if one.meaning == meaning), "")
