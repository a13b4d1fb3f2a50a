"""People: the list, a new one, and the page of one with all that can be done."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.accounts.actions import NameTaken, NotYourself, create_person
from registry.accounts.enums import Role
from registry.accounts.models import AccountEntry, User
from registry.accounts.permissions import can_manage_people
from registry.accounts.queries import directory_identifier, sessions_of, with_role, with_state
from registry.areas.models import AreaPart
from registry.web.people.acts import ACTS, Act, link_to_set_password
from registry.web.people.forms import NewPersonForm, initial_of
from registry.web.shared.access import only_for
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked

ROWS_SHOWN = 50
ENTRIES_SHOWN = 20


@only_for(can_manage_people)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, the closed ones last."""
    area = AreaPart.objects.select_related("ward", "sector").order_by("pk")
    everybody = with_state(with_role(User.objects.all()), timezone.now())
    rows: Any = everybody.order_by("-is_active", "username").prefetch_related(
        Prefetch("area", area, to_attr="parts")
    )
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    context = {
        "rows": [(row, label_of(row.role)) for row in page],
        "count": pages.count,
        "pager": pager(request.GET, page.number, pages.num_pages),
    }
    return render(request, "pages/people/list.html", context)


def label_of(role: str | None) -> Any:
    return Role(role).label if role else ""


@only_for(can_manage_people)
def new_person(request: HttpRequest) -> HttpResponse:
    """Make an account; its page then gives the link to set a password."""
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
        try:
            person = create_person(**said, by=cast(User, request.user))
        except NameTaken:
            form.add_error("username", _("Somebody has this user name already."))
        else:
            messages.success(request, _("The account is made. Give the person a link now."))
            return redirect(reverse("person", args=[person.pk]) + "#link")
    status = 422 if form.errors else 200
    return render(request, "pages/people/new.html", {"form": form}, status=status)


@only_for(can_manage_people)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "pages/people/person.html", shown(someone(pk)))


@only_for(can_manage_people)
@require_POST
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Do one thing with an account and say so, or show its form again with what is wrong."""
    found = someone(pk)
    if code not in {one.code for one in offered(found)}:
        raise Http404
    doing = ACTS[code]
    form = doing.form(request.POST, auto_id=f"{code}-%s")
    if form.is_valid():
        who = {"reason": form.cleaned_data["reason"], "by": cast(User, request.user)}
        try:
            changed = doing.do(request, found, form, who)
        except NotYourself:
            form.add_error(None, _("Not with your own account: another administrator does this."))
        except NameTaken:
            form.add_error(None, _("Another account has this identifier."))
        else:
            if code == "link":
                context = {"person": found, "link": link_to_set_password(request, found)}
                return render(request, "pages/people/link.html", context)
            said = _("Done: %(act)s.") if changed else _("Nothing was different: %(act)s.")
            messages.success(request, said % {"act": doing.label})
            return redirect("person", pk)
    context = shown(someone(pk), doing, form)
    return render(request, "pages/people/person.html", context, status=422)


def someone(pk: int) -> User:
    return get_object_or_404(with_state(with_role(User.objects.all()), timezone.now()), pk=pk)


def offered(person: Any) -> list[Act]:
    """What can be done with this account now."""
    left_out = {"close" if not person.is_active else "reopen"}
    if not settings.OIDC_ISSUER:
        left_out.add("directory")
    if not person.is_active:
        left_out.add("link")
    return [one for one in ACTS.values() if one.code not in left_out]


def shown(person: Any, tried: Act | None = None, refused: Any = None) -> dict[str, Any]:
    """The page of a person; ``refused`` is the form that did not go through."""
    parts = list(person.area.all())
    known = {
        "last_name": person.last_name, "first_name": person.first_name, "email": person.email,
        "role": person.role, "identifier": directory_identifier(person),
        "wards": [part.ward_id for part in parts if part.ward_id],
        "sectors": [part.sector_id for part in parts if part.sector_id],
    }  # fmt: skip
    forms = [
        (
            one,
            refused
            if one is tried
            else one.form(initial=initial_of(one.code, known), auto_id=f"{one.code}-%s"),
        )
        for one in offered(person)
    ]
    entries = AccountEntry.objects.filter(person=person).select_related("by").order_by("-pk")
    return {
        "person": person,
        "role": label_of(person.role),
        "forms": forms,
        "tried": tried.code if tried else "",
        "refused": refused,
        "session_count": sessions_of(person).count(),
        "entries": entries[:ENTRIES_SHOWN],
    }
