"""The steps of a list: each page shows what is kept, each form makes one call."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.accounts.models import User
from registry.accounts.permissions import LOADS_LISTS
from registry.approvals.actions import AlreadyWaiting
from registry.approvals.actions import ask as ask_for
from registry.enterprises.queries import register_is_sample
from registry.imports import actions, spellings, work
from registry.imports.acts.queries import acts_on, last_acts, removals
from registry.imports.columns import Meaning
from registry.imports.models import WRITTEN, ImportBatch, ImportRow, ImportRun
from registry.imports.problems import (
    NOT_WRITTEN,
    BatchBusy,
    Outcome,
    RowChanged,
    Unreadable,
    WrongStep,
)
from registry.imports.reading import MAX_BYTES, MB
from registry.imports.review.filters import NO_COLUMN
from registry.imports.review.queries import as_shown, by_column, holder, with_holders
from registry.imports.runs.queries import last_run, on_the_table, worker_is_there
from registry.imports.shape import ShownColumn
from registry.web.imports import review
from registry.web.imports.asking import asked_of
from registry.web.shared.four_eyes import waits

BATCHES_SHOWN = 50
MOST_REASONS = 10
PATIENCE = dt.timedelta(seconds=5)
"""How long work may wait before the page asks whether any worker is there."""


View = Callable[..., HttpResponse]


def for_officers(view: View) -> View:
    """Only those who may write enterprises; a batch in another state is said in words."""

    @login_required
    @permission_required(LOADS_LISTS, raise_exception=True)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BatchBusy:
            messages.error(
                request,
                _("Work on this list is going on; nothing was changed. Wait until it ends."),
            )
            return redirect("import-rows", kwargs["pk"])
        except WrongStep:
            messages.error(request, _("The review of this list is over; nothing was changed."))
            return redirect("import-rows", kwargs["pk"])

    return guarded


def officer(request: HttpRequest) -> User:
    """Who is signed in; ``for_officers`` lets nobody else come here."""
    assert isinstance(request.user, User)
    return request.user


@for_officers
def batches(request: HttpRequest) -> HttpResponse:
    """All lists, the newest first, and the upload of another."""
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problem = _("Choose a file first.")
        else:
            try:
                content = file.read(MAX_BYTES + 1)
                batch = work.receive(name=file.name or "", content=content, by=officer(request))
                return redirect("import-columns", batch.pk)
            except Unreadable as error:
                problem = str(error)
    found = on_the_table().select_related("uploaded_by").defer("content").order_by("-pk")
    context = {
        "batches": with_holders(found[:BATCHES_SHOWN]),
        "removals": removals()[:BATCHES_SHOWN],
        "problem": problem,
        "largest": MAX_BYTES // MB,
    }
    return render(request, "pages/imports/batches.html", context)


@for_officers
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """How the file is read: what was guessed, and each column with samples."""
    batch = get_object_or_404(ImportBatch.objects.defer("content"), pk=pk)
    problem = ""
    run = last_run(pk)
    if batch.status == ImportBatch.Status.REMOVED or (not batch.found and run):
        return redirect("import-rows", pk)  # which shows how the look at the file goes
    if request.method == "POST":
        said = reading_said(request.POST)
        try:
            work.ask_to_check(batch_id=pk, how=said, by=officer(request))
            return redirect("import-rows", pk)
        except Unreadable as error:
            problem = str(error)
            for name, value in said.items():
                setattr(batch, name, value)
    shape = actions.shape(batch)
    context = {
        "batch": batch,
        "problem": problem,
        "shape": shape,
        "encodings": spellings.CHOICES if shape.kind in ("CSV", "HTML") else (),
        "columns": [shown_column(column) for column in shape.columns],
        "meanings": meanings(),
        "is_open": batch.status in ImportBatch.IN_REVIEW,
        "removal": removal(batch, run),
        "same": ImportBatch.objects.filter(sha256=batch.sha256, status="applied")
        .exclude(pk=pk)
        .defer("content")
        .first(),
    }
    return render(request, "pages/imports/columns.html", context)


def reading_said(form: QueryDict) -> dict[str, Any]:
    """What the form of :func:`columns` says."""
    header = form.get("header", "")
    mapping = {
        name.removeprefix("column-"): value
        for name, value in form.items()
        if name.startswith("column-") and value
    }
    return {
        "encoding": form.get("encoding", "") if form.get("encoding") in spellings.CHOICES else "",
        "sheet": form.get("sheet", "")[:100],
        "header": int(header) if header.isascii() and header.isdigit() and len(header) < 7 else 0,
        "mapping": mapping,
        "without_hidden": form.get("hidden") == "leave",
    }


def meanings() -> list[tuple[str, str]]:
    return [(one.value, str(one.label)) for one in Meaning if one != Meaning.EMPTY]


def shown_column(column: ShownColumn) -> dict[str, Any]:
    """A column for the page, with the first texts that stand in it."""
    value = column.meaning.value + (f":{column.year}" if column.year else "")
    return {
        "letter": column.letter,
        "header": column.header if column.meaning != Meaning.EMPTY else "",
        "value": value,
        "label": column.sentence().removeprefix(f"{column.header}: "),
        "is_dated": bool(column.year),
        "samples": column.samples,
        "is_empty": column.meaning == Meaning.EMPTY and not column.samples,
    }


@for_officers
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that a filter finds; the form decides on them, one by one or all of them."""
    batch = get_object_or_404(
        ImportBatch.objects.select_related("uploaded_by", "applied_by", "reversed_by").defer(
            "content"
        ),
        pk=pk,
    )
    if request.method == "POST":
        return review.act(request, batch, officer(request))
    run = last_run(pk)
    if batch.status == ImportBatch.Status.UPLOADED and (not run or was_looked_at(run)):
        return redirect("import-columns", pk)
    kept = batch.rows.all()
    outcomes = Counter(dict(kept.values_list("outcome").annotate(n=Count("pk"))))
    is_open = batch.status == ImportBatch.Status.PLANNED and not (run and not run.ended_at)
    person, since = holder(batch)
    context = {
        "batch": batch,
        "tabs": [{"label": one.label, "count": outcomes[one.value]} for one in Outcome],
        "total": sum(outcomes.values()),
        "accepted": kept.filter(decision="accept").count(),
        "left": kept.filter(decision="leave", outcome__in=WRITTEN).count(),
        "is_open": is_open,
        "run": shown_run(run),
        "reasons": reasons(batch),
        "person": person,
        "since": since,
        "removal": removal(batch, run),
        "can_be_written": not register_is_sample(),
        "acts": last_acts(batch),
        "unchecked": batch.decisions.filter(is_checked=False).count(),
        "is_mine": person == request.user,
        **review.shown_rows(batch, request.GET, is_open=is_open),
    }
    return render(request, "pages/imports/rows.html", context)


