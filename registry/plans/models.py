"""Plan documents, their targets as published, and baselines with source."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    HANOI = "hanoi", _("Hanoi")
    NATION = "nation", _("Nation")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PlanDocument(models.Model):
    """A plan or programme with the days it is in force."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=400)
    number = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=10, choices=Scope)
    valid_from = models.DateField()
    valid_to = models.DateField()
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__lte=models.F("valid_to")),
                name="plan_document_period_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Target(models.Model):
    """One aim of a plan, said as published: a band, "about", "over" or exact."""

    class Operator(models.TextChoices):
        ABOUT = "~", _("about")
        OVER = ">", _("over")
        AT_LEAST = ">=", _("at least")
        EQUAL = "=", _("exactly")

    document = models.ForeignKey(PlanDocument, models.CASCADE, related_name="targets")
    indicator = models.CharField(max_length=60)
    operator = models.CharField(max_length=2, choices=Operator)
    low = models.DecimalField(max_digits=14, decimal_places=2)
    high = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=20)
    due_on = models.DateField()
    period = models.CharField(max_length=20)
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "indicator", "due_on"], name="target_once_per_document"
            ),
            models.CheckConstraint(
                condition=models.Q(high__isnull=True) | models.Q(low__lte=models.F("high")),
                name="target_band_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.indicator} {self.operator} {self.low}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Baseline(models.Model):
    """A published figure the register can be held against."""

    scope = models.CharField(max_length=10, choices=Scope)
    indicator = models.CharField(max_length=60)
    as_of = models.CharField(max_length=20)
    as_of_on = models.DateField()
    qualifier = models.CharField(max_length=2, choices=Target.Operator)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "indicator", "as_of_on"], name="baseline_once_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.as_of}: {self.value}"
