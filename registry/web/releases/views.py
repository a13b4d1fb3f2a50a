"""Releases for everybody to read; prepared by one officer, approved by another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from registry.dashboard.figures import all_figures
from registry.dashboard.points import Point
from registry.plans.models import CountingRule
from registry.releases.actions import (
    AlreadyApproved,
    DraftRule,
    NoName,
    NoRule,
    NotGoneBy,
    SamePerson,
    approve_release,
    prepare_release,
    withdraw_release,
)
from registry.releases.models import Release
from registry.web.programme.asked import point_asked, query_of
from registry.web.programme.panels import bridge_url, list_url
from registry.web.releases.archive import archive, file_name
from registry.web.shared.access import person
from registry.web.shared.files import file_answer
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked, says_problems

ROWS_SHOWN = 50
NAMELESS = _lazy(
    "A release names the two people who answer for it, and your name is not recorded: "
    "an administrator can enter it."
)


def visible(request: HttpRequest) -> Any:
    """Approved ones for everybody; prepared ones for those who prepare or approve."""
    rows = Release.objects.select_related("prepared_by", "approved_by", "rule")
    user = request.user
    if user.has_perm("registry.add_release") or user.has_perm("registry.approve_release"):
        return rows
    return rows.filter(approved_at__isnull=False)


def releases(request: HttpRequest) -> HttpResponse:
    """All releases, the newest day first."""
    rows = visible(request).defer("payload").order_by("-on", "-pk")
    context = {
        "releases": rows,
        "rules": [rule for rule in CountingRule.objects.order_by("version") if not rule.is_draft],
        "today": timezone.localdate(),
        "may_prepare": request.user.has_perm("registry.add_release"),
    }
    return render(request, "pages/releases/releases.html", context)


def release_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Each figure as published beside the same one as corrected since."""
    release = get_object_or_404(visible(request), pk=pk)
    point = Point(on=release.on, known=release.known_at, version=release.rule.version)
    now = Point(on=release.on, version=release.rule.version)
    corrected = {
        one.indicator.code: one
        for one in all_figures(release.on, rule=release.rule, with_slices=False)
    }
    rows = []
    for one in release.payload["figures"]:
        today = corrected.get(one["indicator"])
        published = None if one["value"] is None else Decimal(one["value"])
        value = None if today is None or today.value is None else Decimal(today.value)
        rows.append(
            {
                "code": one["indicator"],
                "name": _said(one["name"]),
                "published": published,
                "corrected": value,
                "is_share": one["unit"] == "%",
                "difference": None if value is None or published is None else value - published,
                "now_url": list_url(one["indicator"], now) if today else "",
                "bridge_url": bridge_url(one["indicator"], point, now) if today else "",
            }
        )
    user = request.user
    context = {
        "release": release,
        "rows": rows,
        "clauses": _said(release.payload["rule"]["clauses"]),
        "may_approve": release.approved_at is None and user.has_perm("registry.approve_release"),
        "may_withdraw": release.approved_at is None and user.has_perm("registry.add_release"),
    }
    return render(request, "pages/releases/release.html", context)


def _said(words: dict[str, Any]) -> Any:
    return words["en" if (get_language() or "vi").startswith("en") else "vi"]


def release_list(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The list behind a figure, as it was published."""
    release = get_object_or_404(visible(request), pk=pk)
    if code not in release.payload["lists"]:
        raise Http404
    pages = Paginator(release.payload["lists"][code], ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    name = next(one["name"] for one in release.payload["figures"] if one["indicator"] == code)
    context = {
        "release": release,
        "name": _said(name),
        "query": query_of(
            Point(on=release.on, known=release.known_at, version=release.rule.version)
        ),
        "count": pages.count,
        "rows": page.object_list,
        "pager": pager(request.GET, page.number, pages.num_pages),
    }
    return render(request, "pages/releases/list.html", context)


def release_download(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything as one ZIP file."""
    release = get_object_or_404(visible(request), pk=pk)
    return file_answer(archive(release), "application/zip", file_name(release))


@login_required
@permission_required("registry.add_release", raise_exception=True)
@require_POST
@says_problems
def release_prepare(request: HttpRequest) -> HttpResponse:
    """Close a period: freeze its figures, waiting for the second person."""
    point = point_asked(request.POST)
    period = request.POST.get("period", "").strip()[:80]
    if not period:
        messages.error(request, _("Name the period."))
        return redirect("releases")
    try:
        made = prepare_release(
            on=point.on,
            known=point.known,
            version=point.version,
            period=period,
            by=person(request),
        )
    except NoRule:
        messages.error(request, _("There is no such counting rule."))
    except DraftRule:
        messages.error(
            request, _("This version of the rule is a draft that nobody approved: choose another.")
        )
    except NoName:
        messages.error(request, NAMELESS)
    except NotGoneBy:
        messages.error(request, _("A release can only close a day and a moment gone by."))
    else:
        messages.success(request, _("Prepared. Another person must approve it."))
        return redirect("release", made.pk)
    return redirect("releases")


@login_required
@permission_required("registry.approve_release", raise_exception=True)
@require_POST
def release_approve(request: HttpRequest, pk: int) -> HttpResponse:
    release = get_object_or_404(Release, pk=pk)
    try:
        approve_release(release=release, by=person(request))
    except DraftRule:
        messages.error(request, _("Counted by a draft of the rule that nobody approved."))
    except NoName:
        messages.error(request, NAMELESS)
    except SamePerson:
        messages.error(request, _("Who prepared a release cannot approve it."))
    except AlreadyApproved:
        messages.error(request, _("This release is approved already and can never change."))
    else:
        messages.success(request, _("Approved. It can never change now."))
    return redirect("release", pk)


@login_required
@permission_required("registry.add_release", raise_exception=True)
@require_POST
def release_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    release = get_object_or_404(Release, pk=pk)
    try:
        withdraw_release(release=release, by=person(request))
    except AlreadyApproved:
        messages.error(request, _("This release is approved already and can never change."))
        return redirect("release", pk)
    messages.success(request, _("Withdrawn."))
    return redirect("releases")
