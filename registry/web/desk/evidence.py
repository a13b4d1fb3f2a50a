"""Evidence files: taken in when they are harmless, given out to those allowed."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from registry.accounts.models import User
from registry.accounts.permissions import can_open_desk, can_see_evidence
from registry.certifications.actions import attach_evidence
from registry.certifications.models import Certificate
from registry.certifications.validators import CONTENT_TYPES, LARGEST, MEGABYTE, too_large
from registry.web.shared.access import only_for

LARGEST_REQUEST = LARGEST + MEGABYTE  # the fields around the file
CONTAINED = "default-src 'none'; style-src 'none'; script-src 'none'; sandbox"


@require_safe
@only_for(can_open_desk, can_see_evidence)
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself: a download with a name of ours, which nothing may run or keep."""
    certificate = get_object_or_404(Certificate, pk=pk)
    name = certificate.evidence.name
    if not name or not certificate.evidence.storage.exists(name):
        raise Http404
    kind = name.rpartition(".")[2]
    response = FileResponse(
        certificate.evidence.open("rb"),
        as_attachment=True,
        filename=f"certificate-{certificate.pk}.{kind}",
        content_type=CONTENT_TYPES.get(kind, "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CONTAINED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@csrf_exempt  # the token is looked at in ``take``: here the body is not read yet
@only_for(can_open_desk, can_see_evidence)
@require_POST
def add_evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Refuse what is far too large before a byte of it is read; stream the rest to disk."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_REQUEST:
        message = " ".join(too_large().messages)
        return render(request, "400.html", {"message": message}, status=413)
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return take(request, pk)


@csrf_protect
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the file, or say on its page why not; nothing is stored then."""
    certificate = get_object_or_404(Certificate, pk=pk)
    by = cast(User, request.user)
    file, reason = request.FILES.get("file"), request.POST.get("reason", "").strip()[:300]
    problem = ""
    if file is None:
        problem = _("Choose a file.")
    elif not reason:
        problem = _("Say where the file comes from.")
    else:
        try:
            attach_evidence(certificate=certificate, file=file, by=by, reason=reason)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
    if problem:
        context = {"certificate": certificate, "problem": problem, "reason": reason}
        return render(request, "pages/desk/evidence.html", context, status=422)
    messages.success(request, _("The file is kept."))
    return redirect("desk-verify", certificate.pk)
