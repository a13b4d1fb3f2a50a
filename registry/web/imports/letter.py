"""What became of a list: on a page to copy from, and as a letter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from registry.imports import actions
from registry.imports.models import ImportBatch
from registry.imports.problems import WrongStep
from registry.imports.summary.queries import Summary, summary_of
from registry.imports.summary.telling import tell
from registry.reports.list_letter import list_docx
from registry.web.imports.views import for_officers
from registry.web.shared.files import DOCX, file_answer


def asked_for(pk: int) -> Summary:
    """Raises :class:`WrongStep` for a removed list: nothing true can be counted of it."""
    batches = ImportBatch.objects.select_related("uploaded_by", "applied_by", "reversed_by")
    batch = get_object_or_404(batches.defer("content"), pk=pk)
    if batch.status == ImportBatch.Status.REMOVED:
        raise WrongStep
    return summary_of(batch, actions.shape(batch))


@require_safe
@for_officers
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """In the language of the page; the text to copy says the same."""
    found = asked_for(pk)
    told = tell(found)
    context = {"batch": found.batch, "told": told, "text": told.as_text()}
    return render(request, "pages/imports/letter.html", context)


@require_safe
@for_officers
def summary_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as DOCX, always in Vietnamese."""
    return file_answer(list_docx(asked_for(pk)), DOCX, f"ket-qua-nhap-danh-sach-{pk}.docx")
