"""A certificate that its body took back: from which day, and how that is known."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from registry.accounts.permissions import can_open_desk, can_verify
from registry.certifications.models import Certificate
from registry.web.desk.looking import recorded
from registry.web.shared.access import only_for, person
from registry.web.shared.forms import day_field
from registry.web.shared.four_eyes import waits


class WithdrawalForm(forms.Form):
    """From which day on, and how it is known."""

    use_required_attribute = False
    on = day_field(_("Withdrawn on"))
    reason = forms.CharField(
        label=_("How this is known"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say how this is known.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_open_desk, can_verify)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the day and the reason; do it, or keep it for a second person."""
    rows = Certificate.objects.select_related("enterprise", "scheme")
    certificate = get_object_or_404(rows, pk=pk)
    initial = {"on": timezone.localdate()}
    form = WithdrawalForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        by, about = person(request), {"certificate": certificate.pk}
        answer = recorded(form, kind="withdraw", about=about, by=by, waits_at=None)
        if answer and answer.proposal:
            return waits(request, answer.proposal)
        if answer:
            said = _t("Withdrawn, and recorded with its reason.")
            messages.success(request, said)
            return redirect("desk-verify", pk)
    context = {"certificate": certificate, "form": form}
    status = 422 if form.errors else 200
    return render(request, "pages/desk/withdraw.html", context, status=status)
