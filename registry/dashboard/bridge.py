"""From one figure to another: who came, who went, and why; it always adds up.

Every enterprise counted at only one of the two points has a status at the other one, and
the status names its term. So start + came − went = end by construction.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.dashboard.figures import members
from registry.dashboard.points import Point
from registry.enterprises.models import Enterprise
from registry.plans.models import CountingRule

COUNTED, NOT_COUNTED, ELSEWHERE, ABSENT = "counted", "not_counted", "elsewhere", "absent"
RULE, CORRECTION = "rule", "correction"

CAME = {
    "not_yet": _("Registered"),
    "suspended": _("Returned after suspension"),
    "closed": _("Reopened"),
    "moved_away": _("Moved back"),
    "merged": _("Separated again"),
    ELSEWHERE: _("Came to Hanoi"),
    ABSENT: _("Entered in the register later"),
    NOT_COUNTED: _("Began to qualify"),
}
WENT = {
    "closed": _("Closed"),
    "moved_away": _("Moved away"),
    "merged": _("Merged into another"),
    "suspended": _("Suspended"),
    ELSEWHERE: _("No site in Hanoi any more"),
    "not_yet": _("Day of registration corrected"),
    ABSENT: _("Taken out of the register"),
    NOT_COUNTED: _("Ceased to qualify"),
}
BY_RULE = _("Counted differently by the other rule")
BY_CORRECTION = _("Corrected in the record")


@dataclass(frozen=True)
class Term:
    """One reason with the enterprises it moved; ``sign`` is +1 or −1."""

    code: str
    label: Any
    sign: int
    enterprise_ids: tuple[int, ...]

    @property
    def amount(self) -> int:
        return self.sign * len(self.enterprise_ids)


@dataclass(frozen=True)
class Bridge:
    """Start, terms and end; ``start + sum of amounts == end``."""

    start: int
    terms: list[Term]
    end: int


def bridge(code: str, before: Point, after: Point) -> Bridge:
    """Between two days, two moments of knowledge, or two rules.

    Where the rules really used differ, the first point is counted by the second rule as
    well: who changes sides by that alone is a matter of the rule.
    """
    first, first_rule = statuses(code, before)
    last, last_rule = statuses(code, after)
    other_rule = first_rule.version != last_rule.version
    by_last_rule = _counted_by(code, before, last_rule) if other_rule else set()
    same_day = before.on == after.on
    terms: dict[tuple[int, str], list[int]] = defaultdict(list)
    for pk in sorted(first.keys() | last.keys()):
        was, now = first.get(pk, ABSENT), last.get(pk, ABSENT)
        if (was == COUNTED) == (now == COUNTED):
            continue
        sign = 1 if now == COUNTED else -1
        reason = was if sign > 0 else now
        if other_rule and (was == COUNTED) != (pk in by_last_rule) and reason == NOT_COUNTED:
            reason = RULE
        elif same_day and reason != ABSENT:
            reason = CORRECTION
        terms[sign, reason].append(pk)
    ordered = sorted(terms.items(), key=lambda term: (-term[0][0], term[0][1]))
    return Bridge(
        start=sum(status == COUNTED for status in first.values()),
        terms=[
            Term(reason, _label(sign, reason), sign, tuple(ids)) for (sign, reason), ids in ordered
        ],
        end=sum(status == COUNTED for status in last.values()),
    )


def statuses(code: str, point: Point) -> tuple[dict[int, str], CountingRule]:
    """The status of every enterprise in the register at a point, and the rule used."""
    with point.looked_from() as rule:
        counted = set(members(code, point.on, rule=rule).values_list("pk", flat=True))
        here = set(Enterprise.objects.in_hanoi(point.on).values_list("pk", flat=True))
        found = {}
        for enterprise in Enterprise.objects.order_by("pk").prefetch_related("spells"):
            state = enterprise.state_on(point.on)
            if enterprise.pk in counted:
                state = COUNTED
            elif state == "operating":
                state = NOT_COUNTED if enterprise.pk in here else ELSEWHERE
            found[enterprise.pk] = state
    return found, rule


def _counted_by(code: str, point: Point, rule: CountingRule) -> set[int]:
    with point.looked_from():
        return set(members(code, point.on, rule=rule).values_list("pk", flat=True))


def _label(sign: int, reason: str) -> Any:
    if reason == RULE:
        return BY_RULE
    if reason == CORRECTION:
        return BY_CORRECTION
    return (CAME if sign > 0 else WENT)[reason]
