"""A visit, the certificates seen at it, its photos."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.enterprises.models import tracked
from registry.visits.enums import Conflict, Met, Purpose, Result, Seen


def photo_storage() -> FileSystemStorage:
    """Outside the web root, beside the evidence; served only by a view that checks rights."""
    return FileSystemStorage(location=settings.EVIDENCE_ROOT)


class VisitQuerySet(models.QuerySet["Visit"]):
    def to_settle(self) -> VisitQuerySet:
        """With a conflict that nobody has settled yet."""
        return self.filter(settled_on__isnull=True).exclude(conflicts=[])


@tracked
class Visit(models.Model):
    """What an officer saw at an enterprise on a day.

    ``uuid`` is made where the visit is written, perhaps without a connection: sent twice
    it is one visit. ``record_read_at`` is when the record was read for the form.
    """

    uuid = models.UUIDField(unique=True)
    enterprise = models.ForeignKey("registry.Enterprise", models.CASCADE, related_name="visits")
    site = models.ForeignKey(
        "registry.Site", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("site"),
    )  # fmt: skip
    on = models.DateField(_("day of the visit"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    site_exists = models.CharField(
        _("the enterprise is at the address"), max_length=10, choices=Seen
    )
    machines_seen = models.CharField(_("machines as recorded"), max_length=10, choices=Seen)
    processes_seen = models.CharField(_("processes as recorded"), max_length=10, choices=Seen)
    met = models.CharField(_("who was met"), max_length=10, choices=Met)
    result = models.CharField(_("result"), max_length=12, choices=Result)
    note = models.TextField(_("what was seen"), blank=True)
    record_read_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    conflicts = ArrayField(
        models.CharField(max_length=10, choices=Conflict), default=list, blank=True
    )
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("settled by"),
    )  # fmt: skip
    settled_how = models.TextField(_("how it was settled"), blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("site visit")
        verbose_name_plural = _("site visits")
        indexes = [models.Index(fields=["enterprise", "-on"], name="visit_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True, settled_by__isnull=True, settled_how="")
                | (
                    Q(settled_on__isnull=False, settled_by__isnull=False)
                    & ~Q(settled_how="")
                    & ~Q(conflicts=[])
                ),
                name="visit_settled_by_on_and_how",
            ),
            models.CheckConstraint(
                condition=~Q(result=Result.DIFFERS) | ~Q(note=""),
                name="visit_difference_is_told",
                violation_error_message=_("Write what differs from the record."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.on}"

    @property
    def has_conflict(self) -> bool:
        return bool(self.conflicts) and self.settled_on is None


@tracked
class VisitCertificate(models.Model):
    """A certificate that was seen at the site; whether it is true a verifier decides."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="certificates")
    certificate = models.ForeignKey(
        "registry.Certificate", models.CASCADE, related_name="+", verbose_name=_("certificate")
    )

    class Meta:
        verbose_name = _("certificate seen at a visit")
        constraints = [
            models.UniqueConstraint(fields=["visit", "certificate"], name="visit_certificate_once")
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.certificate_id}"


@tracked
class VisitPhoto(models.Model):
    """A photo of a visit, made anew from its pixels. A place is kept only on purpose."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    file = models.FileField(_("photo"), storage=photo_storage, upload_to="visits/")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        verbose_name = _("photo of a visit")
        constraints = [
            models.UniqueConstraint(fields=["visit", "sha256"], name="visit_photo_once"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="visit_photo_place_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.pk}"
