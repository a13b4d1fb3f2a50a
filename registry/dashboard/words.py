"""Targets and baselines in words, as published."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

from django.utils.translation import gettext as _

from registry.dashboard.published import PERCENT, Start
from registry.plans.models import Baseline, PlanDocument, Target
from registry.templatetags.registry_ui import number


def baseline_words(baseline: Baseline | None) -> str:
    """The baseline as published: "over 900"."""
    if baseline is None:
        return ""
    return said(baseline.qualifier, number(baseline.value))


def said(operator: str, amount: str) -> str:
    words = {
        Target.Operator.ABOUT: _("about %(amount)s"),
        Target.Operator.OVER: _("over %(amount)s"),
        Target.Operator.AT_LEAST: _("at least %(amount)s"),
        Target.Operator.EQUAL: "%(amount)s",
    }
    return words[Target.Operator(operator)] % {"amount": amount}


def target_words(target: Target | None) -> str:
    """The target as the plan says it: "35–40 %", "about 1,000", "over 40 %"."""
    if target is None:
        return ""
    amount = number(target.low)
    if target.high is not None and target.high != target.low:
        amount = f"{amount}–{number(target.high)}"
    if target.unit == "%":
        amount = f"{amount} %"
    return said(target.operator, amount)


TENTH = Decimal("0.1")


def tenth(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / value.denominator).quantize(TENTH, ROUND_HALF_UP)


def asked_words(value: Fraction, unit: str) -> str:
    """What a path asks: whole enterprises, because no fewer would do; percent in tenths."""
    if unit == PERCENT:
        return f"{number(tenth(value))}\u00a0%"
    return number(ceil(value))


def points_words(value: Fraction, unit: str) -> str:
    """A difference: enterprises in tenths, or percentage points."""
    amount = number(tenth(value))
    if unit != PERCENT:
        return amount
    if value and not tenth(value):
        amount = _("less than %(least)s") % {"least": number(TENTH)}
    return _("%(amount)s percentage points") % {"amount": amount}


def start_words(start: Start | None) -> str:
    """Where a path begins: "over 900", or "33.3 % (over 320 of about 960)"."""
    if start is None:
        return ""
    if not start.is_worked_out:
        return baseline_words(start.parts[0])
    part, whole = start.parts
    return _("%(share)s (%(part)s of %(whole)s; worked out here)") % {
        "share": asked_words(start.mark.value, PERCENT),
        "part": baseline_words(part),
        "whole": baseline_words(whole),
    }


def document_words(document: PlanDocument) -> str:
    """How a document is cited: its number, else its title."""
    return document.number or document.title
