"""What the report says: the figures of a point, with their words in two languages.

Everything is read while the point is looked from, so that the writers touch no table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone, translation

from registry.dashboard.figures import Figure, Slice, all_figures
from registry.dashboard.points import Point
from registry.dashboard.slices import NOT_STATED_LABELS, SHOWN, slice_labels
from registry.dashboard.standing import Standing, plan_in_force, standings
from registry.dashboard.words import baseline_words, target_words
from registry.enterprises.queries import register_is_sample
from registry.plans.models import CountingRule, PlanDocument, Scope, Target
from registry.reports.wording import WORDS
from registry.search.criteria import NOT_STATED
from registry.templatetags.registry_ui import day_words, number

ROWS_SHOWN = 15
"""Wards beyond these are one row of the document; the workbook has them all."""

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Scale:
    """Places of a figure, its target and the published figure, from 0 to 1 of one scale."""

    bar: float | None
    target: float | None
    band: float | None
    baseline: float | None


@dataclass(frozen=True)
class Line:
    """An indicator in the words of one language; ``figure`` holds its numbers."""

    figure: Figure
    name: str
    value: str
    target: str
    state: str
    baseline: str
    remark: str
    scale: Scale


@dataclass(frozen=True)
class Row:
    """A value of a split with the slice of each indicator that has it."""

    code: str
    label: str
    slices: dict[str, Slice]


@dataclass(frozen=True)
class Table:
    """All indicators split one way; the rows add up to the figures."""

    name: str
    heading: str
    rows: list[Row]


@dataclass(frozen=True)
class Part:
    """The report in one language."""

    language: str
    title: str
    basis: str
    lines: list[Line]
    tables: list[Table]
    notes: list[str]
    sources: list[str]

    @property
    def remarks(self) -> list[str]:
        """Nothing is said of a figure that has nothing to be held against."""
        return [line.remark for line in self.lines if line.remark]

    @property
    def words(self) -> dict[str, str]:
        return WORDS[self.language]


@dataclass(frozen=True)
class Report:
    """The official report of one point; ``parts`` by language, Vietnamese first."""

    on: dt.date
    known: dt.datetime
    is_sample: bool
    parts: dict[str, Part]
    is_draft: bool = False
    is_by_draft: bool = False
    """Counted by a version of the rule that nobody approved."""

    def warnings(self, part: Part) -> list[str]:
        """What must stand under the title: that the data is fictional, that nobody approved."""
        found = {
            "sample": self.is_sample,
            "draft": self.is_draft,
            "draft_rule": self.is_by_draft,
        }
        return [part.words[name] for name, holds in found.items() if holds]


@dataclass(frozen=True)
class RuleSaid:
    """The counting rule in the words of one language."""

    version: int
    label: str
    is_provisional: bool
    clauses: list[str]

    @classmethod
    def of(cls, rule: CountingRule) -> RuleSaid:
        return cls(rule.version, rule.label, rule.is_provisional, rule.clauses)


@dataclass(frozen=True)
class Stuff:
    """What a report is made of, in the language that is active."""

    placed: list[Standing]
    plan: PlanDocument | None
    rule: RuleSaid
    labels: dict[str, dict[str, str]]
    origin: list[str]


def report_at(point: Point) -> Report:
    """The report from any point; raises ``UnknownRule``."""
    known = point.known or timezone.now()
    with point.looked_from() as rule:
        placed = standings(all_figures(point.on, rule=rule), point.on)
        plan = plan_in_force(point.on)

    def stuff(language: str) -> Stuff:
        return Stuff(placed, plan, RuleSaid.of(rule), slice_labels(), [])

    return Report(
        point.on,
        known,
        register_is_sample(),
        parts_of(stuff, point.on, known),
        is_by_draft=rule.is_draft,
    )


def moment_words(moment: dt.datetime) -> str:
    """14:30 30/06/2026, in the register's own time."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M} {day_words(local.date())}"


def parts_of(stuff: Callable[[str], Stuff], on: dt.date, known: dt.datetime) -> dict[str, Part]:
    """The report in every language."""
    parts = {}
    for language in LANGUAGES:
        with translation.override(language):
            parts[language] = _part(language, stuff(language), on, known)
    return parts


def _part(language: str, made_of: Stuff, on: dt.date, known: dt.datetime) -> Part:
    words, placed, plan = WORDS[language], made_of.placed, made_of.plan
    return Part(
        language=language,
        title=words["title"] % {"on": day_words(on)},
        basis=words["basis"] % {"plan": _document(plan)} if plan else "",
        lines=[_line(standing, words) for standing in placed],
        tables=[_table(name, placed, words, made_of.labels[name]) for name in SHOWN],
        notes=[
            *made_of.origin,
            words["note_on"] % {"on": day_words(on), "known": moment_words(known)},
            _rule(made_of.rule, words),
            words["not_rounded"],
        ],
        sources=_sources(placed, words),
    )


def _document(plan: PlanDocument) -> str:
    return f"{plan.title} ({plan.number})" if plan.number else plan.title


def _rule(rule: RuleSaid, words: dict[str, str]) -> str:
    return words["note_rule"] % {
        "version": rule.version,
        "label": f" “{rule.label}”" if rule.label else "",
        "provisional": words["provisional"] if rule.is_provisional else "",
        "clauses": " ".join(rule.clauses),
    }


def value_words(figure: Figure) -> str:
    """958, or 34,5 % in the language that is active; a dash where nothing can be said."""
    if figure.value is None:
        return "—"
    return f"{number(figure.value)}\u00a0%" if figure.unit == "%" else number(figure.value)


