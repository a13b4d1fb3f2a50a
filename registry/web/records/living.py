"""The life of an enterprise: its steps with reasons, and the next one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from registry.accounts.permissions import can_open_desk
from registry.approvals.actions import AlreadyWaiting, ask
from registry.approvals.queries import waiting_about
from registry.enterprises.enums import LifeState
from registry.enterprises.life.actions import (
    StepRefused,
    last_step,
    name_successor,
)
from registry.enterprises.life.queries import steps_of
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import OutsideArea, can_write_enterprise
from registry.web.records.registering import METHODS
from registry.web.records.rows import DayField
from registry.web.shared.access import only_for, person
from registry.web.shared.forms import problems_of
from registry.web.shared.four_eyes import kept_for_another

WORDS = {
    "registered": _("Entered in the register"),
    "suspended": _("Operation suspended"),
    "resumed": _("Operating again"),
    "closed": _("Closed"),
    "moved_away": _("Moved away from Hanoi"),
    "reopened": _("Reopened"),
    "came_back": _("Back in Hanoi"),
    "merged": _("Merged into another record"),
}
STEPS: dict[str, Any] = {
    "suspend": _("Operation is suspended"),
    "resume": _("Operates again"),
    "close": _("Is closed"),
    "move-away": _("Has moved away from Hanoi"),
    "reopen": _("Is back: reopened, or moved back to Hanoi"),
    "succeed": _("Name the successor"),
}
"""All but the last are kinds of decision (``approvals.kinds``) of the same name."""

WITH_SUCCESSOR = ("close", "move-away")


def possible(enterprise: Enterprise) -> list[str]:
    """Steps that can follow on the last one."""
    if enterprise.merged_on:
        return []
    if enterprise.closed_on or enterprise.moved_away_on:
        return ["reopen", "succeed"]
    is_suspended = enterprise.suspended_on and not enterprise.resumed_on
    return ["resume" if is_suspended else "suspend", "close", "move-away"]


class StepForm(forms.Form):
    """The next step: what, from which day, why, and who carries on."""

    use_required_attribute = False
    step = forms.ChoiceField(
        label=_("What happened"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    on = DayField(_("From which day"))
    successor = forms.CharField(
        label=_("Who carries on"),
        required=False,
        max_length=20,
        help_text=_("The number in the register (CNHT-…) or the tax code of the successor, if there is one."),
        widget=forms.TextInput(attrs={"class": "w-m"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example the number and date of the decision. Kept for ever in the history."),
        error_messages={"required": _("Write the reason.")},
    )  # fmt: skip

    def __init__(self, *args: Any, steps: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["step"]
        field.choices = [(step, STEPS[step]) for step in steps]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        step = values.get("step")
        if step and step != "succeed" and "on" not in self.errors and not values.get("on"):
            self.add_error("on", _t("Give the day."))
        text = (values.get("successor") or "").strip()
        rows = Enterprise.objects.filter(public_id=text.upper()) | Enterprise.objects.filter(
            tax_code=text
        )
        found = rows.order_by("pk").first() if text else None
        if text and found is None:
            self.add_error("successor", _t("The register has no “%(text)s”.") % {"text": text})
        values["successor_id"] = found.pk if found else None
        return values


@only_for(can_open_desk)
@require_http_methods(METHODS)
def life(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every step so far; those who may write the record take the next one."""
    rows = Enterprise.objects.select_related("successor", "merged_into")
    enterprise = get_object_or_404(rows, public_id=public_id)
    may_write = can_write_enterprise(request.user, enterprise)
    steps = possible(enterprise) if may_write else []
    posted = request.POST if request.method == "POST" else None
    form = StepForm(posted, steps=steps, initial={"on": timezone.localdate()})
    if posted is not None:
        if not may_write:
            raise PermissionDenied
        if form.is_valid() and _taken(request, enterprise, form):
            return redirect("life", enterprise.public_id)
    today = timezone.localdate()
    context = {
        "enterprise": enterprise,
        "state": LifeState(enterprise.state_on(today)).label,
        "steps": [(WORDS[step.kind], step) for step in steps_of(enterprise)],
        "form": form if steps else None,
        "proposals": list(waiting_about(f"enterprise/{enterprise.pk}")),
        "last": last_step(enterprise),
        "may_write": may_write,
        "problems": problems_of(form, rest="next"),
    }
    return render(request, "pages/records/life.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, enterprise: Enterprise, form: StepForm) -> bool:
    """Whether the step was taken or kept for a second person; otherwise the form says why not."""
    values, by = form.cleaned_data, person(request)
    step, reason = values["step"], values["reason"]
    said = _t("Recorded, with its day and reason.")
    try:
        if step == "succeed":
            name_successor(
                enterprise_id=enterprise.pk,
                successor_id=values["successor_id"],
                reason=reason,
                by=by,
            )
        else:
            payload = {"enterprise": enterprise.pk, "on": values["on"].isoformat()}
            if step in WITH_SUCCESSOR and values["successor_id"]:
                payload["successor"] = values["successor_id"]
            answer = ask(kind=step, payload=payload, reason=reason, by=by)
            if answer.proposal:
                said = kept_for_another() % {"name": answer.proposal.sentence}
    except (StepRefused, OutsideArea, AlreadyWaiting) as refused:
        form.add_error(None, getattr(refused, "message", str(refused)))
        return False
    messages.success(request, said)
    return True
