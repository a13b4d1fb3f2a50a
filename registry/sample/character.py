"""Who an invented enterprise is, before anything is recorded of it."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import random

from registry.enterprises.enums import LegalForm, Ownership, SizeClass
from registry.sample import names
from registry.sample.chance import before, draw, weighted
from registry.sample.codes import Codes
from registry.sample.lines import Line, lines

SETTLED = ("operating", "other_province")
"""Enterprises to which nothing has happened; only these may be young in the register."""

NOBODY = 0
"""Stands for the enterprise in drafts of other rooms until it has been registered."""

HISTORY_DAYS = 1_096
FIRST_SURVEY_DAYS = 1_825


@dc.dataclass(frozen=True)
class Character:
    """An enterprise's cards, its line of business and its days; ``rng`` goes on drawing."""

    rng: random.Random
    number: int
    hand: dict[str, str]
    line: Line
    form: str
    proper: str
    registered_on: dt.date
    founded_on: dt.date | None
    on: dt.date

    def has(self, probability: float) -> bool:
        return self.rng.random() < probability


def character(
    *, seed: int, number: int, hand: dict[str, str], on: dt.date, codes: Codes
) -> Character:
    """Seven in ten were registered by the first survey, three to five years ago."""
    rng = draw("enterprise", seed, number)
    early = hand["standing"] not in SETTLED or rng.random() < 0.7
    days = (HISTORY_DAYS, FIRST_SURVEY_DAYS) if early else (5, HISTORY_DAYS)
    registered_on = before(rng, on, *days)
    is_foreign = hand["ownership"] == Ownership.FOREIGN
    fitting = [
        (line, line.weight)
        for line in lines()
        if hand["sector"] in ("", codes.parents[line.sector])
    ]
    return Character(
        rng=rng,
        number=number,
        hand=hand,
        line=weighted(rng, fitting),
        form=legal_form(rng, hand),
        proper=names.proper_name(seed, number, coined=is_foreign or rng.random() < 0.3),
        registered_on=registered_on,
        founded_on=before(rng, registered_on, 200, 9_000) if rng.random() < 0.93 else None,
        on=on,
    )


def legal_form(rng: random.Random, hand: dict[str, str]) -> str:
    """Household businesses and co-operatives only among the small, none foreign."""
    if hand["ownership"] == Ownership.FOREIGN:
        return weighted(rng, ((LegalForm.ONE_MEMBER_LLC, 7), (LegalForm.LLC, 3))).value
    if hand["ownership"] == Ownership.STATE:
        return weighted(rng, ((LegalForm.ONE_MEMBER_LLC, 3), (LegalForm.JOINT_STOCK, 7))).value
    choices: list[tuple[str, int]] = [
        ("", 3),
        (LegalForm.ONE_MEMBER_LLC.value, 26),
        (LegalForm.LLC.value, 34),
        (LegalForm.JOINT_STOCK.value, 28),
        (LegalForm.BRANCH.value, 2),
    ]
    if hand["size"] == SizeClass.MICRO:
        choices += [
            (LegalForm.HOUSEHOLD.value, 7),
            (LegalForm.PRIVATE.value, 6),
            (LegalForm.COOPERATIVE.value, 3),
            (LegalForm.PARTNERSHIP.value, 1),
        ]
    return weighted(rng, choices)
