"""By what an enterprise is recognised: its name however it is typed, and its place."""

from __future__ import annotations

import dataclasses as dc
import enum

from registry.enterprises.actions import EnterpriseDraft
from registry.enterprises.models import Enterprise
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


@dc.dataclass(frozen=True)
class Where:
    """The provinces and addresses of an enterprise or a row."""

    provinces: frozenset[int]
    addresses: frozenset[str]

    def nearness(self, other: Where) -> Nearness:
        """One province is one place; without provinces the addresses must be the same."""
        if self.addresses & other.addresses or not (self.addresses or other.addresses):
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
    return Where(
        frozenset(site.province_id for site in draft.sites if site.province_id),
        frozenset(words(site.address) for site in draft.sites),
    )


def where_is(enterprise: Enterprise) -> Where:
    """The place of an enterprise whose standing sites are at hand."""
    return Where(
        frozenset(s.province_id for s in enterprise.sites.all() if s.province_id),
        frozenset(words(site.address) for site in enterprise.sites.all()),
    )
