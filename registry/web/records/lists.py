"""Code lists of the form, read once for a page however many rows it has."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from registry.core.models import SortKey
from registry.reference.enums import HANOI_CODE
from registry.reference.models import (
    AccreditationBody,
    Buyer,
    BuyerPlant,
    CertificationBody,
    CertificationScheme,
    HsCode,
    Material,
    Park,
    Process,
    ProductGroup,
    Province,
    SchemeEdition,
    Sector,
    Ward,
)

Choices = list[tuple[str, str]]


def choices(rows: Iterable[Any], blank: str = "—") -> Choices:
    """Entries of a list in the reader's language, after a blank one."""
    return [("", blank), *((str(row.pk), row.label) for row in rows)]


class Lists:
    """Choices of every field that has a list; each list is one query, when first needed."""

    @cached_property
    def wards(self) -> Choices:
        return choices(Ward.objects.order_by(SortKey("name"), "code"))

    @cached_property
    def provinces(self) -> Choices:
        return choices(Province.objects.order_by(SortKey("name"), "code"))

    @cached_property
    def hanoi(self) -> int | None:
        return Province.objects.filter(code=HANOI_CODE).values_list("pk", flat=True).first()

    @cached_property
    def parks(self) -> Choices:
        return choices(Park.objects.order_by(SortKey("name"), "code"))

    @cached_property
    def sectors(self) -> Choices:
        rows = Sector.objects.order_by("position", "code")
        return [(str(row.pk), row.label) for row in rows]

    @cached_property
    def processes(self) -> Choices:
        return choices(Process.objects.order_by(SortKey("name"), "code"))[1:]

    @cached_property
    def materials(self) -> Choices:
        return choices(Material.objects.order_by(SortKey("name"), "code"))[1:]

    @cached_property
    def groups(self) -> Choices:
        return choices(ProductGroup.objects.order_by("code"))

    @cached_property
    def buyers(self) -> Choices:
        return choices(Buyer.objects.order_by(SortKey("name"), "code"))

    @cached_property
    def plants(self) -> Choices:
        rows = BuyerPlant.objects.select_related("buyer").order_by("buyer__name", "pk")
        return [("", "—"), *((str(row.pk), f"{row.buyer.label}: {row.label}") for row in rows)]

    @cached_property
    def buyer_of_plant(self) -> dict[int, int]:
        return dict(BuyerPlant.objects.values_list("pk", "buyer_id"))

    @cached_property
    def schemes(self) -> Choices:
        return choices(CertificationScheme.objects.order_by(SortKey("name"), "code"))

    @cached_property
    def editions(self) -> Choices:
        rows = SchemeEdition.objects.select_related("scheme").order_by("scheme__name", "code")
        return [("", _("not stated")), *((str(r.pk), f"{r.scheme.label}:{r.code}") for r in rows)]

    @cached_property
    def scheme_of_edition(self) -> dict[int, int]:
        return dict(SchemeEdition.objects.values_list("pk", "scheme_id"))

    @cached_property
    def bodies(self) -> Choices:
        return choices(CertificationBody.objects.order_by(SortKey("name"), "code"))

    @cached_property
    def accreditation_bodies(self) -> Choices:
        return choices(AccreditationBody.objects.order_by(SortKey("name"), "code"))

    @cached_property
    def hs(self) -> dict[str, int]:
        """Identity of each HS code, the newest version of it."""
        return dict(HsCode.objects.order_by("version").values_list("code", "pk"))

    @cached_property
    def hs_codes(self) -> dict[int, str]:
        return dict(HsCode.objects.values_list("pk", "code"))
