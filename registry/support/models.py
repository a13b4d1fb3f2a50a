"""Programmes, activities, who took part and what was measured. Amounts are in VND."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from registry.enterprises.models import tracked
from registry.support.enums import Funder, Issuer, Measured, PartRole, ProjectKind

FIRST_REPORT_YEAR = 2025
"""Decree 205/2025/ND-CP, in force since 1 September 2025, asks for the yearly report."""


def _in_order(first: str, last: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": F(first)}),
        name=name,
        violation_error_message=_("The last day is before the first day."),
    )


@tracked
class SupportProgramme(models.Model):
    """A programme that pays for activities, as the document that set it up names it."""

    name = models.CharField(_("name of the programme"), max_length=300)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    funder = models.CharField(_("whose programme"), max_length=10, choices=Funder)
    document = models.CharField(
        _("document"),
        max_length=300,
        blank=True,
        help_text=_("Number, day and issuer of the decision or plan, as written on it."),
    )
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("support programme")
        verbose_name_plural = _("support programmes")
        constraints = [
            _in_order("begins_on", "ends_on", "support_programme_period_in_order"),
            models.CheckConstraint(condition=~Q(name=""), name="support_programme_has_a_name"),
            models.UniqueConstraint(
                fields=["name", "begins_on"],
                name="support_programme_once",
                violation_error_message=_("A programme of this name begins on this day already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class SupportActivity(models.Model):
    """One thing done under a programme: a fair, a course, advice over some months.

    A blank amount is not stated; zero means that nothing was paid from there.
    """

    programme = models.ForeignKey(
        SupportProgramme, models.PROTECT, related_name="activities", verbose_name=_("programme")
    )
    kind = models.ForeignKey(
        "registry.SupportKind", models.PROTECT, verbose_name=_("kind of support")
    )
    name = models.CharField(_("name of the activity"), max_length=300)
    place = models.CharField(_("place"), max_length=300, blank=True)
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    city_vnd = models.BigIntegerField(_("from the city's budget, VND"), null=True, blank=True)
    own_vnd = models.BigIntegerField(_("paid by the enterprises, VND"), null=True, blank=True)
    other_vnd = models.BigIntegerField(_("from others, VND"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(
        _("source"),
        max_length=300,
        help_text=_("The report or file this is taken from, with its number and day."),
    )

    class Meta:
        verbose_name = _("support activity")
        verbose_name_plural = _("support activities")
        constraints = [
            _in_order("begins_on", "ends_on", "support_activity_period_in_order"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(source=""), name="support_activity_has_name_and_source"
            ),
            models.CheckConstraint(
                condition=(Q(city_vnd__isnull=True) | Q(city_vnd__gte=0))
                & (Q(own_vnd__isnull=True) | Q(own_vnd__gte=0))
                & (Q(other_vnd__isnull=True) | Q(other_vnd__gte=0)),
                name="support_activity_amounts_not_negative",
                violation_error_message=_("An amount is not less than 0."),
            ),
            models.UniqueConstraint(
                fields=["programme", "name", "begins_on"],
                name="support_activity_once",
                violation_error_message=_(
                    "An activity of this name begins on this day in this programme already."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def total_vnd(self) -> int | None:
        """All that was paid; None while one of the three is not stated."""
        parts = (self.city_vnd, self.own_vnd, self.other_vnd)
        return None if None in parts else sum(part or 0 for part in parts)


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Adjectives of taking part, on a day."""

    def begun(self, on: dt.date) -> ParticipationQuerySet:
        return self.filter(attended_from__lte=on)

    def supported(self) -> ParticipationQuerySet:
        """Those who were given support, not those who gave it."""
        return self.exclude(role=PartRole.PARTNER)


