"""What can be said of a list: one outcome per row, and what a person should look at."""

from __future__ import annotations

import dataclasses as dc
import enum
from collections.abc import Iterable, Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What the import does with a row; every row has exactly one."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    DOUBTFUL = "doubtful", _("Doubtful")
    CONFLICT = "conflict", _("In conflict")
    REFUSED = "refused", _("Refused")


NOT_WRITTEN = (Outcome.DOUBTFUL, Outcome.CONFLICT, Outcome.REFUSED)
"""Rows that need another cell, or another look, before they can be written."""


class Weight(enum.IntEnum):
    """What a problem means for its row; the heaviest one decides."""

    NOTE = 0
    DOUBT = 1
    REFUSAL = 2


@dc.dataclass(frozen=True)
class Problem:
    """A sentence for the officer: what is the matter and what to do.

    ``row`` is the row as the spreadsheet program numbers it, ``column`` the header as it
    is written in the file; both are None where the whole file is meant.
    """

    message: str
    row: int | None = None
    column: str | None = None
    weight: Weight = Weight.NOTE


class Unreadable(Exception):
    """The file is no list that can be read; the text says what to do instead."""


class ImportBusy(Exception):
    """Another import is being written; nothing was written by this one."""


class WrongStep(Exception):
    """The batch is not at the step that this needs; somebody else was quicker."""


class BatchBusy(WrongStep):
    """A worker is at this batch, or is about to be."""


class RowChanged(Exception):
    """Cells of a row were mended since they were shown; ``typed`` is what was typed, by letter."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        super().__init__(", ".join(typed))
        self.typed = typed


class RegisterChanged(Exception):
    """The register is no longer what the plan was made for; nothing was written."""


def at_column(column: str | None, message: str) -> str:
    """What is said, with the column of which."""
    return f"{column}: {message}" if column else message


def reason_with_row(number: int, said: Iterable[tuple[str | None, str]]) -> str:
    """Why a row was not written, for a sheet in which it stands at another place; ``said`` are
    columns and messages."""
    told = "; ".join(at_column(column, message) for column, message in said)
    return str(_("Row %(row)s of the file: %(said)s") % {"row": number, "said": told})
