"""Plan documents, their targets as published, and baselines with source."""

from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

OPERATING = _("Operating on the day: in the register, not closed, suspended, merged or moved away.")
IN_HANOI = _("In Hanoi on the day: with a head office or a factory there.")
"""The sentences of what ``operating`` and ``in_hanoi`` ask."""


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
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
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
        verbose_name = _("target")
        verbose_name_plural = _("targets")
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
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "indicator", "as_of_on"], name="baseline_once_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.as_of}: {self.value}"


SCHEMES_ARE_KNOWN = """
    IF jsonb_typeof(NEW.schemes) = 'array' THEN
        SELECT count(*) > 0 AND bool_and(jsonb_typeof(one) = 'string' AND EXISTS (
            SELECT FROM public.registry_certificationscheme s WHERE s.code = one #>> '{}'
        )) INTO are_known FROM jsonb_array_elements(NEW.schemes) AS one;
    END IF;
    IF are_known IS NOT TRUE THEN
        RAISE EXCEPTION 'counting_rule_schemes_are_known: %', NEW.schemes
            USING ERRCODE = 'check_violation', CONSTRAINT = 'counting_rule_schemes_are_known';
    END IF;
    RETURN NEW;
"""
"""A mistyped code would count nothing, and nobody would see why."""


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CountingRule(models.Model):
    """A version of "meets international standards": which certificates count, and what else.

    In force from ``valid_from`` once a second person has approved it; the first version is
    provisional, because no definition has been published (decision 0005). Which statuses
    count under a scheme is the scheme's own (``counting_statuses``).
    """

    class Breadth(models.TextChoices):
        EITHER = "either", _("a system or a product certificate")
        BOTH = "both", _("a system and a product certificate")

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"))
    schemes = models.JSONField(
        _("schemes that count"),
        null=True,
        blank=True,
        help_text=_("None: every scheme marked international."),
    )
    breadth = models.CharField(
        _("certificates asked"), max_length=8, choices=Breadth, default=Breadth.EITHER
    )
    needs_verification = models.BooleanField(_("must be confirmed"), default=True)
    verification_months = models.PositiveSmallIntegerField(
        _("confirmation not older than, months"), null=True, blank=True
    )
    needs_relation = models.BooleanField(_("must supply a multinational"), default=False)
    is_provisional = models.BooleanField(_("provisional"), default=False)
    reason = models.TextField(_("reason"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("author"),
    )  # fmt: skip
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("approved by"),
    )  # fmt: skip
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    class Meta:
        verbose_name = _("counting rule")
        verbose_name_plural = _("counting rules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(author__isnull=True)
                | models.Q(approved_by__isnull=True)
                | ~models.Q(author=models.F("approved_by")),
                name="counting_rule_approved_by_another",
                violation_error_message=_("The author of a rule cannot approve it."),
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True, approved_on__isnull=True)
                | models.Q(approved_by__isnull=False, approved_on__isnull=False),
                name="counting_rule_approved_by_and_on",
            ),
            models.CheckConstraint(
                condition=models.Q(needs_verification=True)
                | models.Q(verification_months__isnull=True),
                name="counting_rule_age_of_a_confirmation",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="approved_is_for_ever",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__approved_on__isnull=False),
            ),
            pgtrigger.Trigger(
                name="schemes_are_known",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("schemes", "approved_on"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.schemes IS NOT NULL"),
                declare=[("are_known", "boolean")],
                func=SCHEMES_ARE_KNOWN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.name}"

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        if (get_language() or "vi").startswith("en") and self.name_en:
            return self.name_en
        return self.name

    @property
    def is_approved(self) -> bool:
        return self.approved_on is not None

    @property
    def is_draft(self) -> bool:
        """Neither approved nor provisional: for comparison, in force on no day."""
        return not self.is_approved and not self.is_provisional

    @property
    def clauses(self) -> list[str]:
        """The rule in sentences, one for each thing it asks."""
        schemes = (
            _("of a scheme marked international")
            if self.schemes is None
            else _("of one of these schemes: %(codes)s") % {"codes": ", ".join(self.schemes)}
        )
        sentences = [
            OPERATING,
            IN_HANOI,
            _("Holds %(what)s %(schemes)s.")
            % {"what": self.get_breadth_display(), "schemes": schemes},
            _("The certificate is valid on the day: issued, not expired, not withdrawn, its edition "
              "not withdrawn; suspended only where its scheme lets that count."),
        ]  # fmt: skip
        if self.needs_verification:
            sentences.append(_("When an officer last looked, the certificate was confirmed."))
        if self.verification_months is not None:
            sentences.append(
                _("That was less than %(months)s months ago.")
                % {"months": self.verification_months}
            )
        if self.needs_relation:
            sentences.append(supplying_sentence(self))
        return [str(sentence) for sentence in sentences]


def supplying_sentence(rule: CountingRule) -> Any:
    """What the rule asks of supply relations, in words."""
    if rule.needs_verification:
        return _("It supplies a multinational on the day, by a relation that was verified.")
    return _("It supplies a multinational on the day.")
