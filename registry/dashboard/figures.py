"""Figures on a day, and the very lists they count."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db.models import Count, F, TextField, Value
from django.db.models.functions import Cast

from registry.dashboard.indicators import INDICATORS, Indicator
from registry.dashboard.slices import SHOWN, in_slices, sliced
from registry.dashboard.steps import step_members
from registry.enterprises.models import EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.plans.queries import rule_in_force

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Slice:
    """How many members have one value; for a share also the whole they are part of."""

    code: str
    count: int
    whole: int | None = None

    @property
    def share(self) -> Decimal | None:
        return percent(self.count, self.whole)


@dataclass(frozen=True)
class Figure:
    """An indicator on a day. ``value`` is a count, or percent with one decimal.

    ``numerator`` is always the number of enterprises in the list behind the figure;
    ``stated`` of those who would be in it if nothing had to be verified.
    """

    indicator: Indicator
    on: dt.date
    rule: CountingRule
    numerator: int
    denominator: int | None
    slices: dict[str, list[Slice]] = field(default_factory=dict)
    stated: int | None = None

    @property
    def unit(self) -> str:
        return self.indicator.unit

    @property
    def unverified(self) -> int | None:
        """How many state it and are not counted."""
        return None if self.stated is None else self.stated - self.numerator

    @property
    def value(self) -> int | Decimal | None:
        """None where a share has nothing to be a share of."""
        if self.indicator.whole is None:
            return self.numerator
        return percent(self.numerator, self.denominator)

    @property
    def exact(self) -> Fraction | None:
        """The value before it is rounded: what targets are compared with."""
        if self.indicator.whole is None:
            return Fraction(self.numerator)
        return Fraction(100 * self.numerator, self.denominator) if self.denominator else None


def percent(part: int, whole: int | None) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(TENTH, ROUND_HALF_UP)


def members(
    code: str,
    on: dt.date,
    slices: dict[str, str] | None = None,
    *,
    rule: CountingRule | None = None,
    step: str = "",
) -> EnterpriseQuerySet:
    """The enterprises behind a figure, or behind one of its slices: the one definition.

    Counted under ``rule``, the one in force on that day if None. With a ``step``, those
    at it instead (KeyError where the indicator has no such step).
    """
    rule = rule or rule_in_force(on)
    rows = step_members(code, step, on, rule) if step else INDICATORS[code].members(on, rule)
    return in_slices(rows, slices or {}, on)


def whole_of(
    code: str, on: dt.date, slices: dict[str, str] | None = None, *, rule: CountingRule
) -> EnterpriseQuerySet | None:
    """The enterprises that a share is a share of, narrowed alike; None for a count."""
    whole = INDICATORS[code].whole
    return in_slices(whole(on, rule), slices or {}, on) if whole else None


def figure(
    code: str,
    on: dt.date,
    *,
    rule: CountingRule | None = None,
    with_slices: bool = False,
    slices: dict[str, str] | None = None,
) -> Figure:
    """One indicator on a day, narrowed to ``slices``; raises KeyError for an unknown code."""
    rule = rule or rule_in_force(on)
    asked = {"numerator": members(code, on, slices, rule=rule)}
    whole = whole_of(code, on, slices, rule=rule)
    if whole is not None:
        asked["denominator"] = whole
    if stated := INDICATORS[code].stated:
        asked["stated"] = in_slices(stated(on, rule), slices or {}, on)
    totals = _totals(asked)
    return Figure(
        indicator=INDICATORS[code],
        on=on,
        rule=rule,
        numerator=totals["numerator"],
        denominator=totals.get("denominator"),
        slices=split(code, on, rule, slices) if with_slices else {},
        stated=totals.get("stated"),
    )


def _totals(asked: dict[str, EnterpriseQuerySet]) -> dict[str, int]:
    """How many enterprises each of them finds; one query."""
    parts = [
        rows.order_by()
        .values(what=Cast(Value(name), TextField()))
        .annotate(n=Count("pk"))
        .values_list("what", "n")
        for name, rows in asked.items()
    ]
    counted = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    # Where nobody is found there is no group, and so no row.
    return dict.fromkeys(asked, 0) | dict(counted)


def all_figures(
    on: dt.date,
    *,
    rule: CountingRule | None = None,
    with_slices: bool = True,
    slices: dict[str, str] | None = None,
) -> list[Figure]:
    """Every indicator, in the order of the plan, all under one rule and narrowed alike."""
    rule = rule or rule_in_force(on)
    return [
        figure(code, on, rule=rule, with_slices=with_slices, slices=slices) for code in INDICATORS
    ]


def split(
    code: str, on: dt.date, rule: CountingRule, slices: dict[str, str] | None = None
) -> dict[str, list[Slice]]:
    """Counts by every slice shown, zeros left out; one query for a count, two for a share."""
    counts = _counts(members(code, on, slices, rule=rule), on)
    whole = whole_of(code, on, slices, rule=rule)
    wholes = None if whole is None else _counts(whole, on)
    result: dict[str, list[Slice]] = {}
    for name in SHOWN:
        codes = sorted(set(counts[name]) | set(wholes[name] if wholes else ()))
        result[name] = [
            Slice(code, counts[name].get(code, 0), wholes[name].get(code, 0) if wholes else None)
            for code in codes
        ]
    return result


def _counts(queryset: EnterpriseQuerySet, on: dt.date) -> dict[str, dict[str, int]]:
    parts = [
        sliced(queryset.order_by(), name, on)
        .values(dimension=Cast(Value(name), TextField()), code=F(f"slice_{name}"))
        .annotate(n=Count("pk"))
        .values_list("dimension", "code", "n")
        for name in SHOWN
    ]
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for name, code, count in parts[0].union(*parts[1:], all=True):
        counts[name][code] = count
    return counts
