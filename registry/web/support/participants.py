"""Who takes part in an activity, and what was measured before and after."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registry.enterprises.naming import NamedLine, named_enterprises
from registry.support.actions import (
    add_participants,
    change_measure,
    change_participation,
    record_measure,
    remove_participation,
    version_of,
)
from registry.support.models import Participation, SupportActivity, SupportMeasure
from registry.support.permissions import can_keep_support, can_read_support
from registry.support.queries import cap_question
from registry.web.desk.area import own_area
from registry.web.shared.access import only_for, person
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked
from registry.web.support.forms import (
    MeasureForm,
    ParticipantsForm,
    ParticipationForm,
    ReasonOnly,
)
from registry.web.support.pages import FormPage, answer, written
from registry.web.support.programmes import FORM, ROWS_SHOWN, of_activity


@require_http_methods(FORM)
@only_for(can_read_support)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: amounts, who takes part, the figures; on POST more who take part."""
    found = get_object_or_404(SupportActivity.objects.select_related("programme", "kind"), pk=pk)
    may_keep = can_keep_support(request.user)
    form = ParticipantsForm(request.POST if request.method == "POST" and may_keep else None)
    if request.method == "POST" and may_keep:
        added = written(form, lambda: _add(found, form, request))
        if added is not None:
            messages.success(request, _added_words(*added))
            return redirect("support-activity", pk)
    rows = (
        Participation.objects.filter(activity=found)
        .select_related("enterprise")
        .prefetch_related(Prefetch("measures", SupportMeasure.objects.order_by("before_on", "pk")))
        .order_by("enterprise__name_sort", "pk")
    )
    area = own_area(request, person(request))
    whole = None if area.within is None else rows.count()
    pages = Paginator(area.narrowed(rows), ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "activity": found,
        "crumbs": of_activity(found)[:-1],
        "question": cap_question(found),
        "rows": list(page),
        "count": pages.count,
        "whole": whole,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "form": form,
        "may_keep": may_keep,
        "area": area,
    }
    status = 422 if form.errors else 200
    return render(request, "pages/support/activity.html", context, status=status)


def _add(found: SupportActivity, form: ParticipantsForm, request: HttpRequest) -> Any:
    """Add all or none: a line that names nobody, or several, is said by its number."""
    lines = named_enterprises(form.cleaned_data["lines"])
    problems = [line_words(line) for line in lines if line.enterprise is None]
    if problems:
        form.add_error("lines", problems)
        return None
    return add_participants(
        activity=found,
        enterprises=[line.enterprise for line in lines if line.enterprise],
        role=form.cleaned_data["role"],
        attended_from=form.cleaned_data["attended_from"],
        reason=form.cleaned_data["reason"],
        by=person(request),
    )


def line_words(line: NamedLine) -> str:
    told = {"number": line.number, "text": line.text[:80]}
    if line.problem == "several":
        return _("Line %(number)s: several enterprises are called “%(text)s”. Use the code.") % told
    return _("Line %(number)s: “%(text)s” is not in the register.") % told


def _added_words(added: int, there: int) -> str:
    said = ngettext("%(n)s enterprise added.", "%(n)s enterprises added.", added) % {"n": added}
    return f"{said} " + _("Took part already: %(n)s.") % {"n": there} if there else said


def _participation(pk: int) -> Participation:
    rows = Participation.objects.select_related("activity__programme", "enterprise")
    return get_object_or_404(rows, pk=pk)


def _page(heading: str, row: Participation) -> FormPage:
    crumbs = of_activity(row.activity)
    return FormPage(f"{heading}: {row.enterprise.name}", crumbs, crumbs[-1].url)


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def edit_participation(request: HttpRequest, pk: int) -> HttpResponse:
    row = _participation(pk)
    initial = {"seen": version_of(row)}
    form = ParticipationForm(request.POST or None, instance=row, initial=initial)
    return answer(
        request, form, _page(_("Part taken"), row),
        lambda: change_participation(
            participation=row, values=form.values(), seen=form.cleaned_data["seen"] or 0,
            reason=form.cleaned_data["reason"], by=person(request),
        ),
    )  # fmt: skip


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def drop_participation(request: HttpRequest, pk: int) -> HttpResponse:
    row = _participation(pk)
    form = ReasonOnly(request.POST or None)

    def remove() -> bool:
        remove_participation(
            participation=row, reason=form.cleaned_data["reason"], by=person(request)
        )
        return True

    return answer(request, form, _page(_("Entered by mistake: take out"), row), remove)


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def add_measure(request: HttpRequest, pk: int) -> HttpResponse:
    row = _participation(pk)
    form = MeasureForm(request.POST or None)
    form.instance.participation = row
    return answer(
        request, form, _page(_("Figure before and after"), row),
        lambda: record_measure(
            participation=row, values=form.values(), reason=form.cleaned_data["reason"],
            by=person(request),
        ),
    )  # fmt: skip


@require_http_methods(FORM)
@only_for(can_read_support, can_keep_support)
def edit_measure(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(SupportMeasure, pk=pk)
    form = MeasureForm(request.POST or None, instance=row, initial={"seen": version_of(row)})
    return answer(
        request, form, _page(_("Figure before and after"), _participation(row.participation_id)),
        lambda: change_measure(
            measure=row, values=form.values(), seen=form.cleaned_data["seen"] or 0,
            reason=form.cleaned_data["reason"], by=person(request),
        ),
    )  # fmt: skip
