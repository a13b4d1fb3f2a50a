"""Records that may be of the same enterprise: scored, explained, asked about once."""

from __future__ import annotations

import dataclasses as dc
import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.core.text import fold
from registry.desk.models import DuplicateDecision
from registry.enterprises.models import Contact, Enterprise, Site

LEGAL_WORDS = re.compile(
    r"\b(cong ty|cty|tnhh|trach nhiem huu han|co phan|cp|ctcp|mtv|mot thanh vien|hai thanh vien|"
    r"doanh nghiep tu nhan|dntn|hop tac xa|htx|xi nghiep|nha may|tap doan|tong cong ty|viet nam|"
    r"vietnam|company|co ltd|co limited|limited|ltd|jsc|joint stock|corporation|corp|inc|llc|one member)\b"
)
"""Words of a name that say what it is in law or where, not who it is."""

TRADE_WORDS = re.compile(
    r"\b(san xuat|thuong mai|dich vu|xuat nhap khau|dau tu|phat trien|va|sx|tm|dv|xnk)\b"
)
SIMILAR = 0.88
"""Likeness of two names (difflib, 0 to 1) from which they are taken for spelled otherwise."""

ASKED_FROM = 40
CROWD = 30
"""What more than this many records share (the address of a park) tells none from another."""

SCORES: dict[str, tuple[int, str | Promise]] = {
    "tax_root": (60, _("Same first ten digits of the tax code")),
    "name": (50, _("Same name without legal words")),
    "similar_name": (30, _("Names spelled almost alike")),
    "phone": (25, _("Same telephone number")),
    "address": (25, _("Same address")),
}


@dc.dataclass(frozen=True)
class Clue:
    """One reason to take two records for the same, with its points."""

    code: str
    points: int
    label: str | Promise


@dc.dataclass(frozen=True)
class Candidate:
    """Two records that may be of one enterprise; 100 points are as good as certain."""

    first: int
    second: int
    clues: tuple[Clue, ...]

    @property
    def score(self) -> int:
        return min(100, sum(clue.points for clue in self.clues))


def name_key(name: str) -> str:
    """A name folded, without legal words, words of trade, signs and blanks."""
    text = re.sub(r"[^a-z0-9]+", " ", fold(name))
    bare = re.sub(r"\s+", "", TRADE_WORDS.sub(" ", LEGAL_WORDS.sub(" ", text)))
    return bare or re.sub(r"\s+", "", text)


def phone_key(phone: str) -> str:
    """The digits of a telephone number without the country's code; empty if too short."""
    digits = re.sub(r"\D", "", phone)
    digits = re.sub(r"^(84|0)", "", digits)
    return digits if len(digits) >= 8 else ""


def address_key(address: str) -> str:
    """An address folded to letters and digits; empty if it is too short to tell."""
    key = re.sub(r"[^a-z0-9]", "", fold(address))
    return key if len(key) >= 12 and re.search(r"\d", key) else ""


def candidates() -> list[Candidate]:
    """Pairs that nobody has decided about, the likeliest first: four queries."""
    decided = set(DuplicateDecision.objects.values_list("first_id", "second_id"))
    clues = _clues(_living())
    found = [
        Candidate(*pair, clues=tuple(Clue(code, *SCORES[code]) for code in SCORES if code in codes))
        for pair, codes in clues.items()
        if pair not in decided
    ]
    found = [one for one in found if one.score >= ASKED_FROM]
    return sorted(found, key=lambda one: (-one.score, one.first, one.second))


