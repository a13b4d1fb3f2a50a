"""Invents the enterprises of a sample register: same seed, size and day, same enterprises.

Knows the code lists (``Codes``) and asks no database. Each enterprise draws from a source
of chance of its own, so a change to one leaves the others as they were.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from registry.certifications.actions import CertificateDraft
from registry.enterprises.actions import EnterpriseDraft
from registry.enterprises.enums import BlankReason, LegalForm, Ownership
from registry.sample import capability, names
from registry.sample.chance import BLOCK, before, between, hands, some
from registry.sample.character import SETTLED, Character, character
from registry.sample.codes import Codes
from registry.sample.proof import certificates
from registry.sample.sites import sites
from registry.sample.trade import relations
from registry.supply.actions import RelationDraft

SOURCE = "Dữ liệu mẫu hư cấu"

BLANKS = {
    "products": (BlankReason.UNKNOWN,),
    "machines": (BlankReason.UNKNOWN, BlankReason.NOT_APPLICABLE),
    "certificates": (BlankReason.UNKNOWN, BlankReason.NOT_APPLICABLE),
    "sectors": (BlankReason.UNKNOWN,),
    "size": (BlankReason.UNKNOWN,),
    "ownership": (BlankReason.UNKNOWN,),
    "founded_on": (BlankReason.UNKNOWN,),
    "tax_code": (BlankReason.UNKNOWN,),
    "website": (BlankReason.UNKNOWN, BlankReason.NOT_APPLICABLE),
}
"""Fields that can be blank, and the reasons an officer may have noted for each."""


@dc.dataclass(frozen=True)
class Invented:
    """One enterprise with what is recorded of it in every room.

    The drafts of certificates and relations wait for its identity. ``merged_into`` is the
    number of the enterprise that it went into on ``merged_on``.
    """

    number: int
    draft: EnterpriseDraft
    certificates: tuple[CertificateDraft, ...]
    relations: tuple[RelationDraft, ...]
    certificates_name_sites: bool
    merged_into: int | None = None
    merged_on: dt.date | None = None


def invented(*, size: int, seed: int, on: dt.date, codes: Codes) -> Iterator[Invented]:
    """``size`` enterprises as they stand on a day, one after the other."""
    dealt: list[dict[str, str]] = []
    successor: int | None = None
    for number in range(size):
        block, place = divmod(number, BLOCK)
        if place == 0:
            dealt, successor = hands(seed, block), None
        who = character(seed=seed, number=number, hand=dealt[place], on=on, codes=codes)
        yield _invent(who, seed, codes, successor)
        if who.hand["standing"] in SETTLED:
            successor = number


def _invent(who: Character, seed: int, codes: Codes, successor: int | None) -> Invented:
    life = life_cycle(who)
    merged_on = life.pop("merged_on", None)
    if merged_on and successor is None:
        life["closed_on"], merged_on = merged_on, None
    proof = certificates(who, codes, SOURCE)
    draft = _draft(who, seed, codes, life)
    draft = dc.replace(draft, blank_reasons=_blank_reasons(who, draft, bool(proof)))
    supplies = relations(who, codes)
    if draft.founded_on:
        begun = [one.issued_on for one in proof] + [one.since for one in supplies]
        draft = dc.replace(draft, founded_on=min([draft.founded_on, *filter(None, begun)]))
    return Invented(
        number=who.number,
        draft=draft,
        certificates=proof,
        relations=supplies,
        certificates_name_sites=who.has(0.4),
        merged_into=successor if merged_on else None,
        merged_on=merged_on,
    )


def life_cycle(who: Character) -> dict[str, dt.date]:
    """Days of the life cycle by field; all within the last three years."""
    standing = who.hand["standing"]
    if standing in SETTLED:
        return {}
    if standing == "suspended":
        return {"suspended_on": before(who.rng, who.on, 10, 300)}
    day = before(who.rng, who.on, 60, 1_000)
    if standing == "resumed":
        return {"suspended_on": day, "resumed_on": between(who.rng, day, who.on)}
    return {f"{standing}_on": day}


def _draft(who: Character, seed: int, codes: Codes, life: dict[str, Any]) -> EnterpriseDraft:
    rng, line = who.rng, who.line
    is_foreign = who.hand["ownership"] == Ownership.FOREIGN
    proper = f"{who.proper} Việt Nam" if is_foreign else who.proper
    made = capability.products(who, codes)
    return EnterpriseDraft(
        name=names.legal_name(who.form, line.name, proper),
        name_en=names.english_name(who.form, line.name_en, proper)
        if is_foreign or who.has(0.8)
        else "",
        short_name=names.short_name(line.name_en, who.proper) if who.has(0.6) else "",
        tax_code=_tax_code(who, seed),
        legal_form=who.form,
        ownership=who.hand["ownership"],
        foreign_share=_foreign_share(who),
        founded_on=who.founded_on,
        website=names.website(who.proper) if who.has(0.55) else "",
        about=_about(who, [product.name for product in made]),
        registered_on=who.registered_on,
        last_confirmed_on=_last_confirmed_on(who),
        source=SOURCE,
        source_ref=f"{seed}/{who.number + 1}",
        sites=sites(who, life.get("moved_away_on"), codes),
        contacts=capability.contacts(who, names.host(who.proper)),
        products=made,
        machines=capability.machines(who),
        year_figures=capability.year_figures(who),
        sector_ids=capability.sector_ids(who, codes),
        vsic_ids=tuple(codes.vsic[code] for code in line.vsic[: rng.randint(1, 3)]),
        process_ids=tuple(codes.processes[code] for code in some(rng, line.processes, 1, 4)),
        material_ids=tuple(codes.materials[code] for code in some(rng, line.materials, 1, 3)),
        **life,
    )


def _tax_code(who: Character, seed: int) -> str | None:
    """Household businesses have a person's number, which the sample does not invent."""
    if who.form == LegalForm.HOUSEHOLD or who.has(0.02):
        return None
    code = names.tax_code(seed, who.number)
    return f"{code}-001" if who.form == LegalForm.BRANCH else code


def _foreign_share(who: Character) -> Decimal | None:
    if who.hand["ownership"] == Ownership.FOREIGN:
        return Decimal(100) if who.has(0.7) else Decimal(who.rng.randint(51, 99))
    is_mixed = who.form == LegalForm.JOINT_STOCK and who.has(0.06)
    return Decimal(who.rng.randint(5, 40)) if is_mixed else None


def _about(who: Character, made: list[str]) -> str:
    if not made or who.has(0.45):
        return ""
    return f"{who.line.name}: {', '.join(map(names.uncapital, made))}."


def _last_confirmed_on(who: Character) -> dt.date | None:
    """Most within a year, some within two, the others never."""
    luck = who.rng.random()
    if luck < 0.62:
        day = before(who.rng, who.on, 1, 365)
    elif luck < 0.87:
        day = before(who.rng, who.on, 366, 730)
    else:
        return None
    return max(day, who.registered_on)


def _blank_reasons(who: Character, draft: EnterpriseDraft, is_certified: bool) -> dict[str, str]:
    """Why a field is blank, for half of the blank ones; of the others nobody asked yet."""
    stated = {
        "size": bool(who.hand["size"]),
        "certificates": is_certified,
        "sectors": bool(draft.sector_ids),
    }
    return {
        name: who.rng.choice(reasons).value
        for name, reasons in BLANKS.items()
        if not stated.get(name, getattr(draft, name, None)) and who.has(0.5)
    }
