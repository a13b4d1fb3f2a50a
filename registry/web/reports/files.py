"""The official report as a file, from any point of the programme's page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from registry.reports.content import Report, report_at
from registry.reports.letter import docx
from registry.reports.paper import pdf
from registry.reports.workbook import xlsx
from registry.web.programme.asked import point_asked
from registry.web.shared.files import DOCX, XLSX, file_answer
from registry.web.shared.problems import says_problems

KINDS: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "docx": (DOCX, docx),
    "pdf": ("application/pdf", pdf),
    "xlsx": (XLSX, xlsx),
}


@says_problems
def report_file(request: HttpRequest, kind: str) -> HttpResponse:
    """``/programme/report.docx?on=2026-06-30``, also ``known`` and ``rule``; pdf, xlsx."""
    if kind not in KINDS:
        raise Http404
    point = point_asked(request.GET)
    report = report_at(point)
    return answer(report, kind, f"bao-cao-cnht-{report.on}")


def answer(report: Report, kind: str, name: str) -> HttpResponse:
    """The report as a file of that kind; ``kind`` is one of ``KINDS``."""
    content_type, written = KINDS[kind]
    return file_answer(written(report), content_type, f"{name}.{kind}")
