"""One certificate beside its document: what came of the look, then the next one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from registry.accounts.models import User
from registry.accounts.permissions import can_open_desk, can_see_evidence, can_verify
from registry.approvals.actions import AlreadyWaiting, Answer, ask
from registry.approvals.queries import waiting_about
from registry.certifications.actions import LookRefused
from registry.certifications.models import Certificate, VerificationStep
from registry.certifications.queries import ladder, same_file, same_number
from registry.desk.queues import QUEUES, next_in
from registry.enterprises.permissions import is_in_area
from registry.web.desk.area import own_area
from registry.web.shared.access import only_for, person
from registry.web.shared.four_eyes import kept_for_another

FIRST_QUEUE = "to-verify"


class LookForm(forms.Form):
    """What the officer did, saw and decided."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=VerificationStep.Outcome.choices,
        error_messages={"required": _("Choose what came of it.")},
    )
    method = forms.ChoiceField(
        label=_("How you looked"),
        choices=VerificationStep.Method.choices,
        error_messages={"required": _("Choose how you looked.")},
    )
    source_seen = forms.CharField(
        label=_("What was seen"),
        max_length=1000,
        required=False,
        help_text=_("The register, page or person asked, with the address."),
    )
    on = forms.DateField(
        label=_("Day of the look"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(
        label=_("Reason for this change"),
        max_length=300,
        help_text=_("Kept for ever in the history beside who and when."),
        error_messages={"required": _("Say why this is recorded.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_open_desk)
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the certificate; on POST record the look and open the next of the queue."""
    if request.method == "POST" and not can_verify(request.user):
        raise PermissionDenied
    certificates = Certificate.objects.select_related(
        "enterprise", "scheme", "edition", "body", "accreditation_body"
    )
    certificate = get_object_or_404(certificates, pk=pk)
    asked = request.POST.get("queue") or request.GET.get("queue") or FIRST_QUEUE
    queue = QUEUES.get(asked)
    if queue is None or queue.kind != "certificate":
        queue = QUEUES[FIRST_QUEUE]
    today = timezone.localdate()
    if request.method != "POST":
        form = LookForm(initial={"on": today})
        return render(
            request, "pages/desk/verify.html", shown(request.user, certificate, form, queue)
        )
    form = LookForm(request.POST)
    within = own_area(request, person(request)).within
    following = next_in(queue, certificate, today, within)
    answer = recorded(certificate, form, request.user)
    if answer is None:
        context = shown(request.user, certificate, form, queue)
        return render(request, "pages/desk/verify.html", context, status=422)
    said = kept_for_another() if answer.proposal else _t("Saved: %(name)s")
    messages.success(request, said % {"name": certificate.enterprise.name})
    if "stay" in request.POST:
        following = certificate
    if following is None:
        return redirect("desk-queue", queue.code)
    return redirect(reverse("desk-verify", args=[following.pk]) + f"?queue={queue.code}")


def recorded(certificate: Certificate, form: LookForm, by: Any) -> Answer | None:
    """The look, recorded or kept for a second person; None where the form says why not."""
    if not form.is_valid():
        return None
    said = {**form.cleaned_data, "on": form.cleaned_data["on"].isoformat()}
    reason = said.pop("reason")
    payload = {"certificate": certificate.pk, **said}
    try:
        return ask(kind="verify", payload=payload, reason=reason, by=by)
    except LookRefused as refused:
        for name, problem in refused.problems.items():
            form.add_error(name, problem)
    except AlreadyWaiting as waiting:
        form.add_error("outcome", str(waiting))
    return None


def shown(user: Any, certificate: Certificate, form: forms.Form, queue: Any) -> dict[str, Any]:
    """Everything the page of one certificate shows."""
    on = timezone.localdate()
    steps = list(certificate.verifications.select_related("by").order_by("-on", "-pk"))
    is_inside = is_in_area(user, certificate.enterprise)
    suffix = (certificate.evidence.name or "").rpartition(".")[2]
    return {
        "certificate": certificate,
        "form": form,
        "queue": queue,
        "on": on,
        "state": certificate.state_on(on),
        "ladder": ladder(certificate, steps, on),
        "proposals": list(waiting_about(f"certificate/{certificate.pk}")),
        "looks": [(step, name_of(step.by)) for step in steps],
        "same_file": list(same_file(certificate)),
        "same_number": list(same_number(certificate)),
        "may_verify": can_verify(user) and is_inside,
        "is_inside": is_inside,
        "may_see_evidence": can_see_evidence(user),
        "is_picture": suffix in ("jpg", "png"),
    }


def name_of(user: User) -> str:
    """As the person gave it, else as they sign in: this page is for colleagues."""
    return user.get_full_name() or user.get_username()
