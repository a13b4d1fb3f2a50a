"""From one figure to another: who came, who went, and why; it always adds up.

Between two points lie up to three steps: the other rule, later knowledge, and the days
that passed. Every enterprise that is counted at only one end changed sides in one of them
(the last that brought it to where it is), and its status there names its term. So
start + came − went = end by construction.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.dashboard.points import Point
from registry.dashboard.statuses import (
    ABSENT,
    CERTIFICATE,
    CLASS,
    COUNTED,
    ELSEWHERE,
    NEARER,
    NOT_COUNTED,
    RELATION,
    Asked,
    Look,
    look,
)
from registry.enterprises.models import Enterprise

RULE, CORRECTION = "rule", "correction"
KNOWLEDGE = 2
"""The step of later knowledge: the first is the other rule, the last the days between."""

CAME = {
    "not_yet": _("Registered"),
    "suspended": _("Returned after suspension"),
    "closed": _("Reopened"),
    "moved_away": _("Moved back"),
    "merged": _("Separated again"),
    ELSEWHERE: _("Came to Hanoi"),
    ABSENT: _("Entered in the register later"),
    CERTIFICATE: _("Gained a counting certificate"),
    RELATION: _("Gained a verified supply relation"),
    NEARER: _("Fell back from a nearer tier"),
    CLASS: _("Reclassified into this group"),
    NOT_COUNTED: _("Began to qualify"),
    RULE: _("Counted differently by the other rule"),
    CORRECTION: _("Corrected in the record"),
}
WENT = {
    **CAME,
    "closed": _("Closed"),
    "moved_away": _("Moved away"),
    "merged": _("Merged into another"),
    "suspended": _("Operation suspended"),
    ELSEWHERE: _("No site in Hanoi any more"),
    "not_yet": _("Day of registration corrected"),
    ABSENT: _("Taken out of the register"),
    CERTIFICATE: _("Lost its counting certificate"),
    RELATION: _("Lost its verified supply relation"),
    NEARER: _("Rose to a nearer tier"),
    CLASS: _("Reclassified into another group"),
    NOT_COUNTED: _("Ceased to qualify"),
}


@dataclass(frozen=True)
class Term:
    """One reason with the enterprises it moved; ``sign`` is +1 or −1."""

    code: str
    label: Any
    sign: int
    enterprises: tuple[Enterprise, ...]

    @property
    def enterprise_ids(self) -> tuple[int, ...]:
        return tuple(one.pk for one in self.enterprises)

    @property
    def amount(self) -> int:
        return self.sign * len(self.enterprises)


@dataclass(frozen=True)
class Bridge:
    """Start, terms and end; ``start + sum of amounts == end``."""

    start: int
    terms: list[Term]
    end: int


def bridge(
    code: str,
    before: Point,
    after: Point,
    *,
    slices: dict[str, str] | None = None,
    step: str = "",
) -> Bridge:
    """Between two days, two moments of knowledge, two rules, or all of these at once.

    Of a figure, of a part of it, or of one of its steps.
    """
    asked = Asked(code, slices or {}, step)
    looks = _path(asked, before, after)
    first, last = looks[0], looks[-1]
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for pk in sorted(first.statuses.keys() | last.statuses.keys()):
        is_counted = last.statuses.get(pk) == COUNTED
        if (first.statuses.get(pk) == COUNTED) != is_counted:
            found[1 if is_counted else -1, _reason(pk, looks)].append(pk)
    ordered = sorted(found.items(), key=lambda term: (-term[0][0], term[0][1]))
    named = first.enterprises | last.enterprises
    return Bridge(
        start=_total(first),
        terms=[
            Term(
                reason,
                (CAME if sign > 0 else WENT)[reason],
                sign,
                tuple(named[pk] for pk in ids),
            )
            for (sign, reason), ids in ordered
        ],
        end=_total(last),
    )


def _path(asked: Asked, before: Point, after: Point) -> list[Look]:
    """The two ends and what lies between: by the other rule, then with later knowledge."""
    first, last = look(asked, before), look(asked, after)
    by_rule = known = first
    if first.rule.version != last.rule.version:
        by_rule = known = look(asked, before, last.rule)
    if before.known != after.known:
        is_end = before.on == after.on
        known = last if is_end else look(asked, replace(before, known=after.known), last.rule)
    return [first, by_rule, known, last]


def _reason(pk: int, looks: list[Look]) -> str:
    """The status that explains the last change of sides in the direction of the whole."""
    path = [one.statuses.get(pk, ABSENT) for one in looks]
    is_counted = path[-1] == COUNTED
    place = max(
        n
        for n in range(1, len(path))
        if (path[n] == COUNTED) == is_counted and (path[n - 1] == COUNTED) != is_counted
    )
    if place < KNOWLEDGE:
        return RULE
    status = path[place - 1] if is_counted else path[place]
    if place == KNOWLEDGE and status not in (ABSENT, CLASS):
        return CORRECTION
    return status


def _total(found: Look) -> int:
    return sum(status == COUNTED for status in found.statuses.values())
