"""An indicator on its way to every target; and the rule by which its status is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.dashboard.figures import Figure, figure
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.pace import (
    MARGIN,
    Aim,
    Lack,
    Mark,
    Status,
    Verdict,
    cannot_tell,
    close,
    judge,
    on_path,
    path,
)
from registry.dashboard.points import Point
from registry.dashboard.published import PERCENT, Published, aim_of, is_covered, published
from registry.dashboard.series import Series, pace_seen, recent_days, series
from registry.dashboard.standing import (
    LACK_LABELS,
    SHARES,
    STATUS_LABELS,
    TOTAL,
    Course,
    standing_of,
)
from registry.dashboard.words import asked_words, baseline_words, target_words, tenth
from registry.plans.models import Baseline, Scope, Target
from registry.templatetags.registry_ui import number
from registry.web.programme.asked import parameters_of, point_asked
from registry.web.programme.courses import CourseRow, course_row, method_url, signed
from registry.web.programme.panels import counted_by, links_of_days, list_url
from registry.web.shared.course_charts import CourseChart, course_chart
from registry.web.shared.problems import hidden_inputs, says_problems

MONTHS = 36


@says_problems
def progress_page(request: HttpRequest, code: str) -> HttpResponse:
    """The plans side by side, the course to each, and what became of earlier targets."""
    if code not in INDICATORS:
        raise Http404
    point = point_asked(request.GET)
    with point.looked_from() as rule:
        published_by = published([code], point.on, SHARES)
        said, totals = published_by[code], published_by[TOTAL]
        past = said.past(point.on)
        days = recent_days(point.on, MONTHS)
        gone = [target.due_on for target in past if target.due_on < point.on]
        known = series({code: [*days, *gone]}, rule)[code]
        now = figure(code, point.on, rule=rule)
    covered = is_covered(known.held.get(point.on, 0), point.on, totals)
    standing = standing_of(now, said, point.on, covered=covered)
    seen = pace_seen(known, point.on)
    recent = [one for one in known.figures if one.on in set(days)]
    rows = [course_row(course, now, seen) for course in standing.courses]
    context = {
        "point": point,
        "on": point.on,
        "today": timezone.localdate(),
        "rule": rule,
        "indicator": INDICATORS[code],
        "figure": now,
        "url": list_url(code, point),
        "rows": rows,
        "seen": signed(seen, now.unit),
        "drawings": drawings(rows, recent, counted_by(rule, point)),
        "past": [past_row(target, known, totals, point) for target in past],
        "published": [published_row(one) for one in reversed(said.baselines)],
        "national_targets": [(one, target_words(one)) for one in said.of(Scope.NATION)],
        "method_url": method_url(code, point),
        "kept": hidden_inputs(request.GET, keep=("known", "rule")),
        "back": parameters_of(point).urlencode(),
    }
    return render(request, "pages/programme/progress.html", context)


@dataclass(frozen=True)
class Drawing:
    """The course to the targets of one document, as a drawing and as rows of a table."""

    row: CourseRow
    chart: CourseChart
    words: str
    table: list[tuple[dt.date, str, str]]


def drawings(rows: list[CourseRow], known: list[Figure], point: Point) -> list[Drawing]:
    """One for each document: to its last target, through those before it.

    ``point`` names the rule by which the figures of all days were counted.
    """
    last = {row.document.pk: row for row in rows}
    return [drawing for row in last.values() if (drawing := _drawing(row, known, point))]


def _drawing(row: CourseRow, known: list[Figure], point: Point) -> Drawing | None:
    course, unit = row.course, PERCENT if row.course.target.unit == PERCENT else ""
    seen = [(one.on, one.value) for one in known if one.value is not None]
    marks = [(mark.on, tenth(mark.value)) for mark in course.path]
    if not marks and not seen:
        return None
    target = course.target
    words = _("%(document)s: the figure month by month, and the way to %(target)s") % {
        "document": row.citation,
        "target": row.target_words,
    }
    chart = course_chart(
        seen,
        marks,
        band=None if target.high is None else (target.low, target.high),
        say=lambda value: number(value) + (f"\u00a0{unit}" if unit else ""),
        links=links_of_days(course.target.indicator, seen, point),
    )
    return Drawing(row, chart, words, _table(course, known))


def _table(course: Course, known: list[Figure]) -> list[tuple[dt.date, str, str]]:
    """Day, figure and path: the months gone by, then the marks to come."""
    figures = {one.on: one for one in known}
    days = sorted({*figures, *(mark.on for mark in course.path)})
    unit = known[0].unit if known else course.target.unit
    return [(day, value_words(figures.get(day)), _expected(course, day, unit)) for day in days]


def _expected(course: Course, day: dt.date, unit: str) -> str:
    value = course.expected(day)
    return "—" if value is None else asked_words(value, unit)


def value_words(one: Figure | None) -> str:
    """965, or 34.8 %; a dash where there is none."""
    if one is None or one.value is None:
        return "—"
    return f"{number(one.value)}\u00a0%" if one.unit == PERCENT else number(one.value)


def past_verdict(target: Target, known: Series, totals: Published) -> Verdict:
    """By the register's own figure of the target's day, where it can be judged by."""
    then = known.on(target.due_on)
    if then is not None and (then.unit == PERCENT) != (target.unit == PERCENT):
        return cannot_tell(Lack.UNIT)
    if then is not None and not is_covered(known.held[then.on], then.on, totals):
        return cannot_tell(Lack.COVERAGE)
    return close(then.exact if then else None, aim_of(target))


def past_row(target: Target, known: Series, totals: Published, point: Point) -> dict[str, Any]:
    """An earlier target with the register's own figure of its day."""
    is_due = target.due_on < point.on
    then = known.on(target.due_on) if is_due else None
    verdict = past_verdict(target, known, totals)
    # The list is counted by the rule that counted the figure, not by that of its own day.
    day = replace(counted_by(then.rule, point) if then else point, on=target.due_on)
    return {
        "target": target,
        "words": target_words(target),
        "value": value_words(then),
        "url": list_url(then.indicator.code, day) if then else "",
        "verdict": verdict if is_due else None,
        "label": STATUS_LABELS[verdict.status],
        "lack": LACK_LABELS[verdict.lack] if verdict.lack else "",
    }


