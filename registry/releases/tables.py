"""The tables of a download, made of nothing but what the release froze: so they can be checked."""

from __future__ import annotations

import csv
import io
from typing import Any

from registry.core.text import BOM, harmless


def tables_of(payload: dict[str, Any]) -> dict[str, str]:
    """The text of each table by the name of its file; keys in order, for JSON has none."""
    return {"figures.csv": figures_csv(payload), "lists.csv": lists_csv(payload)}


def figures_csv(payload: dict[str, Any]) -> str:
    rows = [["indicator", "slice", "code", "value", "unit", "numerator", "denominator"]]
    for one in payload["figures"]:
        whole = "" if one["denominator"] is None else str(one["denominator"])
        rows.append(
            [
                one["indicator"],
                "",
                "",
                one["value"] or "",
                one["unit"],
                str(one["numerator"]),
                whole,
            ]
        )
        for name, parts in sorted(one["slices"].items()):
            for code, count in sorted(parts.items()):
                rows.append(
                    [one["indicator"], name, code, str(count), "enterprises", str(count), ""]
                )
    return _csv(rows)


def lists_csv(payload: dict[str, Any]) -> str:
    rows = [["indicator", "public_id", "name", "sector", "ward", "tier"]]
    for code, members in sorted(payload["lists"].items()):
        rows.extend(
            [code, *(row[name] for name in ("public_id", "name", "sector", "ward", "tier"))]
            for row in members
        )
    return _csv(rows)


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in rows])
    return BOM + out.getvalue()
