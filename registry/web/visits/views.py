"""Site visits online: the list, one visit, its photos, what follows from it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.accounts.permissions import can_confirm_records, can_verify
from registry.enterprises.actions import ConfirmationRefused, confirm_record
from registry.visits.actions import settle_visit
from registry.visits.enums import Conflict
from registry.visits.models import Visit, VisitPhoto
from registry.visits.permissions import can_read_visits, can_settle_visits, can_visit
from registry.web.desk.evidence import CONTAINED
from registry.web.shared.access import only_for, person
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked

ROWS_SHOWN = 50


@require_safe
@only_for(can_read_visits)
def visits(request: HttpRequest) -> HttpResponse:
    """All visits, the latest first; ``?open=1`` those to settle, ``?enterprise=`` of one."""
    only_open = request.GET.get("open") == "1"
    holder = request.GET.get("enterprise", "").replace("\x00", "")[:16]
    rows = Visit.objects.select_related("enterprise", "by").order_by("-on", "-pk")
    if only_open:
        rows = rows.to_settle()
    if holder:
        rows = rows.filter(enterprise__public_id=holder)
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "rows": list(page),
        "count": pages.count,
        "open_count": Visit.objects.to_settle().count(),
        "only_open": only_open,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "may_visit": can_visit(request.user),
    }
    return render(request, "pages/visits/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_read_visits)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit; on POST its conflict is settled."""
    rows = Visit.objects.select_related("enterprise__merged_into", "site", "by", "settled_by")
    found = get_object_or_404(rows, pk=pk)
    problem = ""
    if request.method == "POST" and can_settle_visits(request.user):
        problem = settled(request, found)
        if not problem:
            messages.success(request, _("Settled."))
            return redirect("visit", pk)
    certificates = found.certificates.select_related("certificate__scheme").order_by("pk")
    context = {
        "visit": found,
        "conflicts": [Conflict(code).label for code in found.conflicts],
        "certificates": [row.certificate for row in certificates],
        "photos": found.photos.order_by("pk"),
        "problem": problem,
        "how": request.POST.get("how", "")[:300],
        "may_settle": can_settle_visits(request.user),
        "may_see_photos": can_visit(request.user),
        "may_confirm": can_confirm_records(request.user) and not found.has_conflict,
        "may_verify": can_verify(request.user),
    }
    return render(request, "pages/visits/visit.html", context, status=422 if problem else 200)


def settled(request: HttpRequest, found: Visit) -> str:
    """Settle the visit; what is wrong in words, or nothing."""
    try:
        settle_visit(
            visit=found, follow=request.POST.get("follow") == "1",
            how=request.POST.get("how", "")[:300], on=timezone.localdate(), by=person(request),
        )  # fmt: skip
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


@require_POST
@only_for(can_read_visits, can_confirm_records)
def confirm_visited(request: HttpRequest, pk: int) -> HttpResponse:
    """The record was true on the day of the visit: written by the action of the desk."""
    found = get_object_or_404(Visit.objects.select_related("enterprise"), pk=pk)
    if found.has_conflict:
        messages.error(request, _("Settle the visit first."))
        return redirect("visit", pk)
    reason = _("Site visit %(number)s") % {"number": found.pk}
    try:
        confirm_record(enterprise=found.enterprise, by=person(request), on=found.on, reason=reason)
    except ConfirmationRefused:
        messages.error(request, _("The record has been confirmed for a later day already."))
    else:
        messages.success(
            request,
            _("Confirmed for the day of the visit: %(name)s") % {"name": found.enterprise.name},
        )
    return redirect("visit", pk)


@require_safe
@only_for(can_read_visits, can_visit)
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A photo of a visit, which nothing may run or keep."""
    kept: Any = get_object_or_404(VisitPhoto, pk=pk).file
    if not kept.storage.exists(kept.name):
        raise Http404
    response = FileResponse(
        kept.open("rb"), filename=f"visit-photo-{pk}.jpg", content_type="image/jpeg"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CONTAINED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
