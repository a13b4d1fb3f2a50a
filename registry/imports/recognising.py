"""By what an enterprise is recognised: its name however it is typed, and its place."""

from __future__ import annotations

import dataclasses as dc
import enum
from collections.abc import Iterable
from functools import lru_cache

from registry.enterprises.actions import EnterpriseDraft
from registry.enterprises.models import Enterprise
from registry.imports.places import without_today
from registry.imports.values import words

LEGAL_WORDS = (
    ("cong ty", "cty"),
    ("trach nhiem huu han", "tnhh"),
    ("mot thanh vien", "mtv"),
    ("1 thanh vien", "mtv"),
    ("co phan", "cp"),
)
"""Two ways to write the legal form that are the same name."""

COMMON_WORDS = frozenset(
    words(
        "cty tnhh mtv cp va san xuat thuong mai dich vu dau tu xay dung ky thuat cong nghiep "
        "viet nam vietnam vina phat trien xuat nhap khau xnk co khi chi nhanh nha may hop tac "
        "xa doanh nghiep tu nhan company limited ltd jsc joint stock corporation corp the of"
    ).split()
)
"""Words that do not tell one enterprise from another."""


ENDED = frozenset({"closed", "moved_away", "merged"})
"""States in which an enterprise is not written to."""


class Nearness(enum.Enum):
    """Whether two addresses are one place, as far as they say."""

    SAME = "same"
    OTHER = "other"
    UNCLEAR = "unclear"


@dc.dataclass(frozen=True, slots=True)
class Where:
    """The provinces of an enterprise or a row, and the sums (``hash``) of its addresses.

    One of each row of a list is kept while the list is gone through: texts would be too much.
    """

    provinces: frozenset[int]
    addresses: tuple[int, ...]

    def has_address_of(self, other: Where) -> bool:
        """Whether they have an address in common, or neither has any."""
        share = not set(self.addresses).isdisjoint(other.addresses)
        return share or not (self.addresses or other.addresses)

    def nearness(self, other: Where) -> Nearness:
        """One province is one place; without provinces the addresses must be the same."""
        if self.has_address_of(other):
            return Nearness.SAME
        if not (self.provinces and other.provinces):
            return Nearness.UNCLEAR
        return Nearness.SAME if self.provinces & other.provinces else Nearness.OTHER


def name_key(name: str) -> str:
    """A name as it is compared: folded, its legal form written in one way."""
    key = f" {words(name)} "
    for long, short in LEGAL_WORDS:
        key = key.replace(f" {long} ", f" {short} ")
    return key.strip()


def name_sum(name: str) -> int:
    """A sum that names have in common which are compared as the same, here and now.

    64 bits: two different ones of 100,000 names share one in a list of a thousand million.
    """
    return hash(name_key(name))


def share_a_word(draft: EnterpriseDraft, enterprise: Enterprise) -> bool:
    """Whether their names have a word in common that is not common to all."""
    left, right = (
        set(name_key(f"{one.name} {one.name_en} {one.short_name}").split())
        for one in (draft, enterprise)
    )
    return bool((left - COMMON_WORDS) & (right - COMMON_WORDS)) or left == right


def are_branches(one: str | None, other: str | None) -> bool:
    """Whether two different tax codes are of one company and its branch, or of two branches."""
    return bool(one and other and one != other and one[:10] == other[:10])


def where(draft: EnterpriseDraft) -> Where:
    """The place of a row."""
    return _where((site.province_id, site.address) for site in draft.sites)


def where_is(enterprise: Enterprise) -> Where:
    """The place of an enterprise whose standing sites are at hand."""
    return _where((site.province_id, site.address) for site in enterprise.sites.all())


def _where(sites: Iterable[tuple[int | None, str]]) -> Where:
    found = list(sites)
    provinces = _provinces(tuple(province for province, _address in found if province))
    return Where(
        provinces, tuple(hash(words(without_today(address))) for _province, address in found)
    )


@lru_cache(maxsize=1_000)
def _provinces(ids: tuple[int, ...]) -> frozenset[int]:
    """One set for all rows of the same provinces: there are few."""
    return frozenset(ids)
