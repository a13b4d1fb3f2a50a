"""A new record: typed, kept as a draft, handed in for another person to decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from registry.enterprises.permissions import OutsideArea
from registry.records.actions import RecordRefused, drop_drafts, save_draft, submit_application
from registry.records.content import empty_content
from registry.records.models import Application, Draft
from registry.records.permissions import can_enter_records, can_revise
from registry.web.records.likeness import looks_like
from registry.web.records.page import RecordPage, as_typed, kept, with_row_added
from registry.web.shared.access import only_for, person

METHODS = ["GET", "HEAD", "POST"]


@only_for(can_enter_records)
@require_http_methods(METHODS)
@sensitive_post_parameters()
def register(request: HttpRequest) -> HttpResponse:
    """An empty form. The first saving makes a draft, with an address of its own."""
    return _work(request)


@only_for(can_enter_records)
@require_http_methods(METHODS)
@sensitive_post_parameters()
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with what one has begun; the drafts of others are not there."""
    mine = Draft.objects.filter(by=person(request), enterprise=None, application=None)
    if request.method == "POST" and not Draft.objects.filter(pk=pk).exists():
        return _work(request)  # handed in or thrown away meanwhile: what was typed is not lost
    return _work(request, draft=get_object_or_404(mine, pk=pk))


@only_for(can_enter_records)
@require_http_methods(METHODS)
@sensitive_post_parameters()
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend an application that was sent back, and hand it in again."""
    application = get_object_or_404(Application, pk=pk)
    is_left_open = request.method == "POST" and application.submitted_by_id == request.user.pk
    if not is_left_open and not can_revise(request.user, application):
        raise Http404
    found = Draft.objects.filter(by=person(request), application=application).first()
    return _work(request, draft=found, application=application)


@only_for(can_enter_records)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    drop_drafts(draft_id=pk, by=person(request))
    messages.success(request, _("The draft is thrown away."))
    return redirect("applications")


def _work(
    request: HttpRequest, draft: Draft | None = None, application: Application | None = None
) -> HttpResponse:
    base = application.content if application else empty_content()
    if request.method != "POST":
        typed = as_typed(draft.data) if draft else None
        return _shown(request, RecordPage(base=base, is_new=True, typed=typed), draft, application)
    if {"autosave", "draft"} & request.POST.keys():
        return _keep(request, draft, application)
    added = next((name[4:] for name in request.POST if name.startswith("add_")), "")
    if added:
        page = RecordPage(base=base, is_new=True, typed=with_row_added(request.POST, added))
        return _shown(request, page, draft, application, opened=added)
    page = RecordPage(base=base, is_new=True, posted=request.POST)
    if not page.is_valid():
        return _shown(request, page, draft, application, status=422)
    content = page.content()
    try:
        handed_in = submit_application(
            content=content,
            application_id=application.pk if application else None,
            reason=content["fields"]["source"],
            by=person(request),
        )
    except (RecordRefused, OutsideArea) as refused:
        page.form.add_error(None, getattr(refused, "message", str(refused)))
        return _shown(request, page, draft, application, status=422)
    if draft and application is None:  # those of an application went with its handing in
        drop_drafts(draft_id=draft.pk, by=person(request))
    messages.success(request, _("Handed in: another person decides now."))
    return redirect("application", handed_in.pk)


def _keep(
    request: HttpRequest, draft: Draft | None, application: Application | None
) -> HttpResponse:
    try:
        saved = save_draft(
            data=kept(request.POST),
            draft_id=draft.pk if draft and not application else None,
            application_id=application.pk if application else None,
            by=person(request),
        )
    except RecordRefused as refused:
        return _not_kept(request, draft, application, refused)
    url = reverse("record-draft", args=[saved.pk])
    if application:
        url = reverse("application-revise", args=[application.pk])
    said = saved_at(saved)
    if "autosave" in request.POST:
        return JsonResponse({"url": url, "said": said})
    messages.success(request, said)
    return redirect(url)


def _not_kept(
    request: HttpRequest,
    draft: Draft | None,
    application: Application | None,
    refused: RecordRefused,
) -> HttpResponse:
    """Why no draft was kept; the page stays as it was typed."""
    if "autosave" in request.POST:
        return JsonResponse({"said": refused.message}, status=409)
    base = application.content if application else empty_content()
    page = RecordPage(base=base, is_new=True, posted=request.POST)
    page.is_valid()
    page.form.add_error(None, refused.message)
    return _shown(request, page, draft, application, status=422)


def saved_at(draft: Draft) -> str:
    """When a draft was kept, in words."""
    time = timezone.localtime(draft.saved_at).strftime("%H:%M:%S")
    return _("Draft saved at %(time)s") % {"time": time}


def _likeness(typed: Any, application: Application | None) -> dict[str, Any]:
    """What looks like the record being typed, for those whose browser asks nothing meanwhile."""
    if not typed or not (typed.get("name") or typed.get("tax_code")):
        return {"alike": [], "waiting": []}
    return looks_like(typed, application=application.pk if application else None)


def _shown(
    request: HttpRequest,
    page: RecordPage,
    draft: Draft | None,
    application: Application | None,
    *,
    status: int = 200,
    opened: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "page": page,
        "draft": draft,
        "application": application,
        "problems": page.problems() if status == 422 else [],
        "opened": opened,
        **_likeness(request.POST if request.method == "POST" else page.typed, application),
    }
    return render(request, "pages/records/register.html", context, status=status)
