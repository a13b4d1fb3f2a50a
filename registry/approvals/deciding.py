"""What a kind of decision is made of, and who acts when it is done.

A payload is made of plain values (numbers, text, ISO days), so that it can be kept as JSON
and done by another person on another day.
"""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Callable, Mapping
from typing import Any

from registry.accounts.models import User
from registry.approvals.subjects import Subject

Payload = Mapping[str, Any]


@dc.dataclass(frozen=True)
class Act:
    """Who does it, for whom, and why: ``asked_by`` is the same person unless two decide."""

    by: User
    asked_by: User
    reason: str


@dc.dataclass(frozen=True)
class Kind:
    """A kind of decision.

    ``right`` names the permission that both persons need. ``sentence`` and ``details`` put
    a payload into words in the reader's language, ``about`` names what it changes, ``do``
    calls the action of the room and returns what that returns. ``refusals`` turns the
    exceptions of that action into words. ``is_measured`` is False where trying it out
    would take too long.
    """

    code: str
    name: Any
    rule: Any
    right: Callable[[Payload], str]
    about: Callable[[Payload], Subject]
    sentence: Callable[[Payload], str]
    details: Callable[[Payload], list[tuple[Any, Any]]]
    do: Callable[[Payload, Act], Any]
    refusals: Mapping[type[Exception], Callable[[Any], Any]]
    is_measured: bool = True


def always(right: str) -> Callable[[Payload], str]:
    """The same right whatever the payload."""
    return lambda payload: right
