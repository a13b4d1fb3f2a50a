"""The report as DOCX, to be numbered, dated and signed in the document system."""

from __future__ import annotations

import io
from typing import Any

import docx as word
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from registry.reports import markup, paper, wording
from registry.reports.content import Part, Report
from registry.reports.grids import Grid, grids
from registry.reports.letterhead import (
    BODY,
    TABLE,
    items,
    letterhead,
    rule,
    say,
    set_page,
    set_widths,
    signature,
)

WIDTH = 160  # mm between the margins
LINES_WIDTHS = (10, 44, 24, 27, 25, 30)
FIRST, SHARED = 52, 108  # a split's first column, and what its figures share by their heads


def docx(report: Report) -> bytes:
    """Decree 30/2020: A4, Times New Roman 13–14, margins 20/20/30/20 mm; blanks left blank."""
    document = word.Document()
    title = report.parts["vi"].title.replace("\n", " ")
    set_page(document, title=title, made=report.known)
    vietnamese, english = report.parts["vi"], report.parts["en"]
    markup.add_footnotes(document, [" ".join(part.notes) for part in (vietnamese, english)])
    letterhead(document)
    _title(document, report, vietnamese)
    _body(document, report, vietnamese)
    signature(document)
    before = len(document.element.body) - 1  # the section's properties stay last
    _summary(document, report, english)
    markup.mark_language(document.element.body, before, "en-GB")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _title(document: Document, report: Report, part: Part) -> None:
    say(document, wording.KIND, size=Pt(14), bold=True).paragraph_format.space_before = Pt(18)
    for line in part.title.split("\n"):
        say(document, line, size=Pt(14), bold=True)
    rule(document, 55, 8)
    for text in report.warnings(part):
        say(document, f"[{text}]", size=Pt(12), bold=True, after=6)
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
    caption = say(document, grid.caption, size=Pt(12), after=3)
    caption.paragraph_format.keep_with_next = True
    rows = [*grid.rows, grid.total] if grid.total else grid.rows
    table = document.add_table(rows=1 + len(rows), cols=len(grid.head))
    table.style, table.autofit = "Table Grid", False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    set_widths(table, _split_widths(grid) if grid.total else LINES_WIDTHS)
    is_words = not grid.total
    for place, (row, texts) in enumerate(zip(table.rows, [grid.head, *rows], strict=True)):
        markup.stays_whole(row)
        bold = place == 0 or texts is grid.total
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            align = ALIGN.LEFT if is_words or column == 0 else ALIGN.RIGHT
            paragraph = cell.paragraphs[0]
            paragraph.alignment = ALIGN.CENTER if place == 0 else align
            paragraph.paragraph_format.space_after = Pt(1)
            run = paragraph.add_run(text)
            run.font.size, run.bold = size, bold
    markup.head_repeats(table.rows[0])
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
