"""The only writers of certificates. Each takes a reason and who acts (``by``)."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import hashlib
import secrets
from collections.abc import Collection, Sequence
from typing import Any

import pghistory
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.certifications.models import Certificate, CertificateSite, VerificationStep
from registry.certifications.queries import can_be_asked_for
from registry.certifications.validators import LARGEST, kind_of_evidence, too_large
from registry.core.refusals import RefusedByField
from registry.core.text import digest_of
from registry.enterprises.permissions import refuse_outside_area

BATCH = 1_000
NO_OVERLAP = "certificate_periods_do_not_overlap"


class CertificatesOverlap(Exception):
    """An enterprise's number of one scheme is recorded twice for the same days."""


class LookRefused(RefusedByField):
    """A look cannot be recorded as told."""


class WithdrawalRefused(RefusedByField):
    """A withdrawal cannot be recorded as told."""


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
    refuse_outside_area(by, {draft.enterprise_id for draft in drafts})
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


WHAT_IS_LOOKED_AT = (
    "enterprise_id", "scheme_id", "edition_id", "number", "body_id", "accreditation_body_id",
    "scope", "issued_on", "valid_until", "suspended_on", "reinstated_on", "withdrawn_on",
    "evidence_sha256",
)  # fmt: skip


def mark_of(certificate: Certificate, before: VerificationStep | None = None) -> str:
    """The same as long as what the certificate says and the last look at it stand unchanged.

    With ``before`` as it was until that look was recorded.
    """
    told = [str(getattr(certificate, name)) for name in WHAT_IS_LOOKED_AT]
    looks = certificate.verifications.order_by("-pk")
    if before is not None:
        looks = looks.filter(pk__lt=before.pk)
    return digest_of([*told, str(looks.values_list("pk", flat=True).first())])


@transaction.atomic
def record_verification(
    *,
    certificate: Certificate,
    method: str,
    outcome: str,
    source_seen: str,
    note: str,
    on: dt.date,
    by: User,
    reason: str,
    mark: str | None = None,
    looked_by: User | None = None,
) -> VerificationStep:
    """Add one look at a certificate. A look is never changed: a new look is a new step.

    The very same sent twice from one page (a key pressed twice) is one look.
    ``mark`` is :func:`mark_of` the certificate as it was looked at, None where nobody saw a
    page of it; ``looked_by`` is who looked, where a second person decides that it is recorded.
    Raises :class:`LookRefused`, at ``mark`` where it was looked at or changed meanwhile, for a
    look of tomorrow or before the certificate
    was issued, a register or body that is not named, an entry that was not
    found where no register was looked into, and a refusal or change without its reason.
    """
    refuse_outside_area(by, [certificate.enterprise_id])
    kept = Certificate.objects.select_for_update().get(pk=certificate.pk)
    look = LookDraft(on, outcome, method, source_seen.strip(), note.strip())
    if mark is not None and mark_of(kept) != mark:
        if (step := _recorded_already(kept, look, looked_by or by, mark)) is not None:
            return step
        raise LookRefused(
            {
                "mark": _(
                    "Somebody looked at this certificate or changed it while this page was open. Nothing of yours was saved: see what stands there now, then save again if it still holds."
                )
            }
        )
    problems = _problems_of_look(certificate, method, outcome, source_seen, note, on)
    if not reason.strip():
        problems["reason"] = _("Say why this is recorded.")
    if problems:
        raise LookRefused(problems)
    with pghistory.context(user=by.pk, reason=reason.strip()):
        return VerificationStep.objects.create(
            certificate=certificate, by=looked_by or by, **vars(look)
        )


def _recorded_already(
    kept: Certificate, look: LookDraft, by: User, mark: str
) -> VerificationStep | None:
    """The last look, where it is this very one, recorded from the page that bears ``mark``."""
    last = kept.verifications.order_by("-pk").first()
    if last is None or last.by_id != by.pk or mark_of(kept, before=last) != mark:
        return None
    return last if all(getattr(last, name) == value for name, value in vars(look).items()) else None


