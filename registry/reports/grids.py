"""The tables of the report as text, the same for DOCX and PDF."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils import formats, translation

from registry.dashboard.figures import Figure
from registry.reports.content import Part, Table, cell, together
from registry.templatetags.registry_ui import number


@dataclass(frozen=True)
class Grid:
    """A table ready to be set; ``total`` is the figures themselves."""

    name: str
    caption: str
    head: list[str]
    rows: list[list[str]]
    total: list[str]


def lines_grid(part: Part) -> Grid:
    """Each indicator with target, standing and published figure; it has no total."""
    words = part.words
    head = [words[name] for name in ("no", "indicator", "value", "target", "state", "baseline")]
    rows = [
        [str(n), line.name, line.value, line.target, line.state, line.baseline]
        for n, line in enumerate(part.lines, start=1)
    ]
    caption = words["table"] % {"n": 1, "heading": words["lines"]}
    return Grid("lines", caption, head, rows, [])


def split_grid(part: Part, table: Table, place: int) -> Grid:
    """All indicators split one way; wards beyond the first ones stand in one row."""
    words = part.words
    figures = [line.figure for line in part.lines]
    with translation.override(part.language):
        rows = [
            [row.label, *(_written(cell(row, figure)) for figure in figures)]
            for row in together(table, words)
        ]
        total = [words["all"], *(_written(figure.value) for figure in figures)]
    return Grid(
        table.name,
        words["table"] % {"n": place, "heading": table.heading},
        ["", *(heading(figure, words) for figure in figures)],
        rows,
        total,
    )


def grids(part: Part) -> list[Grid]:
    """Every table of the report in its order."""
    split = [split_grid(part, table, n) for n, table in enumerate(part.tables, start=2)]
    return [lines_grid(part), *split]


def heading(figure: Figure, words: dict[str, str]) -> str:
    """A short name for a column; the whole one where no short one is written."""
    return words.get(figure.indicator.code, str(figure.indicator.name))


def _written(value: int | Decimal | None) -> str:
    """Shares with one decimal each, so that they stand beneath each other."""
    if value is None:
        return "—"
    return formats.number_format(value, 1) if isinstance(value, Decimal) else number(value)
