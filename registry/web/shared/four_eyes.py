"""What a door answers where a decision waits for a second person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from registry.approvals.effects import Effect
from registry.approvals.models import Proposal
from registry.dashboard.indicators import INDICATORS


def kept_for_another() -> str:
    """With a place for the name."""
    return _("Kept for a second person, not yet in the register: %(name)s")


def waits(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Say that it waits, and show it."""
    messages.success(request, kept_for_another() % {"name": proposal.sentence})
    return redirect("proposal", proposal.pk)


def moves(effect: Effect) -> list[dict[str, Any]]:
    """The figures that a decision moves, with their names; those that stay left out."""
    return [
        {**one, "name": INDICATORS[one["code"]].name}
        for one in effect
        if one["before"] != one["after"] and one["code"] in INDICATORS
    ]
