"""One thing done to all of a list: first shown, then done, and only to what was shown."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registry.accounts.models import User
from registry.accounts.permissions import can_confirm_records, can_open_desk
from registry.certifications.queries import can_be_asked_for
from registry.enterprises.actions import ConfirmationRefused
from registry.enterprises.permissions import OutsideArea
from registry.reference.models import Sector
from registry.web.shared.access import only_for
from registry.web.worklists.lists import asked_for
from registry.worklists.actions import MOST_AT_ONCE, Refused, change_all
from registry.worklists.sheets import Sheet, mark_of

NAMES_SHOWN = 200
THINGS = {
    "take": _("Take them on: I am in charge"),
    "give-back": _("Give them back: nobody is in charge"),
    "confirm": _("Confirm the records for today"),
    "sector": _("Add a sector"),
    "look-again": _("Ask to verify their certificates again"),
}


class BulkForm(forms.Form):
    """What is done to all of the list, and why."""

    use_required_attribute = False
    what = forms.ChoiceField(
        label=_("What is to be done"),
        choices=list(THINGS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is to be done.")},
    )
    sector = forms.ModelChoiceField(
        label=_("Sector"),
        queryset=Sector.objects.order_by("position", "code"),
        to_field_name="code",
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason.")},
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("what") == "sector" and not said.get("sector"):
            self.add_error("sector", _t("Choose a sector."))
        return said


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_open_desk, can_confirm_records)
def bulk(request: HttpRequest) -> HttpResponse:
    """The preview names every record; writing refuses where the list is no longer that one."""
    asked = asked_for(request)
    form = BulkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and written(request, asked, form):
        return redirect(f"{reverse('worklist')}?{asked.query}")
    rows = asked.rows.in_name_order()
    count = asked.rows.count()
    context = {
        "sheet": asked,
        "form": form,
        "count": count,
        "rows": rows[:NAMES_SHOWN],
        "more": max(count - NAMES_SHOWN, 0),
        "looked_at": can_be_asked_for(asked.rows.order_by().values("pk"), asked.on).count(),
        "mark": mark_of(asked.rows) if count <= MOST_AT_ONCE else "",
        "most": MOST_AT_ONCE,
    }
    status = 422 if form.errors else 200
    return render(request, "pages/worklists/bulk.html", context, status=status)


def written(request: HttpRequest, asked: Sheet, form: BulkForm) -> bool:
    """Whether it was done; otherwise the form says why not, and nothing was written."""
    said = form.cleaned_data
    try:
        count = change_all(
            rows=asked.rows,
            mark=request.POST.get("mark", ""),
            what=said["what"],
            sector=said["sector"].code if said["sector"] else "",
            reason=said["reason"],
            by=cast(User, request.user),
        )
    except (Refused, OutsideArea) as refused:
        form.add_error(None, str(refused))
    except ConfirmationRefused:
        form.add_error(None, _t("At least one record cannot be confirmed for today."))
    else:
        if said["what"] == "look-again":
            text = _t("Asked to verify again: %(count)s certificates.") % {"count": count}
            messages.success(request, text)
            return True
        words = ngettext("%(count)s record changed.", "%(count)s records changed.", count)
        messages.success(request, words % {"count": count})
        return True
    return False
