"""What each filter means: one function per criterion, all on one day.

A value ``not_stated`` means that the register does not know; it is a value like any
other, so that nothing disappears from a count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.certifications.models import Certificate, CertificateQuerySet
from registry.enterprises.models import (
    EnterpriseProcess,
    EnterpriseQuerySet,
    EnterpriseSector,
    Product,
    Site,
)
from registry.plans.models import CountingRule
from registry.plans.queries import rule_condition, rule_in_force
from registry.search.words import matching
from registry.supply.models import SupplyRelation, SupplyRelationQuerySet

NOT_STATED = "not_stated"
YES, NO = "yes", "no"

Chosen = Mapping[str, Any]
"""Cleaned values by filter name: a list of codes, or the text of ``q``."""


def restrict(
    queryset: EnterpriseQuerySet, chosen: Chosen, on: dt.date, rule: CountingRule | None = None
) -> EnterpriseQuerySet:
    """Apply every chosen criterion; within one criterion any value is enough.

    ``rule`` says what "meets international standards" means; the one in force if None.
    """
    queryset = matching(queryset, chosen.get("q") or "")
    for name, holders in HOLDERS.items():
        if codes := chosen.get(name):
            rows, path = holders(on)
            queryset = queryset.filter(_any_of(rows, path, codes))
    for name in ("ownership", "legal_form"):
        if codes := chosen.get(name):
            stated = [code if code != NOT_STATED else "" for code in codes]
            queryset = queryset.filter(**{f"{name}__in": stated})
    if codes := chosen.get("size"):
        queryset = with_size_in(queryset, codes, on)
    queryset = holding(queryset, chosen, on)
    if answer := _one_answer(chosen, "international"):
        meets = rule_condition(rule or rule_in_force(on), on)
        queryset = queryset.filter(meets if answer == YES else ~meets)
    return supplying(queryset, chosen, on)


def _any_of(rows: QuerySet, path: str, codes: Sequence[str]) -> Q:
    mine = rows.filter(enterprise=OuterRef("pk"))
    found = Q(Exists(mine.filter(**{f"{path}__in": codes})))
    if NOT_STATED in codes:
        found |= ~Q(Exists(mine.filter(**{f"{path}__isnull": False})))
    return found


def _sites(on: dt.date) -> QuerySet:
    return Site.objects.all().standing(on)


HOLDERS = {
    "sector": lambda on: (EnterpriseSector.objects.all(), "sector__code"),
    "process": lambda on: (EnterpriseProcess.objects.all(), "process__code"),
    "product_group": lambda on: (Product.objects.all(), "group__code"),
    "province": lambda on: (_sites(on), "province__code"),
    "ward": lambda on: (_sites(on), "ward__code"),
    "park": lambda on: (_sites(on), "park__code"),
}
"""Child rows that carry a code of a list: the rows on that day, and the path to it."""


def with_size_in(
    queryset: EnterpriseQuerySet, codes: Sequence[str], on: dt.date
) -> EnterpriseQuerySet:
    found = Q(size__in=codes)
    if NOT_STATED in codes:
        found |= Q(size__isnull=True)
    return queryset.with_size(on).filter(found)


def certificates_held(chosen: Chosen, on: dt.date) -> CertificateQuerySet:
    """Certificates that count on that day, of the chosen schemes if any are."""
    held = Certificate.objects.counting(on)
    if codes := chosen.get("scheme"):
        held = held.filter(scheme__code__in=codes)
    return held


def holding(queryset: EnterpriseQuerySet, chosen: Chosen, on: dt.date) -> EnterpriseQuerySet:
    """Schemes and verification of certificates.

    ``verified`` speaks of the chosen schemes: IATF 16949 and verified means that an
    IATF 16949 certificate was verified, not just any.
    """
    held = certificates_held(chosen, on).filter(enterprise=OuterRef("pk"))
    if codes := chosen.get("scheme"):
        found = Q(Exists(held))
        if NOT_STATED in codes:
            found |= ~Q(Exists(Certificate.objects.counting(on).filter(enterprise=OuterRef("pk"))))
        queryset = queryset.filter(found)
    if answers := _one_answer(chosen, "verified"):
        seen = Exists(held.verified(on))
        queryset = queryset.filter(seen if answers == YES else ~seen)
    return queryset


def _one_answer(chosen: Chosen, name: str) -> str:
    """Yes and no together restrict nothing."""
    answers = set(chosen.get(name) or ())
    return answers.pop() if len(answers) == 1 else ""


def relations_held(
    on: dt.date, tiers: Sequence[str], buyers: Sequence[str]
) -> SupplyRelationQuerySet:
    """Relations alive on that day at one of the tiers, with one of the buyers.

    With a buyer named, only relations that may be shown: a tier is told of an
    enterprise in any case, the partner of a confidential relation never (decision 0006).
    """
    held = SupplyRelation.objects.live(on)
    if named := [code for code in tiers if code != NOT_STATED]:
        held = held.filter(tier__in=[tier for tier in SupplyRelation.Tier if str(tier) in named])
    if named := [code for code in buyers if code != NOT_STATED]:
        held = held.public().filter(buyer__code__in=named)
    return held


def supplying(queryset: EnterpriseQuerySet, chosen: Chosen, on: dt.date) -> EnterpriseQuerySet:
    """Tier and buyer, of one and the same relation where both are named.

    ``supply_verified`` speaks of the relations at the chosen tiers with the chosen buyers:
    so of a confidential one it never says with whom.
    """
    tiers, buyers = chosen.get("tier") or (), chosen.get("buyer") or ()
    if answer := _one_answer(chosen, "supply_verified"):
        seen = _has(relations_held(on, tiers, buyers).verified(on))
        queryset = queryset.filter(seen if answer == YES else ~seen)
    if not tiers and not buyers:
        return queryset
    found = Q(pk__in=[])
    if set(tiers) != {NOT_STATED} and set(buyers) != {NOT_STATED}:
        found |= _has(relations_held(on, tiers, buyers))
    if NOT_STATED in buyers:
        at_tier = _has(relations_held(on, tiers, ())) if set(tiers) - {NOT_STATED} else Q()
        if tiers and set(tiers) == {NOT_STATED}:
            at_tier = Q(pk__in=[])
        found |= at_tier & ~_has(SupplyRelation.objects.live(on).public())
    if NOT_STATED in tiers and (not buyers or NOT_STATED in buyers):
        found |= ~_has(SupplyRelation.objects.live(on))
    return queryset.filter(found)


def _has(rows: QuerySet) -> Q:
    return Q(Exists(rows.filter(enterprise=OuterRef("pk"))))
