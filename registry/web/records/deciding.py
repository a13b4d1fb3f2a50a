"""Applications: what waits for a decision, what was sent back, and deciding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.accounts.permissions import can_see_contacts
from registry.enterprises.permissions import OutsideArea
from registry.records.actions import (
    RecordRefused,
    register_application,
    send_back_application,
    withdraw_application,
)
from registry.records.enums import Status
from registry.records.models import Application
from registry.records.permissions import (
    can_decide,
    can_decide_applications,
    can_enter_records,
    can_revise,
    can_see_applications,
)
from registry.records.queries import (
    applications_in,
    applications_like,
    applications_sent_back,
    applications_to_decide,
    drafts_of,
    moves_of,
)
from registry.web.desk.area import own_area
from registry.web.records.likeness import alike
from registry.web.records.registering import METHODS
from registry.web.records.shown import sections_of
from registry.web.shared.access import only_for, person
from registry.web.shared.forms import problems_of
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked

ROWS_SHOWN = 50


@only_for(can_see_applications)
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """What waits, the longest waiting first; one's own drafts and what was sent back."""
    area = own_area(request, person(request))
    waiting = applications_in(applications_to_decide(), area.narrowed_to)
    waiting = waiting.select_related("submitted_by").defer("content")
    pages = Paginator(waiting, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "rows": page,
        "area": area,
        "count": pages.count,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "sent_back": applications_sent_back().select_related("submitted_by", "decided_by").defer("content"),
        "drafts": drafts_of(person(request)),
        "may_enter": can_enter_records(request.user),
    }  # fmt: skip
    return render(request, "pages/records/applications.html", context)


class DecisionForm(forms.Form):
    """What becomes of an application, and why."""

    use_required_attribute = False
    step = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("If it is sent back: what has to be changed. Kept for ever in the history."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason.")},
    )

    def __init__(self, *args: Any, steps: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["step"]
        field.choices = steps


DECISIONS: dict[str, tuple[Callable[..., Any], Any, Any]] = {
    "register": (register_application, _("Put it into the register"), _("It is in the register.")),
    "send_back": (send_back_application, _("Send it back"), _("It is sent back.")),
    "withdraw": (withdraw_application, _("Withdraw it"), _("It is withdrawn.")),
}


@only_for(can_see_applications)
@require_http_methods(METHODS)
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application as it was handed in, what looks like it, and the decision."""
    row = get_object_or_404(
        Application.objects.select_related("submitted_by", "decided_by", "enterprise"), pk=pk
    )
    steps = _steps(request, row)
    choices = [(step, DECISIONS[step][1]) for step in steps]
    form = DecisionForm(request.POST if request.method == "POST" else None, steps=choices)
    if request.method == "POST":
        if not steps and not _was_decided_meanwhile(request, row):
            raise PermissionDenied(_t("You entered this application yourself, or it is decided."))
        if not steps:
            form = DecisionForm(request.POST, steps=[(step, "") for step in DECISIONS])
            form.add_error(None, RecordRefused("status").message)
        elif form.is_valid():
            done = _take(request, row, form)
            if done is not None:
                return done
    return render(
        request,
        "pages/records/application.html",
        _shown(request, row, form, steps),
        status=422 if form.errors else 200,
    )


def _was_decided_meanwhile(request: HttpRequest, row: Application) -> bool:
    """Whether this person could have decided it as long as it waited."""
    is_own = row.submitted_by_id == request.user.pk
    return row.status != Status.SUBMITTED and (is_own or can_decide_applications(request.user))


def _steps(request: HttpRequest, row: Application) -> list[str]:
    if can_decide(request.user, row):
        return ["register", "send_back"]
    is_own = row.submitted_by_id == request.user.pk
    return ["withdraw"] if is_own and row.status in (Status.SUBMITTED, Status.SENT_BACK) else []


def _take(request: HttpRequest, row: Application, form: DecisionForm) -> HttpResponse | None:
    step = form.cleaned_data["step"]
    act, _label, said = DECISIONS[step]
    try:
        act(application_id=row.pk, reason=form.cleaned_data["reason"], by=person(request))
    except (RecordRefused, OutsideArea) as refused:
        form.add_error(None, getattr(refused, "message", str(refused)))
        return None
    messages.success(request, said)
    if step == "register":
        row.refresh_from_db()
        return redirect("history", row.enterprise.public_id)  # type: ignore[union-attr]
    return redirect("applications")


def _shown(
    request: HttpRequest, row: Application, form: DecisionForm, steps: list[str]
) -> dict[str, Any]:
    return {
        "application": row,
        "form": form if steps else None,
        "problems": problems_of(form, rest="decide" if steps else "moves"),
        "unsaid": "" if steps else form["reason"].value(),
        "sections": sections_of(row.content, with_contacts=can_see_contacts(request.user)),
        "moves": moves_of(row),
        **_looks_like(row),
        "may_revise": can_revise(request.user, row),
    }


def _looks_like(row: Application) -> dict[str, Any]:
    """What looks like an application; asked of the register only while it is not decided."""
    if row.status not in (Status.SUBMITTED, Status.SENT_BACK):
        return {"alike": [], "waiting": []}
    rows = row.content["rows"]
    return {
        "alike": alike(
            name=row.name,
            tax_code=row.tax_code,
            phones=[one["phone"] for one in rows.get("contacts", [])],
            addresses=[one["address"] for one in rows["sites"]],
        ),
        "waiting": applications_like(name=row.name, tax_code=row.tax_code, but=row.pk),
    }
