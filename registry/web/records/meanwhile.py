"""Choices between two edits of one record: carried by the form until they are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import QueryDict

from registry.records.differences import Path

SALT = "registry.records.clashes"
SIDES = ("mine", "theirs")
Shown = list[dict[str, str]]


def carried(clashes: Shown) -> str:
    """The clashes as the form carries them, so that none gets lost on the way."""
    return signing.dumps(clashes, salt=SALT, compress=True) if clashes else ""


def asked(data: QueryDict) -> Shown:
    """The clashes a posted form has to decide, each with what was chosen (``takes``)."""
    try:
        clashes = signing.loads(data.get("clashes") or "", salt=SALT)
    except signing.BadSignature:
        return []
    for number, clash in enumerate(clashes):
        chosen = data.get(f"take-{number}", "")
        clash["takes"] = chosen if chosen in SIDES else ""
    return clashes


def undecided(clashes: Shown) -> list[tuple[str, Mapping[str, Any]]]:
    """Clashes without a choice, with the identity of the place where one is made."""
    return [(f"take-{number}", clash) for number, clash in enumerate(clashes) if not clash["takes"]]


def given_up(clashes: Shown) -> set[Path]:
    """Places where the values of the others stay."""
    return {tuple(one["path"].split("/")) for one in clashes if one["takes"] == "theirs"}
