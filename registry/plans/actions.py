"""The only writers of plans, targets and rules: the project's own CSV files, and approval."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import ClassVar

import pghistory
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.accounts.models import User
from registry.core.refusals import Refused
from registry.plans.models import Baseline, CountingRule, PlanDocument, Target
from registry.plans.queries import unknown_schemes
from registry.reference.actions import CodeList, write_list

DATA = Path(__file__).parent / "data"

PLAN_LISTS = (
    CodeList("plan_documents", PlanDocument, keeps_edits=True),
    CodeList("targets", Target, key=("document", "indicator", "due_on"), keeps_edits=True),
    CodeList("baselines", Baseline, key=("scope", "indicator", "as_of_on"), keeps_edits=True),
    CodeList(
        "counting_rules",
        CountingRule,
        key=("version",),
        settled=Q(approved_on__isnull=False) | Q(author__isnull=False),
    ),
)


class NotApprovable(Refused):
    """A rule is not approved by who wrote any of it, nor twice, nor with unknown schemes."""

    why_not: ClassVar[dict[str, str | Promise]] = {
        "again": _("It is approved already."),
        "written": _("Who wrote any of a rule cannot approve it."),
        "schemes": _("It names a scheme that there is not. Put that right first."),
    }


@transaction.atomic
def approve_rule(*, rule: CountingRule, by: User, on: dt.date, reason: str) -> CountingRule:
    """Put a version of the counting rule in force from its day on.

    Raises :class:`NotApprovable` for everybody who wrote any of it, whoever wrote last, for a
    rule approved before, and for one that counts a scheme that there is not.
    """
    with pghistory.context(user=by.pk, reason=reason):
        locked = CountingRule.objects.select_for_update().get(pk=rule.pk)
        if locked.is_approved:
            raise NotApprovable("again")
        if _has_written(by, locked):
            raise NotApprovable("written")
        if locked.schemes == [] or unknown_schemes(locked):
            raise NotApprovable("schemes")
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
    no history. Rows no longer in a file stay. What somebody wrote to (or approved, of rules)
    stays as it was written, and a warning in the log names it where the file says otherwise;
    what is loaded by a person is that person's. Raises
    :class:`registry.reference.actions.BadList` for a file that does not fit.
    """
    with pghistory.context(user=by.pk if by else None, reason="load plans"):
        return {
            plan_list.name: write_list(code_list=plan_list, folder=DATA).rows
            for plan_list in PLAN_LISTS
        }
