"""The report of a release: its frozen content put into words, nothing counted again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from registry.accounts.models import User
from registry.core.days import month_end
from registry.dashboard.figures import Figure, Slice
from registry.dashboard.indicators import Indicator, operating
from registry.dashboard.slices import SHOWN, slice_labels
from registry.dashboard.standing import Standing
from registry.enterprises.queries import register_is_sample
from registry.plans.models import Baseline, CountingRule, PlanDocument, Target
from registry.releases.models import Release
from registry.reports.content import (
    Report,
    RuleSaid,
    Stuff,
    day_words,
    moment_words,
    parts_of,
)
from registry.reports.wording import WORDS

WHOLE = "enterprises_total"


@dataclass(frozen=True)
class FrozenFigure(Figure):
    """A figure whose value is read, not worked out."""

    frozen: int | Decimal | None = None

    @property
    def value(self) -> int | Decimal | None:
        return self.frozen


def report_of(release: Release) -> Report:
    """The report from what the release froze; releases of the first format included."""
    payload = release.payload

    def stuff(language: str) -> Stuff:
        return Stuff(
            placed=[_standing(one, payload, release, language) for one in payload["figures"]],
            plan=_plan(payload),
            rule=_rule(payload["rule"], language),
            labels=_labels(payload, language),
            origin=[_origin(release, language)],
        )

    return Report(
        on=release.on,
        known=release.known_at,
        is_sample=payload["sample"] if "sample" in payload else register_is_sample(),
        parts=parts_of(stuff, release.on, release.known_at),
        is_draft=release.approved_at is None,
    )


def _standing(
    one: dict[str, Any], payload: dict[str, Any], release: Release, language: str
) -> Standing:
    is_share = one["unit"] == "%"
    code = one["indicator"]
    indicator = Indicator(
        code,
        one["name"][language],
        one["method"][language],
        operating,  # never called: a frozen figure counts nothing
        operating if is_share else None,
    )
    value = one["value"]
    figure = FrozenFigure(
        indicator=indicator,
        on=release.on,
        rule=CountingRule(version=payload["rule"]["version"]),
        numerator=one["numerator"],
        denominator=one["denominator"],
        slices=_slices(one, payload, is_share=is_share),
        frozen=None if value is None else Decimal(value) if is_share else int(value),
    )
    return Standing(figure, _target(one["target"]), _baseline(one["baseline"]))


def _slices(
    one: dict[str, Any], payload: dict[str, Any], *, is_share: bool
) -> dict[str, list[Slice]]:
    """Of a share also the wholes; the first format has them at the figure of the whole."""
    wholes: dict[str, dict[str, int]] = {}
    if is_share:
        of_all = next((row for row in payload["figures"] if row["indicator"] == WHOLE), None)
        wholes = one.get("wholes") or (of_all["slices"] if of_all else {})
    found = {}
    for name in SHOWN:
        counts, whole = one["slices"].get(name, {}), wholes.get(name, {})
        codes = sorted(set(counts) | set(whole))
        found[name] = [
            Slice(code, counts.get(code, 0), whole.get(code, 0) if is_share else None)
            for code in codes
        ]
    return found


def _target(frozen: dict[str, Any] | None) -> Target | None:
    if frozen is None:
        return None
    due_on = dt.date.fromisoformat(frozen["due_on"])
    return Target(
        document=PlanDocument(title=frozen["plan"], number=frozen.get("number", "")),
        operator=frozen["operator"],
        low=Decimal(frozen["low"]),
        high=None if frozen["high"] is None else Decimal(frozen["high"]),
        unit=frozen["unit"],
        due_on=due_on,
        period=frozen.get("period", str(due_on.year)),
        source=frozen.get("source", ""),
    )


def _baseline(frozen: dict[str, Any] | None) -> Baseline | None:
    if frozen is None:
        return None
    return Baseline(
        scope=frozen["scope"],
        as_of=frozen["as_of"],
        as_of_on=_as_of_on(frozen),
        qualifier=frozen["qualifier"],
        value=Decimal(frozen["value"]),
        source=frozen["source"],
    )


def _as_of_on(frozen: dict[str, Any]) -> dt.date:
    """The day of a published figure; the first format has it in words: "end-2022", "2024-10"."""
    if "as_of_on" in frozen:
        return dt.date.fromisoformat(frozen["as_of_on"])
    year, _dash, month = frozen["as_of"].removeprefix("end-").partition("-")
    return month_end(dt.date(int(year), int(month or 12), 1))


def _plan(payload: dict[str, Any]) -> PlanDocument | None:
    """The plan in force; in the first format the one of the first target."""
    if "plan" in payload:
        plan = payload["plan"]
        return PlanDocument(title=plan["title"], number=plan["number"]) if plan else None
    titles = [one["target"]["plan"] for one in payload["figures"] if one["target"]]
    return PlanDocument(title=titles[0]) if titles else None


def _rule(frozen: dict[str, Any], language: str) -> RuleSaid:
    name = frozen["name_en"] if language == "en" and frozen["name_en"] else frozen["name"]
    return RuleSaid(frozen["version"], name, frozen["provisional"], frozen["clauses"][language])


def _labels(payload: dict[str, Any], language: str) -> dict[str, dict[str, str]]:
    frozen = payload.get("labels")
    if frozen is None:
        return slice_labels()
    return {name: {one["code"]: one[language] for one in frozen[name]} for name in SHOWN}


def _origin(release: Release, language: str) -> str:
    """Which release it is, by its hash, and the two people who answer for it."""
    words = WORDS[language]
    said = words["note_release"] % {
        "period": release.period,
        "sha256": release.sha256,
        "preparer": release.prepared_by.signed_name,
        "prepared": moment_words(release.prepared_at),
    }
    approver: User | None = release.approved_by
    if approver is None or release.approved_at is None:
        return f"{said} {words['note_draft']}"
    day = day_words(timezone.localdate(release.approved_at))
    return f"{said} " + words["note_approved"] % {"approver": approver.signed_name, "day": day}
