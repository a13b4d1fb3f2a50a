"""Facet counts: what each value of a facet would find, with every filter but its own.

All facets are counted in one statement, so that the page's number of queries does not
grow with the number of facets.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from registry.certifications.models import Certificate
from registry.enterprises.enums import LegalForm, Ownership, SizeClass
from registry.enterprises.models import EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.plans.queries import rule_condition
from registry.reference import models as reference
from registry.search.criteria import (
    HOLDERS,
    NO,
    NOT_STATED,
    YES,
    Chosen,
    certificates_held,
    relations_held,
    restrict,
)
from registry.supply.models import SupplyRelation

LISTS: dict[str, Any] = {
    "sector": reference.Sector,
    "process": reference.Process,
    "product_group": reference.ProductGroup,
    "scheme": reference.CertificationScheme,
    "buyer": reference.Buyer,
    "province": reference.Province,
    "ward": reference.Ward,
    "park": reference.Park,
}
"""Facets whose values are rows of a code list."""

CLOSED = {
    "verified": {YES: _("Verified"), NO: _("Not verified")},
    "international": {YES: _("Yes"), NO: _("No")},
    "supply_verified": {YES: _("Yes"), NO: _("No")},
    "tier": {str(code): label for code, label in SupplyRelation.Tier.choices},
    "size": dict(SizeClass.choices),
    "ownership": dict(Ownership.choices),
    "legal_form": dict(LegalForm.choices),
}
"""Facets whose values stand in the code, in the order they are shown."""

TOTAL = "total"
"""Not a facet: all that is found, counted in the same statement as the facets."""


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet; ``count`` is what choosing it (alone) would find."""

    code: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A criterion with its values: the most frequent first, closed lists in their order."""

    name: str
    label: Any
    values: list[FacetValue]

    @property
    def chosen(self) -> list[FacetValue]:
        return [value for value in self.values if value.is_chosen]


Base = Callable[..., EnterpriseQuerySet]


def count_facets(
    queryset: EnterpriseQuerySet,
    chosen: Chosen,
    on: dt.date,
    rule: CountingRule,
    matches: EnterpriseQuerySet,
) -> dict[str, dict[str, int]]:
    """Number of enterprises by facet and code, zeros left out; one query.

    ``matches`` are those of ``queryset`` that all of ``chosen`` find; how many stands under
    ``TOTAL``, with no code.
    """

    def base(name: str, *also_without: str) -> EnterpriseQuerySet:
        left_out = {name, *also_without} & chosen.keys()
        if not left_out:
            return matches
        others = {key: value for key, value in chosen.items() if key not in left_out}
        return restrict(queryset, others, on, rule).order_by()

    parts: list[QuerySet] = [_grouped(TOTAL, matches, Value(""))]
    for name, holders in HOLDERS.items():
        rows, path = holders(on)
        parts += _held(name, base(name), rows.filter(**{f"{path}__isnull": False}), path)
    parts += _schemes(base("scheme", "verified"), chosen, on)
    parts += _tiers_and_buyers(base, chosen, on)
    seen = certificates_held(chosen, on).verified(on).filter(enterprise=OuterRef("pk"))
    parts.append(_yes_or_no("verified", base("verified"), Q(Exists(seen))))
    parts.append(_yes_or_no("international", base("international"), rule_condition(rule, on)))
    for name in ("ownership", "legal_form"):
        parts.append(
            _grouped(name, base(name), Coalesce(NullIf(name, Value("")), Value(NOT_STATED)))
        )
    sized = base("size").with_size(on)
    parts.append(_grouped("size", sized, Coalesce("size", Value(NOT_STATED))))
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for name, code, count in parts[0].union(*parts[1:], all=True):
        counts[name][code] = count
    return counts


def _schemes(base: EnterpriseQuerySet, chosen: Chosen, on: dt.date) -> list[QuerySet]:
    """Verified or not is asked of each scheme's own certificates."""
    counting = Certificate.objects.counting(on)
    answers = set(chosen.get("verified") or ())
    seen = counting.verified(on)
    rows = counting
    if answers == {YES}:
        rows = seen
    elif answers == {NO}:
        same = seen.filter(enterprise=OuterRef("enterprise"), scheme=OuterRef("scheme"))
        rows = counting.filter(~Exists(same))
    without = base.filter(~Exists(counting.filter(enterprise=OuterRef("pk"))))
    parts = [_by_code("scheme", base, rows, "scheme__code")]
    return parts if answers == {YES} else [*parts, _grouped("scheme", without, Value(NOT_STATED))]


