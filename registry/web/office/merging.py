"""Possible duplicates, the preview of a merger field by field, and its undoing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.approvals.actions import AlreadyWaiting, ask
from registry.approvals.record_kinds import CHANGED_AFTER_MERGER, WHY_NOT_MERGED
from registry.desk.actions import (
    CHOOSABLE,
    CannotMerge,
    ChangedSince,
    DecidedMeanwhile,
    decide_duplicate,
    mark_of_decision,
)
from registry.desk.duplicates import candidates
from registry.desk.models import DuplicateDecision, Merger
from registry.desk.records import CHILDREN
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import outside_area, refuse_outside_area
from registry.web.desk.area import own_area
from registry.web.office.allowed import DECIDES, READS_LOG, needs
from registry.web.office.forms import DecisionForm, MergeForm, said_meanwhile
from registry.web.shared.access import person
from registry.web.shared.forms import ReasonForm, mark_kept
from registry.web.shared.four_eyes import waits
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked

ROWS_SHOWN = 30


@needs(READS_LOG)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs nobody has decided about, the likeliest first, each with its clues."""
    area = own_area(request, person(request))
    found = area.of(candidates(), lambda one: [one.first, one.second])
    pages = Paginator(found, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    records = Enterprise.objects.in_bulk({pk for one in page for pk in (one.first, one.second)})
    context = {
        "rows": [(one, records[one.first], records[one.second]) for one in page],
        "area": area,
        "count": len(found),
        "pager": pager(request.GET, page.number, pages.num_pages),
        "section": "duplicates",
    }
    return render(request, "pages/office/duplicates.html", context)


@needs(DECIDES)
def decide(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Say whether two records are the same; "the same" leads to the merger."""
    if one == other:
        raise Http404
    first, second = (get_object_or_404(Enterprise, pk=pk) for pk in sorted((one, other)))
    if request.method == "POST":
        refuse_outside_area(person(request), [first.pk, second.pk])
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decided = decide_duplicate(
                one=first,
                other=second,
                by=person(request),
                on=timezone.localdate(),
                **form.cleaned_data,
            )
        except DecidedMeanwhile as quicker:
            form.add_error(None, said_meanwhile(quicker))
        else:
            return _after(request, decided)
    held = DuplicateDecision.objects.filter(first=first, second=second).first()
    context = {
        "seen": mark_kept(form, "seen", lambda: mark_of_decision(held)),
        "may_decide": not outside_area(person(request), [first.pk, second.pk]),
        "sites": [one.sites.order_by("kind", "pk") for one in (first, second)],
        "first": first,
        "second": second,
        "fields": _fields(first, second),
        "form": form,
        "decided": held,
        "section": "duplicates",
    }
    return render(
        request, "pages/office/duplicate.html", context, status=422 if form.errors else 200
    )


def _after(request: HttpRequest, decided: DuplicateDecision) -> HttpResponse:
    """ "The same" leads to the merger, "not the same" back to the list."""
    if decided.is_same:
        return redirect("merge", decided.first.public_id, decided.second.public_id)
    messages.success(
        request, _("Remembered: these two are not the same. They are not asked about again.")
    )
    return redirect("duplicates")


@needs(DECIDES)
def merge(request: HttpRequest, public_id: str, gone_id: str) -> HttpResponse:
    """The preview of a merger, and the merger; the first of the address is kept."""
    kept = get_object_or_404(Enterprise, public_id=public_id)
    gone = get_object_or_404(Enterprise, public_id=gone_id)
    refuse_outside_area(person(request), [kept.pk, gone.pk])
    form = MergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        payload = {"kept": kept.pk, "gone": gone.pk, "choose": form.chosen()}
        reason = form.cleaned_data["reason"]
        try:
            answer = ask(kind="merge", payload=payload, reason=reason, by=person(request))
        except CannotMerge as problem:
            form.add_error(None, WHY_NOT_MERGED[problem.code])
        except AlreadyWaiting as problem:
            form.add_error(None, str(problem))
        else:
            if answer.proposal:
                return waits(request, answer.proposal)
            result = answer.result
            said = _(
                "The two records are one now: %(moved)s rows moved, %(left)s were there already."
            )
            messages.success(request, said % {"moved": result.moved, "left": result.left})
            return redirect("history", kept.public_id)
    context = {
        "kept": kept,
        "gone": gone,
        "fields": _fields(kept, gone, request.POST),
        "children": _children(kept, gone),
        "form": form,
        "section": "duplicates",
    }
    return render(request, "pages/office/merge.html", context, status=422 if form.errors else 200)


def _fields(one: Enterprise, other: Enterprise, data: Any = None) -> list[dict[str, Any]]:
    """Each field with both values; a field that only the second has is taken from it."""
    rows = []
    for name in CHOOSABLE:
        values = getattr(one, name), getattr(other, name)
        empty = values[0] in (None, "")
        label = Enterprise._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        shown = [_shown(record, name) for record in (one, other)]
        rows.append(
            {
                "name": name,
                "label": label,
                "kept": shown[0],
                "gone": shown[1],
                "differs": values[0] != values[1],
                "takes": (data or {}).get(f"take_{name}") or ("gone" if empty else "kept"),
            }
        )
    return rows


def _shown(record: Enterprise, name: str) -> Any:
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    return "" if value is None else value


def _children(kept: Enterprise, gone: Enterprise) -> list[dict[str, Any]]:
    rows = []
    for model, same_by in CHILDREN.items():
        of_both = model._base_manager.order_by("pk").values_list("enterprise_id", *same_by)
        held = list(of_both.filter(enterprise__in=[kept, gone]))
        there = {row[1:] for row in held if row[0] == kept.pk}
        coming = [row[1:] for row in held if row[0] == gone.pk]
        stays = sum(row in there for row in coming)
        if held:
            rows.append(
                {
                    "label": model._meta.verbose_name,
                    "kept": len(held) - len(coming),
                    "moves": len(coming) - stays,
                    "stays": stays,
                }
            )
    return rows


@needs(READS_LOG)
def mergers(request: HttpRequest) -> HttpResponse:
    """Mergers done, the latest first; one that was not undone can be."""
    rows = Merger.objects.select_related("kept", "gone", "by", "undone_by").order_by("-pk")
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "rows": page,
        "count": pages.count,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "section": "mergers",
    }
    return render(request, "pages/office/mergers.html", context)


@needs(DECIDES)
@require_http_methods(["GET", "POST", "HEAD"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Give both records back what they were."""
    merger = get_object_or_404(Merger.objects.select_related("kept", "gone"), pk=pk)
    refuse_outside_area(person(request), [merger.kept_id])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            answer = ask(
                kind="undo-merger", payload={"merger": pk}, reason=reason, by=person(request)
            )
        except ChangedSince:
            form.add_error(None, CHANGED_AFTER_MERGER)
        except AlreadyWaiting as problem:
            form.add_error(None, str(problem))
        else:
            if answer.proposal:
                return waits(request, answer.proposal)
            messages.success(request, _("The merger is undone. Both records are what they were."))
            return redirect("mergers")
    context = {"merger": merger, "form": form, "section": "mergers"}
    return render(request, "pages/office/undo.html", context, status=422 if form.errors else 200)
