"""One certificate beside its document: what came of the look, then the next one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from registry.accounts.permissions import can_open_desk, can_see_evidence, can_verify
from registry.approvals.queries import waiting_about
from registry.certifications.actions import mark_of
from registry.certifications.models import Certificate, VerificationStep
from registry.certifications.queries import ladder, same_file, same_number
from registry.desk.queues import QUEUES, next_in
from registry.enterprises.permissions import is_in_area
from registry.web.desk.area import within_own
from registry.web.desk.looking import onward, recorded
from registry.web.shared.access import only_for, person
from registry.web.shared.forms import day_field, mark_kept, problems_of

FIRST_QUEUE = "to-verify"


class LookForm(forms.Form):
    """What the officer did, saw and decided."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=VerificationStep.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    method = forms.ChoiceField(
        label=_("How you looked"),
        choices=VerificationStep.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you looked.")},
    )
    source_seen = forms.CharField(
        label=_("What was seen"),
        max_length=1000,
        required=False,
        help_text=_("The register, page or person asked, with the address."),
    )
    on = day_field(_("Day of the look"))
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(
        label=_("Reason for this change"),
        max_length=300,
        help_text=_("Kept for ever in the history beside who and when."),
        error_messages={"required": _("Say why this is recorded.")},
    )
    mark = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())


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
    within = within_own(person(request))
    following = next_in(queue, certificate, today, within)
    by, about = person(request), {"certificate": certificate.pk}
    answer = recorded(form, kind="verify", about=about, by=by)
    if answer is None:
        context = shown(request.user, certificate, form, queue)
        return render(request, "pages/desk/verify.html", context, status=422)
    return onward(
        request,
        answer,
        certificate,
        following,
        queue,
        lambda row: reverse("desk-verify", args=[row.pk]) + f"?queue={queue.code}",
    )


def shown(user: Any, certificate: Certificate, form: forms.Form, queue: Any) -> dict[str, Any]:
    """Everything the page of one certificate shows."""
    on = timezone.localdate()
    steps = list(certificate.verifications.select_related("by").order_by("-on", "-pk"))
    is_inside = is_in_area(user, certificate.enterprise)
    mark = mark_kept(form, "mark", lambda: mark_of(certificate))
    suffix = (certificate.evidence.name or "").rpartition(".")[2]
    return {
        "certificate": certificate,
        "form": form,
        "problems": problems_of(form, is_named=True),
        "kept": [("queue", queue.code), ("mark", mark)],
        "queue": queue,
        "on": on,
        "state": certificate.state_on(on),
        "ladder": ladder(certificate, steps, on),
        "proposals": list(waiting_about(f"certificate/{certificate.pk}")),
        "looks": [(step, step.by.desk_name) for step in steps],
        "same_file": list(same_file(certificate)),
        "same_number": list(same_number(certificate)),
        "may_verify": can_verify(user) and is_inside,
        "is_inside": is_inside,
        "may_see_evidence": can_see_evidence(user),
        "is_picture": suffix in ("jpg", "png"),
    }
