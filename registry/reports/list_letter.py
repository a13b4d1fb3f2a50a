"""What became of a list from an office, as a letter to be numbered, dated and signed."""

from __future__ import annotations

import io

import docx as word
from django.utils import timezone, translation
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from registry.enterprises.queries import register_is_sample
from registry.imports.summary.queries import Summary
from registry.imports.summary.telling import Table, Told, tell
from registry.reports import markup, wording
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
    writable,
)

WIDTHS = (30, 36, 70, 24)  # mm


def list_docx(summary: Summary) -> bytes:
    """The summary in Vietnamese, in the form of Decree 30/2020."""
    with translation.override("vi"):
        told = tell(summary)
    document = word.Document()
    set_page(document, title=told.title, made=timezone.localtime())
    letterhead(document)
    _title(document, told)
    items(document, [f"{label}: {text}" for label, text in told.facts], BODY)
    for number, table in enumerate(told.tables, start=1):
        _table(document, number, table)
    if told.remarks:
        say(document, wording.LIST_REMARKS, bold=True, align=ALIGN.LEFT, after=4)
        items(document, told.remarks, BODY)
    signature(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _title(document: Document, told: Told) -> None:
    say(document, wording.KIND, size=Pt(14), bold=True).paragraph_format.space_before = Pt(18)
    say(document, told.title, size=Pt(14), bold=True)
    rule(document, 55, 8)
    if register_is_sample():
        say(document, f"[{wording.WORDS['vi']['sample']}]", size=Pt(12), bold=True, after=6)
    said = say(document, told.intro, align=ALIGN.JUSTIFY, after=6)
    said.paragraph_format.first_line_indent = Mm(10)


def _table(document: Document, number: int, told: Table) -> None:
    words = wording.WORDS["vi"]["table"] % {"n": number, "heading": told.heading}
    caption = say(document, words, size=Pt(12), after=3)
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1 + len(told.lines), cols=len(told.head))
    table.style, table.autofit = "Table Grid", False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    set_widths(table, WIDTHS)
    for place, (row, texts) in enumerate(zip(table.rows, [told.head, *told.lines], strict=True)):
        markup.stays_whole(row)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            is_number = column == len(told.head) - 1 or told.is_of_numbers and column > 0
            paragraph.alignment = ALIGN.RIGHT if is_number and place else ALIGN.LEFT
            paragraph.paragraph_format.space_after = Pt(1)
            run = paragraph.add_run(writable(text))
            run.font.size, run.bold = TABLE, place == 0
    markup.head_repeats(table.rows[0])
    gap = say(document, told.note, size=TABLE, italic=True, align=ALIGN.LEFT)
    gap.paragraph_format.space_after = Pt(6)