def _tiers_and_buyers(base: Base, chosen: Chosen, on: dt.date) -> list[QuerySet]:
    """By tier with the chosen buyers, by buyer at the chosen tiers; verified or not is
    asked of each value's own relations."""
    tiers, buyers = chosen.get("tier") or (), chosen.get("buyer") or ()
    live = SupplyRelation.objects.live(on)
    silent = ~Exists(live.public().filter(enterprise=OuterRef("enterprise")))
    by_tier: QuerySet = live
    if buyers:
        named = Q(pk__in=relations_held(on, (), buyers).values("pk"))
        if set(buyers) == {NOT_STATED}:
            named = Q(pk__in=[])
        by_tier = live.filter(named | Q(silent)) if NOT_STATED in buyers else live.filter(named)
    by_buyer: QuerySet = relations_held(on, tiers, ()).public()
    if set(tiers) == {NOT_STATED}:
        by_buyer = by_buyer.none()
    seen = relations_held(on, (), buyers).verified(on)
    by_tier = _verified_or_not(by_tier, seen, chosen, "tier")
    seen = relations_held(on, tiers, ()).public().verified(on)
    by_buyer = _verified_or_not(by_buyer, seen, chosen, "buyer")
    held = relations_held(on, tiers, buyers).verified(on).filter(enterprise=OuterRef("pk"))
    without = ("tier", "buyer", "supply_verified") if buyers else ("tier", "supply_verified")
    no_relation = base("tier").filter(~Exists(live.filter(enterprise=OuterRef("pk"))))
    no_partner = base("buyer").filter(~Exists(live.public().filter(enterprise=OuterRef("pk"))))
    return [
        _by_code("tier", base(*without), by_tier, "tier"),
        _grouped("tier", no_relation, Value(NOT_STATED)),
        _by_code("buyer", base("buyer", "supply_verified"), by_buyer, "buyer__code"),
        _grouped("buyer", no_partner, Value(NOT_STATED)),
        _yes_or_no("supply_verified", base("supply_verified"), Q(Exists(held))),
    ]


def _verified_or_not(rows: QuerySet, seen: QuerySet, chosen: Chosen, of: str) -> QuerySet:
    """Rows of which the chosen answer is true: ``seen`` are the verified ones."""
    answers = set(chosen.get("supply_verified") or ())
    if answers == {YES}:
        return rows.filter(pk__in=seen.values("pk"))
    if answers == {NO}:
        same = {"enterprise": OuterRef("enterprise"), of: OuterRef(of)}
        return rows.filter(~Exists(seen.filter(**same)))
    return rows


def _held(name: str, base: EnterpriseQuerySet, rows: QuerySet, path: str) -> list[QuerySet]:
    """Counts by code of child rows, and those that have no such row."""
    without = base.filter(~Exists(rows.filter(enterprise=OuterRef("pk"))))
    return [_by_code(name, base, rows, path), _grouped(name, without, Value(NOT_STATED))]


def _by_code(name: str, base: EnterpriseQuerySet, rows: QuerySet, path: str) -> QuerySet:
    return (
        rows.order_by()
        .filter(enterprise__in=base.values("pk"))
        .values(facet=_text(name), code=Cast(F(path), TextField()))
        .annotate(n=Count("enterprise", distinct=True))
        .values_list("facet", "code", "n")
    )


def _yes_or_no(name: str, base: EnterpriseQuerySet, condition: Q) -> QuerySet:
    answer = Case(When(condition, then=Value(YES)), default=Value(NO), output_field=CharField())
    return _grouped(name, base, answer)


def _grouped(name: str, base: EnterpriseQuerySet, code: Any) -> QuerySet:
    return (
        base.values(facet=_text(name), code=Cast(code, TextField()))
        .annotate(n=Count("pk"))
        .values_list("facet", "code", "n")
    )


def _text(value: str) -> Cast:
    return Cast(Value(value), TextField())


def list_labels() -> dict[str, dict[str, str]]:
    """Names of all code lists in the reader's language; one query."""
    parts = [
        model.objects.order_by().values_list(_text(name), "code", "name", "name_en", named=False)
        for name, model in LISTS.items()
    ]
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for facet, code, name, name_en in parts[0].union(*parts[1:], all=True):
        labels[facet][code] = reference.Sector(name=name, name_en=name_en).label
    return labels


def build_facets(
    counts: dict[str, dict[str, int]],
    chosen: Chosen,
    labels: dict[str, dict[str, str]],
    headings: dict[str, Any],
) -> list[Facet]:
    """Facets in the order of ``headings``; chosen values stay visible at zero."""
    return [
        Facet(name, heading, _values(name, counts[name], chosen.get(name) or [], labels))
        for name, heading in headings.items()
    ]


def _values(
    name: str, counts: dict[str, int], chosen: list[str], labels: dict[str, dict[str, str]]
) -> list[FacetValue]:
    closed = CLOSED.get(name)
    names = closed if closed is not None else labels.get(name, {})
    codes = set(counts) | set(chosen)
    if closed is not None:
        order = {code: place for place, code in enumerate(closed)}
        ordered = sorted(codes, key=lambda code: (order.get(code, len(order)), code))
    else:
        ordered = sorted(codes, key=lambda code: (code == NOT_STATED, -counts.get(code, 0), code))
    return [
        FacetValue(
            code=code,
            label=str(names.get(code) or (_("Not stated") if code == NOT_STATED else code)),
            count=counts.get(code, 0),
            is_chosen=code in chosen,
        )
        for code in ordered
    ]
