"""Answers that are files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from registry.core.text import BOM

OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX = f"{OFFICE}.spreadsheetml.sheet"
DOCX = f"{OFFICE}.wordprocessingml.document"


def file_answer(content: bytes | str, content_type: str, name: str) -> HttpResponse:
    """To be kept under that name, never shown in the page."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_answer(lines: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """UTF-8 as Excel reads it. Whoever hands over text has made it ``harmless``."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return file_answer(BOM + text.getvalue(), "text/csv; charset=utf-8", name)
