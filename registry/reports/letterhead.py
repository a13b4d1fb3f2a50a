"""The form of an official letter: Decree 30/2020, A4, Times New Roman 13–14.

What is numbered, dated and signed by the document system stays blank.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import docx as word
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from registry.reports import markup, wording

FONT = "Times New Roman"
BODY, TABLE = Pt(13), Pt(11)
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def set_page(document: Document, *, title: str, made: dt.datetime) -> None:
    """A4 with margins 20/20/30/20 mm, page numbers from the second page, the fonts."""
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
    properties.title = title
    properties.author = wording.AGENCY
    properties.language = "vi-VN"
    properties.created = properties.modified = made.replace(tzinfo=None)


def writable(text: str) -> str:
    """The text without the signs that XML cannot hold: headings of a list may have some."""
    return NOT_IN_XML.sub("", text)


def say(
    where: Any, text: str, *, size: Any = BODY, bold: bool = False, italic: bool = False,
    align: Any = ALIGN.CENTER, after: int = 0,
) -> Any:  # fmt: skip
    """A paragraph of one kind."""
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(after)
    run = paragraph.add_run(writable(text))
    run.font.size, run.bold, run.italic = size, bold, italic
    return paragraph


def rule(where: Any, indent: int, after: int) -> None:
    """A short line below what was said, between indents (mm)."""
    paragraph = say(where, "", after=after)
    paragraph.paragraph_format.line_spacing = Pt(3)
    paragraph.paragraph_format.left_indent = Mm(indent)
    paragraph.paragraph_format.right_indent = Mm(indent)
    markup.rule_beneath(paragraph)


def side_by_side(document: Document, widths: tuple[int, int]) -> list[Any]:
    """Two cells without borders, side by side (mm); their first empty lines removed."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    cells = list(table.rows[0].cells)
    set_widths(table, widths)
    for cell in cells:
        cell._element.remove(cell.paragraphs[0]._element)
    return cells


def set_widths(table: Any, widths: tuple[int, ...]) -> None:
    """Widths of the columns in mm; Word reads those of the cells, others those of the grid."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def title(document: Document, lines: Sequence[str], warnings: Sequence[str]) -> None:
    """The kind of letter above what it is about; what must not be overlooked, in brackets."""
    say(document, wording.KIND, size=Pt(14), bold=True).paragraph_format.space_before = Pt(18)
    for line in lines:
        say(document, line, size=Pt(14), bold=True)
    rule(document, 55, 8)
    for text in warnings:
        say(document, f"[{text}]", size=Pt(12), bold=True, after=6)


def table(
    document: Document,
    caption: str,
    lines: Sequence[Sequence[str]],
    widths: tuple[int, ...],
    *,
    size: Any = TABLE,
    is_bold: Callable[[int], bool] = lambda line: line == 0,
    align: Callable[[int, int], Any],
) -> None:
    """Lines of texts, the first their heads, below a caption. ``align``: of line and column."""
    said = say(document, caption, size=Pt(12), after=3)
    said.paragraph_format.keep_with_next = True
    made = document.add_table(rows=len(lines), cols=len(lines[0]))
    made.style, made.autofit = "Table Grid", False
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    set_widths(made, widths)
    for place, (row, texts) in enumerate(zip(made.rows, lines, strict=True)):
        markup.stays_whole(row)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = align(place, column)
            paragraph.paragraph_format.space_after = Pt(1)
            run = paragraph.add_run(writable(text))
            run.font.size, run.bold = size, is_bold(place)
    markup.head_repeats(made.rows[0])


def as_bytes(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def letterhead(document: Document) -> None:
    """Agency and number beside the name of the state, its motto, place and date."""
    left, right = side_by_side(document, (66, 98))
    for line in wording.AGENCY_ABOVE.split("\n"):
        say(left, line, size=Pt(12))
    say(left, wording.AGENCY, size=Pt(12), bold=True)
    rule(left, 20, 6)
    say(left, wording.NUMBER)
    say(right, wording.STATE, size=Pt(12), bold=True)
    say(right, wording.MOTTO, bold=True)
    rule(right, 17, 18)
    say(right, wording.DATE, italic=True)


def items(document: Document, texts: Sequence[str], size: Any) -> None:
    """Paragraphs with a dash."""
    for text in texts:
        say(document, f"- {text}", size=size, align=ALIGN.LEFT, after=3)


def signature(document: Document) -> None:
    """Who receives it beside who signs it."""
    say(document, "", after=6)
    left, right = side_by_side(document, (76, 88))
    say(left, wording.RECIPIENTS_HEADING, size=Pt(12), bold=True, italic=True, align=ALIGN.LEFT)
    for line in wording.RECIPIENTS:
        say(left, line, size=Pt(11), align=ALIGN.LEFT)
    say(right, wording.SIGNER, size=Pt(12), bold=True)
    say(right, wording.SIGNATURE, size=Pt(11), italic=True, after=60)
