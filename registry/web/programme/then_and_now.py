"""A list as known then beside the same one as known now, with the rows that differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from registry.dashboard.later import GAINED, LOST, Later
from registry.dashboard.points import Point
from registry.dashboard.statuses import Asked
from registry.web.programme.panels import bridge_url, list_url
from registry.web.shared.problems import address


def later_asked(parameters: QueryDict) -> str:
    """The rows of ``?later=gained`` or ``lost``; none for anything else."""
    kind = str(parameters.get("later", ""))
    return kind if kind in (GAINED, LOST) else ""


def later_shown(
    parameters: QueryDict, asked: Asked, point: Point, changed: Later | None, kind: str
) -> dict[str, Any] | None:
    """The sum then + gained − lost = now, each part with the address of its list."""
    if changed is None:
        return None
    now = replace(point, known=None)
    parts = [
        ("", _("As known then"), changed.then, "", address(parameters, later=None)),
        (GAINED, _("Known later to count"), len(changed.gained), "+",
         address(parameters, later=GAINED)),
        (LOST, _("Known later not to count"), len(changed.lost), "−",
         address(parameters, later=LOST)),
        ("now", _("As known now"), changed.now, "=",
         list_url(asked.code, now, **asked.slices, step=asked.step)),
    ]  # fmt: skip
    return {
        "kind": kind,
        "label": next(label for code, label, *_rest in parts if code == kind),
        "parts": [
            {"kind": code, "label": label, "count": count, "sign": sign, "url": url}
            for code, label, count, sign, url in parts
        ],
        "bridge_url": bridge_url(asked.code, point, now, **asked.slices, step=asked.step),
    }
