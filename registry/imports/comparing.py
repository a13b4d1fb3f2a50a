"""What a row of the list says otherwise than the register does of the same enterprise.

An empty cell says nothing: it never takes a value away.
"""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry.core.text import fold
from registry.enterprises.actions import (
    Amendment,
    EnterpriseDraft,
    SiteDraft,
    YearFigureDraft,
)
from registry.enterprises.enums import LegalForm, Ownership, SiteKind
from registry.enterprises.models import Enterprise, Site
from registry.imports.checking import CheckedRow
from registry.imports.columns import Meaning
from registry.imports.places import without_today
from registry.imports.values import words

PLAIN = {
    "name_en": Meaning.NAME_EN,
    "short_name": Meaning.SHORT_NAME,
    "tax_code": Meaning.TAX_CODE,
    "tax_code_note": Meaning.TAX_CODE_NOTE,
    "legal_form": Meaning.LEGAL_FORM,
    "ownership": Meaning.OWNERSHIP,
    "founded_on": Meaning.FOUNDED,
    "website": Meaning.WEBSITE,
}
SPELT = {"name", "name_en", "short_name"}
CHOICES: Mapping[str, Any] = {"legal_form": LegalForm, "ownership": Ownership}


@dc.dataclass(frozen=True)
class Change:
    """One value that would be written: ``old`` is empty where something is added.

    ``was`` is the value that the register holds, as it is stored.
    """

    meaning: Meaning
    old: str
    new: str
    header: str = ""
    was: Any = None

    def sentence(self) -> str:
        if self.old:
            return _("“%(old)s” becomes “%(new)s”.") % {"old": self.old, "new": self.new}
        return _("“%(new)s” is added.") % {"new": self.new}