def candidates_of(
    *,
    name: str = "",
    tax_code: str = "",
    phones: Iterable[str] = (),
    addresses: Iterable[str] = (),
    but: int | None = None,
) -> list[Candidate]:
    """Records that may be the one being typed; ``first`` is 0, for it has no identity yet.

    ``but`` is the record itself where one is edited. Three queries, and one look at each
    record of the register.
    """
    typed = _Row(
        0,
        name_key(name) if name else "",
        tax_code[:10],
        tuple({phone_key(one) for one in phones} - {""}),
        tuple({address_key(one) for one in addresses} - {""}),
    )
    rows = [row for row in _living() if row.pk != but]
    crowded = {
        key
        for key, count in Counter(
            key for row in rows for key in {*row.phones, *row.addresses}
        ).items()
        if count > CROWD
    }
    found = []
    for row in rows:
        codes = _shared(typed, row, crowded)
        clues = tuple(Clue(code, *SCORES[code]) for code in SCORES if code in codes)
        if sum(clue.points for clue in clues) >= SCORES["similar_name"][0]:
            found.append(Candidate(0, row.pk, clues))
    return sorted(found, key=lambda one: (-one.score, one.second))


def _shared(typed: _Row, row: _Row, crowded: set[str]) -> set[str]:
    pairs = {
        "tax_root": bool(typed.tax_root) and typed.tax_root == row.tax_root,
        "name": bool(typed.name) and typed.name == row.name,
        "phone": bool(set(typed.phones) & set(row.phones) - crowded),
        "address": bool(set(typed.addresses) & set(row.addresses) - crowded),
        "similar_name": set(_ends(typed.name)) & set(_ends(row.name))
        and _are_similar(typed.name, row.name),
    }
    return {code for code, is_shared in pairs.items() if is_shared}


@dc.dataclass(frozen=True)
class _Row:
    pk: int
    name: str
    tax_root: str
    phones: tuple[str, ...]
    addresses: tuple[str, ...]


def _living() -> list[_Row]:
    live = Q(enterprise__merged_into__isnull=True)
    phones: dict[int, set[str]] = defaultdict(set)
    for pk, phone in Contact.objects.filter(live).values_list("enterprise_id", "phone"):
        phones[pk].add(phone_key(phone))
    addresses: dict[int, set[str]] = defaultdict(set)
    for pk, address in Site.objects.filter(live).values_list("enterprise_id", "address"):
        addresses[pk].add(address_key(address))
    rows = Enterprise.objects.filter(merged_into__isnull=True).order_by("pk")
    return [
        _Row(
            pk,
            name_key(name),
            (tax_code or "")[:10],
            tuple(sorted(phones[pk] - {""})),
            tuple(sorted(addresses[pk] - {""})),
        )
        for pk, name, tax_code in rows.values_list("pk", "name", "tax_code")
    ]


def _clues(rows: Iterable[_Row]) -> dict[tuple[int, int], set[str]]:
    rows = list(rows)
    clues: dict[tuple[int, int], set[str]] = defaultdict(set)
    for code, keys in (
        ("tax_root", [(row.pk, row.tax_root) for row in rows]),
        ("name", [(row.pk, row.name) for row in rows]),
        ("phone", [(row.pk, phone) for row in rows for phone in row.phones]),
        ("address", [(row.pk, address) for row in rows for address in row.addresses]),
    ):
        for pair in _pairs(keys):
            clues[pair].add(code)
    for pair in _similar({row.pk: row.name for row in rows}):
        if "name" not in clues[pair]:
            clues[pair].add("similar_name")
    return clues


def _pairs(keys: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, int]]:
    by_key: dict[Any, set[int]] = defaultdict(set)
    for pk, key in keys:
        if key:
            by_key[key].add(pk)
    for members in by_key.values():
        if len(members) <= CROWD:
            yield from combinations(sorted(members), 2)


def _similar(names: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Pairs whose names are almost alike; only names that share their beginning or end."""
    blocks = [(pk, (end, part)) for pk, name in names.items() for end, part in _ends(name)]
    for first, second in sorted(set(_pairs(blocks))):
        if _are_similar(names[first], names[second]):
            yield first, second


def _are_similar(one: str, other: str) -> bool:
    # A number tells "Cơ khí 1" from "Cơ khí 2", however alike the names are.
    if one == other or re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR


def _ends(name: str) -> Iterator[tuple[str, str]]:
    if len(name) >= 8:
        yield "begin", name[:6]
        yield "end", name[-6:]
