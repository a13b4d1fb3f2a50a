"""Where a second person is asked for: read by all of the desk, set by administrators."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from registry.accounts.models import User
from registry.accounts.permissions import can_open_desk
from registry.approvals import queries
from registry.approvals.actions import set_policy
from registry.approvals.kinds import KINDS
from registry.approvals.models import ApprovalPolicy
from registry.web.shared.access import only_for

SETS = "registry.add_approvalpolicy"
ROWS_SHOWN = 50


class PolicyForm(forms.Form):
    """From now on one kind of decision needs a second person, or no longer does."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("Decision"), error_messages={"required": _("Choose a kind of decision.")}
    )
    is_required = forms.TypedChoiceField(
        label=_("Who decides"),
        choices=[("yes", _("A second person")), ("no", _("One person alone"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(code, kind.name) for code, kind in KINDS.items()]
        self.fields["kind"].choices = [("", "—"), *kinds]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_open_desk)
def policies(request: HttpRequest) -> HttpResponse:
    """Each kind with what holds now, since when, by whom and why; every change before."""
    form = PolicyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not request.user.has_perm(SETS):
            raise PermissionDenied
        if form.is_valid():
            set_policy(by=cast(User, request.user), **form.cleaned_data)
            messages.success(request, _t("Holds from now on. What waits already keeps waiting."))
            return redirect("approval-policies")
    changes = ApprovalPolicy.objects.select_related("by").order_by("-pk")[:ROWS_SHOWN]
    context = {
        "policies": queries.policies(),
        "changes": [(KINDS[one.kind].name, one) for one in changes if one.kind in KINDS],
        "form": form,
        "may_set": request.user.has_perm(SETS),
        "section": "policies",
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/approvals/policies.html", context, status=status)
