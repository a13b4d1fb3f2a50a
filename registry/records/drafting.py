"""From a document to the drafts that the rooms below register."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from registry.certifications.actions import CertificateDraft
from registry.certifications.models import Certificate
from registry.enterprises.actions import (
    ContactDraft,
    EnterpriseDraft,
    MachineDraft,
    ProductDraft,
    SiteDraft,
    YearFigureDraft,
)
from registry.enterprises.models import Contact, Enterprise
from registry.records.content import OWN, TABLES, Content, value_of
from registry.supply.actions import RelationDraft

MODELS: dict[str, type[models.Model]] = {
    **{name: table.model for name, table in TABLES.items()},
    "contacts": Contact,
    "certificates": Certificate,
}


def values(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """The values of a row of a document, without its identity."""
    model = MODELS[table]
    return {name: value_of(model, name, value) for name, value in row.items() if name != "id"}


def enterprise_draft(content: Content, *, on: dt.date, ref: str) -> EnterpriseDraft:
    """What an application says, as it enters the register on a day."""
    rows: dict[str, list[dict[str, Any]]] = {
        table: [values(table, row) for row in content["rows"].get(table, [])]
        for table in ("sites", "contacts", "products", "machines", "year_figures")
    }
    fields = content["fields"]
    primary = fields["primary_sector"]
    others = [pk for pk in content["codes"]["sectors"] if pk != primary]
    return EnterpriseDraft(
        **{name: value_of(Enterprise, name, fields[name]) for name in OWN},
        registered_on=on,
        source=fields["source"],
        source_ref=ref,
        blank_reasons=content["blank"],
        sites=tuple(SiteDraft(**row) for row in rows["sites"]),
        contacts=tuple(ContactDraft(**row) for row in rows["contacts"]),
        products=tuple(ProductDraft(**row) for row in rows["products"]),
        machines=tuple(MachineDraft(**row) for row in rows["machines"]),
        year_figures=tuple(YearFigureDraft(**row) for row in rows["year_figures"]),
        sector_ids=tuple(([primary] if primary else []) + others),
        process_ids=tuple(content["codes"]["processes"]),
        material_ids=tuple(content["codes"]["materials"]),
    )


def relation_drafts(content: Content, enterprise_id: int) -> list[RelationDraft]:
    """New relations of a document; nobody has verified them."""
    return [
        RelationDraft(enterprise_id=enterprise_id, **values("relations", row))
        for row in content["rows"]["relations"]
        if not row.get("id")
    ]


def certificate_drafts(content: Content, enterprise_id: int, source: str) -> list[CertificateDraft]:
    """New certificates of a document, as their holder claims them."""
    return [
        CertificateDraft(enterprise_id=enterprise_id, source=source, **values("certificates", row))
        for row in content["rows"].get("certificates", [])
        if not row.get("id")
    ]
