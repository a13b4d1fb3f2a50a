"""Reads over the room's tables."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Collection

from django.db.models import Prefetch

from registry.enterprises.models import Enterprise, EnterpriseSector, Register, Site


@dc.dataclass(frozen=True)
class Identity:
    """By what an enterprise is recognised in a list."""

    pk: int
    tax_code: str | None
    name: str


def register_is_sample() -> bool:
    """Whether what is shown is the fictional sample register."""
    return Register.objects.filter(kind=Register.Kind.SAMPLE).exists()


def identities() -> list[Identity]:
    """Tax code and name of every enterprise, the ended ones too; one query."""
    rows = Enterprise.objects.order_by("pk").values_list("pk", "tax_code", "name")
    return [Identity(*row) for row in rows]


def whole_enterprises(ids: Collection[int], *, on: dt.date) -> dict[int, Enterprise]:
    """Enterprises by identity with products, figures, sectors and the sites standing on
    that day at hand (``sites.all()`` gives only these) and their life: six queries however many they are.
    """
    rows = Enterprise.objects.filter(pk__in=ids).order_by("pk")
    return {
        enterprise.pk: enterprise
        for enterprise in rows.prefetch_related(
            Prefetch("sites", Site.objects.standing(on).order_by("pk")),
            "products",
            "year_figures",
            "spells",
            Prefetch("sectors", EnterpriseSector.objects.select_related("sector")),
        )
    }
