"""The officers' list as a workbook to edit and load again: exactly its rows, in its order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registry.imports.workbook_files import workbook_of
from registry.web.imports.views import for_officers
from registry.web.shared.files import XLSX, file_answer
from registry.web.worklists.lists import asked_for


@require_safe
@for_officers
def list_to_edit(request: HttpRequest) -> HttpResponse:
    """The rows that the page of the same address shows; contact persons are no column."""
    asked = asked_for(request)
    content = workbook_of(asked.ordered(), on=asked.on)
    return file_answer(content, XLSX, f"enterprises-to-edit-{asked.on}.xlsx")
