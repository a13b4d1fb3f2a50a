"""The report as DOCX, to be numbered, dated and signed in the document system."""

from __future__ import annotations

import io
from typing import Any

import docx as word
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from registry.reports import markup, paper
from registry.reports.content import Part, Report
from registry.reports.grids import Grid, grids
from registry.reports.letterhead import (
    BODY,
    TABLE,
    as_bytes,
    items,
    letterhead,
    say,
    set_page,
    signature,
    table,
    title,
)

WIDTH = 160  # mm between the margins
LINES_WIDTHS = (10, 44, 24, 27, 25, 30)
FIRST, SHARED = 52, 108  # a split's first column, and what its figures share by their heads


def docx(report: Report) -> bytes:
    """Decree 30/2020: A4, Times New Roman 13–14, margins 20/20/30/20 mm; blanks left blank."""
    document = word.Document()
    vietnamese, english = report.parts["vi"], report.parts["en"]
    set_page(document, title=vietnamese.title.replace("\n", " "), made=report.known)
    markup.add_footnotes(document, [" ".join(part.notes) for part in (vietnamese, english)])
    letterhead(document)
    _title(document, report, vietnamese)
    _body(document, report, vietnamese)
    signature(document)
    before = len(document.element.body) - 1  # the section's properties stay last
    _summary(document, report, english)
    markup.mark_language(document.element.body, before, "en-GB")
    return as_bytes(document)


def _title(document: Document, report: Report, part: Part) -> None:
    title(document, part.title.split("\n"), report.warnings(part))
    for text, italic in ((part.basis, True), (part.words["intro"], False)):
        if text:
            said = say(document, text, italic=italic, align=ALIGN.JUSTIFY, after=6)
            said.paragraph_format.first_line_indent = Mm(10)
    markup.refer(said, 1)


def _body(document: Document, report: Report, part: Part) -> None:
    words = part.words
    lines, sector, *others = grids(part)
    document.add_heading(words["results"], 1)
    _grid(document, lines)
    caption = words["chart"] % {"n": 1, "heading": words["chart_lines"]}
    _picture(document, report, paper.LINES, f"{caption}. {words['legend']}", " ".join(part.remarks))
    document.add_heading(words["analysis"], 1)
    _grid(document, sector)
    caption = words["chart"] % {"n": 2, "heading": words["chart_sectors"]}
    _picture(document, report, paper.SECTORS, caption, caption)
    for one in others:
        _grid(document, one)
    document.add_heading(words["remarks"], 1)
    say(document, words["remarks_intro"], align=ALIGN.JUSTIFY, after=4)
    items(document, part.remarks, BODY)
    document.add_heading(words["sources"], 1)
    items(document, part.sources, Pt(11))


def _picture(document: Document, report: Report, name: str, caption: str, words: str) -> None:
    shown = document.add_picture(io.BytesIO(paper.drawing(report, name)), width=Mm(WIDTH))
    markup.describe(shown, words)
    document.paragraphs[-1].paragraph_format.space_before = Pt(8)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    say(document, caption, size=TABLE, after=8)


def _split_widths(grid: Grid) -> tuple[int, ...]:
    """Each figure's column as wide as the longest words of its head ask."""
    asked = [max(9, min(14, len(head))) for head in grid.head[1:]]
    return (FIRST, *(SHARED * one // sum(asked) for one in asked))


def _grid(document: Document, grid: Grid, size: Any = TABLE) -> None:
    rows = [*grid.rows, grid.total] if grid.total else grid.rows
    is_words = not grid.total
    last = len(rows) if grid.total else 0

    def align(line: int, column: int) -> Any:
        if line == 0:
            return ALIGN.CENTER
        return ALIGN.LEFT if is_words or column == 0 else ALIGN.RIGHT

    table(
        document,
        grid.caption,
        [grid.head, *rows],
        LINES_WIDTHS if is_words else _split_widths(grid),
        size=size,
        is_bold=lambda line: line in (0, last),
        align=align,
    )
    gap = say(document, "")
    gap.paragraph_format.line_spacing = Pt(8)


def _summary(document: Document, report: Report, part: Part) -> None:
    """The annex in English: the same figures on one sheet."""
    words = part.words
    first, *others = part.title.split("\n")
    say(document, first, bold=True).paragraph_format.page_break_before = True
    for line in others:
        say(document, line, bold=True)
    for text in report.warnings(part):
        say(document, f"[{text}]", size=Pt(11), bold=True)
    said = say(document, words["intro"], size=Pt(11), align=ALIGN.LEFT, after=4)
    markup.refer(said, 2)
    lines, sector, tier, *_wards = grids(part)
    for grid in (lines, sector, tier):
        _grid(document, grid, Pt(10))
    document.add_heading(words["remarks"], 2)
    items(document, part.remarks, Pt(10))
