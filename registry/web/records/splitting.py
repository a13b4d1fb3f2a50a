"""Splitting a record: which rows belong to the second enterprise, preview, and undoing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.accounts.permissions import can_open_desk
from registry.approvals.actions import AlreadyWaiting, Answer, ask
from registry.core.models import BilingualName
from registry.core.text import whole_number
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import OutsideArea, can_write_enterprise
from registry.enterprises.validators import TaxCodeProblem, clean_tax_code
from registry.records.models import Splitting
from registry.records.permissions import can_change_records
from registry.records.splitting.actions import (
    SHARED,
    TABLES,
    SplitRefused,
    examine_split,
)
from registry.visits.models import Visit
from registry.web.records.forms import WhyForm, tax_code_message
from registry.web.records.registering import METHODS
from registry.web.records.rows import DayField
from registry.web.shared.access import only_for, person
from registry.web.shared.forms import problems_of
from registry.web.shared.four_eyes import waits
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked

ROWS_SHOWN = 50
AT = {"day": "on", "tax_code": "tax_code"}


class SplitForm(WhyForm):
    """The second enterprise: its name, its tax code, and since when it stands by itself."""

    name = forms.CharField(
        label=_("Name of the second enterprise"),
        max_length=300,
        error_messages={"required": _("Write the name of the second enterprise.")},
    )
    tax_code = forms.CharField(
        label=_("Tax code of the second enterprise"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-m"}),
    )
    on = DayField(_("From which day it stands in the register"))
    field_order = ["name", "tax_code", "on", "reason"]

    def clean_tax_code(self) -> str:
        text = self.cleaned_data["tax_code"]
        try:
            return clean_tax_code(text) if text else ""
        except TaxCodeProblem as problem:
            raise forms.ValidationError(tax_code_message(problem, has_note=False)) from problem


@only_for(can_change_records)
@require_http_methods(METHODS)
def split(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose what goes to the second record; first a preview, then the splitting."""
    enterprise = get_object_or_404(Enterprise, public_id=public_id)
    if not can_write_enterprise(request.user, enterprise):
        raise PermissionDenied(_t("This record lies outside of your area."))
    posted = request.POST if request.method == "POST" else None
    form = SplitForm(posted, initial={"on": timezone.localdate()})
    tables = _tables(enterprise, posted)
    is_preview = False
    if posted is not None and form.is_valid():
        if "split" in posted:
            done = _done(request, enterprise, form)
            if done is not None:
                return done
        else:
            is_preview = _can_be_done(request, enterprise, form)
    context = {
        "enterprise": enterprise,
        "form": form,
        "tables": tables,
        "is_preview": is_preview,
        "problems": problems_of(form, rest="rows"),
    }
    return render(request, "pages/records/split.html", context, status=422 if form.errors else 200)


def _asked_for(request: HttpRequest, form: SplitForm) -> dict[str, Any]:
    values = form.cleaned_data
    return {
        "name": values["name"],
        "tax_code": values["tax_code"],
        "on": str(values["on"] or timezone.localdate()),
        "rows": _chosen(request.POST),
    }


def _can_be_done(request: HttpRequest, enterprise: Enterprise, form: SplitForm) -> bool:
    """False where the form says why not: no preview is shown of what is refused at once."""
    asked, reason = _asked_for(request, form), form.cleaned_data["reason"]
    try:
        examine_split(enterprise_id=enterprise.pk, **asked, reason=reason, by=person(request))
    except (SplitRefused, OutsideArea) as refused:
        _refuse(form, refused)
        return False
    return True


def _done(request: HttpRequest, enterprise: Enterprise, form: SplitForm) -> HttpResponse | None:
    payload = {"enterprise": enterprise.pk, **_asked_for(request, form)}
    answer = _asked(request, form, "split", payload)
    if answer is None:
        return None
    if answer.proposal:
        return waits(request, answer.proposal)
    splitting = answer.result
    said = _t("Two records now: %(one)s and %(other)s.")
    names = {"one": enterprise.public_id, "other": splitting.made.public_id}
    messages.success(request, said % names)
    return redirect("history", splitting.made.public_id)


