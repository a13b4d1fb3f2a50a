"""Where every enterprise stands to a figure at a point: counted, or by what it is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from registry.dashboard.figures import members
from registry.dashboard.indicators import (
    INDICATORS,
    meeting_international_standards,
    operating,
)
from registry.dashboard.points import Point
from registry.enterprises.models import Enterprise
from registry.plans.models import CountingRule
from registry.plans.queries import certificate_condition
from registry.supply.queries import standing_at

COUNTED, NOT_COUNTED, ELSEWHERE, ABSENT = "counted", "not_counted", "elsewhere", "absent"
CERTIFICATE, RELATION, NEARER, CLASS = "certificate", "relation", "nearer", "class"


@dataclass(frozen=True)
class Asked:
    """A figure, or a part of it: narrowed to slices, or one of its steps."""

    code: str
    slices: dict[str, str] = field(default_factory=dict)
    step: str = ""


@dataclass(frozen=True)
class Look:
    """Every enterprise recorded at a point with its status, and the rule used.

    A status is ``COUNTED``, a state of its life (``closed``, …), ``ELSEWHERE`` (no site in
    Hanoi), ``CLASS`` (counted, but in another slice), or what it lacks: a ``CERTIFICATE``,
    a ``RELATION``; ``NEARER`` where a nearer tier counts instead. Who is not recorded has
    no status.
    """

    rule: CountingRule
    statuses: dict[int, str]
    enterprises: dict[int, Enterprise]


def look(asked: Asked, point: Point, rule: CountingRule | None = None) -> Look:
    """By ``rule`` where one is given, else by the one of the point."""
    with point.looked_from() as own_rule:
        used = rule or own_rule
        by_pk = {
            enterprise.pk: enterprise
            for enterprise in Enterprise.objects.order_by("pk").prefetch_related("spells")
        }
        return Look(used, _statuses(asked, point.on, used, by_pk), by_pk)


def _statuses(
    asked: Asked, on: dt.date, rule: CountingRule, by_pk: dict[int, Enterprise]
) -> dict[int, str]:
    whole = _ids(members(asked.code, on, rule=rule, step=asked.step))
    counted = whole
    if asked.slices:
        counted = _ids(members(asked.code, on, asked.slices, rule=rule, step=asked.step))
    here = _ids(Enterprise.objects.in_hanoi(on))
    lacking = _lacking(asked, on, rule)

    def status(enterprise: Enterprise) -> str:
        if enterprise.pk in counted:
            return COUNTED
        if enterprise.pk in whole:
            return CLASS
        state = enterprise.state_on(on)
        if state != "operating":
            return state
        return lacking(enterprise.pk) if enterprise.pk in here else ELSEWHERE

    return {pk: status(enterprise) for pk, enterprise in by_pk.items()}


def _lacking(asked: Asked, on: dt.date, rule: CountingRule) -> Callable[[int], str]:
    """What those lack who operate in Hanoi and are not counted."""
    indicator = INDICATORS[asked.code]
    if asked.step:
        return lambda pk: NOT_COUNTED
    if indicator.tiers:
        risen: set[int] = set()
        if nearer := tuple(range(1, min(indicator.tiers))):
            risen = _ids(operating(on, rule).filter(standing_at(nearer, on)))
        return lambda pk: NEARER if pk in risen else RELATION
    if indicator.members is meeting_international_standards:
        if not rule.needs_relation:
            return lambda pk: CERTIFICATE
        certified = _ids(operating(on, rule).filter(certificate_condition(rule, on)))
        return lambda pk: RELATION if pk in certified else CERTIFICATE
    return lambda pk: NOT_COUNTED


def _ids(rows: Any) -> set[int]:
    return set(rows.order_by().values_list("pk", flat=True))