def removal(batch: ImportBatch, run: ImportRun | None) -> str:
    """The mark that the form to remove a list sends along; empty where it cannot be removed."""
    is_free = batch.status in ImportBatch.IN_REVIEW and not (run and not run.ended_at)
    return as_shown(batch) if is_free else ""


def was_looked_at(run: ImportRun) -> bool:
    """Whether the last work on a list was a look at its file, and went well."""
    is_over = run.ended_at is not None and not run.problem
    return is_over and run.step == ImportRun.Step.LOOK


@for_officers
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the work on a list is: a part of the page, asked for again and again.

    When the work is over, the whole page is to be loaded anew.
    """
    batch = get_object_or_404(ImportBatch.objects.defer("content"), pk=pk)
    run = shown_run(last_run(pk))
    response = render(request, "pages/imports/progress.html", {"batch": batch, "run": run})
    if not (run and run["is_open"]):
        response["HX-Refresh"] = "true"
    return response


def shown_run(run: ImportRun | None) -> dict[str, Any] | None:
    """A run for the page: how far it is, or how it ended; None where none was asked for."""
    if run is None:
        return None
    is_open = run.ended_at is None
    waited = timezone.now() - run.asked_at
    return {
        "run": run,
        "is_open": is_open,
        "is_waiting": is_open and run.started_at is None,
        "is_alone": is_open and waited > PATIENCE and not worker_is_there(),
        "percent": min(100 * run.done // run.total, 100) if run.total else 0,
    }


def reasons(batch: ImportBatch) -> list[tuple[str, int]]:
    """Why rows are refused or doubtful, the commonest column first."""
    rows = batch.rows.filter(outcome__in=NOT_WRITTEN)
    found = by_column(rows, MOST_REASONS, is_remark_enough=False)
    return [(_("The row") if name == NO_COLUMN else name, n) for name, n in found.items()]


@for_officers
def row(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One row, cell by cell; the form mends cells and checks the list again."""
    rows = ImportRow.objects.select_related("batch").defer("batch__content")
    found = get_object_or_404(rows, batch=pk, number=number)
    back = f"{reverse('import-rows', args=[pk])}?{request.GET.urlencode()}#row-{number}"
    if request.method != "POST":
        return shown_row(request, found, back)
    cells, seen = sent(request.POST, "cell-", found), sent(request.POST, "seen-", found)
    by = officer(request)
    edit = partial(actions.edit, batch_id=pk, number=number, cells=cells, seen=seen, by=by)
    try:
        run = work.ask_to_check(batch_id=pk, by=by, first=edit)
    except RowChanged as changed:
        return shown_row(request, rows.get(batch=pk, number=number), back, changed.typed)
    return redirect(request.get_full_path() if run.ended_at else back)


