"""A decision about a supply relation: what a look at its proof has shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.approvals.deciding import Act, Kind, Payload, always
from registry.approvals.subjects import Subject
from registry.supply.actions import ProofLook, ProofRefused, record_proof
from registry.supply.models import SupplyRelation


def _relation(payload: Payload) -> SupplyRelation:
    rows = SupplyRelation.objects.select_related("enterprise", "buyer", "plant")
    return rows.get(pk=payload["relation"])


def key_of(relation: int) -> str:
    """By which what waits about a relation is found."""
    return f"supplyrelation/{relation}"


def _about(payload: Payload) -> Subject:
    relation = _relation(payload)
    return Subject(key_of(relation.pk), relation.enterprise_id, relations=(relation.pk,))


def _said(payload: Payload) -> ProofLook:
    return ProofLook(
        on=dt.date.fromisoformat(payload["on"]),
        is_verified=payload["outcome"] == "verified",
        proof=payload["proof"],
        seen=payload["seen"],
        link=payload["link"],
        because=payload["because"],
    )


def _sentence(payload: Payload) -> str:
    relation, look = _relation(payload), _said(payload)
    words = _("Record that %(enterprise)s (%(id)s) supplying %(buyer)s, %(tier)s, is verified")
    if not look.is_verified:
        words = _(
            "Record that %(enterprise)s (%(id)s) supplying %(buyer)s, %(tier)s, could not be verified"
        )
    return words % {
        "enterprise": relation.enterprise.name,
        "id": relation.enterprise.public_id,
        "buyer": relation.plant or relation.buyer,
        "tier": relation.get_tier_display().lower(),
    }


def _details(payload: Payload) -> list[tuple[Any, Any]]:
    look = _said(payload)
    day = (_("Day of the look"), formats.date_format(look.on, "SHORT_DATE_FORMAT"))
    if not look.is_verified:
        return [day, (_("Why it could not be verified"), look.because)]
    return [
        day,
        (_("Proof seen"), SupplyRelation.Proof(look.proof).label),
        (_("What was seen"), look.seen),
        (_("Where it is kept"), look.link),
    ]


def _look(payload: Payload, act: Act) -> SupplyRelation:
    relation = _relation(payload)
    return record_proof(
        relation=relation,
        look=_said(payload),
        mark=payload["mark"],
        looked_by=act.asked_by,
        by=act.by,
        reason=act.reason,
    )


VERIFY_RELATION = Kind(
    "verify-relation",
    gettext_lazy("Verification of a supply relation"),
    gettext_lazy("What a look at the proof has shown: verified, or not to be verified."),
    always("registry.verify_supplyrelation"),
    _about,
    _sentence,
    _details,
    _look,
    {ProofRefused: lambda refused: " ".join(refused.problems.values())},
)
