"""What a release freezes, and how its hash is worked out: one text for one payload."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import translation

from registry.dashboard.figures import Figure, all_figures, members
from registry.dashboard.points import Point
from registry.dashboard.slices import SHOWN, SLICES, slice_labels, sliced
from registry.dashboard.standing import Course, Standing, plan_in_force, standings
from registry.enterprises.queries import register_is_sample
from registry.plans.models import CountingRule, PlanDocument

FORMAT = 2
"""1 had neither plan, names of slices, wholes of shares, sources of targets nor courses."""
LANGUAGES = ("vi", "en")


def canonical(payload: dict[str, Any]) -> bytes:
    """Sorted keys, UTF-8, no spaces: the same bytes for the same content."""
    return json.dumps(
        payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256_of(payload: dict[str, Any]) -> str:
    """64 hexadecimal signs."""
    return hashlib.sha256(canonical(payload)).hexdigest()


def payload_of(point: Point, rule: CountingRule, period: str) -> dict[str, Any]:
    """Figures, targets, rule and lists; to be asked inside ``point.looked_from()``.

    No personal data. Shares are text with one decimal, in percent.
    """
    assert point.known is not None, "a release names the moment it knows"
    figures = all_figures(point.on, rule=rule)
    return {
        "format": FORMAT,
        "period": period,
        "on": point.on.isoformat(),
        "known_at": point.known.isoformat(),
        "rule": _rule(rule),
        "sample": register_is_sample(),
        "plan": _plan(plan_in_force(point.on)),
        "labels": _labels(),
        "figures": [_figure(standing) for standing in standings(figures, point.on)],
        "lists": {one.indicator.code: _rows(one, rule) for one in figures},
    }


def _in_languages(say: Any) -> dict[str, Any]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = say()
    return said


def _rule(rule: CountingRule) -> dict[str, Any]:
    return {
        "version": rule.version,
        "name": rule.name,
        "name_en": rule.name_en,
        "valid_from": rule.valid_from.isoformat(),
        "provisional": rule.is_provisional,
        "clauses": _in_languages(lambda: [str(clause) for clause in rule.clauses]),
    }


def _plan(plan: PlanDocument | None) -> dict[str, str] | None:
    return {"title": plan.title, "number": plan.number} if plan else None


def _labels() -> dict[str, list[dict[str, str]]]:
    """The names of the values of every split shown, in both languages and in their order.

    A list, because the keys of JSON in the database have no order.
    """
    said = _in_languages(slice_labels)
    return {
        name: [
            {"code": code, **{language: said[language][name][code] for language in LANGUAGES}}
            for code in said[LANGUAGES[0]][name]
        ]
        for name in SHOWN
    }


def _figure(standing: Standing) -> dict[str, Any]:
    one, target, baseline = standing.figure, standing.target, standing.baseline
    return {
        "indicator": one.indicator.code,
        "name": _in_languages(lambda: str(one.indicator.name)),
        "method": _in_languages(lambda: str(one.indicator.rule)),
        "unit": one.unit,
        "value": None if one.value is None else str(one.value),
        "numerator": one.numerator,
        "denominator": one.denominator,
        "stated": one.stated,
        "slices": {
            name: {part.code: part.count for part in parts} for name, parts in one.slices.items()
        },
        "wholes": one.denominator
        and {name: {part.code: part.whole for part in parts} for name, parts in one.slices.items()},
        "target": target
        and {
            "plan": target.document.title,
            "number": target.document.number,
            "period": target.period,
            "source": target.source,
            "operator": target.operator,
            "low": str(target.low),
            "high": None if target.high is None else str(target.high),
            "unit": target.unit,
            "due_on": target.due_on.isoformat(),
        },
        "baseline": baseline
        and {
            "scope": baseline.scope,
            "as_of": baseline.as_of,
            "as_of_on": baseline.as_of_on.isoformat(),
            "qualifier": baseline.qualifier,
            "value": str(baseline.value),
            "source": baseline.source,
        },
        "courses": [_course(course) for course in standing.courses],
    }


def _course(course: Course) -> dict[str, Any]:
    """The status told of a target, with what it rests on; exact numbers as text."""
    verdict, start = course.verdict, course.start
    return {
        "plan": course.target.document.title,
        "due_on": course.target.due_on.isoformat(),
        "status": verdict.status.value,
        "status_name": _in_languages(lambda: str(course.status_label)),
        "lack": None if verdict.lack is None else verdict.lack.value,
        "start": start and {"on": start.mark.on.isoformat(), "value": str(start.mark.value)},
        "milestones": [
            {"due_on": one.due_on.isoformat(), "low": str(one.low)} for one in course.milestones
        ],
        "expected": None if verdict.expected is None else str(verdict.expected),
        "need": None if verdict.need is None else str(verdict.need),
    }


def _rows(one: Figure, rule: CountingRule) -> list[dict[str, str]]:
    """The list behind a figure, in the order of the register's identities."""
    rows = members(one.indicator.code, one.on, rule=rule).order_by("pk")
    for name in SLICES:
        rows = sliced(rows, name, one.on)
    return [
        {
            "public_id": row.public_id,
            "name": row.name,
            **{name: getattr(row, f"slice_{name}") for name in SLICES},
        }
        for row in rows
    ]


def faults(document: dict[str, Any]) -> list[str]:
    """What does not hold in a ``release.json``; empty where all of it does."""
    payload, stated = document.get("payload"), document.get("sha256")
    if not isinstance(payload, dict) or not isinstance(stated, str):
        return ["This is no release: payload or sha256 is missing."]
    found = []
    worked_out = sha256_of(payload)
    if worked_out != stated:
        found.append(
            f"The SHA-256 differs: the file states {stated}, its content has {worked_out}."
        )
    lists = payload.get("lists", {})
    for figure in payload.get("figures", []):
        code, rows = figure["indicator"], lists.get(figure["indicator"], [])
        if len(rows) != figure["numerator"]:
            found.append(
                f"{code}: the figure says {figure['numerator']}, its list has {len(rows)}."
            )
        for name, parts in figure["slices"].items():
            for part, count in parts.items():
                listed = sum(row[name] == part for row in rows)
                if listed != count:
                    found.append(f"{code}, {name} {part}: {count} stated, {listed} listed.")
    if not payload.get("figures"):
        found.append("The release holds no figure.")
    return found