ASKED_ELSEWHERE = (VerificationStep.Method.BODY_REGISTER, VerificationStep.Method.BODY_ASKED)


def _problems_of_look(
    certificate: Certificate, method: str, outcome: str, source_seen: str, note: str, on: dt.date
) -> dict[str, str]:
    problems = {}
    if method not in VerificationStep.Method.values:
        problems["method"] = _("Choose how you looked.")
    if outcome not in VerificationStep.Outcome.values:
        problems["outcome"] = _("Choose what came of it.")
    elif outcome == VerificationStep.Outcome.NOT_FOUND and method not in ASKED_ELSEWHERE:
        problems["method"] = _("“Not found” needs a look into the register or a question to it.")
    if on > timezone.localdate():
        problems["on"] = _("This day has not come yet.")
    elif certificate.issued_on and on < certificate.issued_on:
        problems["on"] = _("The certificate was issued later.")
    if method in ASKED_ELSEWHERE and not source_seen.strip():
        problems["source_seen"] = _("Name the register or the person asked, with the address.")
    if outcome == VerificationStep.Outcome.REFUTED and not note.strip():
        problems["note"] = _("Say what was found false.")
    return problems


@transaction.atomic
def withdraw_certificate(
    *, certificate: Certificate, on: dt.date, by: User, reason: str
) -> Certificate:
    """Record that its body took a certificate back: from ``on`` it is not in force.

    Raises :class:`WithdrawalRefused` for a day to come or before the certificate was
    issued, one that is withdrawn already, and a withdrawal without its reason.
    """
    refuse_outside_area(by, [certificate.enterprise_id])
    kept = Certificate.objects.select_for_update().get(pk=certificate.pk)
    problems = {}
    if kept.withdrawn_on:
        problems["on"] = _("The certificate is withdrawn already.")
    elif on > timezone.localdate():
        problems["on"] = _("This day has not come yet.")
    elif kept.issued_on and on < kept.issued_on:
        problems["on"] = _("The certificate was issued later.")
    if not reason.strip():
        problems["reason"] = _("Say why this is recorded.")
    if problems:
        raise WithdrawalRefused(problems)
    with pghistory.context(user=by.pk, reason=reason.strip()):
        kept.withdrawn_on = on
        kept.save(update_fields=["withdrawn_on"])
    return kept


@transaction.atomic
def ask_to_look_again(*, enterprise_ids: Collection[int], by: User, reason: str) -> int:
    """Have the certificates of these enterprises verified again, though their time is not over.

    Only those in force that were looked at before; moves no figure. Returns how many; one
    that waits for a new look already is passed over, without a trace.
    """
    refuse_outside_area(by, enterprise_ids)
    today = timezone.localdate()
    ids = list(can_be_asked_for(enterprise_ids, today).order_by("pk").values_list("pk", flat=True))
    held = Certificate.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    with pghistory.context(user=by.pk, reason=reason):
        return Certificate.objects.filter(pk__in=[row.pk for row in held]).update(
            look_again_since=today
        )


def attach_evidence(*, certificate: Certificate, file: File, by: User, reason: str) -> Certificate:
    """Keep a file as the evidence of a certificate, in the place of the one before.

    Only PDF, JPEG and PNG by what is in them, of at most 20 MB; raises ValidationError
    otherwise, and then nothing is stored. Kept outside the web root under a random name:
    the name it came with is dropped. The file before stays on disk, because the history
    points at it.
    """
    refuse_outside_area(by, [certificate.enterprise_id])
    if file.size > LARGEST:
        raise too_large()
    content: Any = file.file
    kind = kind_of_evidence(content)
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    file.seek(0)
    storage = certificate.evidence.storage
    name = storage.save(f"certificates/{secrets.token_hex(16)}.{kind}", file)
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason):
            kept = Certificate.objects.select_for_update().get(pk=certificate.pk)
            kept.evidence = name
            kept.evidence_sha256 = digest
            kept.save(update_fields=["evidence", "evidence_sha256"])
    except BaseException:
        storage.delete(name)
        raise
    return kept