@tracked
class Participation(models.Model):
    """An enterprise takes part in an activity from a day on."""

    activity = models.ForeignKey(SupportActivity, models.PROTECT, related_name="participations")
    enterprise = models.ForeignKey(
        "registry.Enterprise", models.CASCADE, related_name="participations"
    )
    role = models.CharField(_("part taken"), max_length=12, choices=PartRole)
    attended_from = models.DateField(_("from"))
    attended_until = models.DateField(_("until (last day)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation in support")
        verbose_name_plural = _("participations in support")
        constraints = [
            _in_order("attended_from", "attended_until", "participation_period_in_order"),
            models.UniqueConstraint(
                fields=["activity", "enterprise"],
                name="participation_once",
                violation_error_message=_("The enterprise takes part in this activity already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.enterprise_id}"


@tracked
class SupportMeasure(models.Model):
    """A figure of an enterprise before and after an activity, with its days and its source.

    That it changed does not say why it changed.
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="measures")
    name = models.CharField(
        _("what was measured"),
        max_length=120,
        help_text=_("For example: faulty parts per million, orders on time, number of buyers."),
    )
    unit = models.CharField(_("unit"), max_length=40, help_text=_("For example: ppm, %, persons."))
    before = models.DecimalField(_("before"), max_digits=18, decimal_places=3)
    before_on = models.DateField(_("day of the figure before"))
    after = models.DecimalField(_("after"), max_digits=18, decimal_places=3, null=True, blank=True)
    after_on = models.DateField(_("day of the figure after"), null=True, blank=True)
    measured = models.CharField(_("who says so"), max_length=10, choices=Measured)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Report or letter, with its day; no names.")
    )

    class Meta:
        verbose_name = _("figure before and after")
        verbose_name_plural = _("figures before and after")
        constraints = [
            models.CheckConstraint(
                condition=Q(after__isnull=True, after_on__isnull=True)
                | Q(after__isnull=False, after_on__isnull=False),
                name="support_measure_after_has_its_day",
                violation_error_message=_("The figure after and its day come together."),
            ),
            models.CheckConstraint(
                condition=Q(after_on__isnull=True) | Q(after_on__gt=F("before_on")),
                name="support_measure_days_in_order",
                violation_error_message=_("The day after is not later than the day before."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(unit="") & ~Q(source=""),
                name="support_measure_is_named",
            ),
            models.UniqueConstraint(
                fields=["participation", "name", "before_on"],
                name="support_measure_once",
                violation_error_message=_("This figure is recorded for this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} {self.name}"


class IncentiveCertificateQuerySet(models.QuerySet["IncentiveCertificate"]):
    """Adjectives of certificates of incentives, on a day."""

    def in_force(self, on: dt.date) -> IncentiveCertificateQuerySet:
        """Issued by that day and not revoked by it."""
        return self.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=on), issued_on__lte=on)


@tracked
class IncentiveCertificate(models.Model):
    """A certificate of incentives for one project (Decrees 111/2015 and 205/2025)."""

    enterprise = models.ForeignKey(
        "registry.Enterprise", models.CASCADE, related_name="incentive_certificates"
    )
    number = models.CharField(_("certificate number"), max_length=120)
    issuer = models.CharField(_("issued by"), max_length=8, choices=Issuer)
    issued_on = models.DateField(_("issued on"))
    project = models.CharField(_("project"), max_length=300)
    project_kind = models.CharField(
        _("kind of project"), max_length=10, choices=ProjectKind, blank=True
    )
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    revoked_document = models.CharField(_("document of the revocation"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300)

    objects = IncentiveCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of incentives")
        verbose_name_plural = _("certificates of incentives")
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "number"],
                name="incentive_certificate_number_once",
                violation_error_message=_("This number of this issuer is recorded already."),
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(project="") & ~Q(source=""),
                name="incentive_certificate_is_named",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True, revoked_document="")
                | (Q(revoked_on__isnull=False) & ~Q(revoked_document="")),
                name="incentive_certificate_revoked_by_a_document",
            ),
            _in_order("issued_on", "revoked_on", "incentive_certificate_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.number

    def state_on(self, on: dt.date) -> str:
        """``not_yet``, ``in_force`` or ``revoked``; the same dates as ``in_force`` reads."""
        if self.issued_on > on:
            return "not_yet"
        return "revoked" if self.revoked_on and self.revoked_on <= on else "in_force"


@tracked
class IncentiveProduct(models.Model):
    """A product of the priority list that a certificate of incentives names."""

    incentive = models.ForeignKey(IncentiveCertificate, models.CASCADE, related_name="products")
    group = models.ForeignKey(
        "registry.ProductGroup", models.PROTECT, verbose_name=_("product of the priority list")
    )

    class Meta:
        verbose_name = _("product of a certificate of incentives")
        constraints = [
            models.UniqueConstraint(fields=["incentive", "group"], name="incentive_product_once")
        ]

    def __str__(self) -> str:
        return f"{self.incentive_id} {self.group_id}"


@tracked
class IncentiveAmendment(models.Model):
    """A change of a certificate of incentives by its issuer."""

    incentive = models.ForeignKey(IncentiveCertificate, models.CASCADE, related_name="amendments")
    on = models.DateField(_("amended on"))
    document = models.CharField(_("document"), max_length=300)
    what = models.CharField(_("what was changed"), max_length=500)

    class Meta:
        verbose_name = _("amendment of a certificate of incentives")
        constraints = [
            models.UniqueConstraint(
                fields=["incentive", "on", "document"], name="incentive_amendment_once"
            ),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(what=""), name="incentive_amendment_is_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incentive_id} {self.on}"


@tracked
class IncentiveReport(models.Model):
    """The report of one year that the holder of a certificate has sent."""

    incentive = models.ForeignKey(IncentiveCertificate, models.CASCADE, related_name="reports")
    year = models.PositiveSmallIntegerField(_("year reported on"))
    received_on = models.DateField(_("received on"))
    reference = models.CharField(_("number of the letter"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("yearly report of incentives")
        constraints = [
            models.UniqueConstraint(
                fields=["incentive", "year"],
                name="incentive_report_once",
                violation_error_message=_("The report of this year has been recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_REPORT_YEAR, year__lt=ExtractYear("received_on")),
                name="incentive_report_after_its_year",
                violation_error_message=_("A year is reported on when it is over."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incentive_id} {self.year}"
