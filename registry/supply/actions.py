"""The only writers of supply relations. Each takes a reason and who acts (``by``)."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.core.refusals import RefusedByField
from registry.core.text import digest_of
from registry.enterprises.permissions import refuse_outside_area
from registry.supply.models import SupplyRelation

BATCH = 1_000


@dc.dataclass(frozen=True)
class RelationDraft:
    """An enterprise supplies a buyer at a tier; confidential unless said otherwise.

    ``verified_on`` is the day on which the officer who records it saw the evidence.
    """

    enterprise_id: int
    buyer_id: int
    tier: int
    plant_id: int | None = None
    product: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    evidence: str = ""
    verified_on: dt.date | None = None
    is_confidential: bool = True


@transaction.atomic
def record_relations(
    *, drafts: Sequence[RelationDraft], reason: str, by: User
) -> list[SupplyRelation]:
    """Record supply relations, those with a day of verification as verified by ``by``.

    All or none. Raises IntegrityError where the database refuses a row.
    """
    refuse_outside_area(by, {draft.enterprise_id for draft in drafts})
    with pghistory.context(user=by.pk, reason=reason):
        return SupplyRelation.objects.bulk_create(
            [
                SupplyRelation(verified_by=by if draft.verified_on else None, **vars(draft))
                for draft in drafts
            ],
            batch_size=BATCH,
        )


NEVER_LOOKED_AT: dict[str, Any] = {
    "verified_by_id": None,
    "verified_on": None,
    "proof": "",
    "proof_seen": "",
    "proof_link": "",
    "unverified_by_id": None,
    "unverified_on": None,
    "unverified_because": "",
}
"""Columns of the last look at the proof, as they are before the first."""

WHAT_WAS_VERIFIED = frozenset({"buyer_id", "plant_id", "product", "tier", "since"})
"""Columns of which a look speaks: when one changes, what came of the look no longer holds."""


def with_look_ended(row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """New values of a relation, by column, and no look where they change what it spoke of.

    A relation that had ended and is opened again, or ends later, is looked at anew too: no
    look says that it went on.
    """
    was = row["until"]
    until = values.get("until", was)
    is_reopened = was is not None and (until is None or until > was)
    if is_reopened or WHAT_WAS_VERIFIED & values.keys():
        return {**values, **NEVER_LOOKED_AT}
    return dict(values)


@transaction.atomic
def amend_relations(
    *, enterprise_id: int, changes: Mapping[int, Mapping[str, Any]], reason: str, by: User
) -> int:
    """Write new values of relations of one enterprise, by identity; all or none.

    A relation of which the buyer, plant, product, tier or beginning changes, or that is
    opened again, is to be looked at anew: it is no longer verified. Returns how many were
    touched. Raises IntegrityError where the database refuses.
    """
    refuse_outside_area(by, [enterprise_id])
    rows = SupplyRelation.objects.select_for_update().filter(enterprise=enterprise_id)
    touched = 0
    with pghistory.context(user=by.pk, reason=reason):
        for row in rows.filter(pk__in=changes).order_by("pk"):
            values = with_look_ended(vars(row), changes[row.pk])
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[name.removesuffix("_id") for name in values])
            touched += 1
    return touched


# What came of a look at the proof


def mark_of(relation: SupplyRelation) -> str:
    """The same as long as what a look is of, the end, and the last look stand unchanged."""
    columns = sorted(WHAT_WAS_VERIFIED | NEVER_LOOKED_AT.keys() | {"until"})
    return digest_of([str(getattr(relation, name)) for name in columns])


class ProofRefused(RefusedByField):
    """A look cannot be recorded as told."""


@dc.dataclass(frozen=True)
class ProofLook:
    """What an officer saw on a day: a proof, or why there was none that holds.

    ``link`` is where the paper is kept: an address, for the desk only.
    """

    on: dt.date
    is_verified: bool
    proof: str = ""
    seen: str = ""
    link: str = ""
    because: str = ""


@transaction.atomic
def record_proof(
    *,
    relation: SupplyRelation,
    look: ProofLook,
    mark: str,
    by: User,
    reason: str,
    looked_by: User | None = None,
) -> SupplyRelation:
    """Write what came of a look: the relation is verified from that day on, or is not.

    A look in the place of an earlier one; that one stays in the history. What is verified is
    not verified again from a later day on. ``mark`` is :func:`mark_of` the relation as it was
    looked at; ``looked_by`` is who looked, where a second person decides that it is recorded.
    Raises :class:`ProofRefused`, at ``mark`` where the relation has changed meanwhile; nothing
    is written then.
    """
    kept = SupplyRelation.objects.select_for_update().get(pk=relation.pk)
    refuse_outside_area(by, [kept.enterprise_id])
    if mark_of(kept) != mark:
        raise ProofRefused(
            {"mark": _("The relation was changed meanwhile. Look again at what stands there now.")}
        )
    problems = _problems_of(kept, look)
    if not reason.strip():
        problems["reason"] = _("Say why this is recorded.")
    if problems:
        raise ProofRefused(problems)
    values = {**NEVER_LOOKED_AT, **_values_of(look, looked_by or by)}
    with pghistory.context(user=by.pk, reason=reason.strip()):
        for name, value in values.items():
            setattr(kept, name, value)
        kept.save(update_fields=[name.removesuffix("_id") for name in values])
    return kept


def _values_of(look: ProofLook, looked_by: User) -> dict[str, Any]:
    if not look.is_verified:
        return {
            "unverified_by_id": looked_by.pk,
            "unverified_on": look.on,
            "unverified_because": look.because.strip(),
        }
    return {
        "verified_by_id": looked_by.pk,
        "verified_on": look.on,
        "proof": look.proof,
        "proof_seen": look.seen.strip(),
        "proof_link": look.link.strip(),
    }


def _problems_of(relation: SupplyRelation, look: ProofLook) -> dict[str, str]:
    problems = {}
    if look.on > timezone.localdate():
        problems["on"] = _("This day has not come yet.")
    if not look.is_verified:
        if not look.because.strip():
            problems["because"] = _("Say why it could not be verified.")
        return problems
    if relation.since is None:
        problems["outcome"] = _(
            "The relation has no beginning, so it would count on no day. Complete the record first."
        )
    elif look.on < relation.since and "on" not in problems:
        problems["on"] = _("The relation began later.")
    elif relation.until and look.on >= relation.until:
        problems["on"] = _("The relation had ended by then, so it would count on no day.")
    elif relation.verified_on and look.on > relation.verified_on:
        # The row has one day of verification: a later one would uncount the days between.
        problems["on"] = _(
            "It is verified since %(day)s already; figures of the days between would lose it."
        ) % {"day": formats.date_format(relation.verified_on, "SHORT_DATE_FORMAT")}
    if look.proof not in SupplyRelation.Proof.values:
        problems["proof"] = _("Choose what was seen.")
    if not look.seen.strip():
        problems["seen"] = _("Say what was seen: number, day, who confirmed it.")
    if look.link.strip() and not _is_address(look.link.strip()):
        problems["link"] = _("Write a whole address that begins with http:// or https://.")
    return problems


def _is_address(text: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return False
    return len(text) <= 500
