"""Chance that can be repeated, and shares that hold for every seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import TypeVar

BLOCK = 200
"""Enterprises are dealt in blocks; in a full block every share below is exact."""

T = TypeVar("T")

Deck = Sequence[tuple[str, int]]

DECKS: dict[str, tuple[float, Deck]] = {
    "standing": (
        0.0,
        (
            ("operating", 190),
            ("resumed", 3),
            ("suspended", 1),
            ("closed", 2),
            ("moved_away", 1),
            ("merged", 1),
            ("other_province", 2),
        ),
    ),
    "sector": (0.0, (("", 5), ("components", 117), ("textile_leather", 39), ("high_tech", 39))),
    "size": (1.0, (("", 11), ("micro", 52), ("small", 84), ("medium", 33), ("large", 20))),
    "ownership": (0.5, (("", 8), ("private", 152), ("state", 6), ("foreign", 34))),
    "proof": (
        0.8,
        (
            ("none", 79),
            ("domestic", 10),
            ("unknown_dates", 4),
            ("refuted", 2),
            ("not_found", 2),
            ("old_edition", 2),
            ("not_yet", 1),
            ("withdrawn", 2),
            ("expired", 12),
            ("suspended", 3),
            ("unverified", 14),
            ("counting", 69),
        ),
    ),
    "tier": (
        0.8,
        (
            ("none", 125),
            ("unknown_since", 2),
            ("ended", 4),
            ("4", 4),
            ("3", 17),
            ("2", 28),
            ("1", 20),
        ),
    ),
}
"""Cards by deck, weakest first, and how strongly the enterprise's strength pulls them.

So the strong are larger, better certified and nearer to the buyer, though not always.
"""


def draw(*parts: object) -> random.Random:
    """A source of chance that says the same whenever it is asked with the same parts."""
    return random.Random(":".join(map(str, parts)))


def hands(seed: int, block: int) -> list[dict[str, str]]:
    """What each enterprise of a block is: one card of every deck."""
    rng = draw("hands", seed, block)
    strengths = [rng.gauss(0, 1) for _ in range(BLOCK)]
    dealt: list[dict[str, str]] = [{} for _ in range(BLOCK)]
    for name, (pull, deck) in DECKS.items():
        ranks = [pull * strength + rng.gauss(0, 1) for strength in strengths]
        cards = [card for card, count in deck for _ in range(count)]
        by_rank = sorted(range(BLOCK), key=ranks.__getitem__)
        for place, card in zip(by_rank, cards, strict=True):
            dealt[place][name] = card
    return dealt


def weighted(rng: random.Random, choices: Sequence[tuple[T, int]]) -> T:
    """One of the choices, each as often as its weight says."""
    values, weights = zip(*choices, strict=True)
    return rng.choices(values, weights)[0]


def some(rng: random.Random, values: Sequence[T], least: int, most: int) -> list[T]:
    """Between ``least`` and ``most`` different values, or all where there are fewer."""
    return rng.sample(values, min(len(values), rng.randint(least, most)))


def before(rng: random.Random, day: dt.date, least: int, most: int) -> dt.date:
    """A day between ``least`` and ``most`` days before the given one."""
    return day - dt.timedelta(days=rng.randint(least, most))


def between(rng: random.Random, first: dt.date, last: dt.date) -> dt.date:
    """A day from ``first`` to ``last``; ``last`` where they are the wrong way round."""
    return last - dt.timedelta(days=rng.randint(0, max(0, (last - first).days)))
