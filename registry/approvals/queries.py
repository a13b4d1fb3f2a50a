"""Reads: where a second person is asked for, and what waits for one."""

from __future__ import annotations

import dataclasses as dc
from typing import Any

from registry.accounts.models import User
from registry.approvals.deciding import Kind
from registry.approvals.kinds import KINDS
from registry.approvals.models import ApprovalPolicy, Proposal, ProposalQuerySet
from registry.approvals.subjects import Since, changed_since
from registry.plans.models import CountingRule


@dc.dataclass(frozen=True)
class Policy:
    """Whether a kind needs a second person now, and the row that says so (None: none yet)."""

    kind: Kind
    is_required: bool
    said: ApprovalPolicy | None


def policies() -> list[Policy]:
    """Every kind with what holds for it now; one query."""
    rows = ApprovalPolicy.objects.select_related("by").order_by("kind", "-pk").distinct("kind")
    last = {row.kind: row for row in rows}
    return [
        Policy(kind, code in last and last[code].is_required, last.get(code))
        for code, kind in KINDS.items()
    ]


def needs_second_person(code: str) -> bool:
    """Whether a decision of this kind waits for a second person today."""
    row = ApprovalPolicy.objects.filter(kind=code).order_by("-pk").first()
    return row is not None and row.is_required


def waiting_proposals() -> ProposalQuerySet:
    """What waits for a second person, the longest waiting first."""
    rows = Proposal.objects.waiting().select_related("proposed_by", "enterprise")
    return rows.order_by("proposed_at", "pk")


def waiting_about(subject: str) -> ProposalQuerySet:
    """What waits about one subject, by its key (``certificate/12``)."""
    return waiting_proposals().filter(subject=subject)


def waiting_rules() -> Any:
    """Versions of the counting rule that nobody has approved yet."""
    rows = CountingRule.objects.filter(approved_on__isnull=True, is_provisional=False)
    return rows.select_related("author").order_by("version")


def changes_of(proposal: Proposal) -> Since:
    """What changed about its subject since it was proposed."""
    return changed_since(KINDS[proposal.kind].about(proposal.payload), proposal.version)


def can_decide(user: User, proposal: Proposal) -> bool:
    """Another person than the one who proposed it, with the right that it needs."""
    return user.is_active and user.pk != proposal.proposed_by_id and may_ask(user, proposal)


def may_ask(user: User, proposal: Proposal) -> bool:
    """Has the right that the decision itself needs."""
    return user.has_perm(KINDS[proposal.kind].right(proposal.payload))
