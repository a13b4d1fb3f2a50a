"""Decisions about a record that holds two enterprises: its splitting, and the undoing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.approvals.deciding import Act, Kind, Payload, always
from registry.approvals.subjects import Subject
from registry.enterprises.models import Enterprise
from registry.records.models import Splitting
from registry.records.splitting.actions import (
    TABLES,
    SplitRefused,
    split_enterprise,
    undo_split,
)

KEEPS_RECORDS = always("registry.change_enterprise")


def _about(payload: Payload) -> Subject:
    """The whole record: any change of it since asks for a new look at what goes."""
    pk = payload["enterprise"]
    return Subject(f"enterprise/{pk}", pk, records=(pk,))


def _sentence(payload: Payload) -> str:
    source = Enterprise.objects.get(pk=payload["enterprise"])
    words = _("Make a second record, %(name)s, of rows of %(enterprise)s (%(id)s)")
    return words % {
        "name": payload["name"],
        "enterprise": source.name,
        "id": source.public_id,
    }


def _details(payload: Payload) -> list[tuple[Any, Any]]:
    """The new record, and how many rows of each table go over."""
    day = dt.date.fromisoformat(payload["on"])
    goes = [
        (TABLES[code]._meta.verbose_name, len(ids)) for code, ids in payload["rows"].items() if ids
    ]
    return [
        (_("Tax code of the second enterprise"), payload["tax_code"]),
        (
            _("From which day it stands in the register"),
            formats.date_format(day, "SHORT_DATE_FORMAT"),
        ),
        *goes,
    ]


def _split(payload: Payload, act: Act) -> Splitting:
    return split_enterprise(
        enterprise_id=payload["enterprise"],
        name=payload["name"],
        tax_code=payload["tax_code"],
        on=payload["on"],
        rows=payload["rows"],
        by=act.by,
        reason=act.reason,
    )


SPLIT = Kind(
    "split",
    gettext_lazy("Splitting of a record"),
    gettext_lazy("A record that holds two enterprises becomes two."),
    KEEPS_RECORDS,
    _about,
    _sentence,
    _details,
    _split,
    {SplitRefused: lambda refused: refused.message},
)


def _splitting(payload: Payload) -> Splitting:
    return Splitting.objects.select_related("source", "made").get(pk=payload["splitting"])


def _about_splitting(payload: Payload) -> Subject:
    row = _splitting(payload)
    pair = tuple(sorted((row.source_id, row.made_id)))
    return Subject(f"splitting/{row.pk}", row.source_id, records=pair)


def _undo_sentence(payload: Payload) -> str:
    row = _splitting(payload)
    words = _("Undo the splitting of %(made)s (%(made_id)s) from %(source)s (%(source_id)s)")
    return words % {
        "made": row.made.name,
        "made_id": row.made.public_id,
        "source": row.source.name,
        "source_id": row.source.public_id,
    }


def _undo(payload: Payload, act: Act) -> Splitting:
    return undo_split(splitting_id=payload["splitting"], by=act.by, reason=act.reason)


UNDO_SPLIT = Kind(
    "undo-split",
    gettext_lazy("Undoing of a splitting"),
    gettext_lazy("Two records become one again."),
    KEEPS_RECORDS,
    _about_splitting,
    _undo_sentence,
    lambda payload: [],
    _undo,
    {SplitRefused: lambda refused: refused.message},
)
