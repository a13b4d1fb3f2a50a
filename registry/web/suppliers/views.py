"""The list of suppliers and the profile of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from registry.accounts.permissions import can_confirm_records, can_see_contacts
from registry.search.filters import EnterpriseFilter
from registry.search.queries import public_register, search
from registry.supply.queries import open_today
from registry.support.permissions import can_keep_support
from registry.support.queries import incentives_held, support_received
from registry.web.programme.asked import point_asked, query_of
from registry.web.shared.pager import pager
from registry.web.shared.problems import address, hidden_inputs, page_asked, says_problems
from registry.web.suppliers.consent import contacts_today
from registry.web.suppliers.finder import (
    SORT_LABELS,
    VIEWS,
    chips,
    facet_groups,
    relaxations,
    sorts_offered,
)
from registry.web.suppliers.profile import enterprise_of, is_code, profile


def suppliers(request: HttpRequest) -> HttpResponse:
    """Search, facets and results; every state is an address."""
    on = timezone.localdate()
    asked = EnterpriseFilter(request.GET, queryset=public_register(on), on=on)
    chosen = asked.chosen
    # What cannot be read finds nothing, rather than everything.
    searched = public_register(on).none() if asked.form.errors else public_register(on)
    sort = request.GET.get("sort", "")
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    results = search(searched, chosen, on=on, sort=sort, page=page_asked(request.GET))
    active = chips(request.GET, chosen, results.facets)
    context = {
        "results": results,
        "form": asked.form,
        "q": chosen.get("q", ""),
        "groups": facet_groups(results.facets),
        "chips": active,
        "filter_count": sum(1 for chip in active if chip.name != "q"),
        "relaxations": relaxations(request.GET, results, active),
        "sort": sort if sort in SORT_LABELS else "",
        "sorts": sorts_offered(chosen),
        "view": view,
        "view_urls": {name: address(request.GET, view=name) for name in VIEWS},
        "hidden_for_facets": hidden_inputs(request.GET, keep=("q", "sort", "view")),
        "hidden_for_search": hidden_inputs(request.GET, leave_out=("q", "page")),
        "hidden_for_sort": hidden_inputs(request.GET, leave_out=("sort", "page")),
        "pager": pager(request.GET, results.page, results.pages),
        "on": on,
        "edit_url": edit_url(request),
    }
    return render(request, "pages/suppliers.html", context)


def edit_url(request: HttpRequest) -> str:
    """Address of the rows found as a workbook to edit and load again; for officers only."""
    if not can_confirm_records(request.user):
        return ""
    return reverse("imports-export") + address(request.GET, sort=None, view=None)


@says_problems
def supplier(request: HttpRequest, public_id: str) -> HttpResponse:
    """One enterprise: what it can do, what proves it, what is not known.

    Also at a point of the past: ``?on=2026-06-30&known=2026-07-05&rule=2``.
    """
    if not is_code(public_id):
        raise Http404
    point, today = point_asked(request.GET), timezone.localdate()
    query = query_of(point)
    present = contacts_today(public_id)
    told = None if point.known is None else open_today()
    with point.looked_from() as rule:
        enterprise = enterprise_of(public_id, point.on)
        if query and (enterprise is None or enterprise.registered_on > point.on):
            # The same words whether it came later or never: nothing is told of what came.
            context = {"public_id": public_id, "point": point}
            return render(request, "pages/supplier/not_then.html", context, status=404)
        if enterprise is None:
            raise Http404
        if enterprise.merged_into and enterprise.merged_on and enterprise.merged_on <= point.on:
            heir = reverse("supplier", args=[enterprise.merged_into.public_id])
            return redirect(heir + query, permanent=not query)
        # Beyond their consent contact persons are read in the office, where it is kept.
        context = {
            "profile": profile(
                enterprise, on=point.on, rule=rule, today=today, present=present, told=told
            ),
            "on": point.on,
            "point": point,
            "query": query,
            "sees_contacts": can_see_contacts(request.user),
            "support": support_received(enterprise, point.on),
            "incentives": incentives_held(enterprise, point.on),
            "keeps_support": can_keep_support(request.user),
            "sees_extra": can_confirm_records(request.user),
        }
        return render(request, "pages/supplier.html", context)
