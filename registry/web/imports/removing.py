"""The door by which a list that was not written is taken off the table."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.approvals.queries import waiting_about
from registry.imports.models import ImportBatch
from registry.imports.review.actions import ListChanged, remove
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
    if waiting_about(f"import/{pk}").exists():
        messages.error(
            request,
            _(
                "The writing of this list waits for a second person. Withdraw that first; "
                "nothing was changed."
            ),
        )
        return redirect("import-rows", pk)
    expected = request.POST.get("expected", "")
    try:
        remove(batch_id=pk, reason=reason, expected=expected, by=officer(request))
    except ListChanged:
        messages.error(
            request,
            _(
                "Somebody has worked on this list since you opened the page. It was not removed: "
                "look at it once more."
            ),
        )
        return redirect("import-rows", pk)
    messages.success(request, _("The list “%(name)s” was removed.") % {"name": batch.name})
    return redirect("imports")
