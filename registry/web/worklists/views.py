"""Saved views; taking work on and giving it back; targets and pauses of the intake."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from registry.accounts.models import User
from registry.accounts.permissions import can_open_desk
from registry.certifications.models import Certificate
from registry.desk.queues import QUEUES, RELATIONS_TO_VERIFY
from registry.enterprises.models import Enterprise
from registry.supply.models import SupplyRelation
from registry.web.shared.access import only_for
from registry.web.worklists.allowed import can_set_service, can_take_work
from registry.web.worklists.lists import REFUSED_NAME
from registry.worklists import actions, queries
from registry.worklists.models import IntakePause, SavedView, ServiceTarget


@require_POST
@only_for(can_open_desk)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the state of the list under a name; back to that very state."""
    name = request.POST.get("name", "").strip()[:80].replace("\0", "")
    query = request.POST.get("query", "").replace("\0", "")
    if not name:
        messages.error(request, _t("Give the view a name."))
    else:
        try:
            actions.save_view(
                name=name,
                query=query,
                is_shared=request.POST.get("shared") == "1",
                by=cast(User, request.user),
            )
            messages.success(request, _t("The view is kept; it stands on the desk with its count."))
        except actions.Refused as refused:
            messages.error(request, str(refused))
            request.session[REFUSED_NAME] = name
    return redirect(f"{reverse('worklist')}?{query}")


@require_POST
@only_for(can_open_desk)
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own view away."""
    view = get_object_or_404(SavedView, pk=pk)
    try:
        actions.drop_view(view=view, by=cast(User, request.user))
        messages.success(request, _t("The view is taken away."))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect("worklist")


@require_POST
@only_for(can_open_desk, can_take_work)
def assign(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take one row on, or give it back; back to where the button was."""
    models: dict[str, Any] = {
        "certificate": Certificate,
        "enterprise": Enterprise,
        "relation": SupplyRelation,
    }
    if kind not in models:
        raise Http404
    row = get_object_or_404(models[kind], pk=pk)
    me, today = cast(User, request.user), timezone.localdate()
    ids: dict[str, Any] = {f"{kind}s": [row.pk]}
    if request.POST.get("do") == "give-back":
        actions.give_back(on=today, reason=_t("Given back at the desk"), by=me, **ids)
        messages.success(request, _t("Given back."))
    else:
        actions.take_on(person=me, on=today, reason=_t("Taken on at the desk"), by=me, **ids)
        messages.success(request, _t("You are in charge of it now."))
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if is_ours else "desk")


class TargetForm(forms.Form):
    """In how many working days a queue is to be done."""

    use_required_attribute = False
    queue = forms.ChoiceField(label=_("Queue"))
    working_days = forms.IntegerField(
        label=_("Working days"),
        min_value=1,
        max_value=250,
        required=False,
        help_text=_("Empty: no target any longer."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, error_messages={"required": _("Write the reason.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queue"].choices = list(timed().items())  # type: ignore[attr-defined]


def timed() -> dict[str, Any]:
    """Queues whose rows wait since a day that has gone by: only these can be late."""
    codes = ("to-verify", RELATIONS_TO_VERIFY, "without-sector", "without-ward", "without-size")
    names = {code: QUEUES[code].name for code in codes if code in QUEUES}
    decided = {
        "applications": _("Applications to decide"),
        "proposals": _("For a second person"),
        "imports": _("Lists in review"),
    }
    return {**decided, **names}


class PauseForm(forms.Form):
    """From when to when no new records are taken in, and what the public reads."""

    use_required_attribute = False
    since = forms.DateField(
        label=_("Paused from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Open again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until it is ended here."),
    )
    notice = forms.CharField(label=_("Public notice in Vietnamese"), max_length=400)
    notice_en = forms.CharField(label=_("Public notice in English"), max_length=400, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, error_messages={"required": _("Write the reason.")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_open_desk)
def service(request: HttpRequest) -> HttpResponse:
    """Targets and pauses: read by all of the desk, set by those with the right."""
    does = request.POST.get("do", "")
    target = TargetForm(request.POST if does == "target" else None)
    pause = PauseForm(request.POST if does == "pause" else None)
    if request.method == "POST":
        if not can_set_service(request.user):
            raise PermissionDenied
        if done(cast(User, request.user), does, target, pause):
            messages.success(request, _t("Recorded, with its reason."))
            return redirect("desk-service")
    today = timezone.localdate()
    held = queries.targets()
    context = {
        "targets": [(name, held.get(code)) for code, name in timed().items()],
        "changes": ServiceTarget.objects.select_related("by").order_by("-pk")[:50],
        "names": timed(),
        "pauses": IntakePause.objects.select_related("by").order_by("-since")[:50],
        "paused": queries.paused(today),
        "target_form": target,
        "pause_form": pause,
        "may_set": can_set_service(request.user),
        "on": today,
    }
    status = 422 if target.errors or pause.errors else 200
    return render(request, "pages/worklists/service.html", context, status=status)


def done(by: User, does: str, target: TargetForm, pause: PauseForm) -> bool:
    """Whether something was written; otherwise the forms say why not."""
    if does == "target" and target.is_valid():
        actions.set_target(by=by, **target.cleaned_data)
        return True
    if does == "pause" and pause.is_valid():
        try:
            actions.pause_intake(by=by, **pause.cleaned_data)
            return True
        except actions.Refused as refused:
            pause.add_error(None, str(refused))
    return False


@require_POST
@only_for(can_open_desk, can_set_service)
def end_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """The intake is open again from today."""
    pause = get_object_or_404(IntakePause, pk=pk)
    reason = request.POST.get("reason", "").strip()[:300]
    try:
        if not reason:
            raise actions.Refused(_t("Write the reason."))
        actions.end_pause(
            pause=pause, on=timezone.localdate(), reason=reason, by=cast(User, request.user)
        )
        messages.success(request, _t("The intake is open again from today."))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect("desk-service")
