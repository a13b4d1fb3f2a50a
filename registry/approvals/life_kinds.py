"""Decisions about the life of an enterprise: suspended, resumed, closed, moved away, back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.approvals.deciding import Act, Kind, Payload, always
from registry.approvals.subjects import Subject
from registry.enterprises.life.actions import (
    StepRefused,
    close_enterprise,
    move_away_enterprise,
    reopen_enterprise,
    resume_enterprise,
    suspend_enterprise,
)
from registry.enterprises.models import Enterprise


def _about(payload: Payload) -> Subject:
    """Only its own row and its earlier steps: a new product does not overtake a closing."""
    pk = payload["enterprise"]
    return Subject(f"enterprise/{pk}", pk, bare=(pk,))


def _day(payload: Payload) -> str:
    """As a reader writes it; as it was typed where it is no day (the action refuses it)."""
    try:
        return formats.date_format(dt.date.fromisoformat(payload["on"]), "SHORT_DATE_FORMAT")
    except ValueError:
        return str(payload["on"])


def _step(code: str, name: Any, rule: Any, sentence: Any, action: Callable[..., Any]) -> Kind:
    """A step of life. ``payload``: ``enterprise``, ``on``, and ``successor`` of an ending."""

    def said(payload: Payload) -> str:
        enterprise = Enterprise.objects.get(pk=payload["enterprise"])
        named = {"enterprise": enterprise.name, "id": enterprise.public_id, "day": _day(payload)}
        return str(sentence) % named

    def details(payload: Payload) -> list[tuple[Any, Any]]:
        successor = Enterprise.objects.filter(pk=payload.get("successor") or 0).first()
        return [(_("Successor"), successor)] if successor else []

    def do(payload: Payload, act: Act) -> Any:
        ending = {"successor_id": payload["successor"]} if payload.get("successor") else {}
        return action(
            enterprise_id=payload["enterprise"],
            on=payload["on"],
            reason=act.reason,
            by=act.by,
            **ending,
        )

    return Kind(
        code,
        name,
        rule,
        always("registry.change_enterprise"),
        _about,
        said,
        details,
        do,
        {StepRefused: lambda refused: refused.message},
    )


LIFE = (
    _step(
        "suspend",
        gettext_lazy("Suspension of an enterprise"),
        gettext_lazy("It stays in the register and is not counted as operating."),
        gettext_lazy("Record that %(enterprise)s (%(id)s) is suspended from %(day)s on"),
        suspend_enterprise,
    ),
    _step(
        "resume",
        gettext_lazy("Resumption of an enterprise"),
        gettext_lazy("It operates again."),
        gettext_lazy("Record that %(enterprise)s (%(id)s) operates again from %(day)s on"),
        resume_enterprise,
    ),
    _step(
        "close",
        gettext_lazy("Closing of an enterprise"),
        gettext_lazy("It leaves the register; its record stays."),
        gettext_lazy("Record that %(enterprise)s (%(id)s) is closed from %(day)s on"),
        close_enterprise,
    ),
    _step(
        "move-away",
        gettext_lazy("Moving away of an enterprise"),
        gettext_lazy("It leaves Hanoi and the register; its record stays."),
        gettext_lazy("Record that %(enterprise)s (%(id)s) moved away from Hanoi on %(day)s"),
        move_away_enterprise,
    ),
    _step(
        "reopen",
        gettext_lazy("Reopening of an enterprise"),
        gettext_lazy("What was closed or had moved away is back in the register."),
        gettext_lazy("Record that %(enterprise)s (%(id)s) is back from %(day)s on"),
        reopen_enterprise,
    ),
)
