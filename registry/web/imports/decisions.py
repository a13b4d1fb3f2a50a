"""Doors for what officers decide of a row: whom it means, whose values hold, and back again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.core.text import whole_number
from registry.enterprises.permissions import OutsideArea
from registry.imports import work
from registry.imports.decisions.actions import (
    Undecidable,
    decide_fields,
    decide_new,
    decide_same,
    undo_decision,
)
from registry.imports.decisions.queries import waiting
from registry.imports.exporting import identity_in
from registry.imports.models import ImportBatch, ImportRow
from registry.web.imports.views import for_officers, officer

NEW, TYPED = "new", "typed"


@for_officers
@require_POST
def decide(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Keep what was chosen; then check the list again, or go on to the next open row."""
    get_object_or_404(ImportRow, batch=pk, number=number)
    try:
        keep(request, pk, number)
    except (Undecidable, OutsideArea) as problem:
        messages.error(request, str(problem))
        return redirect(place(request, pk, number))
    return go_on(request, pk, number)


def keep(request: HttpRequest, pk: int, number: int) -> None:
    said = request.POST
    row: dict[str, Any] = {
        "batch_id": pk,
        "number": number,
        "mark": said.get("mark", ""),
        "by": officer(request),
    }
    if said.get("about") == "fields":
        takes = {
            name.removeprefix("field-"): str(take)
            for name, take in said.items()
            if name.startswith("field-")
        }
        decide_fields(**row, takes=takes)
    elif said.get("who") == NEW:
        decide_new(**row)
    else:
        decide_same(**row, enterprise_id=meant(request))


def meant(request: HttpRequest) -> int:
    """The record that was chosen or whose number was typed."""
    who = request.POST.get("who", "")
    if who == TYPED:
        found = identity_in(request.POST.get("number", "").strip().upper())
        if not found:
            raise Undecidable(_("A number is written as CNHT-0000012."))
        return found
    chosen = whole_number(who, digits=15)
    if chosen is None:
        raise Undecidable(_("Choose whom the row means."))
    return chosen


def go_on(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    batch = ImportBatch.objects.defer("content").get(pk=pk)
    if request.POST.get("then") == "next":
        rows = waiting(batch)
        following = rows.filter(number__gt=number).first() or rows.exclude(number=number).first()
        if following:
            return redirect(place(request, pk, following.number))
    return checked_again(request, pk, number)


@for_officers
@require_POST
def undo(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Forget what was decided of a row and check the list again."""
    get_object_or_404(ImportRow, batch=pk, number=number)
    try:
        undo_decision(batch_id=pk, number=number, by=officer(request))
    except OutsideArea as problem:
        messages.error(request, str(problem))
        return redirect(place(request, pk, number))
    return checked_again(request, pk, number)


def checked_again(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    run = work.ask_to_check(batch_id=pk, by=officer(request))
    return redirect(place(request, pk, number if run.ended_at else None))


def place(request: HttpRequest, pk: int, number: int | None) -> str:
    """The page of a row, or that of the rows, with the filter that led here."""
    page = reverse("import-row", args=[pk, number]) if number else reverse("import-rows", args=[pk])
    query = request.GET.urlencode()
    return f"{page}?{query}" if query else page
