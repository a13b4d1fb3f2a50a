"""The log, the history of a record, taking a change back, and reading contact persons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.accounts.permissions import can_see_sign_ins
from registry.approvals.actions import AlreadyWaiting, ask
from registry.approvals.record_kinds import CHANGED_AGAIN, WHY_NOT_TAKEN_BACK
from registry.core.text import whole_number
from registry.desk.actions import CannotTakeBack, ChangedSince
from registry.desk.log import LogFilter, compare, entries
from registry.desk.records import CORRECTABLE, tracked_by_code
from registry.enterprises.models import Enterprise
from registry.web.office.allowed import READS_LOG, needs
from registry.web.office.forms import LogForm
from registry.web.shared.access import person
from registry.web.shared.forms import ReasonForm
from registry.web.shared.four_eyes import waits
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked

ROWS_SHOWN = 50
SIGN_INS = frozenset({"accountentry"})
"""Shown to auditors and administrators only: when and from where colleagues sign in."""


@needs(READS_LOG)
def log(request: HttpRequest) -> HttpResponse:
    """Every change of every tracked table; filtered by table, person and day."""
    hidden = frozenset() if can_see_sign_ins(request.user) else SIGN_INS
    form = LogForm(request.GET, hidden=hidden)
    chosen = form.cleaned_data if form.is_valid() else {}
    person = chosen.get("person")
    asked = LogFilter(
        table=chosen.get("table", ""),
        person=person.pk if person else None,
        day=chosen.get("day"),
        hidden=hidden,
    )
    context = {**_page(request, asked), "form": form, "section": "log"}
    return render(request, "pages/office/log.html", context, status=200 if form.is_valid() else 422)


def _page(request: HttpRequest, asked: LogFilter) -> dict[str, Any]:
    number = max(page_asked(request.GET), 1)
    rows, total = entries(asked, offset=(number - 1) * ROWS_SHOWN, limit=ROWS_SHOWN)
    pages = Paginator(range(total), ROWS_SHOWN)
    return {
        "rows": rows,
        "count": total,
        "pager": pager(request.GET, number, pages.num_pages),
    }


@needs(READS_LOG)
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that happened to one record; two versions of one row are compared."""
    enterprise = get_object_or_404(Enterprise, public_id=public_id)
    table, row = request.GET.get("table", ""), whole_number(request.GET.get("row", ""))
    is_one_row = table in tracked_by_code() and row is not None
    asked = LogFilter(
        enterprise=enterprise.pk,
        table=table if is_one_row else "",
        row=row if is_one_row else None,
    )
    compared = None
    one, other = whole_number(request.GET.get("a", "")), whole_number(request.GET.get("b", ""))
    if is_one_row and row is not None and one is not None and other is not None:
        compared = compare(table, row, *sorted((one, other)))
    context = {
        **_page(request, asked),
        "enterprise": enterprise,
        "table": table if is_one_row else "",
        "row": row if is_one_row else None,
        "compared": compared,
        "a": one,
        "b": other,
        "section": "log",
    }
    return render(request, "pages/office/history.html", context)


@needs(READS_LOG)
def restore(request: HttpRequest, table: str, event: int) -> HttpResponse:
    """Take one change back, or write a row as it stood after it; as a new change."""
    model, events = tracked_by_code().get(table, (None, None))
    if model is None or events is None or model not in CORRECTABLE:
        raise Http404
    if not request.user.has_perm(f"registry.change_{table}"):
        raise PermissionDenied
    recorded = get_object_or_404(events, pgh_id=event)
    (entry,), _total = entries(LogFilter(table=table, event=event), offset=0, limit=1)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        how = "version" if request.POST.get("how") == "version" else "change"
        payload = {"table": table, "event": event, "how": how}
        reason = form.cleaned_data["reason"]
        try:
            answer = ask(kind="take-back", payload=payload, reason=reason, by=person(request))
        except ChangedSince:
            form.add_error(None, CHANGED_AGAIN)
        except CannotTakeBack as refused:
            form.add_error(None, WHY_NOT_TAKEN_BACK[refused.code])
        except AlreadyWaiting as problem:
            form.add_error(None, str(problem))
        else:
            if answer.proposal:
                return waits(request, answer.proposal)
            messages.success(request, _("Done, and recorded as a new change with its reason."))
            return redirect(_history_of(recorded) or reverse("log"))
    context = {"entry": entry, "form": form, "back": _history_of(recorded), "section": "log"}
    return render(request, "pages/office/change.html", context, status=422 if form.errors else 200)


def _history_of(recorded: Any) -> str:
    """The address of the history that this change belongs to; empty if it has none."""
    is_enterprise = recorded.pgh_tracked_model is Enterprise
    pk = recorded.pgh_obj_id if is_enterprise else getattr(recorded, "enterprise_id", 0)
    owner = Enterprise.objects.filter(pk=pk).first()
    return reverse("history", args=[owner.public_id]) if owner else ""
