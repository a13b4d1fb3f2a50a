"""The only writer of plans, targets and baselines: the project's own CSV files."""

from __future__ import annotations

from pathlib import Path

import pghistory
from django.db import transaction

from registry.accounts.models import User
from registry.plans.models import Baseline, PlanDocument, Target
from registry.reference.actions import CodeList, write_list

DATA = Path(__file__).parent / "data"

PLAN_LISTS = (
    CodeList("plan_documents", PlanDocument),
    CodeList("targets", Target, key=("document", "indicator", "due_on")),
    CodeList("baselines", Baseline, key=("scope", "indicator", "as_of_on")),
)


@transaction.atomic
def load_plans(*, by: User | None) -> dict[str, int]:
    """Bring documents, targets and baselines to what their files say: all or none.

    Returns the rows of each file by list name. A second run writes nothing and leaves
    no history. Rows no longer in a file stay. Raises
    :class:`registry.reference.actions.BadList` for a file that does not fit.
    """
    with pghistory.context(user=by.pk if by else None, reason="load plans"):
        return {
            plan_list.name: write_list(code_list=plan_list, folder=DATA).rows
            for plan_list in PLAN_LISTS
        }
