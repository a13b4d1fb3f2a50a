"""What is remembered of the rows above the one that is looked at: of a long list little each."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from registry.enterprises.actions import EnterpriseDraft
from registry.imports.recognising import Nearness, Where, are_branches, where

NONE = -1


class RowsAbove:
    """Rows by their tax codes, and by the sums (``hash``) of their names with their places.

    Rows of one name are a chain, from the latest to the first. As an object for each, 100,000
    rows held too much.
    """

    def __init__(self) -> None:
        self.by_code: dict[str, int] = {}
        self.latest: dict[int, int] = {}
        self.earlier = array("l")
        self.numbers = array("l")
        self.codes: list[str | None] = []
        self.provinces: list[frozenset[int]] = []
        self.addresses: list[tuple[int, ...]] = []

    def __contains__(self, name: int) -> bool:
        """Whether a row has a name of this sum."""
        return name in self.latest

    def of_code(self, draft: EnterpriseDraft) -> int | None:
        """The number of the first row with the tax code of the draft."""
        return self.by_code.get(draft.tax_code) if draft.tax_code else None

    def of_name(self, name: int, draft: EnterpriseDraft) -> int | None:
        """The number of the first row of that name that could be the same enterprise: no other
        place, no branch."""
        if name not in self.latest:
            return None  # most rows: their place need not be told apart
        here = where(draft)
        found = [
            self.numbers[at]
            for at in self.chain(name)
            if not are_branches(draft.tax_code, self.codes[at])
            and here.nearness(Where(self.provinces[at], self.addresses[at])) != Nearness.OTHER
        ]
        return found[-1] if found else None

    def chain(self, name: int) -> Iterator[int]:
        at = self.latest.get(name, NONE)
        while at != NONE:
            yield at
            at = self.earlier[at]

    def add(self, number: int, name: int, draft: EnterpriseDraft) -> None:
        here, code = where(draft), draft.tax_code
        self.earlier.append(self.latest.get(name, NONE))
        self.latest[name] = len(self.numbers)
        self.numbers.append(number)
        self.codes.append(code)
        self.provinces.append(here.provinces)
        self.addresses.append(here.addresses)
        if code:
            self.by_code.setdefault(code, number)
