"""The one door to finding: a filter goes in; rows, total and facets come out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, TextField, Value
from django.db.models.functions import Cast

from registry.certifications.models import Certificate
from registry.core.models import Among
from registry.enterprises.models import (
    Enterprise,
    EnterpriseProcess,
    EnterpriseQuerySet,
    EnterpriseSector,
    Product,
    Site,
)
from registry.plans.models import CountingRule
from registry.plans.queries import rule_in_force
from registry.search.criteria import Chosen, restrict
from registry.search.facets import (
    CLOSED,
    LISTS,
    TOTAL,
    Facet,
    build_facets,
    count_facets,
    list_labels,
)
from registry.search.filters import EnterpriseFilter
from registry.search.words import matching, ranked, words_of
from registry.supply.models import SupplyRelation

PAGE_SIZE = 20
RELEVANCE, NAME, CONFIRMED, NEWEST = "relevance", "name", "confirmed", "newest"
SORTS = (RELEVANCE, NAME, CONFIRMED, NEWEST)


@dataclass(frozen=True)
class Relaxation:
    """How many enterprises would be found without the filter ``name``."""

    name: str
    total: int


@dataclass(frozen=True)
class Results:
    """One page of what was found, with the counts of all of it."""

    rows: list[Enterprise]
    total: int
    page: int
    pages: int
    facets: list[Facet]
    relaxations: list[Relaxation]


def found(
    queryset: EnterpriseQuerySet, chosen: Chosen, on: dt.date, rule: CountingRule | None = None
) -> EnterpriseQuerySet:
    """All enterprises that the criteria find, unordered."""
    return restrict(queryset, chosen, on, rule).order_by()


def public_register(on: dt.date) -> EnterpriseQuerySet:
    """What a buyer searches: everything in the register on that day."""
    return Enterprise.objects.registered(on)


def search(
    queryset: EnterpriseQuerySet, chosen: Chosen, *, on: dt.date, sort: str = "", page: int = 1
) -> Results:
    """Find enterprises: at most 12 queries, whatever the number of rows.

    ``sort`` is one of ``SORTS``, by relevance when empty; a page beyond the last is the last.
    """
    rule = rule_in_force(on)
    scope = _scope(queryset, chosen, on, rule)
    counts = count_facets(scope.among, scope.chosen, on, rule, scope.matches)
    total = counts[TOTAL].get("", 0)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    labels = list_labels()
    headings = {
        name: field.label
        for name, field in EnterpriseFilter.base_filters.items()
        if name in LISTS or name in CLOSED
    }
    first = (page - 1) * PAGE_SIZE
    ordered = in_order(scope.matches, chosen, sort)
    rows = list(with_capability(ordered, on)[first : first + PAGE_SIZE]) if total else []
    return Results(
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        facets=build_facets(counts, chosen, labels, headings),
        relaxations=[] if total else relax(queryset, chosen, on, rule),
    )


@dataclass(frozen=True)
class Scope:
    """``matches`` are those ``among`` whom all that is ``chosen`` finds."""

    among: EnterpriseQuerySet
    chosen: Chosen
    matches: EnterpriseQuerySet


def _scope(queryset: EnterpriseQuerySet, chosen: Chosen, on: dt.date, rule: CountingRule) -> Scope:
    """Words, or else all the filters, looked up once: every facet then compares numbers."""
    others = {name: value for name, value in chosen.items() if name != "q"}
    if words_of(chosen.get("q") or ""):
        among = looked_up(matching(queryset, chosen["q"]))
        return Scope(among, others, found(among, others, on, rule))
    matches = looked_up(found(queryset, others, on, rule)) if others else queryset
    return Scope(queryset, others, matches)


def looked_up(rows: EnterpriseQuerySet) -> EnterpriseQuerySet:
    """The same enterprises by their numbers; one query."""
    pks = list(rows.order_by().values_list("pk", flat=True))
    return Enterprise.objects.filter(Among(F("pk"), pks))


def in_order(queryset: EnterpriseQuerySet, chosen: Chosen, sort: str) -> EnterpriseQuerySet:
    """A total order: the same page holds the same rows each time."""
    if sort == CONFIRMED:
        return queryset.order_by(F("last_confirmed_on").desc(nulls_last=True), "name_sort", "pk")
    if sort == NEWEST:
        return queryset.order_by("-registered_on", "name_sort", "pk")
    if sort == NAME or not chosen.get("q"):
        return queryset.in_name_order()
    return ranked(queryset, chosen["q"]).order_by("rank", "name_sort", "pk")  # type: ignore[misc]


def with_capability(queryset: EnterpriseQuerySet, on: dt.date) -> EnterpriseQuerySet:
    """What a card shows: certificates that count, processes, products, places, buyers."""
    certificates = (
        Certificate.objects.counting(on)
        .with_last_look(on)
        .select_related("scheme", "edition")
        .order_by("-scheme__is_international", "scheme__name", "-valid_until", "pk")
    )
    relations = (
        SupplyRelation.objects.live(on).public().select_related("buyer").order_by("tier", "pk")
    )
    return queryset.with_size(on).prefetch_related(
        Prefetch("certificates", certificates, to_attr="certificates_now"),
        Prefetch("supply_relations", relations, to_attr="relations_shown"),
        Prefetch(
            "sectors",
            EnterpriseSector.objects.select_related("sector").order_by("-is_primary", "pk"),
            to_attr="sectors_shown",
        ),
        Prefetch(
            "processes",
            EnterpriseProcess.objects.select_related("process").order_by("pk"),
            to_attr="processes_shown",
        ),
        Prefetch("products", Product.objects.order_by("pk"), to_attr="products_shown"),
        Prefetch(
            "sites",
            Site.objects.all()
            .standing(on)
            .select_related("ward", "province", "park")
            .order_by("kind", "pk"),
            to_attr="sites_now",
        ),
    )


def relax(
    queryset: EnterpriseQuerySet, chosen: Chosen, on: dt.date, rule: CountingRule
) -> list[Relaxation]:
    """Which single filter to take away, and how many that would find; most first."""
    parts = []
    for name in chosen:
        others = {key: value for key, value in chosen.items() if key != name}
        parts.append(
            found(queryset, others, on, rule)
            .values(facet=Cast(Value(name), TextField()))
            .annotate(n=Count("pk"))
            .values_list("facet", "n")
        )
    if not parts:
        return []
    counted = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    wider = [Relaxation(name, total) for name, total in counted if total]
    return sorted(wider, key=lambda one: -one.total)
