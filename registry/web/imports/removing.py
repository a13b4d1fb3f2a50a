"""The door by which a list that was not written is taken off the table."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.imports.models import ImportBatch
from registry.imports.review.actions import remove
from registry.web.imports.views import for_officers, officer


@for_officers
@require_POST
def remove_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the file and its rows; who did it and why stays."""
    batch = get_object_or_404(ImportBatch.objects.defer("content"), pk=pk)
    reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())[:300]
    if not reason:
        messages.error(request, _("Write why the list is removed. Nothing was changed."))
        return redirect("import-rows", pk)
    remove(batch_id=pk, reason=reason, by=officer(request))
    messages.success(request, _("The list “%(name)s” was removed.") % {"name": batch.name})
    return redirect("imports")
