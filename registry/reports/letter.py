"""The report as DOCX, to be numbered, dated and signed in the document system."""

from __future__ import annotations

import io
from typing import Any

import docx as word
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from registry.reports import markup, paper, wording
from registry.reports.content import Part, Report
from registry.reports.grids import Grid, grids

FONT = "Times New Roman"
BODY, TABLE = Pt(13), Pt(11)
WIDTH = 160  # mm between the margins
LINES_WIDTHS = (10, 44, 24, 27, 25, 30)
FIRST, SHARED = 52, 108  # a split's first column, and what its figures share by their heads


def docx(report: Report) -> bytes:
    """Decree 30/2020: A4, Times New Roman 13–14, margins 20/20/30/20 mm; blanks left blank."""
    document = word.Document()
    _page(document, report)
    vietnamese, english = report.parts["vi"], report.parts["en"]
    markup.add_footnotes(document, [" ".join(part.notes) for part in (vietnamese, english)])
    _letterhead(document)
    _title(document, report, vietnamese)
    _body(document, report, vietnamese)
    _signature(document)
    before = len(document.element.body) - 1  # the section's properties stay last
    _summary(document, report, english)
    markup.mark_language(document.element.body, before, "en-GB")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Document, report: Report) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    markup.add_page_number(number)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, BODY
    normal.paragraph_format.space_after = Pt(6)
    markup.speaks(normal, "vi-VN")
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold = FONT, BODY, True
        style.font.color.rgb = word.shared.RGBColor(0, 0, 0)
        markup.speaks(style, "vi-VN")
    properties = document.core_properties
    properties.title = report.parts["vi"].title.replace("\n", " ")
    properties.author = wording.AGENCY
    properties.language = "vi-VN"
    properties.created = properties.modified = report.known.replace(tzinfo=None)


def _say(
    where: Any, text: str, *, size: Any = BODY, bold: bool = False, italic: bool = False,
    align: Any = ALIGN.CENTER, after: int = 0,
) -> Any:  # fmt: skip
    """A paragraph of one kind."""
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(after)
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = size, bold, italic
    return paragraph


def _rule(where: Any, indent: int, after: int) -> None:
    """A short line below what was said, between indents (mm)."""
    paragraph = _say(where, "", after=after)
    paragraph.paragraph_format.line_spacing = Pt(3)
    paragraph.paragraph_format.left_indent = Mm(indent)
    paragraph.paragraph_format.right_indent = Mm(indent)
    markup.rule_beneath(paragraph)


def _columns(document: Document, widths: tuple[int, int]) -> list[Any]:
    """Two cells without borders, side by side (mm); their first empty lines removed."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    cells = list(table.rows[0].cells)
    _widths(table, widths)
    for cell in cells:
        cell._element.remove(cell.paragraphs[0]._element)
    return cells


def _widths(table: Any, widths: tuple[int, ...]) -> None:
    """Widths of the columns in mm; Word reads those of the cells, others those of the grid."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _letterhead(document: Document) -> None:
    left, right = _columns(document, (66, 98))
    for line in wording.AGENCY_ABOVE.split("\n"):
        _say(left, line, size=Pt(12))
    _say(left, wording.AGENCY, size=Pt(12), bold=True)
    _rule(left, 20, 6)
    _say(left, wording.NUMBER)
    _say(right, wording.STATE, size=Pt(12), bold=True)
    _say(right, wording.MOTTO, bold=True)
    _rule(right, 17, 18)
    _say(right, wording.DATE, italic=True)


def _title(document: Document, report: Report, part: Part) -> None:
    _say(document, wording.KIND, size=Pt(14), bold=True).paragraph_format.space_before = Pt(18)
    for line in part.title.split("\n"):
        _say(document, line, size=Pt(14), bold=True)
    _rule(document, 55, 8)
    for text in report.warnings(part):
        _say(document, f"[{text}]", size=Pt(12), bold=True, after=6)
    for text, italic in ((part.basis, True), (part.words["intro"], False)):
        if text:
            said = _say(document, text, italic=italic, align=ALIGN.JUSTIFY, after=6)
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
    _say(document, words["remarks_intro"], align=ALIGN.JUSTIFY, after=4)
    _items(document, part.remarks, BODY)
    document.add_heading(words["sources"], 1)
    _items(document, part.sources, Pt(11))


def _items(document: Document, texts: list[str], size: Any) -> None:
    for text in texts:
        _say(document, f"- {text}", size=size, align=ALIGN.LEFT, after=3)


def _picture(document: Document, report: Report, name: str, caption: str, words: str) -> None:
    shown = document.add_picture(io.BytesIO(paper.drawing(report, name)), width=Mm(WIDTH))
    markup.describe(shown, words)
    document.paragraphs[-1].paragraph_format.space_before = Pt(8)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _say(document, caption, size=TABLE, after=8)


def _split_widths(grid: Grid) -> tuple[int, ...]:
    """Each figure's column as wide as the longest words of its head ask."""
    asked = [max(9, min(14, len(head))) for head in grid.head[1:]]
    return (FIRST, *(SHARED * one // sum(asked) for one in asked))


def _grid(document: Document, grid: Grid, size: Any = TABLE) -> None:
    caption = _say(document, grid.caption, size=Pt(12), after=3)
    caption.paragraph_format.keep_with_next = True
    rows = [*grid.rows, grid.total] if grid.total else grid.rows
    table = document.add_table(rows=1 + len(rows), cols=len(grid.head))
    table.style, table.autofit = "Table Grid", False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, _split_widths(grid) if grid.total else LINES_WIDTHS)
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
    gap = _say(document, "")
    gap.paragraph_format.line_spacing = Pt(8)


def _signature(document: Document) -> None:
    _say(document, "", after=6)
    left, right = _columns(document, (76, 88))
    _say(left, wording.RECIPIENTS_HEADING, size=Pt(12), bold=True, italic=True, align=ALIGN.LEFT)
    for line in wording.RECIPIENTS:
        _say(left, line, size=Pt(11), align=ALIGN.LEFT)
    _say(right, wording.SIGNER, size=Pt(12), bold=True)
    _say(right, wording.SIGNATURE, size=Pt(11), italic=True, after=60)


def _summary(document: Document, report: Report, part: Part) -> None:
    """The annex in English: the same figures on one sheet."""
    words = part.words
    first, *others = part.title.split("\n")
    _say(document, first, bold=True).paragraph_format.page_break_before = True
    for line in others:
        _say(document, line, bold=True)
    for text in report.warnings(part):
        _say(document, f"[{text}]", size=Pt(11), bold=True)
    said = _say(document, words["intro"], size=Pt(11), align=ALIGN.LEFT, after=4)
    markup.refer(said, 2)
    lines, sector, tier, *_wards = grids(part)
    for grid in (lines, sector, tier):
        _grid(document, grid, Pt(10))
    document.add_heading(words["remarks"], 2)
    _items(document, part.remarks, Pt(10))
