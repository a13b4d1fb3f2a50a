"""What a row asks an officer, as the page shows it: whom it could mean, whose values hold."""

from __future__ import annotations

from typing import Any

from registry.enterprises.models import Enterprise
from registry.imports.choices import WHY, Asked
from registry.imports.columns import Meaning
from registry.imports.decisions.queries import last_change, record_meant
from registry.imports.models import ImportDecision, ImportRow

ADDS_ONLY = (Meaning.SECTOR, Meaning.PRODUCTS)
"""Columns whose cells add to what is there; nothing is taken away by a list."""


def asked_of(row: ImportRow) -> dict[str, Any]:
    """For the page of a row: the question, the candidates, the fields, what was decided."""
    asked = Asked.from_json(row.asks)
    decision = row.batch.decisions.filter(number=row.number).select_related("by").first()
    return {
        "asked": asked,
        "mark": asked.mark(),
        "whom": candidates(asked),
        "fields": fields(row, asked),
        "decision": decision,
        "chosen": chosen(decision),
    }


def candidates(asked: Asked) -> list[dict[str, Any]]:
    """The records that the row could mean, each with the reason: two queries."""
    known = Enterprise.objects.prefetch_related("sites").in_bulk([one.pk for one in asked.whom])
    return [
        {
            "enterprise": known[one.pk],
            "addresses": [site.address for site in known[one.pk].sites.all() if site.address],
            "why": WHY[one.why],
            "can_be_same": one.can_be_same,
        }
        for one in asked.whom
        if one.pk in known
    ]


def fields(row: ImportRow, asked: Asked) -> list[dict[str, Any]]:
    """The values that both sides changed, with who changed ours and when."""
    if not asked.fields:
        return []
    enterprise = record_meant(row.batch, row)
    return [
        {
            "name": one.name,
            "label": Meaning(one.name).label,
            "ours": one.ours,
            "list": one.list,
            "take": one.take,
            "adds_only": one.name in ADDS_ONLY,
            "touched": last_change(enterprise, Meaning(one.name)) if enterprise else None,
        }
        for one in asked.fields
    ]


def chosen(decision: ImportDecision | None) -> Enterprise | None:
    """The record that was said to be the same."""
    if decision is None or decision.same_as is None:
        return None
    return Enterprise.objects.filter(pk=decision.same_as).first()
