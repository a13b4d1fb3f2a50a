"""Writing a visit: as a plain form, and as what a phone kept without a connection.

The page's script keeps each entry on the phone first and sends it from there; the server
takes an entry once, whatever is sent twice. Without a script it is an ordinary form.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.enterprises.models import Enterprise
from registry.enterprises.naming import PUBLIC_ID
from registry.enterprises.permissions import OutsideArea
from registry.visits.actions import OfAnother, record_visit
from registry.visits.models import Visit
from registry.visits.permissions import can_read_visits, can_visit
from registry.visits.validators import LARGEST_SENT, MEGABYTE, MOST_PHOTOS
from registry.web.shared.access import only_for, person
from registry.web.visits.forms import VisitForm

LARGEST_REQUEST = MOST_PHOTOS * LARGEST_SENT + MEGABYTE
OFFLINE = (
    "css/tokens.css", "css/base.css", "css/layout.css", "css/search.css", "css/results.css",
    "css/tables-forms.css", "css/pages.css", "css/register.css", "css/office.css",
    "css/desk.css", "css/records.css", "css/utilities.css", "css/print.css", "js/ui.js",
    "js/htmx-4.0.1.min.js", "js/visits.js", "img/mark.svg", "img/icons.svg",
    "fonts/inter-latin-wght-normal.woff2", "fonts/inter-vietnamese-wght-normal.woff2",
    "fonts/be-vietnam-pro-latin-600-normal.woff2",
    "fonts/be-vietnam-pro-vietnamese-600-normal.woff2",
)  # fmt: skip
"""What the form needs where there is no connection."""


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: at this address, so that its reach is the pages of visits.

    Holds nothing of the register, and a browser asks for it without a session too.
    """
    told = {
        "assets": [static(name) for name in OFFLINE],
        "form": reverse("visit-new"),
    }
    script = f'self.TOLD = {json.dumps(told)};\nimportScripts("{static("js/visits-worker.js")}");\n'
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@only_for(can_read_visits, can_visit)
def token(request: HttpRequest) -> JsonResponse:
    """Who is signed in now, and the token with which the phone may send."""
    return JsonResponse({"person": person(request).pk, "token": get_token(request)})


@csrf_exempt  # the token is looked at in ``take``: here the body is not read yet
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_read_visits, can_visit)
def new_visit(request: HttpRequest, public_id: str = "") -> HttpResponseBase:
    """The form of a visit to one enterprise, or to one that is named in it."""
    if public_id and not PUBLIC_ID.fullmatch(public_id):
        raise Http404
    enterprise = get_object_or_404(Enterprise, public_id=public_id) if public_id else None
    if request.method == "POST":
        return too_large(request) or take(request, enterprise)
    form = VisitForm(person=person(request).pk, enterprise=enterprise)
    return shown(request, form, enterprise)


def too_large(request: HttpRequest) -> HttpResponse | None:
    """Refuse what is far too large before a byte of it is read; stream the rest to disk."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_REQUEST:
        message = _("All photos together are too large. Send fewer.")
        if request.path == reverse("visit-send"):
            return JsonResponse({"problems": [message]}, status=413)
        return render(request, "400.html", {"message": message}, status=413)
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return None


def shown(request: HttpRequest, form: VisitForm, enterprise: Enterprise | None) -> HttpResponse:
    context = {"form": form, "enterprise": enterprise, "person": person(request).pk}
    status = 422 if form.is_bound else 200
    return render(request, "pages/visits/form.html", context, status=status)


@csrf_protect
def take(request: HttpRequest, enterprise: Enterprise | None) -> HttpResponse:
    """The plain form: keep the visit and show it, or say what is wrong."""
    form = posted(request, enterprise)
    found = kept(form, request)
    if found is None:
        return shown(request, form, enterprise)
    messages.success(request, _("The visit is kept."))
    return redirect("visit", found.pk)


def posted(request: HttpRequest, enterprise: Enterprise | None) -> VisitForm:
    """What was sent; the lists of the record are no part of the check."""
    return VisitForm(request.POST, request.FILES, person=person(request).pk, enterprise=enterprise)


def kept(form: VisitForm, request: HttpRequest) -> Visit | None:
    """The visit, kept now or before; None where the form says why not."""
    if not form.is_valid():
        return None
    draft: Any = form.draft()
    reason = _("Site visit of %(name)s") % {"name": draft.enterprise.name}
    try:
        visit, _is_new = record_visit(
            draft=draft, photos=form.cleaned_data["photos"], reason=reason[:300],
            by=person(request),
        )  # fmt: skip
    except ValidationError as refused:
        told = refused.message_dict if hasattr(refused, "error_dict") else {None: refused.messages}
        for name, problems in told.items():
            form.add_error(name if name in form.fields else None, problems)
        return None
    except OfAnother:
        form.add_error(None, _("A visit with this number was written by somebody else."))
        return None
    return visit


@csrf_exempt  # looked at in ``take_entry``
@require_POST
@only_for(can_read_visits, can_visit)
def send_visit(request: HttpRequest) -> HttpResponseBase:
    """An entry that was kept on a phone; the answer is for the page's script."""
    return too_large(request) or take_entry(request)


@csrf_protect
def take_entry(request: HttpRequest) -> JsonResponse:
    named = request.POST.get("enterprise", "").upper()[:16].replace("\x00", "")
    form = posted(request, Enterprise.objects.filter(public_id=named).first())
    try:
        visit = kept(form, request)
    except OutsideArea as refused:
        return JsonResponse({"problems": [str(refused)]}, status=403)
    if visit is None:
        problems = [
            f"{form.fields[name].label}: {problem}" if name in form.fields else problem
            for name, told in form.errors.items()
            for problem in told
        ]
        return JsonResponse({"problems": problems}, status=422)
    return JsonResponse({"url": reverse("visit", args=[visit.pk]), "conflicts": visit.conflicts})
