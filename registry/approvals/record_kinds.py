"""Decisions about whole records: mergers, their undoing, and changes taken back."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.approvals.deciding import Act, Kind, Payload, always
from registry.approvals.subjects import Subject
from registry.desk.actions import (
    CannotMerge,
    CannotTakeBack,
    ChangedSince,
    merge_enterprises,
    restore_version,
    take_back,
    undo_merge,
)
from registry.desk.models import Merger
from registry.desk.records import tracked_by_code
from registry.enterprises.models import Enterprise

KEEPS_RECORDS = always("registry.change_enterprise")

WHY_NOT_MERGED = {
    "ended": gettext_lazy("One of the two records has been merged already."),
    "too_early": gettext_lazy("One of the two records was registered only after this day."),
    "certificates": gettext_lazy(
        "Both records hold a certificate of the same number for different days that overlap. "
        "Correct one of the two certificates first; nothing was written."
    ),
    "refused": gettext_lazy("The values chosen do not fit together. Nothing was written."),
}
CHANGED_AFTER_MERGER = gettext_lazy(
    "One of the records was changed after the merger, or the merger was undone already. Take the later changes back first; nothing was written."
)
CHANGED_AGAIN = gettext_lazy(
    "These values were changed again later. Take the later change back first."
)
CANNOT_TAKE_BACK = gettext_lazy(
    "This cannot be taken back: it is so already, a rule forbids it, or it is part of a merger, which is undone as a whole."
)
WHY_NOT_TAKEN_BACK = {
    "": CANNOT_TAKE_BACK,
    "look": gettext_lazy(
        "What came of a look at a supply relation is not taken back: whoever may verify looks again and records it."
    ),
    "consent": gettext_lazy(
        "What a contact person agreed to is not taken back here: it is given or withdrawn on the page of contact persons."
    ),
}

# Mergers


def _pair(payload: Payload) -> tuple[Enterprise, Enterprise]:
    rows = Enterprise.objects.in_bulk([payload["kept"], payload["gone"]])
    return rows[payload["kept"]], rows[payload["gone"]]


def _about_pair(payload: Payload) -> Subject:
    pair = tuple(sorted((payload["kept"], payload["gone"])))
    return Subject(f"enterprise/{pair[0]}+{pair[1]}", payload["kept"], records=pair)


def _merge_sentence(payload: Payload) -> str:
    kept, gone = _pair(payload)
    words = _("Make %(gone)s (%(gone_id)s) one with %(kept)s (%(kept_id)s), which is kept")
    return words % {
        "kept": kept.name,
        "kept_id": kept.public_id,
        "gone": gone.name,
        "gone_id": gone.public_id,
    }


def _merge_details(payload: Payload) -> list[tuple[Any, Any]]:
    """The fields whose value comes from the record that ends."""
    _kept, gone = _pair(payload)
    return [
        (Enterprise._meta.get_field(name).verbose_name, getattr(gone, name) or "—")  # type: ignore[union-attr]
        for name, side in payload["choose"].items()
        if side == "gone"
    ]


def _merge(payload: Payload, act: Act) -> Any:
    kept, gone = _pair(payload)
    return merge_enterprises(
        kept=kept,
        gone=gone,
        choose=payload["choose"],
        on=timezone.localdate(),
        by=act.by,
        reason=act.reason,
    )


MERGE = Kind(
    "merge",
    gettext_lazy("Merger of two records"),
    gettext_lazy("Two records become one; one of them ends."),
    KEEPS_RECORDS,
    _about_pair,
    _merge_sentence,
    _merge_details,
    _merge,
    {CannotMerge: lambda problem: WHY_NOT_MERGED[problem.code]},
)


def _merger(payload: Payload) -> Merger:
    return Merger.objects.select_related("kept", "gone").get(pk=payload["merger"])


def _about_merger(payload: Payload) -> Subject:
    merger = _merger(payload)
    pair = tuple(sorted((merger.kept_id, merger.gone_id)))
    return Subject(f"merger/{merger.pk}", merger.kept_id, records=pair)


def _undo_sentence(payload: Payload) -> str:
    merger = _merger(payload)
    words = _("Undo the merger of %(gone)s (%(gone_id)s) into %(kept)s (%(kept_id)s)")
    return words % {
        "kept": merger.kept.name,
        "kept_id": merger.kept.public_id,
        "gone": merger.gone.name,
        "gone_id": merger.gone.public_id,
    }


def _undo(payload: Payload, act: Act) -> Merger:
    return undo_merge(
        merger=_merger(payload), on=timezone.localdate(), by=act.by, reason=act.reason
    )


UNDO_MERGER = Kind(
    "undo-merger",
    gettext_lazy("Undoing of a merger"),
    gettext_lazy("One record becomes two again."),
    KEEPS_RECORDS,
    _about_merger,
    _undo_sentence,
    lambda payload: [],
    _undo,
    {ChangedSince: lambda problem: CHANGED_AFTER_MERGER},
)

# A recorded change, taken back


def _event(payload: Payload) -> tuple[Any, Any]:
    model, events = tracked_by_code()[payload["table"]]
    return model, events._base_manager.get(pgh_id=payload["event"])


def _about_event(payload: Payload) -> Subject:
    model, event = _event(payload)
    pk = event.pgh_obj_id if model is Enterprise else getattr(event, "enterprise_id", None)
    # The action itself refuses where the row was changed again.
    return Subject(f"{payload['table']}/{event.pgh_obj_id}/{payload['event']}", pk)


def _event_sentence(payload: Payload) -> str:
    model, event = _event(payload)
    owner = Enterprise.objects.filter(pk=_about_event(payload).enterprise or 0).first()
    day = timezone.localtime(event.pgh_created_at).strftime("%d/%m/%Y %H:%M")
    words = _("Take back the change of %(day)s (%(table)s, %(record)s)")
    if payload["how"] == "version":
        words = _("Write the row as it stood on %(day)s (%(table)s, %(record)s)")
    record = str(owner or event.pgh_obj_id)
    return words % {"day": day, "table": model._meta.verbose_name, "record": record}


def _take_back(payload: Payload, act: Act) -> int:
    write = restore_version if payload["how"] == "version" else take_back
    return write(table=payload["table"], event_id=payload["event"], by=act.by, reason=act.reason)


TAKE_BACK = Kind(
    "take-back",
    gettext_lazy("Taking a change back"),
    gettext_lazy("A recorded change is undone, or a row is written as it stood once."),
    lambda payload: f"registry.change_{payload['table']}",
    _about_event,
    _event_sentence,
    lambda payload: [],
    _take_back,
    {
        ChangedSince: lambda problem: CHANGED_AGAIN,
        CannotTakeBack: lambda problem: WHY_NOT_TAKEN_BACK[problem.code],
    },
)
