"""Drafts and applications: records to be, which nothing counts, lists or searches."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.core.models import tracked
from registry.records.enums import STEPS, Status

DECIDED = (Status.SENT_BACK, Status.REGISTERED)


@tracked
class Application(models.Model):
    """An enterprise that an officer asks to register; another person decides.

    ``content`` is a document of ``records.content``; it stands still while it waits.
    """

    hidden_in_log = ("content",)  # holds contact persons

    name = models.CharField(_("legal name"), max_length=300)
    tax_code = models.CharField(_("tax code"), max_length=14, blank=True)
    content = models.JSONField(_("record to be"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SUBMITTED)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("submitted by")
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("reason of the decision"), blank=True)
    enterprise = models.OneToOneField(
        "registry.Enterprise", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("enterprise"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        permissions = [("decide_application", "Can decide an application")]
        indexes = [models.Index(fields=["status", "submitted_at"], name="application_waiting")]
        constraints = [
            # An unknown status is in neither of the two halves of this.
            models.CheckConstraint(
                condition=Q(status__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                | Q(
                    status__in=(Status.SUBMITTED, Status.WITHDRAWN),
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                ),
                name="application_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="application_decided_by_another",
                violation_error_message=_("Who submitted an application cannot decide it."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SENT_BACK) | ~Q(reason=""),
                name="application_sent_back_with_a_reason",
                violation_error_message=_("Say what has to be changed."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.REGISTERED, enterprise__isnull=False)
                | (~Q(status=Status.REGISTERED) & Q(enterprise__isnull=True)),
                name="application_registered_is_an_enterprise",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="steps_in_order", field="status", transitions=list(STEPS)),
            pgtrigger.Protect(
                name="begins_submitted",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(
                    "NEW.status IN ('sent_back', 'registered', 'withdrawn')"
                ),
            ),
            pgtrigger.Protect(
                name="stands_still_while_it_waits",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NOT (OLD.status = 'sent_back' AND NEW.status = 'submitted')"
                    " AND (OLD.content, OLD.submitted_by_id, OLD.submitted_at)"
                    " IS DISTINCT FROM (NEW.content, NEW.submitted_by_id, NEW.submitted_at)"
                ),
            ),
            pgtrigger.Protect(name="never_erased", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class Draft(models.Model):
    """What somebody is typing, as typed, right or wrong; seen by nobody else.

    For a new record, for a record of the register, or for an application that was sent
    back. Not history: it is overwritten while one types and goes when it is handed in.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(
        "registry.Enterprise", models.CASCADE, related_name="+", null=True, blank=True
    )
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="+", null=True, blank=True
    )
    data = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.CheckConstraint(
                condition=Q(enterprise__isnull=True) | Q(application__isnull=True),
                name="draft_is_of_one_thing",
            ),
            models.UniqueConstraint(fields=["by", "enterprise"], name="draft_of_a_record_once"),
            models.UniqueConstraint(
                fields=["by", "application"], name="draft_of_an_application_once"
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


@tracked
class Splitting(models.Model):
    """One record made two; ``changes`` names the recorded changes, so that it can be undone.

    ``changes`` is a list of ``[table, number of the event]``: the new record first, then each
    row that went over to it.
    """

    source = models.ForeignKey(
        "registry.Enterprise", models.PROTECT, related_name="+", verbose_name=_("record split")
    )
    made = models.OneToOneField(
        "registry.Enterprise", models.PROTECT, related_name="+", verbose_name=_("new record")
    )
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    on = models.DateField(_("on"))
    changes = models.JSONField(default=list)
    undone_on = models.DateField(_("undone on"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("undone by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("splitting of a record")
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("made")), name="splitting_makes_another_record"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="splitting_has_a_reason"),
            models.CheckConstraint(
                condition=Q(undone_on__isnull=True, undone_by__isnull=True)
                | Q(undone_on__isnull=False, undone_by__isnull=False),
                name="splitting_undone_by_and_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.source_id}, {self.made_id}"
