from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.enterprises.validators import clean_tax_code
from registry.sample import names
from registry.sample.chance import BLOCK, DECKS, hands

MANY = 30_000


@given(seed=st.integers(0, 10**6), number=st.integers(0, 10**6 - 1))
def test_tax_codes_are_right_and_of_no_tax_office(seed: int, number: int) -> None:
    code = names.tax_code(seed, number)
    assert clean_tax_code(code) == code
    assert code.startswith("99")


@pytest.mark.parametrize("seed", [1, 500_000])
def test_tax_codes_differ(seed: int) -> None:
    assert len({names.tax_code(seed, number) for number in range(MANY)}) == MANY


@pytest.mark.parametrize("coined", [True, False])
@pytest.mark.parametrize("first", [0, 990_000])
def test_names_differ(first: int, coined: bool) -> None:
    numbers = range(first, min(first + MANY, 1_000_000))
    found = {names.proper_name(1, number, coined=coined) for number in numbers}
    assert len(found) == len(numbers)
    assert all(unicodedata.is_normalized("NFC", name) for name in found)


def test_a_name_in_both_languages() -> None:
    assert (
        names.legal_name("jsc", "Lò xo", "Khúc Thạch Vi") == "Công ty cổ phần Lò xo Khúc Thạch Vi"
    )
    assert names.english_name("jsc", "Spring", "Khúc Thạch Vi") == "Khuc Thach Vi Spring JSC"
    assert names.short_name("Metal Stamping", "Khúc Thạch Vi") == "KTV Metal"
    assert names.short_name("Metal Stamping", "Kanoratek") == "Kanoratek Metal"
    assert names.website("Điền Đàm Ý") == "https://diendamy.example"


def test_a_form_that_is_not_stated_reads_as_a_limited_company() -> None:
    assert names.legal_name("", "Lò xo", "X") == "Công ty TNHH Lò xo X"


def test_nobody_can_be_called() -> None:
    rng = random.Random(1)
    assert all(names.phone(rng).startswith("024 0000 ") for _ in range(100))


@pytest.mark.parametrize("seed", [1, 2])
def test_every_block_holds_the_same_cards(seed: int) -> None:
    dealt = hands(seed, 3)
    assert len(dealt) == BLOCK
    for name, (_pull, deck) in DECKS.items():
        cards = [hand[name] for hand in dealt]
        assert {card: cards.count(card) for card, _count in deck} == dict(deck)


def test_the_strong_are_larger_and_better_certified() -> None:
    dealt = [hand for block in range(5) for hand in hands(1, block)]

    def certified(size: str) -> float:
        cards = [hand["proof"] for hand in dealt if hand["size"] == size]
        return cards.count("counting") / len(cards)

    assert certified("micro") < certified("small") < certified("large")
