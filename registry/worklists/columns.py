"""Columns of the officers' list: what a cell says and how the list is ordered by it.

A cell is text, a number, a day or None, the same for the page and for both exports.
Contact persons are no column, and never will be one.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from registry.accounts.models import User
from registry.certifications.models import Certificate, VerificationStep
from registry.enterprises.enums import SizeClass
from registry.enterprises.models import (
    Enterprise,
    EnterpriseProcess,
    EnterpriseQuerySet,
    EnterpriseSector,
    Product,
    Site,
    YearFigure,
)
from registry.supply.queries import best_tier
from registry.worklists.queries import with_person

Cell = str | int | dt.date | None


@dc.dataclass(frozen=True)
class Column:
    """``cell`` reads a row made by :func:`with_sums` and :func:`with_cells`; ``order`` names
    what it is sorted by and ``reads`` the other table it needs (empty: none)."""

    code: str
    label: Any
    cell: Callable[[Any], Cell]
    order: str = ""
    reads: str = ""


def with_cells(
    rows: EnterpriseQuerySet, columns: Sequence[Column], on: dt.date
) -> EnterpriseQuerySet:
    """What these columns read of other tables: one query for each, however many rows."""
    certificates = (
        Certificate.objects.counting(on)
        .with_last_look(on)
        .select_related("scheme", "edition")
        .order_by("scheme__name", "pk")
    )
    sectors = EnterpriseSector.objects.select_related("sector").order_by("-is_primary", "pk")
    processes = EnterpriseProcess.objects.select_related("process").order_by("pk")
    sites = Site.objects.standing(on).select_related("ward", "province", "park")
    read = {
        "certificates": (certificates, "certificates_now"),
        "sectors": (sectors, "sectors_shown"),
        "processes": (processes, "processes_shown"),
        "products": (Product.objects.order_by("pk"), "products_shown"),
        "sites": (sites.order_by("kind", "pk"), "sites_now"),
    }
    needed = sorted({column.reads for column in columns} - {""})
    return rows.prefetch_related(
        *(Prefetch(name, read[name][0], to_attr=read[name][1]) for name in needed)
    )


def with_sums(rows: EnterpriseQuerySet, on: dt.date) -> EnterpriseQuerySet:
    """What the list can be ordered by beside the columns of the enterprise itself."""
    held = Certificate.objects.counting(on).filter(enterprise=OuterRef("pk")).order_by()
    count = held.values("enterprise").annotate(n=Count("pk")).values("n")
    labour = (
        YearFigure.objects.filter(
            Q(labour__isnull=False), enterprise=OuterRef("pk"), year__lte=on.year
        )
        .order_by("-year")
        .values("labour")[:1]
    )
    people = User.objects.filter(pk=OuterRef("person_id"))
    return with_person(rows.with_size(on), kind="enterprise").annotate(  # type: ignore[return-value]
        best_tier=best_tier(on, is_verified=True),
        certificate_count=Subquery(count),
        labour=Subquery(labour),
        person_name=Subquery(people.values("username")),
    )


def _joined(words: Sequence[Any]) -> str:
    return "; ".join(str(word) for word in words)


def _place(name: str) -> Callable[[Any], Cell]:
    def cell(row: Any) -> Cell:
        found = {place.pk: place.label for site in row.sites_now if (place := getattr(site, name))}
        return _joined(list(found.values()))

    return cell


def _certificates(row: Any) -> Cell:
    words = {
        VerificationStep.Outcome.CONFIRMED.value: _t("confirmed"),
        VerificationStep.Outcome.NOT_FOUND.value: _t("not found"),
        VerificationStep.Outcome.REFUTED.value: _t("found false"),
    }
    return _joined(
        [
            f"{one.scheme.label} ({words.get(one.last_outcome, _t('not verified'))})"
            for one in row.certificates_now
        ]
    )


def _own(name: str) -> Callable[[Any], Cell]:
    return lambda row: getattr(row, name) or None


COLUMNS: dict[str, Column] = {
    column.code: column
    for column in (
        Column("id", _("Record"), _own("public_id"), "pk"),
        Column("name", _("Enterprise"), _own("name"), "name_sort"),
        Column("name_en", _("English or trade name"), _own("name_en"), "name_en"),
        Column("tax", _("Tax code"), _own("tax_code"), "tax_code"),
        Column(
            "sector",
            _("Sector"),
            lambda row: _joined([one.sector.label for one in row.sectors_shown]),
            reads="sectors",
        ),
        Column(
            "process",
            _("Process"),
            lambda row: _joined([one.process.label for one in row.processes_shown]),
            reads="processes",
        ),
        Column(
            "product",
            _("Products"),
            lambda row: _joined([one.name for one in row.products_shown]),
            reads="products",
        ),
        Column("ward", _("Ward or commune"), _place("ward"), reads="sites"),
        Column("park", _("Industrial park"), _place("park"), reads="sites"),
        Column("province", _("Province"), _place("province"), reads="sites"),
        Column(
            "address",
            _("Address"),
            lambda row: row.sites_now[0].address if row.sites_now else None,
            reads="sites",
        ),
        Column(
            "size",
            _("Size"),
            lambda row: str(SizeClass(row.size).label) if row.size else None,
        ),
        Column("labour", _("Employees"), lambda row: row.labour, "labour"),
        Column(
            "ownership",
            _("Ownership"),
            lambda row: str(row.get_ownership_display()) or None,
            "ownership",
        ),
        Column(
            "form",
            _("Legal form"),
            lambda row: str(row.get_legal_form_display()) or None,
            "legal_form",
        ),
        Column(
            "certificates",
            _("Certificates valid today"),
            _certificates,
            "certificate_count",
            reads="certificates",
        ),
        Column("tier", _("Best tier"), lambda row: row.best_tier, "best_tier"),
        Column(
            "registered", _("In the register since"), lambda row: row.registered_on, "registered_on"
        ),
        Column(
            "confirmed",
            _("Last confirmed"),
            lambda row: row.last_confirmed_on,
            "last_confirmed_on",
        ),
        Column("person", _("In charge"), lambda row: row.person_name, "person_name"),
        Column("website", _("Website"), _own("website")),
        Column("source", _("Source"), _own("source"), "source"),
    )
}
AT_FIRST = ("name", "tax", "sector", "ward", "certificates", "confirmed", "person")


def columns_of(codes: Sequence[str]) -> list[Column]:
    """The columns named, each once, in that order; those of the start where none is known."""
    known = [COLUMNS[code] for code in dict.fromkeys(codes) if code in COLUMNS]
    return known or [COLUMNS[code] for code in AT_FIRST]


def in_order_of(rows: EnterpriseQuerySet, sort: str) -> EnterpriseQuerySet:
    """Ordered by a column (``-`` before its code: the other way), ties by name and identity.

    What is not known comes last either way.
    """
    column = COLUMNS.get(sort.removeprefix("-"))
    if column is None or not column.order:
        return rows.in_name_order()
    by = F(column.order)
    way = by.desc(nulls_last=True) if sort.startswith("-") else by.asc(nulls_last=True)
    return rows.order_by(way, "name_sort", "pk")


def cells_of(row: Enterprise, columns: Sequence[Column]) -> list[Cell]:
    """The row as it is shown and exported."""
    return [column.cell(row) for column in columns]
