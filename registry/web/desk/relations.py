"""One supply relation beside what else is known: what came of the look, then the next one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from registry.accounts.models import User
from registry.accounts.permissions import can_open_desk, can_verify_relations
from registry.approvals.queries import waiting_about
from registry.approvals.relation_kinds import key_of
from registry.certifications.enums import Rung
from registry.certifications.models import Certificate
from registry.certifications.queries import with_rung
from registry.desk.queues import ASK_AGAIN_MONTHS, QUEUES, RELATIONS_TO_VERIFY, next_in
from registry.enterprises.permissions import can_write_enterprise, is_in_area
from registry.supply.actions import mark_of
from registry.supply.models import SupplyRelation
from registry.supply.queries import beside, looks_at, of_the_same_buyer
from registry.visits.models import Visit
from registry.web.desk.area import within_own
from registry.web.desk.looking import onward, recorded
from registry.web.shared.access import only_for, person
from registry.web.shared.forms import day_field, mark_kept, problems_of

OTHERS_SHOWN = 10


class ProofForm(forms.Form):
    """What the officer saw, or why there was nothing that holds."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[("verified", _("Verified")), ("unverified", _("Could not be verified"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    proof = forms.ChoiceField(
        label=_("Proof seen"),
        choices=SupplyRelation.Proof.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    seen = forms.CharField(
        label=_("What was seen"),
        max_length=1000,
        required=False,
        help_text=_("Number and day of the paper, or who of the buyer confirmed it and how."),
    )
    link = forms.CharField(
        label=_("Where it is kept (address)"),
        max_length=500,
        required=False,
        widget=forms.URLInput(),
        help_text=_(
            "Of the file in your office's store. For the desk only, never shown to others."
        ),
    )
    because = forms.CharField(
        label=_("Why it could not be verified"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where it could not."),
    )
    on = day_field(_("Day of the look"))
    reason = forms.CharField(
        label=_("Reason for this change"),
        max_length=300,
        help_text=_("Kept for ever in the history beside who and when."),
        error_messages={"required": _("Say why this is recorded.")},
    )
    mark = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_open_desk)
def verify_relation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the relation; on POST record the look and open the next of the queue."""
    if request.method == "POST" and not can_verify_relations(request.user):
        raise PermissionDenied
    rows = SupplyRelation.objects.select_related("enterprise", "buyer", "plant__province")
    relation = get_object_or_404(rows, pk=pk)
    today = timezone.localdate()
    if request.method != "POST":
        form = ProofForm(initial={"on": today})
        context = shown(person(request), relation, form)
        return render(request, "pages/desk/relation.html", context)
    form = ProofForm(request.POST)
    within = within_own(person(request))
    following = next_in(QUEUES[RELATIONS_TO_VERIFY], relation, today, within)
    by, about = person(request), {"relation": relation.pk}
    answer = recorded(form, kind="verify-relation", about=about, by=by)
    if answer is None:
        context = shown(person(request), relation, form)
        return render(request, "pages/desk/relation.html", context, status=422)
    return onward(
        request,
        answer,
        relation,
        following,
        QUEUES[RELATIONS_TO_VERIFY],
        lambda row: reverse("desk-relation", args=[row.pk]),
    )


def shown(user: User, relation: SupplyRelation, form: ProofForm) -> dict[str, Any]:
    """Everything the page of one relation shows; a fixed number of queries."""
    on = timezone.localdate()
    is_inside = is_in_area(user, relation.enterprise)
    looks = looks_at(relation)
    people = User.objects.in_bulk({look.person for look in looks})
    same = of_the_same_buyer(relation, on)
    current = Certificate.objects.current(on).filter(enterprise=relation.enterprise)
    certificates = with_rung(current, on).select_related("scheme").order_by("scheme__name", "pk")
    mark = mark_kept(form, "mark", lambda: mark_of(relation))
    visits = Visit.objects.filter(enterprise=relation.enterprise).order_by("-on", "-pk")
    return {
        "relation": relation,
        "form": form,
        "kept": [("mark", mark)],
        "problems": problems_of(form, is_named=True),
        "queue": QUEUES[RELATIONS_TO_VERIFY],
        "on": on,
        "is_alive": SupplyRelation.objects.live(on).filter(pk=relation.pk).exists(),
        "looks": [(look, people[look.person].desk_name) for look in looks],
        "others": beside(relation, on),
        "same_buyer": list(same[:OTHERS_SHOWN]),
        "same_buyer_count": same.count(),
        "certificates": [(row, Rung(row.rung)) for row in certificates],
        "visits": list(visits[:3]),
        "proposals": list(waiting_about(key_of(relation.pk))),
        "may_verify": can_verify_relations(user) and is_inside,
        "may_edit": can_write_enterprise(user, relation.enterprise),
        "is_inside": is_inside,
        "months": ASK_AGAIN_MONTHS,
    }
