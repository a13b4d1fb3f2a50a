"""Decisions about a certificate: what a look has shown, and its withdrawal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.approvals.deciding import Act, Kind, Payload, always
from registry.approvals.subjects import Subject
from registry.certifications.actions import (
    LookRefused,
    WithdrawalRefused,
    record_verification,
    withdraw_certificate,
)
from registry.certifications.models import Certificate, VerificationStep

DECIDES = always("registry.add_verificationstep")


def _certificate(payload: Payload) -> Certificate:
    rows = Certificate.objects.select_related("enterprise", "scheme")
    return rows.get(pk=payload["certificate"])


def _about(payload: Payload) -> Subject:
    certificate = _certificate(payload)
    return Subject(
        key=f"certificate/{certificate.pk}",
        enterprise=certificate.enterprise_id,
        certificates=(certificate.pk,),
    )


def _named(payload: Payload) -> dict[str, Any]:
    certificate = _certificate(payload)
    return {
        "scheme": certificate.scheme.label,
        "number": certificate.number or "—",
        "enterprise": certificate.enterprise.name,
        "id": certificate.enterprise.public_id,
    }


def _day(payload: Payload) -> dt.date:
    return dt.date.fromisoformat(payload["on"])


def _shown(payload: Payload) -> str:
    return formats.date_format(_day(payload), "SHORT_DATE_FORMAT")


# A look


def _look_sentence(payload: Payload) -> str:
    outcome = VerificationStep.Outcome(payload["outcome"]).label
    words = _("Record that %(scheme)s %(number)s of %(enterprise)s (%(id)s) was: %(outcome)s")
    return words % {**_named(payload), "outcome": outcome}


def _look_details(payload: Payload) -> list[tuple[Any, Any]]:
    return [
        (_("How you looked"), VerificationStep.Method(payload["method"]).label),
        (_("What was seen"), payload["source_seen"]),
        (_("Day of the look"), _shown(payload)),
        (_("Note"), payload["note"]),
    ]


def _look(payload: Payload, act: Act) -> VerificationStep:
    return record_verification(
        certificate=_certificate(payload),
        method=payload["method"],
        outcome=payload["outcome"],
        source_seen=payload["source_seen"],
        note=payload["note"],
        on=_day(payload),
        mark=payload.get("mark"),  # proposals of before have none
        looked_by=act.asked_by,
        by=act.by,
        reason=act.reason,
    )


VERIFY = Kind(
    "verify",
    gettext_lazy("Verification of a certificate"),
    gettext_lazy("What a look has shown: confirmed, not found, found false."),
    DECIDES,
    _about,
    _look_sentence,
    _look_details,
    _look,
    {LookRefused: lambda refused: " ".join(refused.problems.values())},
)

# Its withdrawal


def _withdrawal_sentence(payload: Payload) -> str:
    words = _("Withdraw %(scheme)s %(number)s of %(enterprise)s (%(id)s) from %(day)s on")
    return words % {**_named(payload), "day": _shown(payload)}


def _withdraw(payload: Payload, act: Act) -> Certificate:
    return withdraw_certificate(
        certificate=_certificate(payload), on=_day(payload), by=act.by, reason=act.reason
    )


WITHDRAW = Kind(
    "withdraw",
    gettext_lazy("Withdrawal of a certificate"),
    gettext_lazy("The body has taken a certificate back before its last day."),
    DECIDES,
    _about,
    _withdrawal_sentence,
    lambda payload: [],
    _withdraw,
    {WithdrawalRefused: lambda refused: " ".join(refused.problems.values())},
)
