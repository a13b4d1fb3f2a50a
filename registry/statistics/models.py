"""One entered value of one indicator for one day."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.plans.models import Scope, Target
from registry.statistics.enums import UNITS, EnteredIndicator


class EnteredValueQuerySet(models.QuerySet["EnteredValue"]):
    """Adjectives of entered values."""

    def standing(self) -> EnteredValueQuerySet:
        """Not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)

    def by(self, on: dt.date) -> EnteredValueQuerySet:
        """For a day up to that one."""
        return self.standing().filter(as_of_on__lte=on)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class EnteredValue(models.Model):
    """What a source says of an indicator for a day, or for a period that ends on it.

    ``high``: the upper end where the source gives a band. Corrected in place with a reason,
    withdrawn when it should not have been entered; the history keeps both.
    """

    indicator = models.CharField(_("indicator"), max_length=60, choices=EnteredIndicator)
    scope = models.CharField(_("city or nation"), max_length=10, choices=Scope)
    qualifier = models.CharField(
        _("said as"), max_length=2, choices=Target.Operator, default=Target.Operator.EQUAL
    )
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    high = models.DecimalField(
        _("upper end"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    period_from = models.DateField(_("period from"), null=True, blank=True)
    as_of_on = models.DateField(_("as of, or period to"))
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"))
    reason = models.CharField(_("reason"), max_length=300)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("withdrawn by"),
    )  # fmt: skip
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    objects = EnteredValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("entered value")
        verbose_name_plural = _("entered values")
        constraints = [
            models.CheckConstraint(
                condition=Q(indicator__in=EnteredIndicator.values),
                name="entered_value_is_of_no_computed_indicator",
                violation_error_message=_("The register counts this indicator; it is not entered."),
            ),
            models.CheckConstraint(
                condition=Q(high__isnull=True) | Q(value__lte=F("high")),
                name="entered_value_band_in_order",
                violation_error_message=_("The upper end is below the value."),
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True) | Q(period_from__lte=F("as_of_on")),
                name="entered_value_period_in_order",
                violation_error_message=_("The period begins after its end."),
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(reason=""),
                name="entered_value_has_source_and_reason",
                violation_error_message=_("A value is entered with its source and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_on__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_on__isnull=False),
                name="entered_value_withdrawn_by_and_on",
            ),
            models.UniqueConstraint(
                fields=["indicator", "scope", "as_of_on"],
                condition=Q(withdrawn_on__isnull=True),
                name="entered_value_once_per_day",
                violation_error_message=_(
                    "A value of this indicator for this day is entered already. Correct that one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.as_of_on}: {self.value}"

    @property
    def unit(self) -> str:
        return UNITS.get(self.indicator, "")
