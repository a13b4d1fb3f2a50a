"""A figure as the page shows it: its target in words, its bar, its splits with links."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.dashboard.slices import HEADINGS, NOT_STATED_LABELS, slice_labels
from registry.dashboard.standing import Standing
from registry.plans.models import Baseline, Scope, Target
from registry.search.criteria import NOT_STATED
from registry.templatetags.registry_ui import number
from registry.web.shared.charts import Bullet, bar_width, bullet
from registry.web.shared.problems import address

WARDS_SHOWN = 10


@dataclass(frozen=True)
class SliceRow:
    """One value of a split, with the address of its list."""

    label: str
    count: int
    whole: int | None
    share: Decimal | None
    url: str
    bar: str
    whole_bar: str


@dataclass(frozen=True)
class Split:
    """A figure split one way; ``rest`` are the rows beyond the first ones."""

    name: str
    heading: Any
    rows: list[SliceRow]
    rest: list[SliceRow]


@dataclass(frozen=True)
class Panel:
    """One indicator of the page."""

    standing: Standing
    url: str
    target_words: str
    baseline_words: str
    bullet: Bullet
    bullet_words: str
    splits: list[Split]


def indicator_panel(standing: Standing, on: dt.date, labels: dict[str, dict[str, str]]) -> Panel:
    code = standing.figure.indicator.code
    return Panel(
        standing=standing,
        url=list_url(code, on),
        target_words=target_words(standing.target),
        baseline_words=baseline_words(standing.baseline),
        bullet=bullet_of(standing),
        bullet_words=bullet_words(standing),
        splits=[split(standing, name, on, labels[name]) for name in standing.figure.slices],
    )


def list_url(code: str, on: dt.date, **slices: str) -> str:
    """Address of the list behind a figure, or behind one slice of it."""
    asked = QueryDict(mutable=True)
    asked["on"] = on.isoformat()
    return reverse("programme-list", args=[code]) + address(asked, **slices)


def bullet_of(standing: Standing) -> Bullet:
    """The figure beside baseline and target on one scale; a share runs to 100 %."""
    target, baseline = standing.target, standing.baseline
    if baseline is not None and baseline.scope != Scope.HANOI:
        baseline = None
    return bullet(
        value=standing.figure.value,
        low=target.low if target else None,
        high=target.high if target else None,
        baseline=baseline.value if baseline else None,
        most=Decimal(100) if standing.figure.unit == "%" else None,
    )


def bullet_words(standing: Standing) -> str:
    """What the drawing shows, in one sentence."""
    figure, target = standing.figure, standing.target
    value = "—" if figure.value is None else number(figure.value)
    unit = " %" if figure.unit == "%" else ""
    if target is None:
        return f"{figure.indicator.name}: {value}{unit}"
    return _("%(name)s: %(value)s, target %(target)s") % {
        "name": figure.indicator.name,
        "value": f"{value}{unit}",
        "target": target_words(target),
    }


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


def split(standing: Standing, name: str, on: dt.date, labels: dict[str, str]) -> Split:
    code = standing.figure.indicator.code
    order = {value: place for place, value in enumerate(labels)}
    by_size = name == "ward"
    parts = sorted(
        standing.figure.slices[name],
        key=lambda part: (
            part.code == NOT_STATED,
            -part.count if by_size else order.get(part.code, len(order)),
            part.code,
        ),
    )
    most = max((part.whole or part.count for part in parts), default=0)
    rows = [
        SliceRow(
            label=str(
                NOT_STATED_LABELS[name]
                if part.code == NOT_STATED
                else labels.get(part.code, part.code)
            ),
            count=part.count,
            whole=part.whole,
            share=part.share,
            url=list_url(code, on, **{name: part.code}),
            bar=bar_width(part.count, most),
            whole_bar=bar_width(part.whole or 0, most),
        )
        for part in parts
    ]
    if not by_size or len(rows) <= WARDS_SHOWN:
        return Split(name, HEADINGS[name], rows, [])
    return Split(name, HEADINGS[name], rows[:WARDS_SHOWN], rows[WARDS_SHOWN:])


def slice_chips(parameters: QueryDict, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The slices a list is narrowed to, each with the address without it."""
    if not chosen:
        return []
    labels = slice_labels()
    return [
        {
            "heading": HEADINGS[name],
            "label": NOT_STATED_LABELS[name]
            if code == NOT_STATED
            else labels[name].get(code, code),
            "url": address(parameters, **{name: None}),
        }
        for name, code in chosen.items()
    ]
