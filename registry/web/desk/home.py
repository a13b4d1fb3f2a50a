"""The desk's home: everything that waits, with its count, its age and what is late."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from registry.accounts.models import User
from registry.accounts.permissions import can_load_lists, can_open_desk
from registry.approvals.queries import waiting_proposals, waiting_rules
from registry.core.days import latest_before
from registry.desk.crosschecks import open_questions
from registry.desk.duplicates import candidates
from registry.desk.queues import QUEUES, RELATIONS_TO_VERIFY, waiting, waiting_rows
from registry.imports.models import ImportBatch
from registry.records.permissions import can_enter_records, can_see_applications
from registry.records.queries import (
    applications_in,
    applications_sent_back,
    applications_to_decide,
)
from registry.web.desk.area import OwnArea, own_area
from registry.web.shared.access import only_for, person
from registry.web.shared.problems import address
from registry.worklists.models import Assignment, SavedView
from registry.worklists.queries import paused, targets, with_person
from registry.worklists.sheets import PERSON, sheet


@dc.dataclass(frozen=True)
class Work:
    """A heap of work: how much, since when, in how many working days it should be done and
    how much of it is late. None where that is not known or not asked; ``count_url`` gives
    the count of what takes a second to find."""

    code: str
    name: Any
    rule: Any
    url: str
    count: int | None
    first: dt.date | None = None
    since_label: Any = ""
    age: int | None = None
    target: int | None = None
    late: int | None = None
    count_url: str = ""


@require_safe
@only_for(can_open_desk)
def desk(request: HttpRequest) -> HttpResponse:
    """All that waits today, one's own work and views, and whether the intake is paused."""
    on, me = timezone.localdate(), cast(User, request.user)
    goals, area = targets(), own_area(request, me)
    mine = Assignment.objects.in_force().filter(person=me)
    sums = mine.aggregate(
        certificates=Count("certificate"),
        enterprises=Count("enterprise"),
    )
    relations = with_person(
        waiting_rows(QUEUES[RELATIONS_TO_VERIFY], on, within=area.within), kind="relation"
    )
    views = SavedView.objects.visible_to(me).select_related("owner")
    context = {
        "on": on,
        "area": area,
        "works": [*queues(on, goals, area), *others(me, on, goals, area)],
        "views": [(view, sheet(view.query, on).rows.count()) for view in views],
        "mine": {**sums, "relations": relations.filter(person_id=me.pk).count()},
        "relations_url": reverse("desk-queue", args=[RELATIONS_TO_VERIFY])
        + address(request.GET, mine="1"),
        "mine_query": f"{PERSON}={me.pk}",
        "me": me,
        "may_enter": can_enter_records(me),
        "paused": paused(on),
    }
    return render(request, "pages/desk/home.html", context)


@require_safe
@only_for(can_open_desk)
def count(request: HttpRequest, code: str) -> HttpResponse:
    """How many there are of what is found by comparing the whole register."""
    if code not in ("duplicates", "questions"):
        raise Http404
    area = own_area(request, person(request))
    if code == "duplicates":
        count = len(area.of(candidates(), lambda one: [one.first, one.second]))
    else:
        asked = open_questions(timezone.localdate())
        count = len(area.of(asked, lambda one: [one.enterprise_id]))
    return render(request, "pages/desk/count.html", {"count": count})


def queues(on: dt.date, goals: dict[str, int], area: OwnArea) -> list[Work]:
    """The queues of certificates, supply relations and enterprises."""
    found = []
    for one in waiting(on, area.within):
        code = one.queue.code
        target = goals.get(code)
        late = None
        if target:
            rows = waiting_rows(QUEUES[code], on, within=area.within)
            late = rows.filter(waits_since__lte=latest_before(on, target)).count()
        found.append(
            Work(
                code,
                one.queue.name,
                one.queue.rule,
                reverse("desk-queue", args=[code]) + area.query,
                one.count,
                one.first,
                one.queue.since_label,
                _age(one.first, on),
                target,
                late,
            )
        )
    return found


def others(me: User, on: dt.date, goals: dict[str, int], area: OwnArea) -> list[Work]:
    """What is decided elsewhere than in a queue."""
    waiting_here = waiting_proposals().within(area.within)
    proposals = _days(waiting_here.values_list("proposed_at", flat=True))
    found = [
        _dated(
            "proposals",
            _("For a second person"),
            _("Decisions that another person than the one who proposed them approves."),
            reverse("proposals") + area.query,
            proposals,
            on,
            goals,
            rules=len(waiting_rules()),
        )
    ]
    if can_load_lists(me):
        open_ones = ImportBatch.objects.filter(status__in=["uploaded", "planned"])
        days = _days(open_ones.values_list("uploaded_at", flat=True))
        words = _("Lists from offices whose accepted rows are not written yet.")
        found.append(
            _dated("imports", _("Lists in review"), words, reverse("imports"), days, on, goals)
        )
    if can_see_applications(me):
        found += applications(me, on, goals, area)
    found.append(
        Work(
            "duplicates",
            _("Possible duplicates"),
            _("Pairs of records that may be of one enterprise."),
            reverse("duplicates") + area.query,
            count=None,
            count_url=reverse("desk-count", args=["duplicates"]) + area.query,
        )
    )
    found.append(
        Work(
            "questions",
            _("Questions"),
            _("What looks strange and nobody has explained yet."),
            reverse("questions") + area.query,
            count=None,
            count_url=reverse("desk-count", args=["questions"]) + area.query,
        )
    )
    return found


def applications(me: User, on: dt.date, goals: dict[str, int], area: OwnArea) -> list[Work]:
    """Enterprises that ask to be registered, and what came back to oneself."""
    url = reverse("applications") + area.query
    here = applications_in(applications_to_decide(), area.narrowed_to)
    waiting_since = here.values_list("submitted_at", flat=True)
    came_back = applications_sent_back(me).values_list("decided_at", flat=True)
    to_decide = _("Enterprises to register: handed in, and not decided yet.")
    to_mend = _("Applications of mine that were sent back with a reason.")
    return [
        _dated(
            "applications",
            _("Applications to decide"),
            to_decide,
            url,
            _days(waiting_since),
            on,
            goals,
        ),
        _dated("sent-back", _("Sent back to me"), to_mend, url, _days(came_back), on, goals),
    ]


def _days(moments: Iterable[dt.datetime | None]) -> list[dt.date]:
    return [timezone.localdate(moment) for moment in moments if moment]


def _dated(
    code: str,
    name: Any,
    rule: Any,
    url: str,
    days: list[dt.date],
    on: dt.date,
    goals: dict[str, int],
    rules: int = 0,
) -> Work:
    first, target = min(days, default=None), goals.get(code)
    late = sum(day <= latest_before(on, target) for day in days) if target else None
    label = _("Waiting since") if days else ""
    return Work(
        code, name, rule, url, len(days) + rules, first, label, _age(first, on), target, late
    )


def _age(since: dt.date | None, on: dt.date) -> int | None:
    return None if since is None else (on - since).days
