"""A document to be read, section by section, with the names of its codes."""

from __future__ import annotations

import dataclasses as dc
from collections import defaultdict
from typing import Any

from django.db import models
from django.utils import formats
from django.utils.translation import gettext as _

from registry.core.models import BilingualName
from registry.enterprises.editing.actions import CODES
from registry.enterprises.models import Enterprise
from registry.records.content import OWN, Content, value_of
from registry.records.drafting import MODELS
from registry.reference.models import Sector
from registry.web.records.forms import BLANKS, WHY_BLANK
from registry.web.records.page import ONE_OF

Pairs = list[tuple[str, str]]


@dc.dataclass(frozen=True)
class Section:
    """A heading with what stands below it: labelled values."""

    heading: str
    pairs: Pairs


def sections_of(content: Content, *, with_contacts: bool) -> list[Section]:
    """What a document says, without what it leaves blank; a fixed number of queries."""
    names = _Names(content)
    own = [
        (_label(Enterprise, name), names.text(Enterprise, name, content["fields"].get(name)))
        for name in (*OWN, "source")
        if content["fields"].get(name) not in (None, "")
    ]
    for name, ids in content["codes"].items():
        if ids:
            model, column = CODES[name]
            texts = [names.text(model, column, pk) for pk in ids]
            own.append((str(BLANKS.get(name) or _("Materials")), ", ".join(texts)))
    primary = content["fields"].get("primary_sector")
    if primary:
        own.append((_("Primary sector"), names.named(Sector, primary)))
    whys = dict(WHY_BLANK)
    own += [
        (str(BLANKS.get(name, name)), str(whys.get(why, why)))
        for name, why in content["blank"].items()
    ]
    found = [Section(_("Identity and trade"), own)]
    for table, rows in content["rows"].items():
        if table == "contacts" and not with_contacts:
            continue
        for number, row in enumerate(rows, start=1):
            found.append(Section(f"{ONE_OF[table]} {number}", names.pairs(table, row)))
    return found


def _label(model: type[models.Model], column: str) -> str:
    field: Any = model._meta.get_field(column)
    return str(field.verbose_name)


class _Names:
    """Names of every entry of a code list that a document points at; one query for each list."""

    def __init__(self, content: Content) -> None:
        wanted: dict[Any, set[int]] = defaultdict(set)
        wanted[Sector] |= {content["fields"].get("primary_sector") or 0}
        for name, ids in content["codes"].items():
            model, column = CODES[name]
            wanted[model._meta.get_field(column).related_model] |= set(ids)
        for table, rows in content["rows"].items():
            for field in MODELS[table]._meta.concrete_fields:
                if field.is_relation:
                    ids = {row.get(field.attname) for row in rows} - {None}
                    wanted[field.related_model] |= ids
        self.rows = {
            model: model._base_manager.in_bulk(ids - {0})
            for model, ids in wanted.items()
            if ids - {0}
        }

    def named(self, model: Any, pk: int) -> str:
        row = self.rows.get(model, {}).get(pk)
        return row.label if isinstance(row, BilingualName) else str(row or pk)

    def text(self, model: type[models.Model], column: str, value: Any) -> str:
        field: Any = model._meta.get_field(column)
        if field.is_relation:
            return self.named(field.related_model, value)
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        value = value_of(model, column, value)
        if isinstance(field, models.DateField):
            return formats.date_format(value, "SHORT_DATE_FORMAT")
        return str(value) if isinstance(value, str) or column == "year" else formats.localize(value)

    def pairs(self, table: str, row: dict[str, Any]) -> Pairs:
        model = MODELS[table]
        return [
            (_label(model, column), self.text(model, column, value))
            for column, value in row.items()
            if column != "id" and value not in (None, "")
        ]