def published_row(baseline: Baseline) -> dict[str, Any]:
    return {"baseline": baseline, "words": baseline_words(baseline)}


def status_page(request: HttpRequest) -> HttpResponse:
    """The rule of status in words, with examples reckoned by the rule itself."""
    context = {
        "margin": tenth(100 * MARGIN),
        "examples": [*_examples()],
        "labels": [(status.value, STATUS_LABELS[status]) for status in Status],
        "lacks": list(LACK_LABELS.values()),
    }
    return render(request, "pages/programme/status.html", context)


START, DUE = Mark(dt.date(2025, 12, 31), Fraction(1000)), dt.date(2030, 12, 31)
EXAMPLES = (
    (dt.date(2027, 12, 31), 1100),
    (dt.date(2027, 12, 31), 1080),
    (dt.date(2027, 12, 31), 1060),
    (dt.date(2030, 6, 30), 1180),
    (dt.date(2030, 6, 30), 1175),
    (dt.date(2030, 12, 31), 1199),
    (dt.date(2030, 12, 31), 1200),
)


def _examples() -> list[dict[str, Any]]:
    """A path from 1,000 to about 1,200 in five years; invented, and said to be so."""
    aim = Aim(low=Fraction(1200), due_on=DUE, is_count=True)
    marks = path(START, [], aim)
    rows = []
    for on, value in EXAMPLES:
        verdict: Verdict = judge(Fraction(value), aim, START, [], on)
        rows.append(
            {
                "on": on,
                "value": Decimal(value),
                "expected": tenth(on_path(marks, on) or Fraction(0)),
                "left": tenth(aim.least - (on_path(marks, on) or Fraction(0))),
                "need": tenth(verdict.need or Fraction(0)),
                "status": verdict.status.value,
                "label": STATUS_LABELS[verdict.status],
            }
        )
    return rows
