"""Steps from what is stated to what is counted: wider or narrower sets beside a figure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.dashboard.indicators import INDICATORS, operating
from registry.enterprises.models import EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.plans.queries import NESTED, nested

MEETING = "enterprises_international_standard"
STATED, UNVERIFIED = "stated", "unverified"
OF_TIERS = {
    STATED: _("Such a supply relation is stated, verified or not"),
    UNVERIFIED: _("Such a supply relation is stated, but none is verified"),
}


def steps_of(code: str) -> dict[str, Any]:
    """The steps of an indicator with their labels; none for most."""
    if code == MEETING:
        return NESTED
    return OF_TIERS if INDICATORS[code].stated else {}


def step_members(code: str, step: str, on: dt.date, rule: CountingRule) -> EnterpriseQuerySet:
    """Who is at a step; raises KeyError for one that the indicator has not."""
    indicator = INDICATORS[code]
    if code == MEETING:
        found: EnterpriseQuerySet = nested(operating(on, rule), rule, on)[step]
        return found
    if indicator.stated is None or step not in OF_TIERS:
        raise KeyError(step)
    stated = indicator.stated(on, rule)
    if step == STATED:
        return stated
    return stated.exclude(pk__in=indicator.members(on, rule).values("pk"))
