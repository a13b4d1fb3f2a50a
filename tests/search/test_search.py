"""The search function against its own meaning, on registers drawn at random."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import models as m
from registry.search.criteria import NOT_STATED
from registry.search.filters import EnterpriseFilter
from registry.search.queries import found, public_register, search
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db

CODES = {
    "sector": ["components", "high_tech", "moulds", NOT_STATED],
    "process": ["pr0", "pr1", NOT_STATED],
    "product_group": ["g0", NOT_STATED],
    "scheme": ["iso9001", "iatf16949", "hvnclc", NOT_STATED],
    "verified": ["yes", "no"],
    "international": ["yes", "no"],
    "tier": ["1", "2", "3", "4", NOT_STATED],
    "buyer": ["b0", "b1", NOT_STATED],
    "supply_verified": ["yes", "no"],
    "province": ["01", "24", NOT_STATED],
    "ward": ["w0", "w1", "w2", NOT_STATED],
    "park": ["p0", NOT_STATED],
    "size": ["micro", "small", "medium", "large", NOT_STATED],
    "ownership": ["private", "foreign", NOT_STATED],
    "legal_form": ["llc", "jsc", NOT_STATED],
}

TEXTS = ["dap 1", "cơ khí", "khi dập 0", "nobody is called so", "012"]


def draw(rng: random.Random) -> dict[str, list[str]]:
    names = rng.sample(list(CODES), rng.randint(0, 3))
    return {name: rng.sample(CODES[name], rng.randint(1, 2)) for name in names}


def test_a_facet_count_is_what_choosing_the_value_finds():
    small_register(60, seed=3)
    rng = random.Random(5)
    everything = public_register(TODAY)
    for turn in range(14):
        chosen = draw(rng) | ({"q": TEXTS[turn // 3 % len(TEXTS)]} if turn % 3 == 0 else {})
        results = search(everything, chosen, on=TODAY)
        assert results.total == found(everything, chosen, TODAY).count()
        for facet in results.facets:
            counts = {value.code: value.count for value in facet.values}
            for code in CODES[facet.name]:
                alone = {**chosen, facet.name: [code]}
                assert counts.get(code, 0) == found(everything, alone, TODAY).count(), (
                    chosen,
                    facet.name,
                    code,
                )


def test_two_values_find_the_union_of_each():
    small_register(40, seed=4)
    everything = public_register(TODAY)
    for name, codes in CODES.items():
        if codes == ["yes", "no"]:
            continue
        each = [set(found(everything, {name: [code]}, TODAY)) for code in codes]
        assert set(found(everything, {name: codes}, TODAY)) == set.union(*each)
        assert set.union(*each) == set(everything), f"{name}: somebody has no value at all"


@pytest.mark.parametrize("count", [1, 30])
def test_query_count_does_not_grow(count):
    small_register(count)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        results = search(public_register(TODAY), {"sector": ["components", NOT_STATED]}, on=TODAY)
        [len(row.certificates_now) + len(row.sites_now) for row in results.rows]
    assert len(queries) <= 11


def test_pages_hold_everybody_once():
    small_register(45, seed=9)
    everything = public_register(TODAY)
    last = search(everything, {}, on=TODAY).pages
    assert last > 1
    pages = [search(everything, {}, on=TODAY, page=page) for page in range(1, last + 1)]
    seen = [row.pk for page in pages for row in page.rows]
    assert len(seen) == len(set(seen)) == pages[0].total
    assert search(everything, {}, on=TODAY, page=99).page == pages[0].pages


def test_nothing_found_says_which_filter_to_take_away():
    m.Enterprise.objects.create(name="A", registered_on=TODAY, source="t", ownership="private")
    chosen = {"ownership": ["foreign"], "legal_form": [NOT_STATED]}
    results = search(public_register(TODAY), chosen, on=TODAY)
    assert results.total == 0
    assert [(one.name, one.total) for one in results.relaxations] == [("ownership", 1)]


def test_nothing_found_asks_no_more_however_many_filters_are_chosen():
    small_register(3)
    chosen = {name: codes[:1] for name, codes in CODES.items()} | {"q": "khong co ai"}
    assert chosen["international"] == ["yes"]
    with CaptureQueriesContext(connection) as queries:
        assert search(public_register(TODAY), chosen, on=TODAY).total == 0
    assert len(queries) <= 11


def test_signs_alone_restrict_nothing():
    small_register(5)
    everything = public_register(TODAY)
    assert search(everything, {"q": "."}, on=TODAY).total == everything.count() > 0


def test_confidential_partner_is_never_found_by_name():
    m.Enterprise.objects.create(name="A", registered_on=TODAY, source="t").supply_relations.create(
        buyer=m.Buyer.objects.create(code="b", name="B"), tier=1, since=TODAY, is_confidential=True
    )
    everything = public_register(TODAY)
    assert not found(everything, {"buyer": ["b"]}, TODAY).exists()
    assert not found(everything, {"buyer": ["b"], "tier": ["1"]}, TODAY).exists()
    assert found(everything, {"tier": ["1"]}, TODAY).exists()


def test_facets_of_relations_count_what_they_find_whatever_is_combined():
    small_register(60, seed=8)
    everything, names = public_register(TODAY), ("tier", "buyer", "supply_verified")
    rng = random.Random(2)
    for answer in (["yes"], ["no"], ["yes", "no"]):
        for _ in range(4):
            chosen = {"supply_verified": answer}
            for name in rng.sample(["tier", "buyer"], rng.randint(0, 2)):
                chosen[name] = rng.sample(CODES[name], rng.randint(1, 2))
            for facet in search(everything, chosen, on=TODAY).facets:
                counts = {value.code: value.count for value in facet.values}
                for code in CODES[facet.name] if facet.name in names else ():
                    alone = found(everything, {**chosen, facet.name: [code]}, TODAY).count()
                    assert counts.get(code, 0) == alone, (chosen, facet.name, code)


def test_verified_relation_does_not_tell_a_confidential_partner(admin_user):
    row = m.Enterprise.objects.create(name="A", registered_on=TODAY, source="t")
    row.supply_relations.create(
        buyer=m.Buyer.objects.create(code="b", name="B"), tier=1, since=TODAY,
        is_confidential=True, verified_on=TODAY, verified_by=admin_user,
    )  # fmt: skip
    row.supply_relations.create(
        buyer=m.Buyer.objects.create(code="c", name="C"), tier=2, since=TODAY, is_confidential=False
    )
    everything, yes = public_register(TODAY), {"supply_verified": ["yes"]}
    assert list(found(everything, yes, TODAY)) == [row]
    assert not found(everything, {**yes, "buyer": ["b"]}, TODAY).exists()
    assert not found(everything, {**yes, "buyer": ["c"]}, TODAY).exists()
    assert not found(everything, {**yes, "tier": ["2"]}, TODAY).exists()
    facets = {facet.name: facet for facet in search(everything, yes, on=TODAY).facets}
    assert [value.code for value in facets["buyer"].values if value.count] == []


def test_filter_reads_an_address_and_bears_nonsense():
    row = m.Enterprise.objects.create(
        name="A", registered_on=TODAY, source="t", ownership="private"
    )
    ok = EnterpriseFilter({"ownership": ["private"]}, m.Enterprise.objects.all(), on=TODAY)
    assert list(ok.qs.order_by("pk")) == [row]
    for nonsense in ("no-such", "", "'; drop table", "x" * 500, "\x00"):
        for name in (*CODES, "q"):
            asked = EnterpriseFilter({name: [nonsense]}, m.Enterprise.objects.all(), on=TODAY)
            asked.qs.count()
