"""Programmes and activities: the lists, and the forms that enter and change them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.support.actions import (
    change_activity,
    change_programme,
    record_activity,
    record_programme,
    version_of,
)
from registry.support.enums import PartRole
from registry.support.models import SupportActivity, SupportProgramme
from registry.support.permissions import can_keep_support, can_read_support
from registry.support.queries import cap_question, programmes_listed
from registry.web.shared.access import only_for, person
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked
from registry.web.support.forms import ActivityForm, ProgrammeForm
from registry.web.support.pages import Crumb, FormPage, answer

ROWS_SHOWN = 50
FORM = ["GET", "HEAD", "POST"]


def top() -> Crumb:
    return Crumb(_("Support"), reverse("support"))


def of_programme(programme: SupportProgramme) -> list[Crumb]:
    return [top(), Crumb(programme.name, reverse("support-programme", args=[programme.pk]))]


def of_activity(activity: SupportActivity) -> list[Crumb]:
    here = Crumb(activity.name, reverse("support-activity", args=[activity.pk]))
    return [*of_programme(activity.programme), here]


@require_safe
@only_for(can_read_support)
def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes with how many enterprises they reached."""
    pages = Paginator(programmes_listed(timezone.localdate()), ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "rows": list(page),
        "count": pages.count,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "may_keep": can_keep_support(request.user),
        "section": "programmes",
    }
    return render(request, "pages/support/programmes.html", context)


@require_safe
@only_for(can_read_support)
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme and what was done under it."""
    found = get_object_or_404(SupportProgramme, pk=pk)
    supported = ~Q(participations__role=PartRole.PARTNER)
    rows = (
        SupportActivity.objects.filter(programme=found)
        .select_related("kind")
        .annotate(enterprise_count=Count("participations", filter=supported))
        .order_by("-begins_on", "pk")
    )
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "programme": found,
        "rows": [(row, cap_question(row)) for row in page],
        "count": pages.count,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "may_keep": can_keep_support(request.user),
    }
    return render(request, "pages/support/programme.html", context)


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def add_programme(request: HttpRequest) -> HttpResponse:
    form = ProgrammeForm(request.POST or None)
    page = FormPage(_("New programme"), [top()], reverse("support"))
    return answer(
        request, form, page,
        lambda: record_programme(
            values=form.values(), reason=form.cleaned_data["reason"], by=person(request)
        ),
    )  # fmt: skip


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def edit_programme(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(SupportProgramme, pk=pk)
    form = ProgrammeForm(request.POST or None, instance=row, initial={"seen": version_of(row)})
    crumbs = of_programme(row)
    page = FormPage(_("Change the programme"), crumbs, crumbs[-1].url)
    return answer(
        request, form, page,
        lambda: change_programme(
            programme=row, values=form.values(), seen=form.cleaned_data["seen"] or 0,
            reason=form.cleaned_data["reason"], by=person(request),
        ),
    )  # fmt: skip


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def add_activity(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SupportProgramme, pk=pk)
    form = ActivityForm(request.POST or None)
    form.instance.programme = found
    crumbs = of_programme(found)
    page = FormPage(_("New activity"), crumbs, crumbs[-1].url)
    return answer(
        request, form, page,
        lambda: record_activity(
            programme=found, values=form.values(), reason=form.cleaned_data["reason"],
            by=person(request),
        ),
    )  # fmt: skip


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def edit_activity(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(SupportActivity.objects.select_related("programme", "kind"), pk=pk)
    form = ActivityForm(request.POST or None, instance=row, initial={"seen": version_of(row)})
    crumbs = of_activity(row)
    page = FormPage(_("Change the activity"), crumbs, crumbs[-1].url)
    return answer(
        request, form, page,
        lambda: change_activity(
            activity=row, values=form.values(), seen=form.cleaned_data["seen"] or 0,
            reason=form.cleaned_data["reason"], by=person(request),
        ),
    )  # fmt: skip
