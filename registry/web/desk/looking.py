"""What the screens of a look have in common: it is recorded, then the next one opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.approvals.actions import AlreadyWaiting, Answer, ask
from registry.core.refusals import RefusedByField
from registry.desk.queues import Queue
from registry.web.shared.four_eyes import kept_for_another


def recorded(
    form: forms.Form,
    *,
    kind: str,
    about: dict[str, int],
    by: User,
    waits_at: str | None = "outcome",
) -> Answer | None:
    """Do what the form says, or keep it for a second person; None where the form says why not.

    ``about`` names the row; the form has a day (``on``) and a ``reason``. What is wrong with a
    hidden field is said of the whole form; that a decision waits already, at ``waits_at``.
    """
    if not form.is_valid():
        return None
    said = {**about, **form.cleaned_data, "on": form.cleaned_data["on"].isoformat()}
    reason = said.pop("reason")
    try:
        return ask(kind=kind, payload=said, reason=reason, by=by)
    except RefusedByField as refused:
        for name, problem in refused.problems.items():
            form.add_error(None if form[name].is_hidden else name, problem)
    except AlreadyWaiting as waiting:
        form.add_error(waits_at, str(waiting))
    return None


def onward(
    request: HttpRequest,
    answer: Answer,
    row: Any,
    following: Any,
    queue: Queue,
    address: Callable[[Any], str],
) -> HttpResponse:
    """Say what was done, and open the next of the queue, or the same row where that is asked."""
    said = kept_for_another() if answer.proposal else _("Saved: %(name)s")
    messages.success(request, said % {"name": row.enterprise.name})
    if "stay" in request.POST:
        following = row
    if following is None:
        return redirect("desk-queue", queue.code)
    return redirect(address(following))
