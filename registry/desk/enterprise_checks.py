"""Questions about enterprises, their figures and whom they supply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from registry.desk.questions import Fact, kind_of_question
from registry.enterprises.enums import Ownership
from registry.enterprises.models import Enterprise, Site, YearFigure
from registry.enterprises.validators import has_check_digit
from registry.reference.enums import HANOI_CODE
from registry.supply.models import SupplyRelation

JUMP = 5
"""Times by which employees may change from one year to the next without a question."""

FEW = 20
"""Below this number of persons a jump says little."""


@kind_of_question(
    "relation_before_founded",
    _("Supplies since before it was founded"),
    _("Supplies %(buyer)s since %(since)s; the enterprise was founded on %(founded_on)s."),
    _("Either a date is wrong or the relation is of a predecessor."),
)
def relation_before_founded(on: dt.date) -> Iterator[Fact]:
    rows = SupplyRelation.objects.filter(
        enterprise__merged_into__isnull=True, since__lt=F("enterprise__founded_on")
    )
    for pk, enterprise, buyer, since, founded in rows.values_list(
        "pk", "enterprise", "buyer__name", "since", "enterprise__founded_on"
    ):
        values = {"buyer": buyer, "since": since, "founded_on": founded}
        yield Fact("supplyrelation", pk, enterprise, values)


@kind_of_question(
    "relation_twice",
    _("Same supply relation twice"),
    _("Supplies %(buyer)s with “%(product)s” at tier %(tier)s twice at the same time."),
    _("A relation is recorded once; after a merger both records may have held it."),
)
def relation_twice(on: dt.date) -> Iterator[Fact]:
    live = SupplyRelation.objects.live(on).annotate(
        holder=Coalesce("enterprise__merged_into", "enterprise"), place=Coalesce("plant", 0)
    )
    same = live.filter(
        holder=OuterRef("holder"),
        buyer=OuterRef("buyer"),
        place=OuterRef("place"),
        tier=OuterRef("tier"),
        product__iexact=OuterRef("product"),
        pk__lt=OuterRef("pk"),
    )
    rows = live.filter(models.Exists(same))
    for pk, holder, buyer, product, tier in rows.values_list(
        "pk", "holder", "buyer__name", "product", "tier"
    ):
        values = {"buyer": buyer, "product": product, "tier": tier}
        yield Fact("supplyrelation", pk, holder, values)


@kind_of_question(
    "tax_code_unexplained",
    _("Tax code fails its check digit"),
    _("Tax code %(tax_code)s fails its check digit, and nobody said why it is kept."),
    _("A digit is wrong or missing; a code that is really so has its reason written down."),
)
def tax_code_unexplained(on: dt.date) -> Iterator[Fact]:
    rows = Enterprise.objects.filter(
        merged_into__isnull=True, tax_code__isnull=False, tax_code_note=""
    ).exclude(tax_code__regex=r"^[0-9]{12}$")
    for pk, code in rows.values_list("pk", "tax_code"):
        if not has_check_digit((code or "").replace("-", "")):
            yield Fact("enterprise", pk, pk, {"tax_code": code})


@kind_of_question(
    "labour_jump",
    _("Employees changed more than fivefold"),
    _("%(before)s employees in %(year_before)s and %(after)s in %(year)s."),
    _("A nought too many, another unit, or a real growth that is worth a remark."),
)
def labour_jump(on: dt.date) -> Iterator[Fact]:
    last = YearFigure.objects.filter(
        enterprise=OuterRef("enterprise"), year=OuterRef("year") - 1
    ).order_by("pk")
    rows = YearFigure.objects.filter(enterprise__merged_into__isnull=True).annotate(
        before=Subquery(last.values("labour")[:1])
    )
    rows = rows.filter(Q(labour__gte=FEW) | Q(before__gte=FEW)).filter(
        Q(labour__gt=F("before") * JUMP) | Q(before__gt=F("labour") * JUMP)
    )
    for pk, enterprise, year, labour, before in rows.values_list(
        "pk", "enterprise", "year", "labour", "before"
    ):
        values = {"before": before, "after": labour, "year": year, "year_before": year - 1}
        yield Fact("yearfigure", pk, enterprise, values)


@kind_of_question(
    "not_in_hanoi",
    _("No site in Hanoi"),
    _("Operates in the register, but its sites are all elsewhere: %(places)s."),
    _("The register is Hanoi's. An enterprise that left has moved away on a day."),
)
def not_in_hanoi(on: dt.date) -> Iterator[Fact]:
    sites = Site.objects.filter(enterprise=OuterRef("pk"), province__isnull=False).standing(on)
    rows = Enterprise.objects.operating(on).filter(models.Exists(sites))
    rows = rows.exclude(models.Exists(sites.filter(province__code=HANOI_CODE)))
    place = sites.order_by("province__name", "pk").values("province__name")[:1]
    for pk, name in rows.annotate(place=Subquery(place)).values_list("pk", "place"):
        yield Fact("enterprise", pk, pk, {"places": name})


@kind_of_question(
    "ownership_differs",
    _("Ownership and foreign share disagree"),
    _("Ownership is stated as “%(ownership)s”, the foreign share as %(share)s %%."),
    _(
        "Without any foreign share an enterprise is not foreign-invested; with more than half it is."
    ),
)
def ownership_differs(on: dt.date) -> Iterator[Fact]:
    rows = Enterprise.objects.filter(merged_into__isnull=True).filter(
        Q(ownership=Ownership.FOREIGN, foreign_share=0)
        | Q(ownership__in=[Ownership.PRIVATE, Ownership.STATE], foreign_share__gt=50)
    )
    for pk, ownership, share in rows.values_list("pk", "ownership", "foreign_share"):
        values = {"ownership": ownership, "share": share}
        yield Fact("enterprise", pk, pk, values)


@kind_of_question(
    "figures_before_founded",
    _("Figures of a year before it was founded"),
    _("Figures of %(year)s are recorded; the enterprise was founded on %(founded_on)s."),
    _("Either a date is wrong or the figures are of a predecessor."),
)
def figures_before_founded(on: dt.date) -> Iterator[Fact]:
    rows = YearFigure.objects.filter(
        enterprise__merged_into__isnull=True, year__lt=F("enterprise__founded_on__year")
    )
    for pk, enterprise, year, founded in rows.values_list(
        "pk", "enterprise", "year", "enterprise__founded_on"
    ):
        yield Fact("yearfigure", pk, enterprise, {"year": year, "founded_on": founded})
