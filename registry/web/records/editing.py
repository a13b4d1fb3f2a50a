"""Editing a record of the register, and what happens when two do so at once."""

from __future__ import annotations

import dataclasses as dc
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from registry.accounts.permissions import can_see_contacts
from registry.desk.log import Entry, LogFilter, entries
from registry.enterprises.enums import SizeClass
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import OutsideArea, can_write_enterprise
from registry.records.actions import (
    RecordChanged,
    RecordRefused,
    drop_drafts,
    edit_record,
    save_draft,
)
from registry.records.content import Content, content_of
from registry.records.differences import clashes, differences, merged
from registry.records.models import Draft
from registry.records.permissions import can_change_records
from registry.web.records.meanwhile import Shown, asked, carried, given_up, undecided
from registry.web.records.page import (
    RecordPage,
    as_typed,
    kept,
    signed,
    unsigned,
    with_row_added,
)
from registry.web.records.registering import METHODS, saved_at
from registry.web.records.rows import FORMS
from registry.web.records.words import PlaceWords
from registry.web.shared.access import only_for, person
from registry.web.shared.problems import says_problems


@says_problems
@only_for(can_change_records)
@require_http_methods(METHODS)
@sensitive_post_parameters()
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form of a record; saved only over what was opened."""
    enterprise = get_object_or_404(Enterprise, public_id=public_id)
    if not can_write_enterprise(request.user, enterprise):
        raise PermissionDenied(_("This record lies outside of your area."))
    if enterprise.merged_into:
        return redirect("record-edit", enterprise.merged_into.public_id)
    return Editing(request, enterprise).answer()


@only_for(can_change_records)
@require_POST
def drop_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw away what one has typed over a record and not saved."""
    enterprise = get_object_or_404(Enterprise, public_id=public_id)
    drop_drafts(enterprise_id=enterprise.pk, by=person(request))
    messages.success(request, _("The draft is thrown away."))
    return redirect("record-edit", public_id)


