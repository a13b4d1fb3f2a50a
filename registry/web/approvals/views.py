"""What waits for a second person, and one proposal with the decision on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.accounts.models import User
from registry.accounts.permissions import can_open_desk
from registry.approvals import actions
from registry.approvals.deciding import Act
from registry.approvals.kinds import KINDS
from registry.approvals.models import Proposal
from registry.approvals.queries import can_decide, changes_of, waiting_proposals, waiting_rules
from registry.enterprises.permissions import OutsideArea, outside_area
from registry.web.desk.area import own_area
from registry.web.shared.access import only_for
from registry.web.shared.four_eyes import moves
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked

ROWS_SHOWN = 50


class DecisionForm(forms.Form):
    """The second person's yes or no; a no has its reason."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason of the decision"),
        help_text=_("Needed to refuse. Kept for ever in the history."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_safe
@only_for(can_open_desk)
def proposals(request: HttpRequest) -> HttpResponse:
    """All that waits, the longest first; or what was decided, the latest first."""
    is_decided = request.GET.get("show") == "decided"
    rows = waiting_proposals()
    if is_decided:
        decided = Proposal.objects.exclude(outcome="")
        rows = decided.select_related("proposed_by", "decided_by").order_by("-decided_at", "-pk")
    area = own_area(request, cast(User, request.user))
    rows = rows.within(area.within)
    pages = Paginator(rows, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    rules = [] if is_decided else list(waiting_rules())
    on, me = timezone.localdate(), cast(User, request.user)
    foreign = outside_area(me, [one.enterprise_id for one in page if one.enterprise_id])
    context = {
        "rows": [
            {
                "proposal": one,
                "kind": KINDS[one.kind].name,
                "age": (on - timezone.localdate(one.proposed_at)).days,
                "is_mine": one.proposed_by_id == me.pk,
                "may_decide": not one.outcome
                and can_decide(me, one)
                and one.enterprise_id not in foreign,
                "moves": moves(one.moved if one.outcome else one.foreseen),
            }
            for one in page
        ],
        "count": pages.count + len(rules),
        "is_decided": is_decided,
        "rules": rules,
        "area": area,
        "pager": pager(request.GET, page.number, pages.num_pages),
        "section": "proposals",
    }
    return render(request, "pages/approvals/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(can_open_desk)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: what, who, why, what it would move, what changed since; the decision."""
    rows = Proposal.objects.select_related("proposed_by", "decided_by", "enterprise")
    kept = get_object_or_404(rows, pk=pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    does = request.POST.get("do", "")
    effect = None
    if request.method == "POST" and does == "measure":
        effect = measured(kept, cast(User, request.user), form)
    elif request.method == "POST" and form.is_valid() and decided(request, kept, form, does):
        return redirect("proposal", pk)
    status = 422 if form.is_bound and form.errors else 200
    context = shown(kept, cast(User, request.user)) | {"form": form, "effect": effect}
    return render(request, "pages/approvals/proposal.html", context, status=status)


def decided(request: HttpRequest, kept: Proposal, form: DecisionForm, does: str) -> bool:
    """Whether the decision was written; otherwise the form says why not."""
    verbs: dict[str, Callable[..., Proposal]] = {
        "approve": actions.approve,
        "refuse": actions.refuse,
        "withdraw": actions.withdraw,
    }
    reason = form.cleaned_data["reason"].strip()
    if does not in verbs:
        form.add_error(None, _t("Choose one of the buttons."))
    elif does == "refuse" and not reason:
        form.add_error("reason", _t("Say why it is refused."))
    if form.errors:
        return False
    try:
        done = verbs[does](proposal=kept, reason=reason, by=request.user)
    except (actions.ProposalRefused, OutsideArea) as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, f"{_t('Decided')}: {done.get_outcome_display()}")
    return True


def measured(kept: Proposal, user: User, form: DecisionForm) -> list[dict[str, Any]] | None:
    """What it would move today: tried, measured and taken back."""
    how = KINDS[kept.kind]
    is_concerned = can_decide(user, kept) or kept.proposed_by_id == user.pk
    if kept.outcome or not how.is_measured or not is_concerned:
        raise PermissionDenied
    act = Act(by=user, asked_by=kept.proposed_by, reason=kept.reason)
    try:
        return moves(actions.foresee(how, kept.payload, act))
    except tuple(how.refusals) as refused:
        words = next(say for kind, say in how.refusals.items() if isinstance(refused, kind))
        form.full_clean()
        form.add_error(None, str(words(refused)))
        return None


def shown(kept: Proposal, user: User) -> dict[str, Any]:
    """Everything the page of one proposal shows."""
    how = KINDS[kept.kind]
    waits = not kept.outcome
    is_outside = bool(kept.enterprise_id and outside_area(user, [kept.enterprise_id]))
    return {
        "proposal": kept,
        "kind": how,
        "details": [(label, value) for label, value in how.details(kept.payload) if value != ""],
        "since": changes_of(kept) if waits else None,
        "foreseen": moves(kept.foreseen),
        "moved": moves(kept.moved),
        "may_decide": waits and can_decide(user, kept) and not is_outside,
        "is_outside": is_outside,
        "is_mine": kept.proposed_by_id == user.pk,
        "section": "proposals",
    }
