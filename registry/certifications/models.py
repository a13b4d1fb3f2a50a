"""Certificates. What holds on a day is computed from dates when read."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Concat, Upper
from django.utils.translation import gettext_lazy as _

from registry.core.models import DateRange


def evidence_storage() -> FileSystemStorage:
    """Outside the web root; served only by a view that checks rights."""
    return FileSystemStorage(location=settings.EVIDENCE_ROOT)


def _suspended(on: dt.date) -> Q:
    """Suspended by that day and not reinstated by it."""
    return Q(suspended_on__isnull=False, suspended_on__lte=on) & (
        Q(reinstated_on__isnull=True) | Q(reinstated_on__gt=on)
    )


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Adjectives of certificates on a day."""

    def issued(self, on: dt.date) -> CertificateQuerySet:
        return self.filter(Q(issued_on__isnull=False), issued_on__lte=on)

    def current(self, on: dt.date) -> CertificateQuerySet:
        """Within its dates on that day: issued, not expired, not withdrawn, edition alive.

        ``valid_until`` is the last valid day; an unknown end or an unknown issue
        day is never taken for valid.
        """
        return self.filter(
            Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on),
            Q(edition__isnull=True)
            | Q(edition__withdrawn_on__isnull=True)
            | Q(edition__withdrawn_on__gt=on),
            issued_on__lte=on,
            valid_until__gte=on,
        )

    def counting(self, on: dt.date) -> CertificateQuerySet:
        """Current, and suspended only where the scheme's rules let that count."""
        return self.current(on).filter(
            ~_suspended(on) | Q(scheme__counting_statuses__contains=["suspended"])
        )

    def with_last_look(self, on: dt.date) -> CertificateQuerySet:
        """Add ``last_outcome`` of the last verification step up to that day."""
        last = (
            VerificationStep.objects.filter(certificate=models.OuterRef("pk"), on__lte=on)
            .order_by("-on", "-pk")
            .values("outcome")[:1]
        )
        return self.annotate(last_outcome=models.Subquery(last))

    def verified(self, on: dt.date) -> CertificateQuerySet:
        """The last verification step up to that day confirmed the certificate."""
        is_confirmed = models.Case(
            models.When(last_outcome=VerificationStep.Outcome.CONFIRMED, then=True),
            default=False,
            output_field=models.BooleanField(),
        )
        # PostgreSQL takes "subquery = value" to hold for one row in two hundred and joins
        # row by row; of a CASE it expects one in two, which is near the truth.
        return self.with_last_look(on).filter(is_confirmed)

    def international(self) -> CertificateQuerySet:
        return self.filter(scheme__is_international=True)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Certificate(models.Model):
    """A certificate as its holder states it and as it was verified."""

    enterprise = models.ForeignKey(
        "registry.Enterprise", models.CASCADE, related_name="certificates"
    )
    scheme = models.ForeignKey(
        "registry.CertificationScheme", models.PROTECT, verbose_name=_("scheme")
    )
    edition = models.ForeignKey(
        "registry.SchemeEdition", models.PROTECT, null=True, blank=True, verbose_name=_("edition")
    )
    number = models.CharField(_("number as written"), max_length=120, blank=True)
    number_key = models.GeneratedField(
        expression=Upper(
            models.Func(
                F("number"),
                models.Value("[^A-Za-z0-9]"),
                models.Value(""),
                models.Value("g"),
                function="regexp_replace",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    body = models.ForeignKey(
        "registry.CertificationBody",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("certification body"),
    )
    accreditation_body = models.ForeignKey(
        "registry.AccreditationBody",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("accreditation body"),
    )
    scope = models.TextField(_("scope"), blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until (last day)"), null=True, blank=True)
    suspended_on = models.DateField(_("suspended on"), null=True, blank=True)
    reinstated_on = models.DateField(_("reinstated on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    # By hand: who asked and why stands in the history. The next look answers it.
    look_again_since = models.DateField(_("to be looked at again since"), null=True, blank=True)
    evidence = models.FileField(
        _("evidence"), storage=evidence_storage, upload_to="certificates/", blank=True
    )
    evidence_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=200)
    source_ref = models.CharField(_("place in the source"), max_length=200, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(issued_on__isnull=True)
                | Q(valid_until__gte=F("issued_on")),
                name="certificate_period_in_order",
                violation_error_message=_("A certificate cannot end before it was issued."),
            ),
            models.CheckConstraint(
                condition=Q(reinstated_on__isnull=True)
                | Q(suspended_on__isnull=False, reinstated_on__gte=F("suspended_on")),
                name="certificate_reinstated_after_suspended",
            ),
            models.CheckConstraint(
                condition=Q(evidence="", evidence_sha256="")
                | (~Q(evidence="") & ~Q(evidence_sha256="")),
                name="certificate_evidence_has_its_sum",
            ),
            # Core PostgreSQL has no btree_gist: the key is hashed into an int8range.
            ExclusionConstraint(
                name="certificate_periods_do_not_overlap",
                expressions=[
                    (
                        models.Func(
                            models.Func(
                                Concat(
                                    Cast("enterprise", models.TextField()),
                                    models.Value(":"),
                                    Cast("scheme", models.TextField()),
                                    models.Value(":"),
                                    "number_key",
                                    output_field=models.TextField(),
                                ),
                                models.Value(0),
                                function="hashtextextended",
                                output_field=models.BigIntegerField(),
                            ),
                            function="certificate_key_range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.EQUAL,
                    ),
                    (DateRange("issued_on", "valid_until"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(number_key=""),
                violation_error_message=_(
                    "This certificate number is already recorded for an overlapping period."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.number or '—'} ({self.pk})"

    def state_on(self, on: dt.date) -> str:
        """``unknown``, ``not_yet``, ``withdrawn``, ``expired``, ``suspended`` or ``valid``.

        Reads ``edition``: select it. ``valid`` is what ``current`` calls current.
        """
        if self.withdrawn_on and self.withdrawn_on <= on:
            return "withdrawn"
        if self.issued_on is None or self.valid_until is None:
            return "unknown"
        if self.issued_on > on:
            return "not_yet"
        if self.valid_until < on:
            return "expired"
        if self.edition and self.edition.withdrawn_on and self.edition.withdrawn_on <= on:
            return "edition_withdrawn"
        if (
            self.suspended_on
            and self.suspended_on <= on
            and not (self.reinstated_on and self.reinstated_on <= on)
        ):
            return "suspended"
        return "valid"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CertificateSite(models.Model):
    """A site that a certificate covers."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="sites")
    site = models.ForeignKey("registry.Site", models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "site"], name="certificate_site_once")
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.site_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class VerificationStep(models.Model):
    """One look at a certificate by an officer: what was seen, when, with what result."""

    class Method(models.TextChoices):
        DOCUMENT = "document", _("Document seen")
        BODY_REGISTER = "register", _("Looked up in the body's register")
        BODY_ASKED = "body", _("Confirmed by the body")
        SITE = "site", _("Seen at the site")

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        NOT_FOUND = "not_found", _("Not found in the register")
        REFUTED = "refuted", _("Found false")

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="verifications")
    method = models.CharField(_("method"), max_length=10, choices=Method)
    source_seen = models.TextField(_("source seen"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"))
    on = models.DateField(_("on"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("verification step")
        indexes = [models.Index(fields=["certificate", "-on"], name="verification_latest")]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.on} {self.outcome}"
