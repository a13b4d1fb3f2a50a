"""A figure as the page shows it: its target in words, its bar, its splits with links."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.dashboard.figures import Figure
from registry.dashboard.points import Point
from registry.dashboard.slices import HEADINGS, NOT_STATED_LABELS, slice_labels
from registry.dashboard.standing import Standing
from registry.dashboard.words import baseline_words, target_words
from registry.plans.models import Scope
from registry.search.criteria import NOT_STATED
from registry.templatetags.registry_ui import number
from registry.web.programme.asked import parameters_of
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
    """One indicator of the page; ``now`` beside a figure as it was known before."""

    standing: Standing
    url: str
    target_words: str
    baseline_words: str
    bullet: Bullet
    bullet_words: str
    now: Figure | None
    bridge_url: str
    year_url: str
    splits: list[Split]


def indicator_panel(
    standing: Standing,
    point: Point,
    labels: dict[str, dict[str, str]],
    now: dict[str, Figure],
) -> Panel:
    code = standing.figure.indicator.code
    return Panel(
        standing=standing,
        url=list_url(code, point),
        target_words=target_words(standing.target),
        baseline_words=baseline_words(standing.baseline),
        bullet=bullet_of(standing),
        bullet_words=bullet_words(standing),
        now=now.get(code),
        year_url=bridge_url(code, replace(point, on=a_year_before(point.on)), point),
        bridge_url=bridge_url(code, point, Point(on=point.on, version=point.version)),
        splits=[split(standing, name, point, labels[name]) for name in standing.figure.slices],
    )


def list_url(code: str, point: Point, **slices: str) -> str:
    """Address of the list behind a figure, or behind one slice of it."""
    return reverse("programme-list", args=[code]) + address(parameters_of(point), **slices)


def a_year_before(on: dt.date) -> dt.date:
    return on - dt.timedelta(days=365)


def bridge_url(code: str, before: Point, after: Point, **slices: str) -> str:
    """Address of the bridge between two points, of a figure or of one slice of it."""
    asked = parameters_of(after)
    asked.update({name: value for name, value in slices.items() if value})
    for name, value in parameters_of(before).items():
        asked[f"from_{name}"] = str(value)
    return f"{reverse('programme-bridge', args=[code])}?{asked.urlencode()}"


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


def split(standing: Standing, name: str, point: Point, labels: dict[str, str]) -> Split:
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
            url=list_url(code, point, **{name: part.code}),
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
    labels = slice_labels(*chosen)
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
