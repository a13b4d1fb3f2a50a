"""Ways to split a figure; every enterprise has exactly one value in each but the last.

So the slices of a count add up to it, with "not stated" as a slice of its own. Of
certification schemes an enterprise can have several: see ``breakdown``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerChoices,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, ExtractYear, NullIf
from django.utils.translation import gettext_lazy as _

from registry.certifications.models import Certificate, CertificateQuerySet
from registry.dashboard import places
from registry.enterprises.enums import Ownership, SizeClass
from registry.enterprises.models import EnterpriseQuerySet, EnterpriseSector, YearFigure
from registry.reference.models import CertificationScheme, District, Park, Sector, Ward
from registry.search.criteria import NOT_STATED
from registry.supply.models import SupplyRelation
from registry.supply.queries import best_tier


def _sector(on: dt.date) -> Subquery:
    """The plan's sector above the primary sector (of today: sectors carry no dates)."""
    primary = EnterpriseSector.objects.filter(enterprise=OuterRef("pk"), is_primary=True)
    return Subquery(
        primary.order_by("pk").values(top=Coalesce("sector__parent__code", "sector__code"))[:1]
    )


def _tier(on: dt.date) -> Subquery:
    """The nearest tier of the verified relations alive on that day."""
    return best_tier(on, is_verified=True)


def _stated_tier(on: dt.date) -> Subquery:
    """The nearest tier of all relations alive on that day, verified or not."""
    return best_tier(on, is_verified=False)


def _size(on: dt.date) -> Subquery:
    """The class of Decree 80/2021 from the last year known on that day."""
    latest = YearFigure.objects.filter(enterprise=OuterRef("pk"), year__lte=on.year)
    return Subquery(latest.order_by("-year").with_size().values("size")[:1])  # type: ignore[misc]


def _ownership(on: dt.date) -> NullIf:
    return NullIf("ownership", Value(""))


def _capital(on: dt.date) -> Case:
    """Foreign: foreign-invested, or more than half of the capital is foreign.

    A smaller foreign share alone leaves an enterprise domestic (decision 0017).
    """
    return Case(
        When(Q(ownership=Ownership.FOREIGN) | Q(foreign_share__gt=50), then=Value(FOREIGN)),
        When(~Q(ownership="") | Q(foreign_share__isnull=False), then=Value(DOMESTIC)),
        output_field=TextField(),
    )


def _year(on: dt.date) -> ExtractYear:
    """The year of entry in the register."""
    return ExtractYear("registered_on")


SLICES: dict[str, Callable[[dt.date], Any]] = {
    "sector": _sector,
    "tier": _tier,
    "stated_tier": _stated_tier,
    "ward": places.ward,
    "district": places.district,
    "park": places.park,
    "size": _size,
    "ownership": _ownership,
    "capital": _capital,
    "year": _year,
}
SCHEME = "scheme"
DOMESTIC, FOREIGN = "domestic", "foreign"
YEAR_DIGITS = 4
CAPITALS = {DOMESTIC: _("Domestic"), FOREIGN: _("Foreign")}
WAYS = (*SLICES, SCHEME)
"""All attributes that lists can be narrowed to and figures split by."""

SHOWN = ("sector", "tier", "ward")
"""The splits of every figure on the programme's page and in its downloads."""

HEADINGS = {
    "sector": _("By sector"),
    "tier": _("By supply tier"),
    "stated_tier": _("By supply tier as stated"),
    "ward": _("By ward (of today)"),
    "district": _("By district (before 1 July 2025)"),
    "park": _("By industrial park"),
    "size": _("By size"),
    "ownership": _("By ownership"),
    "capital": _("Domestic or foreign"),
    "year": _("By year of registration"),
    SCHEME: _("By certificate scheme"),
}
NOT_STATED_LABELS = {
    "sector": _("Not stated"),
    "tier": _("No verified live relation"),
    "stated_tier": _("No live relation recorded"),
    "ward": _("Not stated"),
    "district": _("Not stated"),
    "park": _("In no park, or not stated"),
    "size": _("Not stated"),
    "ownership": _("Not stated"),
    "capital": _("Not stated"),
    "year": _("Not stated"),
    SCHEME: _("No confirmed certificate valid on the day"),
}


def sliced(queryset: EnterpriseQuerySet, name: str, on: dt.date) -> EnterpriseQuerySet:
    """Add the value of a slice as ``slice_<name>``."""
    value = Cast(SLICES[name](on), TextField())
    return queryset.annotate(
        **{f"slice_{name}": Coalesce(value, Value(NOT_STATED), output_field=TextField())}
    )


def held(on: dt.date) -> CertificateQuerySet:
    """The certificates whose schemes an enterprise is shown under: valid and confirmed."""
    return Certificate.objects.counting(on).verified(on)


def in_slices(
    queryset: EnterpriseQuerySet, chosen: dict[str, str], on: dt.date
) -> EnterpriseQuerySet:
    """Only those with the chosen value in each named way."""
    for name, code in chosen.items():
        if name == SCHEME:
            queryset = _of_scheme(queryset, code, on)
        else:
            queryset = sliced(queryset, name, on).filter(**{f"slice_{name}": code})
    return queryset


def _of_scheme(queryset: EnterpriseQuerySet, code: str, on: dt.date) -> EnterpriseQuerySet:
    mine = held(on).filter(enterprise=OuterRef("pk"))
    if code == NOT_STATED:
        return queryset.filter(~Exists(mine))
    return queryset.filter(Exists(mine.filter(scheme__code=code)))


def _choices(choices: type[TextChoices] | type[IntegerChoices]) -> dict[str, str]:
    return {str(code): str(label) for code, label in choices.choices}


def _listed(rows: QuerySet[Any]) -> dict[str, str]:
    return {row.code: row.label for row in rows}


LABELS: dict[str, Callable[[], dict[str, str]]] = {
    "sector": lambda: _listed(Sector.objects.filter(parent=None).order_by("position", "code")),
    "tier": lambda: _choices(SupplyRelation.Tier),
    "stated_tier": lambda: _choices(SupplyRelation.Tier),
    "ward": lambda: _listed(Ward.objects.order_by(F("name").asc())),
    "district": lambda: {
        **_listed(District.objects.order_by("code")),
        places.UNMAPPED: str(_("Cannot be mapped")),
    },
    "park": lambda: _listed(Park.objects.order_by(F("name").asc())),
    "size": lambda: _choices(SizeClass),
    "ownership": lambda: _choices(Ownership),
    "capital": lambda: {code: str(label) for code, label in CAPITALS.items()},
    "year": dict,
    SCHEME: lambda: _listed(CertificationScheme.objects.order_by("code")),
}


def is_value(name: str, code: str) -> bool:
    """Whether a way can have this value; one query for a way whose values are a code list.

    A value that nobody has is a value; one that is in no list would only seem to count nobody.
    """
    if code == NOT_STATED:
        return True
    if name == "year":
        return len(code) == YEAR_DIGITS and code.isascii() and code.isdigit()
    return code in LABELS[name]()


def slice_labels(*names: str) -> dict[str, dict[str, str]]:
    """Names of the values, in the reader's language and in the order they are shown.

    Of the ways named; of those that are shown if none is.
    """
    return {name: LABELS[name]() for name in names or SHOWN}