@dc.dataclass
class Editing:
    """One request to the form of one record."""

    request: HttpRequest
    enterprise: Enterprise

    def answer(self) -> HttpResponse:
        data = self.request.POST
        if self.request.method != "POST":
            return self._opened()
        base, known = unsigned(data.get("base", ""), self.enterprise.pk)
        if {"autosave", "draft"} & data.keys():
            return self._keep(data)
        added = next((name[4:] for name in data if name.startswith("add_")), "")
        if added:
            page = self._page(base, typed=with_row_added(data, added))
            return self._shown(page, data["base"], opened=added)
        page, clashes_asked = self._page(base, posted=data), asked(data)
        is_valid = page.is_valid()
        if not clashes_asked and page.changes_nothing():
            return self._left_alone()
        if not is_valid or undecided(clashes_asked):
            return self._shown(page, data["base"], status=422, clashes=clashes_asked)
        content = page.content()
        if clashes_asked:
            content = merged(base, content, base, given_up(clashes_asked))
        return self._save(page, content, base, known)

    def _page(self, base: Content, **how: Any) -> RecordPage:
        may_add_contacts = can_see_contacts(self.request.user)
        tables = tuple(name for name in FORMS if name != "contacts" or may_add_contacts)
        return RecordPage(base=base, is_new=False, tables=tables, **how)

    def _opened(self) -> HttpResponse:
        """The record as it stands, or the draft of it where that is asked for."""
        draft = Draft.objects.filter(by=person(self.request), enterprise=self.enterprise).first()
        if draft and "draft" in self.request.GET:
            typed = as_typed(draft.data)
            base, _at = unsigned(typed.get("base", ""), self.enterprise.pk)
            return self._shown(self._page(base, typed=typed), str(typed["base"]), draft=draft)
        base = content_of(self.enterprise)
        return self._shown(
            self._page(base), signed(base, self.enterprise.pk, self._changes(0)[1]), waiting=draft
        )

    def _keep(self, data: QueryDict) -> HttpResponse:
        draft = save_draft(
            data=kept(data), enterprise_id=self.enterprise.pk, by=person(self.request)
        )
        url = reverse("record-edit", args=[self.enterprise.public_id]) + "?draft=1"
        if "autosave" in data:
            return JsonResponse({"url": url, "said": saved_at(draft)})
        messages.success(self.request, saved_at(draft))
        return redirect(url)

    def _save(self, page: RecordPage, content: Content, base: Content, known: int) -> HttpResponse:
        try:
            saved = edit_record(
                enterprise_id=self.enterprise.pk,
                content=content,
                base=base,
                reason=page.reason(),
                by=person(self.request),
            )
        except RecordChanged as changed:
            return self._meanwhile(base, content, changed.theirs, known)
        except (RecordRefused, OutsideArea) as refused:
            page.form.add_error(None, getattr(refused, "message", str(refused)))
            return self._shown(page, self.request.POST["base"], status=422)
        if saved.is_nothing:
            return self._left_alone()
        drop_drafts(enterprise_id=self.enterprise.pk, by=person(self.request))
        messages.success(self.request, _("Saved: %(name)s") % {"name": content["fields"]["name"]})
        return redirect("history", self.enterprise.public_id)

    def _left_alone(self) -> HttpResponse:
        """Nothing is written, and a draft that waits beside is not of this form."""
        messages.info(self.request, _("Nothing was changed, so nothing was written."))
        return redirect("history", self.enterprise.public_id)

    def _meanwhile(self, base: Content, mine: Content, theirs: Content, known: int) -> HttpResponse:
        """Others wrote since this form was opened: what they changed, and both sides of a clash."""
        words = PlaceWords(base, mine, theirs)
        both = clashes(base, mine, theirs)
        places = {clash.path for clash in both} | {clash.path[:3] for clash in both}
        only_theirs = [
            one
            for one in differences(base, theirs)
            if one.path not in places and one.path[:3] not in places
        ]
        page = self._page(theirs, shown=merged(base, mine, theirs))
        latest, now = self._changes(100)
        newer = latest[: max(now - known, 0)]
        context: dict[str, Any] = {
            "clashes": [{**words.clash(clash), "takes": ""} for clash in both],
            "meanwhile": [words.difference(one) for one in only_theirs],
            "writers": sorted({one.person for one in newer if one.person}),
        }
        page.asked.initial["reason"] = self.request.POST.get("reason", "")
        token = signed(theirs, self.enterprise.pk, now)
        return self._shown(page, token, status=409, **context)

    def _changes(self, limit: int) -> tuple[list[Entry], int]:
        """The latest changes of the record in the log, and how many there are."""
        return entries(LogFilter(enterprise=self.enterprise.pk), offset=0, limit=limit)

    def _shown(
        self, page: RecordPage, base: str, *, status: int = 200, opened: str = "", **more: Any
    ) -> HttpResponse:
        context = {
            "page": page,
            "base": base,
            "enterprise": self.enterprise,
            "opened": opened,
            "clashes": [],
            "meanwhile": [],
            "writers": [],
            "draft": None,
            "waiting": None,
            "held": self._held(),
            **more,
        }
        context["carried"] = carried(context["clashes"])
        context["problems"] = self._problems(page, context["clashes"]) if status == 422 else []
        return render(self.request, "pages/records/edit.html", context, status=status)

    def _problems(self, page: RecordPage, clashes: Shown) -> list[tuple[str, str]]:
        left = [
            (anchor, _("%(place)s: choose whose value stays.") % {"place": one["label"]})
            for anchor, one in undecided(clashes)
        ]
        return left + page.problems()

    def _held(self) -> dict[str, Any]:
        """What the form adds to and does not show: certificates, and how many persons."""
        certificates = self.enterprise.certificates.select_related("scheme", "edition")  # type: ignore[attr-defined]
        sized = Enterprise.objects.filter(pk=self.enterprise.pk).with_size(timezone.localdate())
        size = sized.values_list("size", flat=True).first()  # type: ignore[misc]
        return {
            "size": SizeClass(size).label if size else _("not known"),
            "certificates": certificates.order_by("scheme__name", "-valid_until", "pk"),
            "contacts": self.enterprise.contacts.count(),
        }
