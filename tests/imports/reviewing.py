"""Lists put through the review as officers do it, for tests of what comes of it."""

from __future__ import annotations

from typing import Any

from registry.accounts.models import User
from registry.imports import actions
from registry.imports.choices import Asked
from registry.imports.decisions import actions as decisions
from registry.imports.models import ImportBatch
from tests.factories import UserFactory
from tests.imports.sheets import csv_bytes


def reviewed(lines: Any, name: str = "list.csv") -> ImportBatch:
    """A list of these lines, its headings first, with every row checked."""
    batch = actions.keep_file(name=name, content=csv_bytes(*lines), by=UserFactory())
    return actions.check_again(batch_id=batch.pk)


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("outcome", flat=True))


def asked(batch: ImportBatch, number: int) -> Asked:
    return Asked.from_json(batch.rows.get(number=number).asks)


def decide(batch: ImportBatch, number: int, by: User | None = None, **what: Any) -> None:
    """Decide ``same=pk``, ``new=True`` or ``fields={…}`` of a row, and check the list again."""
    row = {"batch_id": batch.pk, "number": number, "by": by or UserFactory()}
    row["mark"] = asked(batch, number).mark()
    if "same" in what:
        decisions.decide_same(**row, enterprise_id=what["same"])
    elif "new" in what:
        decisions.decide_new(**row)
    else:
        decisions.decide_fields(**row, takes=what["fields"])
    actions.check_again(batch_id=batch.pk)


def written(batch: ImportBatch, by: User | None = None) -> int:
    return actions.write(batch_id=batch.pk, by=by or UserFactory())
