"""Every attribute of an enterprise can be searched by, or says here why not."""

from registry.enterprises.models import Enterprise
from registry.search.filters import EnterpriseFilter

FILTERED = {
    "name": {"q"},
    "name_en": {"q"},
    "short_name": {"q"},
    "tax_code": {"q"},
    "folded": {"q"},
    "products": {"q", "product_group"},
    "sectors": {"sector"},
    "processes": {"process", "q"},
    "materials": {"q"},
    "certificates": {"scheme", "verified", "international"},
    "supply_relations": {"tier", "buyer", "supply_verified"},
    "sites": {"province", "ward", "park"},
    "year_figures": {"size"},
    "ownership": {"ownership"},
    "legal_form": {"legal_form"},
}
EXEMPT = {
    "id": "internal; the public identity has its own address",
    "public_id": "has its own address",
    "tax_code_note": "an officer's remark",
    "foreign_share": "ownership says what a buyer asks",
    "founded_on": "shown on the profile; nobody chooses a supplier by it",
    "website": "shown on the profile",
    "about": "free text of the firm's own, not checked by anybody",
    "blank_reasons": "explains what is missing; each filter offers 'not stated' instead",
    "registered_on": "the search asks for a day, not for its cause",
    "suspended_on": "life cycle: the search shows who operates",
    "resumed_on": "life cycle: the search shows who operates",
    "closed_on": "life cycle: the search shows who operates",
    "moved_away_on": "life cycle: the search shows who operates",
    "merged_on": "life cycle: the search shows who operates",
    "merged_into": "life cycle: the search shows who operates",
    "enterprise": "those merged into it: life cycle",
    "successor": "life cycle: who carries on stands on the page of one that ended",
    "spells": "life cycle: the search shows who operates",
    "last_confirmed_on": "shown on the profile",
    "source": "provenance, for officers",
    "source_ref": "provenance, for officers",
    "extra": "columns nobody has understood yet",
    "created_at": "provenance, for officers",
    "name_sort": "orders the list",
    "contacts": "persons are not searched for: each is shown by consent only",
    "vsic_codes": "registered lines of business say little of what is made",
    "machines": "shown on the profile; free text without a code list",
    "events": "the history",
    "participations": "who was supported says nothing of what is made; on the profile by kind and year",
    "visits": "what officers saw, for the desk",
    "incentive_certificates": "shown on the profile; a matter between the holder and the state",
}


def attributes():
    return {field.name for field in Enterprise._meta.get_fields()}


def test_every_attribute_is_filtered_or_exempt():
    assert attributes() == set(FILTERED) | set(EXEMPT)
    assert set(FILTERED) & set(EXEMPT) == set()
    assert all(EXEMPT.values())


def test_every_filter_belongs_to_an_attribute():
    assert set().union(*FILTERED.values()) == set(EnterpriseFilter.base_filters)