def sent(form: QueryDict, prefix: str, row: ImportRow) -> dict[str, str]:
    """What a form says of the cells of a row, by letter."""
    return {
        name.removeprefix(prefix): str(value)
        for name, value in form.items()
        if name.startswith(prefix) and name.removeprefix(prefix) in row.cells
    }


def shown_row(
    request: HttpRequest, found: ImportRow, back: str, typed: Mapping[str, str] | None = None
) -> HttpResponse:
    """The page of a row; with what was ``typed`` where that was not taken."""
    pk, query = found.batch_id, request.GET.urlencode()
    run = last_run(pk)
    named = {column.letter: column for column in actions.shape(found.batch).columns}
    context = {
        "batch": found.batch,
        "row": found,
        "back": back,
        "query": query,
        "rows_url": f"{reverse('import-rows', args=[pk])}?{query}",
        "line": review.line(found, {one.letter: one.header for one in named.values()}),
        "is_refused": typed is not None,
        "cells": [
            shown_cell(letter, named[letter].header, found, typed or {})
            for letter in found.cells
            if letter in named
        ],
        **asked_of(found),
        "acts": acts_on(found.batch, found.number),
        "is_open": found.batch.status == ImportBatch.Status.PLANNED
        and not (run and not run.ended_at),
    }
    status = 200 if typed is None else 409
    return render(request, "pages/imports/row.html", context, status=status)


def shown_cell(
    letter: str, header: str, row: ImportRow, typed: Mapping[str, str]
) -> dict[str, Any]:
    """A cell for the form, with the mark of what is shown of it."""
    text = row.cells[letter]
    return {
        "letter": letter,
        "header": header,
        "text": typed.get(letter, text),
        "now": text,
        "is_typed": letter in typed,
        "mark": actions.mark_of(text),
        "was_mended": letter in row.edits,
    }


@for_officers
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the accepted rows written, all of them or none."""
    get_object_or_404(ImportBatch.objects.defer("content"), pk=pk)
    reason = request.POST.get("reason", "").strip()[:300]
    reason = reason or _("Accepted after review of the list")
    try:
        answer = ask_for(kind="import", payload={"batch": pk}, reason=reason, by=officer(request))
    except AlreadyWaiting as error:
        messages.error(request, str(error))
    else:
        if answer.proposal:
            return waits(request, answer.proposal)
    return redirect("import-rows", pk)


@for_officers
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a written list undone, unless a record was changed since."""
    get_object_or_404(ImportBatch.objects.defer("content"), pk=pk)
    work.ask_to_take_back(batch_id=pk, by=officer(request))
    return redirect("import-rows", pk)
