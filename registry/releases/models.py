"""A closed period: its figures, rule and lists, frozen with a hash and two names."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.plans.models import CountingRule


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Release(models.Model):
    """Prepared by one person, approved by another; approved, it never changes again.

    ``on`` is the day the figures are true for, ``known_at`` the moment whose knowledge
    they use, ``sha256`` the hash of the payload's canonical JSON.
    """

    period = models.CharField(_("period"), max_length=80)
    on = models.DateField(_("true for the day"))
    known_at = models.DateTimeField(_("as known at"))
    rule = models.ForeignKey(CountingRule, models.PROTECT, verbose_name=_("counting rule"))
    payload = models.JSONField(_("figures and lists"))
    sha256 = models.CharField(max_length=64)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    prepared_at = models.DateTimeField(_("prepared at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("approved by"),
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        permissions = [("approve_release", "Can approve a release")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
                name="release_approved_by_another",
                violation_error_message=_("Who prepared a release cannot approve it."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="release_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="release_has_a_hash"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="approved_is_for_ever",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__approved_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.sha256[:12]}"
