"""The only writers of certificates. Each takes a reason and who acts (``by``)."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Sequence
from typing import Any

import pghistory
from django.db import IntegrityError, transaction

from registry.accounts.models import User
from registry.certifications.models import Certificate, CertificateSite, VerificationStep

BATCH = 1_000
NO_OVERLAP = "certificate_periods_do_not_overlap"


class CertificatesOverlap(Exception):
    """An enterprise's number of one scheme is recorded twice for the same days."""


@dc.dataclass(frozen=True)
class LookDraft:
    """One look at a certificate by an officer, with what came of it."""

    on: dt.date
    outcome: str = VerificationStep.Outcome.CONFIRMED.value
    method: str = VerificationStep.Method.BODY_REGISTER.value
    source_seen: str = ""
    note: str = ""


@dc.dataclass(frozen=True)
class CertificateDraft:
    """A certificate as its holder states it; ids name rows of the code lists.

    ``valid_until`` is the last valid day. ``looks`` are in the order in which the officer
    looked, ``site_ids`` the sites of the enterprise that the certificate names.
    """

    enterprise_id: int
    scheme_id: int
    source: str
    source_ref: str = ""
    edition_id: int | None = None
    number: str = ""
    body_id: int | None = None
    accreditation_body_id: int | None = None
    scope: str = ""
    issued_on: dt.date | None = None
    valid_until: dt.date | None = None
    suspended_on: dt.date | None = None
    reinstated_on: dt.date | None = None
    withdrawn_on: dt.date | None = None
    looks: tuple[LookDraft, ...] = ()
    site_ids: tuple[int, ...] = ()

    def own_fields(self) -> dict[str, Any]:
        """The columns of the certificate itself, without its child rows."""
        return {name: value for name, value in vars(self).items() if name not in CHILDREN}


CHILDREN = {"looks", "site_ids"}


@transaction.atomic
def record_certificates(
    *, drafts: Sequence[CertificateDraft], reason: str, by: User
) -> list[Certificate]:
    """Record certificates with the looks ``by`` took at them: all or none.

    Raises :class:`CertificatesOverlap` for the same number twice on the same days, and
    IntegrityError where the database refuses a row for another reason.
    """
    with pghistory.context(user=by.pk, reason=reason):
        try:
            certificates = Certificate.objects.bulk_create(
                [Certificate(**draft.own_fields()) for draft in drafts], batch_size=BATCH
            )
        except IntegrityError as error:
            if NO_OVERLAP in str(error):
                raise CertificatesOverlap from error
            raise
        pairs = list(zip(certificates, drafts, strict=True))
        VerificationStep.objects.bulk_create(
            [
                VerificationStep(certificate=certificate, by=by, **vars(look))
                for certificate, draft in pairs
                for look in draft.looks
            ],
            batch_size=BATCH,
        )
        CertificateSite.objects.bulk_create(
            [
                CertificateSite(certificate=certificate, site_id=pk)
                for certificate, draft in pairs
                for pk in draft.site_ids
            ],
            batch_size=BATCH,
        )
    return certificates
