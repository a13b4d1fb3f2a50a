"""What was done to a list, or to one row of it, the newest first."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from itertools import takewhile

from django.db.models import QuerySet

from registry.imports.acts.spans import count_of, holds
from registry.imports.models import ImportAct, ImportBatch
from registry.imports.repairs.kinds import Repair

MOST = 20


@dc.dataclass(frozen=True)
class Act:
    """For a page: what was done, to how many rows, who and when."""

    label: str
    repair: str
    rows: int
    reason: str
    person: str
    at: dt.datetime


def last_acts(batch: ImportBatch) -> list[Act]:
    """The last ones on the whole list; one query."""
    return [_shown(act) for act in _newest_first(batch)[:MOST]]


def acts_on(batch: ImportBatch, number: int) -> list[Act]:
    """All that was done to one row; one query. Before the file was read anew from another
    sheet or row, the number was that of another row."""
    of_these = takewhile(lambda act: act.kind != ImportAct.Kind.FORGET, _newest_first(batch))
    return [_shown(act) for act in of_these if holds(act.rows, number)]


def removals() -> QuerySet[ImportAct]:
    """Who removed which list, when and why, the newest first; one query."""
    acts = ImportAct.objects.filter(kind=ImportAct.Kind.REMOVE).select_related("by", "batch")
    return acts.defer("batch__content").order_by("-pk")


def _newest_first(batch: ImportBatch) -> QuerySet[ImportAct]:
    return batch.acts.select_related("by").order_by("-pk")


def _shown(act: ImportAct) -> Act:
    known = dict(Repair.choices)
    return Act(
        label=str(act.get_kind_display()),
        repair=str(known.get(act.repair, act.repair)),
        rows=count_of(act.rows),
        reason=act.reason,
        person=str(act.by),
        at=act.at,
    )