def _asked(request: HttpRequest, form: WhyForm, kind: str, payload: Any) -> Answer | None:
    """What came of it; None where the form says why not."""
    try:
        return ask(
            kind=kind, payload=payload, reason=form.cleaned_data["reason"], by=person(request)
        )
    except (SplitRefused, OutsideArea, AlreadyWaiting) as refused:
        _refuse(form, refused)
        return None


def _refuse(form: forms.Form, refused: Exception) -> None:
    """Say why not at the field that it is about, else of the whole form."""
    place = AT.get(getattr(refused, "code", ""))
    form.add_error(place, getattr(refused, "message", str(refused)))


def _chosen(data: QueryDict) -> dict[str, list[int]]:
    typed = {code: [whole_number(text, 14) for text in data.getlist(code)] for code in TABLES}
    return {code: [pk for pk in pks if pk is not None] for code, pks in typed.items()}


def _tables(enterprise: Enterprise, data: QueryDict | None) -> list[dict[str, Any]]:
    """The rows of a record by table, each with whether it goes; one query for each table."""
    ticked = _chosen(data) if data is not None else {}
    found = []
    for code, model in TABLES.items():
        keys = [
            field.name
            for field in model._meta.concrete_fields
            if field.is_relation
            and field.name not in ("enterprise", "verified_by", "unverified_by")
        ]
        rows = (
            model._base_manager.filter(enterprise=enterprise).select_related(*keys).order_by("pk")
        )
        shown = [
            {"pk": row.pk, "text": _title(row), "goes": row.pk in ticked.get(code, [])}
            for row in rows
        ]
        if shown:
            gone = sum(row["goes"] for row in shown)
            found.append(
                {
                    "code": code,
                    "label": model._meta.verbose_name,
                    "rows": shown,
                    "goes": gone,
                    "stays": len(shown) if code in SHARED else len(shown) - gone,
                    "is_shared": code in SHARED,
                }
            )
    return found


def _title(row: Any) -> str:
    """By what a row is recognised; a contact person only by number."""
    for name in ("sector", "vsic", "process", "material"):
        entry = getattr(row, name, None)
        if entry is not None:
            return entry.label if isinstance(entry, BilingualName) else str(entry)
    if hasattr(row, "scheme"):
        return " ".join(filter(None, [row.scheme.label, row.number]))
    if hasattr(row, "buyer"):
        return f"{row.buyer.label}, {row.get_tier_display()}"
    if hasattr(row, "activity"):
        return row.activity.name
    if isinstance(row, Visit):
        return f"{date_format(row.on, 'd/m/Y')} {row.get_purpose_display()}"
    return str(row.year) if hasattr(row, "labour") else str(row)


@only_for(can_open_desk)
@require_safe
def splittings(request: HttpRequest) -> HttpResponse:
    """Splittings done, the latest first; one that was not undone can be."""
    rows = Splitting.objects.select_related("source", "made", "by", "undone_by").order_by("-pk")
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "rows": page,
        "count": pages.count,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "may_undo": can_change_records(request.user),
    }
    return render(request, "pages/records/splittings.html", context)


@only_for(can_change_records)
@require_http_methods(METHODS)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the first record back what it was."""
    splitting = get_object_or_404(Splitting.objects.select_related("source", "made"), pk=pk)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _asked(request, form, "undo-split", {"splitting": pk})
        if answer and answer.proposal:
            return waits(request, answer.proposal)
        if answer:
            messages.success(request, _t("The splitting is undone."))
            return redirect("splittings")
    context = {
        "splitting": splitting,
        "form": form,
        "problems": problems_of(form),
    }
    return render(
        request, "pages/records/undo_split.html", context, status=422 if form.errors else 200
    )
