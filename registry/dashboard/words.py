"""Targets and baselines in words, as published."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registry.plans.models import Baseline, Target
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
