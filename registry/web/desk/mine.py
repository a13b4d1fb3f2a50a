"""Everything somebody is in charge of, also what waits in no queue any more."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from registry.accounts.permissions import can_open_desk
from registry.desk.queues import QUEUES, Queue
from registry.web.shared.access import only_for, person
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked
from registry.web.worklists.allowed import can_take_work
from registry.worklists.models import Assignment
from registry.worklists.queries import with_person

ROWS_SHOWN = 50
SHOWN = (
    "enterprise", "certificate__enterprise", "certificate__scheme", "certificate__edition",
    "relation__enterprise", "relation__buyer", "relation__plant",
)  # fmt: skip


KINDS = {
    "certificate": _("certificates in my charge"),
    "relation": _("supply relations in my charge"),
    "enterprise": _("enterprises in my charge"),
}


@require_safe
@only_for(can_open_desk)
def mine(request: HttpRequest) -> HttpResponse:
    """What one has taken on and not given back, the longest held first; ``?kind=`` of one kind."""
    on, me = timezone.localdate(), person(request)
    held = Assignment.objects.in_force().filter(person=me).order_by("since", "pk")
    kind = request.GET.get("kind", "")
    if kind in KINDS:
        held = held.filter(**{f"{kind}__isnull": False})
    pages = Paginator(held.select_related(*SHOWN), ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    found = [charge(one, me.pk, me.desk_name) for one in page]
    waits = waiting_in(found, on, me.pk)
    for row in found:
        row["queues"] = waits[row["kind"], row["pk"]]
    context = {
        "rows": found,
        "count": pages.count,
        "heading": KINDS.get(kind, ""),
        "me": me,
        "may_take": can_take_work(me),
        "pager": pager(request.GET, page.number, pages.num_pages),
    }
    return render(request, "pages/desk/mine.html", context)


def charge(one: Assignment, person_id: int, name: str) -> dict[str, Any]:
    """A row of the page; ``kind`` and ``pk`` name what is held."""
    row = one.certificate or one.relation or one.enterprise
    kind = next(k for k in KINDS if getattr(one, f"{k}_id"))
    return {
        "kind": kind,
        "row": row,
        "pk": row.pk,  # type: ignore[union-attr]
        "enterprise": getattr(row, "enterprise", row),
        "since": one.since,
        "person": person_id,
        "person_name": name,
    }


def waiting_in(
    rows: list[dict[str, Any]], on: dt.date, person_id: int
) -> dict[tuple[str, int], list[Queue]]:
    """The queues in which each of them waits; one query for each queue.

    Who holds an enterprise holds its certificates and relations too, save those that somebody
    else has taken on.
    """
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        ids[row["kind"]].add(row["pk"])
    found: dict[tuple[str, int], list[Queue]] = defaultdict(list)
    for queue in QUEUES.values():
        holder = f"{queue.path}pk"
        wanted = Q(pk__in=ids[queue.kind]) | Q(**{f"{holder}__in": ids["enterprise"]})
        waits = with_person(queue.rows(on).filter(wanted), kind=queue.kind)
        held = set()
        for row in waits.filter(person_id=person_id).values("pk", holder):
            held |= {(queue.kind, row["pk"]), ("enterprise", row[holder])}
        for one in held:
            found[one].append(queue)
    return found
