"""The record of an enterprise as one document of plain JSON, and back into values.

``{"fields": {name: value}, "blank": {field: reason}, "codes": {list: [ids]},
"rows": {table: [{"id": …, column: value}]}}``. Values are texts, whole numbers, truths or
None; days are ISO texts. Two documents are equal exactly if the records say the same.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models

from registry.core.text import tidy
from registry.enterprises.models import Enterprise, Machine, Product, Site, YearFigure
from registry.supply.models import SupplyRelation

Content = dict[str, Any]

OWN = (
    "name", "name_en", "short_name", "tax_code", "tax_code_note", "legal_form", "ownership",
    "foreign_share", "founded_on", "website", "about",
)  # fmt: skip
"""Columns of the enterprise that the form holds; its life has steps of its own."""

CODES = {"sectors": "sector_id", "processes": "process_id", "materials": "material_id"}


class Table(NamedTuple):
    """A table of rows: its columns, and whether a row may be taken out of the record."""

    model: type[models.Model]
    columns: tuple[str, ...]
    is_removable: bool = True


TABLES: dict[str, Table] = {
    "sites": Table(
        Site,
        ("kind", "address", "province_id", "ward_id", "park_id", "since", "until"),
        is_removable=False,  # certificates name sites: one ends by its day
    ),
    "products": Table(Product, ("name", "name_en", "group_id", "hs_id", "capacity")),
    "machines": Table(Machine, ("name", "maker", "spec", "count")),
    "year_figures": Table(YearFigure, ("year", "labour", "capital_vnd", "revenue_vnd")),
    "relations": Table(
        SupplyRelation,
        ("buyer_id", "plant_id", "product", "tier", "since", "until", "evidence", "is_confidential"),
        is_removable=False,  # a relation ends by its day
    ),
}  # fmt: skip
ADDED_ONLY = ("contacts", "certificates")
"""Tables to which the form adds rows; what is there has pages of its own."""


def content_of(enterprise: Enterprise) -> Content:
    """The document of a record as it stands; a fixed number of queries."""
    codes = {
        name: sorted(getattr(enterprise, name).order_by("pk").values_list(column, flat=True))
        for name, column in CODES.items()
    }
    fields = {name: plain(Enterprise, name, getattr(enterprise, name)) for name in OWN}
    primary = enterprise.sectors.filter(is_primary=True).order_by("pk")
    fields["primary_sector"] = primary.values_list("sector_id", flat=True).first()
    rows = {name: _rows(table, enterprise.pk) for name, table in TABLES.items()}
    return {
        "fields": fields,
        "blank": dict(sorted(enterprise.blank_reasons.items())),
        "codes": codes,
        "rows": rows,
    }


def _rows(table: Table, enterprise_id: int) -> list[dict[str, Any]]:
    found = table.model._base_manager.filter(enterprise=enterprise_id).order_by("pk")
    return [
        {"id": row["pk"], **{name: plain(table.model, name, row[name]) for name in table.columns}}
        for row in found.values("pk", *table.columns)
    ]


def plain(model: type[models.Model], column: str, value: Any) -> Any:
    """A value of a column as it stands in a document; equal values are written alike."""
    field: Any = model._meta.get_field(column)
    if value is None or value == "":
        return None if field.null else ""
    if field.is_relation:
        return int(value)
    value = field.to_python(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.{field.decimal_places}f}"
    if isinstance(field, models.TextField):
        return unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
    return tidy(value) if isinstance(value, str) else value


def value_of(model: type[models.Model], column: str, value: Any) -> Any:
    """The value of a column that stands in a document."""
    field: Any = model._meta.get_field(column)
    if field.is_relation or value is None:
        return value
    return field.to_python(value)


def empty_content() -> Content:
    """The document of a record of which nothing is known."""
    fields = {name: plain(Enterprise, name, None) for name in (*OWN, "source")}
    return {
        "fields": {**fields, "primary_sector": None},
        "blank": {},
        "codes": {name: [] for name in CODES},
        "rows": {name: [] for name in (*TABLES, *ADDED_ONLY)},
    }
