"""What became of a list from an office, as a letter to be numbered, dated and signed."""

from __future__ import annotations

from typing import Any

import docx as word
from django.utils import timezone, translation
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from registry.enterprises.queries import register_is_sample
from registry.imports.summary.queries import Summary
from registry.imports.summary.telling import Table, Told, tell
from registry.reports import wording
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
    for number, one in enumerate(told.tables, start=1):
        _table(document, number, one)
    if told.remarks:
        say(document, wording.LIST_REMARKS, bold=True, align=ALIGN.LEFT, after=4)
        items(document, told.remarks, BODY)
    signature(document)
    return as_bytes(document)


def _title(document: Document, told: Told) -> None:
    warnings = [wording.WORDS["vi"]["sample"]] if register_is_sample() else []
    title(document, [told.title], warnings)
    said = say(document, told.intro, align=ALIGN.JUSTIFY, after=6)
    said.paragraph_format.first_line_indent = Mm(10)


def _table(document: Document, number: int, told: Table) -> None:
    last = len(told.head) - 1

    def align(line: int, column: int) -> Any:
        is_number = column == last or told.is_of_numbers and column > 0
        return ALIGN.RIGHT if is_number and line else ALIGN.LEFT

    caption = wording.WORDS["vi"]["table"] % {"n": number, "heading": told.heading}
    table(document, caption, [told.head, *told.lines], WIDTHS, align=align)
    gap = say(document, told.note, size=TABLE, italic=True, align=ALIGN.LEFT)
    gap.paragraph_format.space_after = Pt(6)
