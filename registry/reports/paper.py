"""The report as PDF, and its drawings as PNG: set by Typst inside this process.

Typst brings its own free serif font with every Vietnamese mark (Libertinus Serif) and
writes tagged PDF (PDF/UA-1); no program and no font of the machine is used.
"""

from __future__ import annotations

import dataclasses as dc
import json
from pathlib import Path
from typing import Any

import typst
from django.utils import translation

from registry.reports import wording
from registry.reports.content import Part, Report, value_words
from registry.reports.grids import grids
from registry.templatetags.registry_ui import number

TEMPLATE = Path(__file__).with_name("report.typ")
DOTS_PER_INCH = 200
LINES, SECTORS = "lines", "sectors"
LINE_TEXTS = ("name", "value", "target", "state", "baseline")


def pdf(report: Report) -> bytes:
    """Tagged PDF with embedded fonts."""
    return _set(report, format="pdf", pdf_standards="ua-1", timestamp=int(report.known.timestamp()))


def drawing(report: Report, name: str) -> bytes:
    """One drawing (``LINES`` or ``SECTORS``) as PNG, 160 mm wide."""
    return _set(report, drawing=name, format="png", ppi=DOTS_PER_INCH)


def _set(report: Report, *, drawing: str = "", **how: Any) -> bytes:
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        root=str(TEMPLATE.parent),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data(report), ensure_ascii=False), "drawing": drawing},
        **how,
    )
    return made


def data(report: Report) -> dict[str, Any]:
    """All that the template sets, as plain values."""
    return {
        "agency_above": wording.AGENCY_ABOVE,
        "agency": wording.AGENCY,
        "state": wording.STATE,
        "motto": wording.MOTTO,
        "number": wording.NUMBER,
        "date": wording.DATE,
        "kind": wording.KIND,
        "recipients_heading": wording.RECIPIENTS_HEADING,
        "recipients": wording.RECIPIENTS,
        "signer": wording.SIGNER,
        "signature": wording.SIGNATURE,
        "on": report.on.isoformat(),
        "parts": {
            language: _part(part) | {"warnings": report.warnings(part)}
            for language, part in report.parts.items()
        },
        "sectors": _sectors(report.parts["vi"]),
    }


def _part(part: Part) -> dict[str, Any]:
    words = part.words
    lines_table, *tables = grids(part)
    with translation.override(part.language):
        lines = [
            {
                **{name: getattr(line, name) for name in LINE_TEXTS},
                "short": value_words(line.figure),
                "scale": dc.asdict(line.scale),
            }
            for line in part.lines
        ]
        drawn = [line for line in lines if has_something_beside(line["scale"])]
    return {
        "title": part.title,
        "basis": part.basis,
        "words": words,
        "notes": part.notes,
        "sources": part.sources,
        "remarks": part.remarks,
        "lines": lines,
        "drawn": drawn,
        "lines_caption": lines_table.caption,
        "lines_head": lines_table.head,
        "chart_lines_caption": words["chart"] % {"n": 1, "heading": words["chart_lines"]},
        "chart_sectors_caption": words["chart"] % {"n": 2, "heading": words["chart_sectors"]},
        "tables": [dc.asdict(one) for one in tables],
    }


def has_something_beside(scale: dict[str, float | None]) -> bool:
    """A bar alone, with neither target nor published figure, says nothing."""
    return scale["target"] is not None or scale["baseline"] is not None


def _sectors(part: Part) -> list[dict[str, Any]]:
    """Each sector's enterprises and, of them, those that meet international standards."""
    [table] = [one for one in part.tables if one.name == "sector"]
    rows = []
    for row in table.rows:
        whole = row.slices.get("enterprises_total")
        meeting = row.slices.get("enterprises_international_standard")
        counts = (meeting.count if meeting else 0), (whole.count if whole else 0)
        with translation.override(part.language):
            said = part.words["of"] % {"part": number(counts[0]), "whole": number(counts[1])}
        rows.append({"label": row.label, "part": counts[0], "whole": counts[1], "words": said})
    return rows
