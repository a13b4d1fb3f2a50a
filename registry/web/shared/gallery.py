"""One page that shows every component with real inputs: for makers, and for the tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from registry.certifications.enums import Rung
from registry.dashboard.standing import STATE_LABELS, STATUS_LABELS
from registry.plans.models import CountingRule
from registry.web.shared.charts import Link, bar_width, bullet, fan, step_width, trend, waterfall
from registry.web.shared.course_charts import course_chart, spark
from registry.web.shared.maps import Place, dot_map
from registry.web.shared.pager import pager

DAY = dt.date(2027, 9, 8)
MOMENT = dt.datetime(2027, 9, 9, 9, 30, tzinfo=dt.UTC)
Inputs = list[dict[str, Any]]


def examples() -> dict[str, Inputs]:
    """Inputs by file name of the component; each input is shown once."""
    drawn = figures() | courses() | maps()
    return badges() | search_parts() | drawn | page_parts()


def badges() -> dict[str, Inputs]:
    certificate_states = (
        "valid", "suspended", "not_yet", "expired", "withdrawn", "edition_withdrawn", "unknown",
    )  # fmt: skip
    states = ("operating", "suspended", "closed", "moved_away", "merged", "not_yet")
    return {
        "certificate_badge": [
            {"name": "ISO 9001", "until": DAY, "outcome": outcome}
            for outcome in ("confirmed", "", "refuted")
        ],
        "certificate_state": [{"state": state} for state in certificate_states],
        "rung_badge": [
            {"rung": rung.value, "label": rung.label, "outcome": outcome}
            for rung, outcome in [
                *((rung, "confirmed") for rung in Rung),
                (Rung.CLAIMED, "refuted"),
                (Rung.DOCUMENT, "not_found"),
            ]
        ],
        "own_area": [
            {"area": {"names": ["Phường Bồ Đề"], "is_lifted": lifted, "other_url": "?area=all"}}
            for lifted in (False, True)
        ],
        "state_badge": [{"state": state} for state in states],
        "status_badge": [
            {"status": status.value, "label": label} for status, label in STATUS_LABELS.items()
        ],
        "standing_badge": [
            {"state": state, "label": label} for state, label in STATE_LABELS.items()
        ],
    }


def search_parts() -> dict[str, Inputs]:
    values = [
        {"code": f"{place}", "label": label, "count": count, "is_chosen": place == 0}
        for place, (label, count) in enumerate([("CNC", 1240), ("EDM", 31), ("MIG", 0)])
    ]
    facet = {"name": "sample", "label": _("Process"), "chosen": values[:1]}
    offer = {"heading": _("Process"), "label": "CNC", "url": "?", "total": 12}
    nothing = {"title": _("No enterprise meets these conditions."), "message": ""}
    onward = {"url": "?", "link": _("Clear all")}
    return {
        "chip": [{"heading": _("Process"), "label": "CNC", "url": "?"}],
        "facet": [
            {"group": {"facet": facet, "first": values[:2], "rest": values[2:], "is_open": True}}
        ],
        "facet_value": [{"name": "sample-alone", "value": value} for value in values],
        "empty": [
            nothing | onward | {"offers": [offer]},
            nothing | onward | {"offers": []},
        ],
        "pager": [{"pager": pager(QueryDict("q=x"), 6, 20)}],
    }


YEARS: list[tuple[dt.date, int | None]] = [
    (dt.date(2023, 12, 31), 880),
    (dt.date(2024, 12, 31), 900),
    (dt.date(2025, 12, 31), None),
    (dt.date(2026, 12, 31), 958),
    (dt.date(2027, 9, 8), 1004),
]


def courses() -> dict[str, Inputs]:
    way = [(YEARS[1][0], 900), (dt.date(2030, 12, 31), 1200)]
    seen = [(day, value) for day, value in YEARS if value is not None]
    drawn = (
        course_chart(seen, way, say=str),
        course_chart(seen, [], band=(1000, 1100), say=str),
    )
    return {
        "spark": [
            {"label": _("Enterprises"), "spark": spark(values)}
            for values in ([value for _day, value in YEARS], [])
        ],
        "course": [{"label": _("Target"), "chart": chart} for chart in drawn],
    }


def figures() -> dict[str, Inputs]:
    share = bullet(value=Decimal("34.5"), low=35, high=40, baseline=Decimal("35.6"), most=100)
    return {
        "bullet": [
            {
                "label": _("Target"),
                "bullet": bullet(value=958, low=1200, baseline=900, milestone=1010),
            },
            {"label": _("Target"), "bullet": share},
            {"label": _("Target"), "bullet": bullet(value=None, low=None)},
        ],
        "bar_list": [
            {"heading": _("Process"), "rows": bars(is_share)} for is_share in (False, True)
        ],
        "waterfall": [
            {
                "steps": waterfall(900, [80, 4, -19, -7], 958),
                "width": step_width(6),
                "label": _("Enterprises"),
            }
        ],
        "fan": [
            {
                "fan": fan(
                    [35, 30, 22],
                    [35, 35, 34],
                    [35, 33, 30],
                    target=40,
                    steps={1: Link("−5", "#main"), 2: Link("−8", "#main")},
                ),
                "label": _("Enterprises"),
            }
        ],
        "trend": [
            {"label": _("Enterprises"), "heading": _("Enterprises"), "trend": drawn}
            for drawn in (
                trend(YEARS, low=1200),
                trend(YEARS, low=1000, high=1100, most=1500),
                trend(YEARS[:1]),
            )
        ],
    }


def maps() -> dict[str, Inputs]:
    points = [("21.1", "105.6"), ("21.2", "105.9"), ("20.7", "105.8"), ("21.0", "105.8")]
    centres = [(Decimal(latitude), Decimal(longitude)) for latitude, longitude in points]
    counts = [("CNC", 40, 90), ("EDM", 15, 15)]
    places = [
        Place(name, "?", centre, count, whole)
        for (name, count, whole), centre in zip(counts, centres, strict=False)
    ]
    unit = _("enterprises")
    return {
        "dot_map": [
            {"label": _("Enterprises"), "unit": unit, "map": dot_map(centres, places)},
            {"label": _("Where they are"), "unit": unit, "map": dot_map(centres, [])},
        ]
    }


def bars(is_share: bool) -> list[dict[str, Any]]:
    wholes = {"CNC": 90, "EDM": 60, "MIG": 1}
    counts = {"CNC": 42, "EDM": 15, "MIG": 0}
    most = max(wholes.values()) if is_share else max(counts.values())
    return [
        {
            "label": name,
            "url": "?",
            "count": count,
            "bar": bar_width(count, most),
            "whole": wholes[name] if is_share else None,
            "whole_bar": bar_width(wholes[name], most),
            "share": Decimal(100 * count) / wholes[name],
        }
        for name, count in counts.items()
    ]


def page_parts() -> dict[str, Inputs]:
    return {
        "notice": [
            {
                "title": _("Not found"),
                "message": _("The register is empty."),
                "url": "?",
                "link": _("Find a supplier"),
            }
        ],
        "point_band": [
            {"on": DAY, "known": known, "version": version, "now_url": "?"}
            for known, version in [(None, None), (MOMENT, 2)]
        ],
        "counted_by": [
            {"rule": CountingRule(version=version, is_provisional=url != ""), "url": url}
            for version, url in [(1, "?"), (2, "")]
        ],
        "true_for": [{"on": DAY, "known": known} for known in (None, MOMENT)],
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of ``templates/components``; each gets its inputs and nothing else."""
    shown = [
        {
            "name": name,
            "examples": [render_to_string(f"components/{name}.html", one) for one in inputs],
        }
        for name, inputs in examples().items()
    ]
    return render(request, "pages/gallery.html", {"components": shown})
