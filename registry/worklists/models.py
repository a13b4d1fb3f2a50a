"""Assignments, targets, pauses and saved views. What is in force is read by its dates."""

from __future__ import annotations

import datetime as dt

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.core.models import tracked


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_force(self) -> AssignmentQuerySet:
        """Not given back."""
        return self.filter(until__isnull=True)


@tracked
class Assignment(models.Model):
    """A certificate, a supply relation or an enterprise that one person has taken on, from a day on.

    It belongs to the row, not to a queue: it stays when the row leaves one.
    """

    certificate = models.ForeignKey(
        "registry.Certificate", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("certificate"),
    )  # fmt: skip
    enterprise = models.ForeignKey(
        "registry.Enterprise", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("enterprise"),
    )  # fmt: skip
    relation = models.ForeignKey(
        "registry.SupplyRelation", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("supply relation"),
    )  # fmt: skip
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("in charge")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("given back on"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    certificate__isnull=True, relation__isnull=True, enterprise__isnull=False
                )
                | Q(certificate__isnull=False, relation__isnull=True, enterprise__isnull=True)
                | Q(certificate__isnull=True, relation__isnull=False, enterprise__isnull=True),
                name="assignment_of_one_row",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="assignment_period_in_order",
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(until__isnull=True),
                name="assignment_certificate_has_one",
            ),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(until__isnull=True),
                name="assignment_enterprise_has_one",
            ),
            models.UniqueConstraint(
                fields=["relation"],
                condition=Q(until__isnull=True),
                name="assignment_relation_has_one",
            ),
        ]

    def __str__(self) -> str:
        row = self.certificate_id or self.enterprise_id or self.relation_id
        return f"{row} → {self.person_id}"


@pghistory.track(pghistory.InsertEvent())
class ServiceTarget(models.Model):
    """In how many working days the rows of a queue are to be done, from a moment on.

    Rows are only added; the last one of a queue holds. None: no target any longer.
    """

    queue = models.CharField(_("queue"), max_length=40)
    working_days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("service-time target")
        indexes = [models.Index(fields=["queue", "-id"], name="service_target_of_queue")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="service_target_has_a_reason"),
            models.CheckConstraint(
                condition=Q(working_days__isnull=True)
                | Q(working_days__gte=1, working_days__lte=250),
                name="service_target_within_a_year",
                violation_error_message=_("A target is 1 to 250 working days."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="only_added_to", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.working_days}"


class IntakePauseQuerySet(models.QuerySet["IntakePause"]):
    def in_force(self, on: dt.date) -> IntakePauseQuerySet:
        """New records are not taken in on that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


@tracked
class IntakePause(models.Model):
    """From ``since`` the office takes nothing in; ``until`` is the first day it does again.

    The notice is shown on every page while it lasts. Nobody but officers hands anything in
    on these pages, and they go on with what has come in.
    """

    since = models.DateField(_("paused from"))
    until = models.DateField(_("open again on"), null=True, blank=True)
    notice = models.CharField(_("public notice"), max_length=400)
    notice_en = models.CharField(_("public notice in English"), max_length=400, blank=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    objects = IntakePauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of the intake")
        constraints = [
            models.CheckConstraint(
                condition=~Q(notice="") & ~Q(reason=""), name="intake_pause_has_words"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="intake_pause_in_order",
                violation_error_message=_("It cannot open again before it is paused."),
            ),
            ExclusionConstraint(
                name="intake_is_paused_once_at_a_time",
                expressions=[
                    (
                        models.Func(
                            "since", "until", function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message=_("The intake is paused on some of these days already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since} – {self.until or '…'}"

    @property
    def words(self) -> str:
        """The notice in the reader's language; Vietnamese where English is missing."""
        if (get_language() or "vi").startswith("en") and self.notice_en:
            return self.notice_en
        return self.notice


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, person: models.Model) -> SavedViewQuerySet:
        """One's own, and those that others share."""
        return self.filter(Q(owner=person.pk) | Q(is_shared=True)).order_by("name", "pk")


@tracked
class SavedView(models.Model):
    """A named state of the officers' list: nothing but the query of its address."""

    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("address"), max_length=1500, blank=True)
    is_shared = models.BooleanField(_("shared with colleagues"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner")
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_view_name_once",
                violation_error_message=_("You have a view of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
