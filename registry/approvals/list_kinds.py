"""Decisions about lists from offices: writing the accepted rows."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.approvals.deciding import Act, Kind, Payload, always
from registry.approvals.subjects import Subject
from registry.imports.models import ImportBatch, ImportRow, ImportRun
from registry.imports.problems import BatchBusy, WrongStep
from registry.imports.work import ask_to_apply


def _batch(payload: Payload) -> ImportBatch:
    return ImportBatch.objects.defer("content").get(pk=payload["batch"])


def _accepted(batch: ImportBatch) -> Any:
    return batch.rows.filter(decision=ImportRow.Decision.ACCEPT).order_by("number")


def _about(payload: Payload) -> Subject:
    """Lists in review have no history: the mark is the sum of what was accepted."""
    batch = _batch(payload)
    total = hashlib.sha256(batch.status.encode())
    for number, digest in _accepted(batch).values_list("number", "digest"):
        total.update(f"{number} {digest}\n".encode())
    return Subject(f"import/{batch.pk}", mark=total.hexdigest())


def _sentence(payload: Payload) -> str:
    batch = _batch(payload)
    words = _("Write %(count)s accepted rows of the list “%(name)s” into the register")
    return words % {"count": _accepted(batch).count(), "name": batch.name}


def _details(payload: Payload) -> list[tuple[Any, Any]]:
    accepted = _accepted(_batch(payload))
    return [
        (_("New"), accepted.filter(outcome="new").count()),
        (_("Changed"), accepted.filter(outcome="changed").count()),
    ]


def _write(payload: Payload, act: Act) -> ImportRun:
    """Have it written; how that ends is shown with the list, which the worker looks at anew."""
    return ask_to_apply(batch_id=payload["batch"], reason=act.reason, by=act.by)


IMPORT = Kind(
    "import",
    gettext_lazy("Writing of a list from an office"),
    gettext_lazy("All accepted rows of a list in review go into the register."),
    always("registry.add_enterprise"),
    _about,
    _sentence,
    _details,
    _write,
    {
        BatchBusy: lambda error: _(
            "Work on this list is going on; nothing was changed. Wait until it ends."
        ),
        WrongStep: lambda error: _("The review of this list is over; nothing was changed."),
    },
    is_measured=False,
)
