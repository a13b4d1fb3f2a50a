"""The only writers of plans, targets and rules: the project's own CSV files, and approval."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pghistory
from django.db import transaction
from django.db.models import Q

from registry.accounts.models import User
from registry.plans.models import Baseline, CountingRule, PlanDocument, Target
from registry.reference.actions import LOADED, CodeList, write_list

DATA = Path(__file__).parent / "data"

PLAN_LISTS = (
    CodeList("plan_documents", PlanDocument, is_edited=True),
    CodeList("targets", Target, key=("document", "indicator", "due_on"), is_edited=True),
    CodeList("baselines", Baseline, key=("scope", "indicator", "as_of_on"), is_edited=True),
    CodeList(
        "counting_rules",
        CountingRule,
        key=("version",),
        settled=Q(approved_on__isnull=False) | Q(author__isnull=False),
    ),
)


class NotApprovable(Exception):
    """Who wrote any of a rule cannot approve it, nor can a rule be approved twice."""


@transaction.atomic
def approve_rule(*, rule: CountingRule, by: User, on: dt.date, reason: str) -> CountingRule:
    """Put a version of the counting rule in force from its day on.

    Raises :class:`NotApprovable` for everybody who wrote any of it, whoever wrote last, and
    for a rule approved before.
    """
    with pghistory.context(user=by.pk, reason=reason):
        locked = CountingRule.objects.select_for_update().get(pk=rule.pk)
        if locked.is_approved or _has_written(by, locked):
            raise NotApprovable
        locked.approved_by, locked.approved_on = by, on
        locked.save(update_fields=["approved_by", "approved_on"])
    return locked


def _has_written(person: User, rule: CountingRule) -> bool:
    events = CountingRule.pgh_event_model.objects.filter(pgh_obj_id=rule.pk)  # type: ignore[attr-defined]
    written = Q(author=person) | Q(pgh_context__metadata__user=person.pk)
    return bool(events.filter(written).exists())


@transaction.atomic
def load_plans(*, by: User | None) -> dict[str, int]:
    """Bring documents, targets and baselines to what their files say: all or none.

    Returns the rows of each file by list name. A second run writes nothing and leaves
    no history. Rows no longer in a file stay, and what somebody wrote to (or approved, of
    rules) stays as it was written. Raises
    :class:`registry.reference.actions.BadList` for a file that does not fit.
    """
    with pghistory.context(user=by.pk if by else None, reason=LOADED):
        return {
            plan_list.name: write_list(code_list=plan_list, folder=DATA).rows
            for plan_list in PLAN_LISTS
        }
