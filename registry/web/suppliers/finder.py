"""The parts of the search page that are not search: chips, groups, form fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registry.search.criteria import Chosen
from registry.search.facets import Facet, FacetValue
from registry.search.queries import CONFIRMED, NAME, NEWEST, RELEVANCE, Results
from registry.web.shared.problems import address

VIEWS = ("list", "table")
SORT_LABELS = {
    RELEVANCE: _("Best match"),
    NAME: _("Name A–Z"),
    CONFIRMED: _("Last confirmed"),
    NEWEST: _("Newest in the register"),
}


def sorts_offered(chosen: Chosen) -> dict[str, Any]:
    """The orders there are; the best match only where words were typed."""
    return {
        code: label for code, label in SORT_LABELS.items() if code != RELEVANCE or chosen.get("q")
    }


VALUES_SHOWN = 8
OPEN_AT_FIRST = ("sector", "process", "scheme", "verified")
ORDER = (
    "sector", "process", "scheme", "verified", "international", "tier", "buyer",
    "supply_verified", "product_group", "size", "ownership", "province", "ward", "park", "legal_form",
)  # fmt: skip


@dataclass(frozen=True)
class Chip:
    """A filter in force, with the address of the page without it."""

    name: str
    heading: Any
    label: str
    url: str


@dataclass(frozen=True)
class FacetGroup:
    """A facet on the page: the first values, and the rest behind "show all"."""

    facet: Facet
    first: list[FacetValue]
    rest: list[FacetValue]
    is_open: bool


def facet_groups(facets: Iterable[Facet]) -> list[FacetGroup]:
    by_name = {facet.name: facet for facet in facets}
    groups = []
    for name in ORDER:
        facet = by_name[name]
        if not facet.values:
            continue
        first = facet.values[:VALUES_SHOWN]
        rest = facet.values[VALUES_SHOWN:]
        # What is chosen is always in sight.
        first += [value for value in rest if value.is_chosen]
        rest = [value for value in rest if not value.is_chosen]
        groups.append(FacetGroup(facet, first, rest, name in OPEN_AT_FIRST or bool(facet.chosen)))
    return groups


def chips(parameters: QueryDict, chosen: Chosen, facets: Iterable[Facet]) -> list[Chip]:
    """One chip for the words and one for each chosen value."""
    made = []
    if text := chosen.get("q"):
        made.append(Chip("q", _("Search"), text, address(parameters, q=None)))
    for facet in facets:
        for value in facet.chosen:
            others = [code for code in parameters.getlist(facet.name) if code != value.code]
            url = address(parameters, **{facet.name: others})
            made.append(Chip(facet.name, facet.label, value.label, url))
    return made


def relaxations(
    parameters: QueryDict, results: Results, active: list[Chip]
) -> list[dict[str, Any]]:
    """For an empty page: each criterion that can go, and what would then be found."""
    offers = []
    for one in results.relaxations:
        mine = [chip for chip in active if chip.name == one.name]
        if mine:
            offers.append(
                {
                    "heading": mine[0].heading,
                    "label": ", ".join(str(chip.label) for chip in mine),
                    "total": one.total,
                    "url": address(parameters, **{one.name: None}),
                }
            )
    return offers
