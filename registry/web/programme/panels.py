"""A figure as the page shows it: its target in words, its bar, its splits with links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.core.days import months_after
from registry.dashboard.figures import Figure
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.pace import Lack, Status, cannot_tell
from registry.dashboard.points import Point
from registry.dashboard.published import PERCENT
from registry.dashboard.quality import LACKING
from registry.dashboard.series import SEEN_MONTHS, Series, pace_seen
from registry.dashboard.slices import HEADINGS, NOT_STATED_LABELS, slice_labels
from registry.dashboard.standing import (
    LACK_LABELS,
    STATUS_LABELS,
    Standing,
    same_among_target,
)
from registry.dashboard.words import asked_words, baseline_words, target_words, tenth
from registry.plans.models import CountingRule, Scope
from registry.search.criteria import NOT_STATED
from registry.templatetags.registry_ui import day_words, month, number
from registry.web.programme.asked import parameters_of
from registry.web.programme.courses import CourseRow, course_row, method_url, progress_url
from registry.web.shared.charts import Bullet, Link, bar_width, bullet
from registry.web.shared.course_charts import Spark, spark
from registry.web.shared.problems import address

WARDS_SHOWN = 10
TOTAL = "enterprises_total"
NO_TARGET = cannot_tell(Lack.TARGET)


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
    courses: list[CourseRow]
    spark: Spark
    spark_words: str
    same_among: str
    whole_target: str
    national_words: str
    progress_url: str
    method_url: str
    now: Figure | None
    bridge_url: str
    year_url: str
    splits: list[Split]

    @property
    def course(self) -> CourseRow | None:
        """To the target due next."""
        return self.courses[0] if self.courses else None

    @property
    def status(self) -> str:
        return (self.course.course.verdict if self.course else NO_TARGET).status.value

    @property
    def status_label(self) -> Any:
        return STATUS_LABELS[Status(self.status)]

    @property
    def lack_label(self) -> Any:
        """Why the status cannot be told; empty where it can."""
        lack = (self.course.course.verdict if self.course else NO_TARGET).lack
        return LACK_LABELS[lack] if lack else ""


def panels(
    placed: list[Standing],
    point: Point,
    labels: dict[str, dict[str, str]],
    now: dict[str, Figure],
    known: dict[str, Series],
) -> list[Panel]:
    """One panel for each indicator, in the order of the plan."""
    total = next(one for one in placed if one.figure.indicator.code == TOTAL)
    return [
        indicator_panel(one, point, labels, now, known[one.figure.indicator.code], total)
        for one in placed
    ]


def indicator_panel(
    standing: Standing,
    point: Point,
    labels: dict[str, dict[str, str]],
    now: dict[str, Figure],
    known: Series,
    total: Standing,
) -> Panel:
    """``known``: the figures of two years gone by; ``total``: the standing of the whole."""
    code, figure = standing.figure.indicator.code, standing.figure
    known = known.up_to(figure)
    seen = pace_seen(known, point.on)
    courses = [course_row(course, figure, seen) for course in standing.courses]
    same = same_among_target(standing, total) if standing.target else None
    return Panel(
        courses=courses,
        spark=spark([one.value for one in known.figures]),
        spark_words=spark_words(known),
        same_among="" if same is None else asked_words(same, figure.unit),
        whole_target=target_words(total.target),
        national_words=baseline_words(standing.national),
        progress_url=progress_url(code, point),
        method_url=method_url(code, point),
        standing=standing,
        url=list_url(code, point),
        target_words=target_words(standing.target),
        baseline_words=baseline_words(standing.baseline),
        bullet=bullet_of(standing, courses[0] if courses else None),
        bullet_words=bullet_words(standing),
        now=now.get(code),
        year_url=bridge_url(code, replace(point, on=a_year_before(point.on)), point),
        bridge_url=bridge_url(code, point, Point(on=point.on, version=point.version)),
        splits=[split(standing, name, point, labels[name]) for name in standing.figure.slices],
    )


def list_url(code: str, point: Point, **slices: str) -> str:
    """Address of the list behind a figure, or behind one slice of it."""
    return reverse("programme-list", args=[code]) + address(parameters_of(point), **slices)


def counted_by(rule: CountingRule, point: Point) -> Point:
    """The point whose figures of any day are counted by this rule; the register's own, of the
    time before the first was written, has no version to ask for."""
    return replace(point, version=rule.version) if rule.pk else point


def links_of_days(
    code: str, figures: Sequence[tuple[dt.date, Decimal | int | None]], point: Point
) -> dict[dt.date, Link]:
    """From the figures of many days to their lists, counted as ``point`` counts."""
    unit = INDICATORS[code].unit
    return {
        day: Link(
            f"{day_words(day)}: {number(value)}" + (f"\u00a0{unit}" if unit == PERCENT else ""),
            list_url(code, replace(point, on=day)),
        )
        for day, value in figures
        if value is not None
    }


def a_year_before(on: dt.date) -> dt.date:
    """The same day of the year before, as the pace seen takes it."""
    return months_after(on, -SEEN_MONTHS)


def bridge_url(code: str, before: Point, after: Point, **slices: str) -> str:
    """Address of the bridge between two points, of a figure or of one slice of it."""
    asked = parameters_of(after)
    asked.update({name: value for name, value in slices.items() if value})
    for name, value in parameters_of(before).items():
        asked[f"from_{name}"] = str(value)
    return f"{reverse('programme-bridge', args=[code])}?{asked.urlencode()}"


def spark_words(known: Series) -> str:
    """What the small line shows, in one sentence."""
    figures = [one for one in known.figures if one.value is not None]
    if len(figures) < 2:
        return ""
    unit = "\u00a0%" if figures[0].unit == "%" else ""
    return _("From %(first)s (%(first_day)s) to %(last)s (%(last_day)s)") % {
        "first": f"{number(figures[0].value)}{unit}",
        "first_day": month(figures[0].on),
        "last": f"{number(figures[-1].value)}{unit}",
        "last_day": month(figures[-1].on),
    }


def bullet_of(standing: Standing, course: CourseRow | None = None) -> Bullet:
    """The figure beside baseline, milestone and target on one scale; a share runs to 100 %."""
    target, milestone = standing.target, course.milestone if course else None
    beginning = None
    if course is not None and course.course.start is not None:
        beginning = tenth(course.course.start.mark.value)
    elif standing.baseline is not None and standing.baseline.scope == Scope.HANOI:
        beginning = standing.baseline.value
    return bullet(
        value=standing.figure.value,
        low=target.low if target else None,
        high=target.high if target else None,
        baseline=beginning,
        milestone=tenth(milestone.value) if milestone else None,
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


def chips(parameters: QueryDict, lacking: str, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """What a list is narrowed to: what its records lack, and its slices."""
    narrowed = slice_chips(parameters, chosen)
    if not lacking:
        return narrowed
    url = address(parameters, lacking=None)
    return [{"heading": _("Quality"), "label": LACKING[lacking][0], "url": url}, *narrowed]
