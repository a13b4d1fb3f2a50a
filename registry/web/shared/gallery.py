"""One page that shows every component with real inputs: for makers, and for the tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from registry.dashboard.standing import STATE_LABELS
from registry.web.shared.charts import bullet
from registry.web.shared.pager import pager

DAY = dt.date(2027, 9, 8)
INPUTS = (
    "heading", "label", "url", "name", "until", "outcome", "state", "bullet", "pager", "title",
    "message", "link",
)  # fmt: skip


def examples() -> dict[str, list[dict[str, Any]]]:
    """Inputs by file name of the component; each input is shown once."""
    return {
        "chip": [{"heading": _("Process"), "label": "CNC", "url": "?"}],
        "certificate_badge": [
            {"name": "ISO 9001", "until": DAY, "outcome": outcome}
            for outcome in ("confirmed", "", "refuted")
        ],
        "certificate_state": [
            {"state": state}
            for state in ("valid", "suspended", "not_yet", "expired", "withdrawn",
                          "edition_withdrawn", "unknown")
        ],  # fmt: skip
        "state_badge": [
            {"state": state}
            for state in ("operating", "suspended", "closed", "moved_away", "merged", "not_yet")
        ],
        "standing_badge": [
            {"state": state, "label": label} for state, label in STATE_LABELS.items()
        ],
        "bullet": [
            {"label": _("Target"), "bullet": bullet(value=958, low=1200, baseline=900)},
            {
                "label": _("Target"),
                "bullet": bullet(
                    value=Decimal("34.5"), low=35, high=40, baseline=Decimal("35.6"), most=100
                ),
            },
            {"label": _("Target"), "bullet": bullet(value=None, low=None)},
        ],
        "pager": [{"pager": pager(QueryDict("q=x"), 6, 20)}],
        "notice": [
            {"title": _("Not found"), "message": _("The register is empty."), "url": "?",
             "link": _("Find a supplier")}
        ],
    }  # fmt: skip


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of ``templates/components``."""
    shown = [
        {
            "name": name,
            "template": f"components/{name}.html",
            "inputs": [{**dict.fromkeys(INPUTS), **one} for one in inputs],
        }
        for name, inputs in examples().items()
    ]
    return render(request, "pages/gallery.html", {"components": shown})
