"""Places of a document and their values, as people read them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils import formats
from django.utils.translation import gettext as _

from registry.enterprises.editing.actions import CODES as CODE_ROWS
from registry.enterprises.enums import BlankReason
from registry.enterprises.models import Enterprise
from registry.records.content import TABLES, Content
from registry.records.differences import Clash, Difference, Path
from registry.reference.models import Sector
from registry.web.records.forms import BLANKS
from registry.web.records.page import ONE_OF

TITLES = {
    "sites": "address", "products": "name", "machines": "name", "year_figures": "year",
    "relations": "product",
}  # fmt: skip


class PlaceWords:
    """Words for the places of some documents of one record."""

    def __init__(self, *documents: Content) -> None:
        self.titles: dict[tuple[str, str], str] = {}
        for content in documents:
            for table, column in TITLES.items():
                for row in content["rows"].get(table, []):
                    self.titles[table, str(row.get("id"))] = str(row.get(column) or "")

    def clash(self, one: Clash) -> dict[str, str]:
        """A clash as the page shows it; ``path`` comes back with the choice."""
        return {
            "path": "/".join(one.path),
            "label": self.label(one.path),
            "before": self.value(one.path, one.before),
            "mine": self.value(one.path, one.mine),
            "theirs": self.value(one.path, one.theirs),
        }

    def difference(self, one: Difference) -> dict[str, str]:
        return {
            "label": self.label(one.path),
            "before": self.value(one.path, one.before),
            "theirs": self.value(one.path, one.after),
        }

    def label(self, path: Path) -> str:
        kind, name = path[:2]
        if kind == "blank":
            return _("If blank, why: %(field)s") % {"field": BLANKS.get(name, name)}
        if kind == "codes":
            return f"{BLANKS.get(name) or _('Materials')}: {self._entry(name, int(path[2]))}"
        if kind == "rows":
            title = self.titles.get((name, path[2]), "")
            row = f"{ONE_OF[name]} “{title}”"
            return row if len(path) == 3 else f"{row}: {_column(TABLES[name].model, path[3])}"
        return str(_("Primary sector")) if name == "primary_sector" else _column(Enterprise, name)

    def value(self, path: Path, value: Any) -> str:
        if path[0] == "codes" or (path[0] == "rows" and len(path) == 3):
            return _("there") if value else _("not there")
        if value is None or value == "":
            return "—"
        if path[0] == "blank":
            return str(dict(BlankReason.choices).get(value, value))
        if path[1] == "primary_sector":
            return _name(Sector, value)
        model = Enterprise if path[0] == "fields" else TABLES[path[1]].model
        return _shown(model, path[-1], value)

    def _entry(self, name: str, pk: int) -> str:
        model, column = CODE_ROWS[name]
        return _name(model._meta.get_field(column).related_model, pk)


def _column(model: type[models.Model], column: str) -> str:
    field: Any = model._meta.get_field(column)
    return str(field.verbose_name)


def _name(model: Any, pk: int) -> str:
    row = model._base_manager.filter(pk=pk).first()
    return str(row) if row else str(pk)


def _shown(model: type[models.Model], column: str, value: Any) -> str:
    field: Any = model._meta.get_field(column)
    if field.is_relation:
        return _name(field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateField):
        return formats.date_format(dt.date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return formats.localize(value) if isinstance(value, int) and column != "year" else str(value)