class Comparison:
    """Gathers changes and doubts of one row against one enterprise.

    ``enterprise`` comes with its child rows at hand (``whole_enterprises``).
    """

    def __init__(
        self, row: CheckedRow, draft: EnterpriseDraft, enterprise: Enterprise, names: Mapping
    ) -> None:
        self.row = row
        self.draft = draft
        self.enterprise = enterprise
        self.sector_names: Mapping[int, str] = names
        self.changes: list[Change] = []
        self.doubts: list[tuple[Meaning, str]] = []
        self.fields: dict[str, Any] = {}
        self.site_fields: dict[int, dict[str, Any]] = {}
        self.add_sites: list[SiteDraft] = []
        self.with_ward: set[Meaning] = set()
        self.compare_fields()
        self.compare_extra()
        for site in draft.sites:
            self.compare_site(site)
        self.add_products = self.compare_products()
        self.year_figures = self.compare_years()
        self.add_sector_ids = self.compare_sectors()

    def amendment(self) -> Amendment | None:
        """What would be written; None where the row says nothing new."""
        if not self.changes:
            return None
        # The values in the register now rest on this list; history keeps the one before.
        origin = {"source": self.draft.source, "source_ref": self.draft.source_ref}
        return Amendment(
            enterprise_id=self.enterprise.pk,
            fields=self.fields | origin,
            site_fields=self.site_fields,
            add_sites=tuple(self.add_sites),
            add_products=self.add_products,
            year_figures=self.year_figures,
            add_sector_ids=self.add_sector_ids,
        )

    def compare_fields(self) -> None:
        for field, meaning in {"name": Meaning.NAME, **PLAIN}.items():
            new, old = getattr(self.draft, field), getattr(self.enterprise, field)
            if not new or new == old or (old and field in self.row.derived):
                continue
            if field in SPELT and old and not is_better_spelling(old, new):
                continue
            if field == "name" and words(new) in other_names(self.enterprise):
                continue
            if field == "website" and old and bare_address(old) == bare_address(new):
                continue
            self.fields[field] = new
            self.changes.append(Change(meaning, shown(field, old), shown(field, new), was=old))

    def compare_extra(self) -> None:
        old = self.enterprise.extra
        new = {
            header: text
            for header, text in self.draft.extra.items()
            if header not in old or is_better_spelling(old[header], text)
        }
        if new:
            self.fields["extra"] = {**old, **new}
        for header, text in new.items():
            was = old.get(header, "")
            self.changes.append(Change(Meaning.EXTRA, was, text, header, was))

    def compare_site(self, new: SiteDraft) -> None:
        """A known address gains what was blank; another one is a correction or a factory."""
        meaning = Meaning.FACTORY if new.kind == SiteKind.FACTORY else Meaning.ADDRESS
        standing = list(self.enterprise.sites.all())
        if "sites" in self.row.derived:
            # The row names no address: what is more exact stays, the province must agree.
            same = [old for old in standing if old.province_id in (None, new.province_id)]
        else:
            same = [old for old in standing if is_same_address(old.address, new.address)]
        if same:
            self.fill_site(meaning, next((o for o in same if o.kind == new.kind), same[0]), new)
            return
        offices = [old for old in standing if old.kind == SiteKind.HEAD_OFFICE]
        if new.kind == SiteKind.FACTORY or not offices:
            self.add_sites.append(new)
            self.changes.append(Change(meaning, "", new.address))
        elif len(offices) == 1 and self.is_correction(offices[0], new):
            self.rewrite_site(meaning, offices[0], new)
        else:
            self.doubts.append((meaning, move_message(offices[0].address, new.address)))

    def is_correction(self, old: Site, new: SiteDraft) -> bool:
        """Whether another address may be written over one of the same province."""
        return old.province_id in (None, new.province_id) and "sites" not in self.row.derived

    def fill_site(self, meaning: Meaning, old: Site, new: SiteDraft) -> None:
        """Add province, ward, former district and coordinates where the register has none."""
        found: dict[str, Any] = {}
        if old.ward_id:
            self.with_ward.add(meaning)
        for field in ("province_id", "ward_id", "district_id"):
            if getattr(new, field) and not getattr(old, field):
                found[field] = getattr(new, field)
        if new.latitude is not None and old.latitude is None:
            found |= {"latitude": new.latitude, "longitude": new.longitude}
        if found:
            self.site_fields[old.pk] = found
            added = _("place of %(address)s") % {"address": old.address}
            self.changes.append(Change(meaning, "", added))

    def rewrite_site(self, meaning: Meaning, old: Site, new: SiteDraft) -> None:
        """Another address in the same province; what belonged to the old one goes with it."""
        self.site_fields[old.pk] = {
            "address": new.address,
            "province_id": new.province_id or old.province_id,
            "ward_id": new.ward_id,
            "district_id": new.district_id,
            "park_id": new.park_id,
            "latitude": new.latitude,
            "longitude": new.longitude,
        }
        self.changes.append(Change(meaning, old.address, new.address, was=old.address))

    def compare_products(self) -> tuple[str, ...]:
        known = {words(product.name) for product in self.enterprise.products.all()}
        names = (name for name in self.draft.products if isinstance(name, str))
        added = tuple(name for name in names if words(name) not in known)
        self.changes += [Change(Meaning.PRODUCTS, "", name) for name in added]
        return added

    def compare_years(self) -> tuple[YearFigureDraft, ...]:
        known = {one.year: one.labour for one in self.enterprise.year_figures.all()}
        changed = []
        for figure in self.draft.year_figures:
            old = known.get(figure.year)
            if old != figure.labour:
                changed.append(figure)
                before = "" if old is None else f"{figure.year}: {old}"
                after = f"{figure.year}: {figure.labour}"
                self.changes.append(Change(Meaning.LABOUR, before, after, was=old))
        return tuple(changed)

    def compare_sectors(self) -> tuple[int, ...]:
        """Sectors that are missing; who has a branch of a sector has the sector."""
        rows = [row.sector for row in self.enterprise.sectors.all()]
        known = {pk for sector in rows for pk in (sector.pk, sector.parent_id)}
        added = tuple(pk for pk in self.draft.sector_ids if pk not in known)
        self.changes += [Change(Meaning.SECTOR, "", self.sector_names[pk]) for pk in added]
        return added


def is_better_spelling(old: str, new: str) -> bool:
    """Whether a name is another one, or the same one that gains its diacritics.

    Lists are often typed in capitals or without diacritics: that is no new name.
    """
    if words(old) != words(new):
        return True
    return fold(old) == old.lower() and fold(new) != new.lower()


def other_names(enterprise: Enterprise) -> set[str]:
    """Names beside the legal one: a list that uses them does not rename the enterprise."""
    return {words(enterprise.name_en), words(enterprise.short_name)}


def is_same_address(old: str, new: str) -> bool:
    """Whether two addresses say the same, but for the ward of today that one of them adds."""
    left, right = words(old), words(new)
    bare_left, bare_right = words(without_today(old)), words(without_today(new))
    return left == right or (bare_left == bare_right and bare_left in (left, right))


def bare_address(address: str) -> str:
    """A web address without what does not tell it from another."""
    return address.lower().split("://")[-1].removeprefix("www.").rstrip("/")


def shown(field: str, value: Any) -> str:
    """A stored value as people read it."""
    if not value:
        return ""
    if field in CHOICES:
        return str(CHOICES[field](value).label)
    if field == "founded_on":
        return date_format(value, "d/m/Y")
    return str(value)


def move_message(old: str, new: str) -> str:
    return _(
        "The register has the head office at “%(old)s”, in another place than “%(new)s”. If the "
        "enterprise has moved, record that on its page."
    ) % {"old": old, "new": new}
