"""Ask, approve, refuse, withdraw; and where a second person is asked for: the only writers."""

from __future__ import annotations

import dataclasses as dc
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from registry.accounts.models import User
from registry.approvals.deciding import Act, Kind, Payload
from registry.approvals.effects import Effect, rehearse, watched
from registry.approvals.kinds import KINDS
from registry.approvals.models import ApprovalPolicy, Proposal
from registry.approvals.queries import may_ask, needs_second_person
from registry.approvals.subjects import Subject, changed_since, lock, told, version_of
from registry.enterprises.permissions import refuse_outside_area

Outcome = Proposal.Outcome


class ProposalRefused(Exception):
    """Base of the refusals below; the text says why in words."""


class AlreadyWaiting(ProposalRefused):
    """The same is proposed already."""


class AlreadyDecided(ProposalRefused):
    """Somebody else was quicker."""


class SamePerson(ProposalRefused):
    """Who proposed it cannot decide it."""


class CannotBeDone(ProposalRefused):
    """The action itself refuses it now; the proposal keeps waiting."""


@dc.dataclass(frozen=True)
class Answer:
    """What came of asking: done at once with a ``result``, or a ``proposal`` that waits."""

    result: Any = None
    proposal: Proposal | None = None


@transaction.atomic
def ask(*, kind: str, payload: Payload, reason: str, by: User) -> Answer:
    """Do it at once, or keep it for a second person where the policy asks for one.

    In both cases what the action refuses is refused now, with its own exception. Raises
    ``PermissionDenied`` and :class:`AlreadyWaiting`.
    """
    how = KINDS[kind]
    if not by.has_perm(how.right(payload)):
        raise PermissionDenied
    act = Act(by=by, asked_by=by, reason=reason)
    subject = how.about(payload)
    lock(subject)
    if Proposal.objects.waiting().filter(kind=kind, subject=subject.key).exists():
        raise AlreadyWaiting(_("The same already waits for a second person."))
    if not needs_second_person(kind):
        return Answer(result=how.do(payload, act))
    return Answer(proposal=_proposed(how, subject, payload, act))


def _proposed(how: Kind, subject: Subject, payload: Payload, act: Act) -> Proposal:
    """Try it, measure it, take it back, and keep it for a second person."""
    foreseen = foresee(how, payload, act)
    try:
        with transaction.atomic(), pghistory.context(user=act.by.pk, reason=act.reason):
            return Proposal.objects.create(
                kind=how.code,
                subject=subject.key,
                enterprise_id=subject.enterprise,
                payload=dict(payload),
                version=version_of(subject),
                sentence_vi=_sentence(how, payload, "vi"),
                sentence_en=_sentence(how, payload, "en"),
                foreseen=foreseen,
                reason=act.reason,
                proposed_by=act.by,
                proposed_at=timezone.now(),
            )
    except IntegrityError as error:
        raise AlreadyWaiting(_("The same already waits for a second person.")) from error


def foresee(how: Kind, payload: Payload, act: Act) -> Effect:
    """What it would do to the figures of today; empty where that is not measured."""
    if not how.is_measured:
        return []
    return rehearse(lambda: how.do(payload, act), timezone.localdate())


def _sentence(how: Kind, payload: Payload, language: str) -> str:
    with override(language):
        return str(how.sentence(payload))


@transaction.atomic
def approve(*, proposal: Proposal, reason: str, by: User) -> Proposal:
    """Do what was proposed; where its subject has changed since, it is overtaken instead.

    Both persons stand in the history: the second as who wrote, the first in the reason.
    Raises ``PermissionDenied`` (:class:`~registry.enterprises.permissions.OutsideArea` where
    its enterprise lies there), :class:`SamePerson`, :class:`AlreadyDecided` and
    :class:`CannotBeDone`; nothing is written then.
    """
    kept = _held(proposal, by)
    how = KINDS[kept.kind]
    subject = how.about(kept.payload)
    lock(subject)
    since = changed_since(how.about(kept.payload), kept.version)
    if since:
        words = told(since) or _("What was accepted is no longer the same.")
        return _closed(kept, Outcome.OVERTAKEN, words, by)
    words = _("%(reason)s (proposal %(number)s of %(person)s, approved by a second person)") % {
        "reason": kept.reason,
        "number": kept.pk,
        "person": kept.proposed_by.desk_name,
    }
    act = Act(by=by, asked_by=kept.proposed_by, reason=words)
    with pghistory.context(user=by.pk, reason=words):
        kept.moved = _done(how, kept.payload, act)
        return _closed(kept, Outcome.APPROVED, reason, by, words)


def _done(how: Kind, payload: Payload, act: Act) -> Effect:
    try:
        with transaction.atomic():
            if not how.is_measured:
                how.do(payload, act)
                return []
            return watched(lambda: how.do(payload, act), timezone.localdate())
    except tuple(how.refusals) as refused:
        words = next(say for kind, say in how.refusals.items() if isinstance(refused, kind))
        raise CannotBeDone(str(words(refused))) from refused


@transaction.atomic
def refuse(*, proposal: Proposal, reason: str, by: User) -> Proposal:
    """Say no, with the reason. Raises as :func:`approve` does."""
    return _closed(_held(proposal, by), Outcome.REFUSED, reason, by)


@transaction.atomic
def withdraw(*, proposal: Proposal, reason: str, by: User) -> Proposal:
    """The one who proposed it takes it back. Raises ``PermissionDenied`` for others."""
    kept = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if kept.outcome:
        raise AlreadyDecided(_("This proposal has been decided already."))
    if kept.proposed_by_id != by.pk:
        raise PermissionDenied
    return _closed(kept, Outcome.WITHDRAWN, reason, by)


def _held(proposal: Proposal, by: User) -> Proposal:
    """The proposal, held until the transaction ends, if this person may decide it."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("proposed_by")
    kept = rows.get(pk=proposal.pk)
    if kept.outcome:
        raise AlreadyDecided(_("This proposal has been decided already."))
    if kept.proposed_by_id == by.pk:
        raise SamePerson(_("Who proposed it cannot decide it, only withdraw it."))
    if not may_ask(by, kept):
        raise PermissionDenied
    if kept.enterprise_id:
        refuse_outside_area(by, [kept.enterprise_id])
    return kept


def _closed(kept: Proposal, outcome: str, reason: str, by: User, why: str = "") -> Proposal:
    kept.outcome, kept.decision_reason = outcome, reason
    kept.decided_by, kept.decided_at = by, timezone.now()
    with pghistory.context(user=by.pk, reason=why or reason):
        kept.save(update_fields=["outcome", "decision_reason", "decided_by", "decided_at", "moved"])
    return kept


@transaction.atomic
def set_policy(*, kind: str, is_required: bool, reason: str, by: User) -> ApprovalPolicy:
    """From now on this kind needs a second person, or no longer does.

    What waits already keeps waiting. Raises ``PermissionDenied``, and KeyError for no kind.
    """
    if not by.has_perm("registry.add_approvalpolicy"):
        raise PermissionDenied
    code = KINDS[kind].code
    with pghistory.context(user=by.pk, reason=reason):
        return ApprovalPolicy.objects.create(
            kind=code, is_required=is_required, reason=reason, by=by
        )
