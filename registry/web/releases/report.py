"""The official report of a release, from what it froze."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from registry.reports.frozen import report_of
from registry.web.releases.views import visible
from registry.web.reports.files import KINDS, answer


def release_report(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """``/releases/3/report.docx``, also pdf and xlsx."""
    if kind not in KINDS:
        raise Http404
    release = get_object_or_404(visible(request), pk=pk)
    name = f"bao-cao-cnht-{release.on}-{release.sha256[:12]}"
    return answer(report_of(release), kind, name)
