"""Only what an exported row says anew: a cell that nobody edited is no statement.

Were all its cells compared, an old value would be written over one that was changed here
since the export.
"""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Collection
from typing import Any

from registry.enterprises.actions import EnterpriseDraft
from registry.enterprises.enums import SiteKind
from registry.imports.columns import Meaning
from registry.imports.exporting import EXPORTED, HEADINGS

BLANK: dict[Meaning, tuple[str, Any]] = {
    Meaning.NAME: ("name", ""),
    Meaning.NAME_EN: ("name_en", ""),
    Meaning.SHORT_NAME: ("short_name", ""),
    Meaning.TAX_CODE: ("tax_code", None),
    Meaning.TAX_CODE_NOTE: ("tax_code_note", ""),
    Meaning.LEGAL_FORM: ("legal_form", ""),
    Meaning.OWNERSHIP: ("ownership", ""),
    Meaning.FOUNDED: ("founded_on", None),
    Meaning.WEBSITE: ("website", ""),
    Meaning.SECTOR: ("sector_ids", ()),
    Meaning.PRODUCTS: ("products", ()),
}
"""Which field of a draft an exported column fills, and its value for "says nothing"."""


def restricted(draft: EnterpriseDraft, said: Collection[Meaning]) -> EnterpriseDraft:
    """The draft with what these columns say, and what columns of the list's own say."""
    unsaid = [meaning for meaning in EXPORTED if meaning not in said]
    values: dict[str, Any] = dict(BLANK[one] for one in unsaid if one in BLANK)
    if Meaning.ADDRESS in unsaid:
        values["sites"] = tuple(s for s in draft.sites if s.kind != SiteKind.HEAD_OFFICE)
    kept_as_text = {HEADINGS[one] for one in unsaid}
    values["extra"] = {k: text for k, text in draft.extra.items() if k not in kept_as_text}
    return dc.replace(draft, **values)