def _line(standing: Standing, words: dict[str, str]) -> Line:
    figure, baseline = standing.figure, standing.baseline
    value = value_words(figure)
    if figure.denominator is not None:
        share = {"part": number(figure.numerator), "whole": number(figure.denominator)}
        value = f"{value} ({words['of'] % share})"
    published = ""
    if baseline is not None:
        published = f"{baseline_words(baseline)} ({day_words(baseline.as_of_on)}"
        published += ")" if baseline.scope == Scope.HANOI else f", {words['nation']})"
    target = standing.target
    return Line(
        figure=figure,
        name=str(figure.indicator.name),
        value=value,
        target=f"{target_words(target)} ({target.period})" if target else words["none"],
        state=str(standing.state_label),
        baseline=published or words["none"],
        remark=_remark(standing, value, words),
        scale=_scale(standing),
    )


def _remark(standing: Standing, value: str, words: dict[str, str]) -> str:
    """Differences only; what they mean is for the people who sign."""
    figure, target, baseline = standing.figure, standing.target, standing.baseline
    unit = words["points"] if figure.unit == "%" else words["enterprises"]
    said = [words["remark"] % {"name": figure.indicator.name, "value": value}]
    if target is not None and figure.value is not None:
        said.append(
            words["remark_target"] % {"target": target_words(target), "period": target.period}
        )
        over = max(Decimal(figure.value) - target.low, Decimal(0))
        said.append(
            words["remark_over" if standing.gap is None else "remark_gap"]
            % {"gap": number(over if standing.gap is None else standing.gap), "unit": unit}
        )
    if baseline is not None and baseline.scope == Scope.HANOI and figure.value is not None:
        gap = Decimal(figure.value) - baseline.value
        said.append(
            words["remark_baseline"]
            % {
                "baseline": baseline_words(baseline),
                "day": day_words(baseline.as_of_on),
                "difference": ("−" if gap < 0 else "+") + number(abs(gap)),
                "unit": unit,
            }
        )
    return "; ".join(said) + "." if len(said) > 1 else ""


def _scale(standing: Standing) -> Scale:
    value, target, baseline = standing.figure.value, standing.target, standing.baseline
    low = target.low if target else None
    high = target.high if target else None
    published = baseline.value if baseline and baseline.scope == Scope.HANOI else None
    known = [Decimal(one) for one in (value, low, high, published) if one is not None]
    most = Decimal(100) if standing.figure.unit == "%" else max(known, default=Decimal(0))
    most = most * Decimal("1.1") if standing.figure.unit != "%" else most

    def place(one: Decimal | int | None) -> float | None:
        return None if one is None or not most else round(float(Decimal(one) / most), 4)

    return Scale(place(value), place(low), place(high), place(published))


def _table(
    name: str, placed: list[Standing], words: dict[str, str], labels: dict[str, str]
) -> Table:
    """Known values in their order, wards by size, "not stated" last."""
    order = {code: position for position, code in enumerate(labels)}
    found: dict[str, dict[str, Slice]] = {}
    for standing in placed:
        for part in standing.figure.slices[name]:
            found.setdefault(part.code, {})[standing.figure.indicator.code] = part
    found.setdefault(NOT_STATED, {})
    by_size = name == "ward"

    def key(code: str) -> tuple[bool, int, str]:
        whole = found[code].get("enterprises_total")
        size = -(whole.count if whole else 0)
        return code == NOT_STATED, size if by_size else order.get(code, len(order)), code

    rows = [
        Row(
            code,
            str(NOT_STATED_LABELS[name] if code == NOT_STATED else labels.get(code, code)),
            found[code],
        )
        for code in sorted(found, key=key)
    ]
    return Table(name, words[name], rows)


def together(table: Table, words: dict[str, str]) -> list[Row]:
    """Rows for paper: the first ones, the others as one, "not stated"."""
    stated = [row for row in table.rows if row.code != NOT_STATED]
    if len(stated) <= ROWS_SHOWN + 1:
        return table.rows
    rest = stated[ROWS_SHOWN:]
    summed: dict[str, Slice] = {}
    for code in {code for row in rest for code in row.slices}:
        parts = [row.slices[code] for row in rest if code in row.slices]
        wholes = [part.whole for part in parts if part.whole is not None]
        summed[code] = Slice(
            "others", sum(part.count for part in parts), sum(wholes) if wholes else None
        )
    others = Row("others", words["others"] % {"n": len(rest)}, summed)
    return [*stated[:ROWS_SHOWN], others, *(r for r in table.rows if r.code == NOT_STATED)]


def cell(row: Row, figure: Figure) -> int | Decimal | None:
    """What stands in a table: a count, or for a share percent; None where it has none."""
    part = row.slices.get(figure.indicator.code)
    if figure.indicator.whole is None:
        return part.count if part else 0
    return part.share if part else None


def _sources(placed: list[Standing], words: dict[str, str]) -> list[str]:
    said = [words["source_register"]]
    for standing in placed:
        name = standing.figure.indicator.name
        target: Target | None = standing.target
        if target is not None:
            said.append(
                words["source_target"]
                % {"name": name, "document": _document(target.document), "source": target.source}
            )
        if standing.baseline is not None:
            said.append(
                words["source_baseline"]
                % {
                    "name": name,
                    "day": day_words(standing.baseline.as_of_on),
                    "source": standing.baseline.source,
                }
            )
    return said
