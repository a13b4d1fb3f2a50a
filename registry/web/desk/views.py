"""The queues of the desk, and confirming a record."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.accounts.models import User
from registry.accounts.permissions import can_confirm_records, can_open_desk, can_verify
from registry.certifications.enums import Rung
from registry.certifications.queries import with_rung
from registry.core.days import latest_before
from registry.desk.queues import QUEUES, Queue, waiting_rows, with_work_shown
from registry.enterprises.actions import ConfirmationRefused, confirm_record
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import refuse_outside_area
from registry.reference.models import Sector, Ward
from registry.web.desk.area import own_area
from registry.web.shared.access import only_for, person
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked
from registry.web.worklists.allowed import can_take_work
from registry.worklists.queries import targets, with_person

ROWS_SHOWN = 50
LONGEST_REASON = 300


@require_safe
@only_for(can_open_desk)
def desk_queue(request: HttpRequest, code: str) -> HttpResponse:
    """One queue, the longest waiting first, by sector and ward where asked."""
    if code not in QUEUES:
        raise Http404
    on = timezone.localdate()
    queue = QUEUES[code]
    chosen = {name: [request.GET[name]] for name in ("sector", "ward") if request.GET.get(name)}
    area = own_area(request, person(request))
    rows = with_person(waiting_rows(queue, on, chosen, area.within), kind=queue.kind)
    is_mine = request.GET.get("mine") == "1"
    if is_mine:
        rows = rows.filter(person_id=request.user.pk)
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    shown = with_work_shown(queue, with_rung(rows, on) if queue.kind == "certificate" else rows)
    first = max(page.start_index() - 1, 0)
    context = {
        "on": on,
        "queue": queue,
        "area": area,
        "count": pages.count,
        "rows": with_names([work(queue, row, on) for row in shown[first : page.end_index()]]),
        "is_mine": is_mine,
        "target": (target := targets().get(code)),
        "late_since": latest_before(on, target) if target else None,
        "may_take": can_take_work(request.user),
        "me": request.user,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "chosen": {name: values[0] for name, values in chosen.items()},
        "sectors": Sector.objects.order_by("position", "code"),
        "wards": Ward.objects.order_by("name", "code"),
        "may_verify": can_verify(request.user),
        "may_confirm": can_confirm_records(request.user),
    }
    return render(request, "pages/desk/queue.html", context)


def work(queue: Queue, row: Any, on: dt.date) -> dict[str, Any]:
    """A row of a queue as its page shows it."""
    return {
        "row": row,
        "enterprise": row if queue.kind == "enterprise" else row.enterprise,
        "rung": Rung(row.rung) if queue.kind == "certificate" else None,
        "since": row.waits_since,
        "age": age(row.waits_since, on),
        "kind": queue.kind,
        "pk": row.pk,
        "person": row.person_id,
    }


def with_names(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the name of who is in charge; one query for all rows."""
    people = User.objects.in_bulk({row["person"] for row in rows} - {None})
    for row in rows:
        held_by = people.get(row["person"])
        row["person_name"] = held_by.desk_name if held_by else ""
    return rows


def age(since: dt.date | None, on: dt.date) -> int | None:
    """Whole days since then; fewer than 0 for a day to come."""
    return None if since is None else (on - since).days


@only_for(can_open_desk, can_confirm_records)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer says how they know that a record is true today; then the queue again."""
    enterprise = get_object_or_404(Enterprise, pk=pk)
    refuse_outside_area(cast(User, request.user), [enterprise.pk])
    context = {"enterprise": enterprise, "problem": ""}
    if request.method != "POST":
        return render(request, "pages/desk/confirm.html", context)
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    problem, by = "", cast(User, request.user)
    if not reason:
        problem = _("Say how the record was confirmed.")
    else:
        try:
            confirm_record(enterprise=enterprise, by=by, on=timezone.localdate(), reason=reason)
        except ConfirmationRefused:
            problem = _("This record cannot be confirmed for today.")
    if problem:
        context["problem"] = problem
        return render(request, "pages/desk/confirm.html", context, status=422)
    messages.success(request, _("Confirmed for today: %(name)s") % {"name": enterprise.name})
    return redirect(reverse("desk-queue", args=["to-confirm"]))
