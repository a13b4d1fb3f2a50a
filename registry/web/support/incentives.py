"""Certificates of incentives: the list with what is due, and the steps of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.enterprises.models import Enterprise
from registry.enterprises.naming import PUBLIC_ID
from registry.support.actions import (
    amend_incentive,
    change_incentive,
    receive_report,
    record_incentive,
    revoke_incentive,
    version_of,
)
from registry.support.models import IncentiveCertificate
from registry.support.permissions import can_keep_support, can_read_support
from registry.support.queries import report_years, reports_missing
from registry.web.desk.area import own_area
from registry.web.shared.access import only_for, person
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked
from registry.web.support.forms import AmendForm, IncentiveForm, ReportForm, RevokeForm
from registry.web.support.pages import Crumb, FormPage, answer, written
from registry.web.support.programmes import FORM, ROWS_SHOWN, top


def of_incentives() -> list[Crumb]:
    return [top(), Crumb(_("Certificates of incentives"), reverse("incentives"))]


@require_safe
@only_for(can_read_support)
def incentives(request: HttpRequest) -> HttpResponse:
    """All certificates, those with a report missing first; ``?due=1`` only those."""
    on = timezone.localdate()
    area = own_area(request, person(request))
    rows = area.narrowed(IncentiveCertificate.objects.select_related("enterprise"))
    rows = rows.order_by("-issued_on", "pk")
    due = dict(area.narrowed(reports_missing(on)).values_list("pk", "due"))  # type: ignore[misc]
    only_due = request.GET.get("due") == "1"
    if only_due:
        rows = rows.filter(pk__in=due)
    holder = request.GET.get("enterprise", "").replace("\x00", "")[:16]
    if holder:
        rows = rows.filter(enterprise__public_id=holder)
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "rows": [(row, row.state_on(on), due.get(row.pk)) for row in page],
        "count": pages.count,
        "due_count": len(due),
        "only_due": only_due,
        "area": area,
        "on": on,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "may_keep": can_keep_support(request.user),
        "section": "incentives",
    }
    return render(request, "pages/support/incentives.html", context)


STEPS: dict[str, type[forms.Form]] = {
    "report": ReportForm,
    "amend": AmendForm,
    "revoke": RevokeForm,
}


@require_http_methods(FORM)
@only_for(can_read_support)
def incentive(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate with its steps and reports; on POST a further step."""
    row = get_object_or_404(IncentiveCertificate.objects.select_related("enterprise"), pk=pk)
    may_keep, on = can_keep_support(request.user), timezone.localdate()
    years = report_years(row, list(row.reports.order_by("year")), on)
    step = request.POST.get("step", "") if request.method == "POST" and may_keep else ""
    waiting = [one.year for one in years if one.report is None]
    initial = {"report": ReportForm.expected(waiting[-1] if waiting else on.year - 1)}
    step_forms: dict[str, Any] = {
        name: form(request.POST if name == step else None, prefix=name, initial=initial.get(name))
        for name, form in STEPS.items()
    }
    if step in step_forms and written(
        step_forms[step], lambda: take_step(row, step, step_forms[step].cleaned_data, request)
    ):
        messages.success(request, _("Saved."))
        return redirect("incentive", pk)
    context = {
        "incentive": row,
        "crumbs": of_incentives(),
        "state": row.state_on(on),
        "products": row.products.select_related("group").order_by("group__code"),
        "amendments": row.amendments.order_by("on", "pk"),
        "years": years,
        "forms": step_forms,
        "failed": step_forms.get(step),
        "may_keep": may_keep,
    }
    return render(request, "pages/support/incentive.html", context, status=422 if step else 200)


def take_step(
    row: IncentiveCertificate, step: str, told: dict[str, Any], request: HttpRequest
) -> Any:
    by = person(request)
    if step == "report":
        return receive_report(certificate=row, by=by, **told)
    if step == "amend":
        return amend_incentive(certificate=row, by=by, **told)
    return revoke_incentive(certificate=row, by=by, **told)


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def add_incentive(request: HttpRequest, public_id: str) -> HttpResponse:
    if not PUBLIC_ID.fullmatch(public_id):
        raise Http404
    holder = get_object_or_404(Enterprise, public_id=public_id)
    form = IncentiveForm(request.POST or None)
    form.instance.enterprise = holder
    page = FormPage(
        _("New certificate of incentives: %(name)s") % {"name": holder.name},
        of_incentives(), reverse("incentives"),
    )  # fmt: skip
    return answer(
        request, form, page,
        lambda: record_incentive(
            enterprise=holder, values=form.values(), groups=list(form.cleaned_data["groups"]),
            reason=form.cleaned_data["reason"], by=person(request),
        ),
    )  # fmt: skip


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def edit_incentive(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(IncentiveCertificate.objects.select_related("enterprise"), pk=pk)
    initial = {
        "seen": version_of(row),
        "groups": list(row.products.order_by("group__code").values_list("group_id", flat=True)),
    }
    form = IncentiveForm(request.POST or None, instance=row, initial=initial)
    page = FormPage(_("Correct what was entered"), of_incentives(), reverse("incentive", args=[pk]))
    return answer(
        request, form, page,
        lambda: change_incentive(
            certificate=row, values=form.values(), groups=list(form.cleaned_data["groups"]),
            seen=form.cleaned_data["seen"] or 0, reason=form.cleaned_data["reason"],
            by=person(request),
        ),
    )  # fmt: skip
