"""The only writer of the code lists: the project's own CSV files into the database.

The files win: what was changed by other means in a loaded row is written over by the
next load, but where a list says that its rows may belong to people. Rows that are no longer
in a file stay in the database, because the register may still point at them.
"""

from __future__ import annotations

import csv
import dataclasses as dc
import logging
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from registry.accounts.models import User
from registry.reference.models import (
    AccreditationBody,
    Buyer,
    BuyerPlant,
    CertificationBody,
    CertificationScheme,
    District,
    HsCode,
    LegacyWard,
    Material,
    Park,
    Process,
    ProductGroup,
    Province,
    ReferenceSet,
    SchemeEdition,
    Sector,
    SupportKind,
    VsicCode,
    Ward,
    WardMapping,
)

logger = logging.getLogger(__name__)

DATA = Path(__file__).parent / "data"
BATCH = 1_000
YES_OR_NO = {"true": True, "false": False}


class BadList(Exception):
    """A file of a code list cannot be loaded; says which line and why."""


@dc.dataclass(frozen=True)
class CodeList:
    """A file ``<name>.csv`` whose columns are the fields of ``model``.

    ``key`` names the columns that identify a row; a foreign key is written as the code
    of the row it points at. Columns in ``for_readers`` are kept in the file only. Rows that
    are ``settled`` in the database belong to people and are left as they stand there; so are,
    where a list ``keeps_edits``, those that a person has ever written to.
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...] = ("code",)
    for_readers: tuple[str, ...] = ()
    settled: models.Q | None = None
    keeps_edits: bool = False


CODE_LISTS = (
    CodeList("sectors", Sector),
    CodeList("product_groups", ProductGroup),
    CodeList("vsic_codes", VsicCode, key=("version", "code")),
    CodeList("hs_codes", HsCode, key=("version", "code")),
    CodeList("provinces", Province),
    CodeList("wards", Ward),
    CodeList("districts", District),
    CodeList("legacy_wards", LegacyWard),
    CodeList("ward_mappings", WardMapping, key=("legacy_ward", "ward")),
    CodeList("parks", Park, for_readers=("source",)),
    CodeList("processes", Process),
    CodeList("materials", Material),
    CodeList("certification_schemes", CertificationScheme),
    CodeList("scheme_editions", SchemeEdition, key=("scheme", "code")),
    CodeList("accreditation_bodies", AccreditationBody),
    CodeList("certification_bodies", CertificationBody),
    CodeList("buyers", Buyer),
    CodeList("buyer_plants", BuyerPlant),
    CodeList("support_kinds", SupportKind),
)
"""Every list in the order in which it can be loaded: what is pointed at comes first."""


@dc.dataclass(frozen=True)
class Written:
    """How many rows a file holds, and how many of them were new or different."""

    rows: int
    changed: int


@transaction.atomic
def load_reference(*, by: User | None) -> dict[str, int]:
    """Bring every code list to what its file says: all of them or none.

    Returns the rows of each file by list name. A second run writes nothing. Raises
    :class:`BadList` for a file that does not fit.
    """
    about = {row["name"]: row for row in read_rows(DATA / "reference_sets.csv")}
    counts: dict[str, int] = {}
    with pghistory.context(user=by.pk if by else None, reason="load code lists"):
        for code_list in CODE_LISTS:
            if code_list.name not in about:
                raise BadList(f"reference_sets.csv says nothing of {code_list.name}")
            written = write_list(code_list=code_list, folder=DATA)
            _describe(about[code_list.name], written)
            counts[code_list.name] = written.rows
    return counts


@transaction.atomic
def write_list(*, code_list: CodeList, folder: Path) -> Written:
    """Insert the rows of one file that are new and update those that differ.

    Rows that already say the same are not touched, so that neither history nor disk
    grows. Who acts and why is said by the caller's ``pghistory.context``.
    """
    rows = read_rows(folder / f"{code_list.name}.csv")
    columns = _columns(code_list, rows)
    changed = 0
    for wave in _waves(code_list, rows):
        wanted = _wanted(code_list, columns, wave)
        names = [field.attname for field in columns]
        places = [names.index(_field(code_list, name).attname) for name in code_list.key]
        known = {
            tuple(values[place] for place in places): values
            for values in code_list.model._base_manager.values_list(*names)
        }
        kept = _settled(code_list)
        differ = {key: row for key, row in wanted.items() if known.get(key) != row}
        if left := sorted(map(str, kept & differ.keys())):
            logger.warning("%s: left as people wrote them: %s", code_list.name, "; ".join(left))
        changed += _write(code_list, names, [row for key, row in differ.items() if key not in kept])
    return Written(rows=len(rows), changed=changed)


def _settled(code_list: CodeList) -> set[tuple[Any, ...]]:
    """The keys of rows that no file changes any more."""
    names = [_field(code_list, name).attname for name in code_list.key]
    keys: set[tuple[Any, ...]] = set()
    if code_list.settled is not None:
        rows = code_list.model._base_manager.filter(code_list.settled)
        keys.update(rows.values_list(*names))
    if code_list.keeps_edits:
        events = code_list.model.pgh_event_model.objects  # type: ignore[attr-defined]
        by_people = events.filter(pgh_context__metadata__user__gt=0)
        # Keys of before, too: a target moved to another day does not come back on the old one.
        of_people = events.filter(pgh_obj_id__in=by_people.values("pgh_obj_id"))
        keys.update(of_people.values_list(*names))
    return keys


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file, text in NFC and without blanks at its ends.

    Raises :class:`BadList` where a line has more or fewer cells than the header.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        rows = []
        for number, cells in enumerate(lines, start=2):
            if len(cells) != len(header):
                raise BadList(f"{path.name}, row {number}: {len(cells)} cells, not {len(header)}")
            text = (unicodedata.normalize("NFC", cell).strip() for cell in cells)
            rows.append(dict(zip(header, text, strict=True)))
    return rows


def _describe(about: Mapping[str, str], written: Written) -> None:
    """Keep the list's version, source and licence; the moment only when rows changed."""
    said: dict[str, Any] = {
        "version": about["version"],
        "source": about["source"],
        "licence": about["licence"],
        "is_draft": YES_OR_NO[about["is_draft"]],
        "row_count": written.rows,
    }
    if written.changed or not ReferenceSet.objects.filter(name=about["name"], **said).exists():
        ReferenceSet.objects.update_or_create(
            name=about["name"], defaults={**said, "loaded_at": timezone.now()}
        )


def _columns(code_list: CodeList, rows: Sequence[Mapping[str, str]]) -> list[models.Field]:
    """The model's fields that the file gives, in the file's order."""
    if not rows:
        raise BadList(f"{code_list.name}.csv has no rows")
    return [_field(code_list, name) for name in rows[0] if name not in code_list.for_readers]


def _field(code_list: CodeList, name: str) -> models.Field:
    """The model's column of that name."""
    for field in code_list.model._meta.concrete_fields:
        if field.name == name:
            return field
    raise BadList(f"{code_list.name}.csv: its table has no column {name!r}")


def _waves(
    code_list: CodeList, rows: Sequence[dict[str, str]]
) -> Iterator[list[tuple[int, dict[str, str]]]]:
    """Numbered rows, parents before the rows of the same list that point at them."""
    numbered = list(enumerate(rows, start=2))
    selves = [
        field.name
        for field in code_list.model._meta.fields
        if field.related_model is code_list.model
    ]
    waiting = {row["code"] for row in rows} if selves else set()
    while numbered:
        ready = [(n, row) for n, row in numbered if not waiting & {row[name] for name in selves}]
        if not ready:
            raise BadList(f"{code_list.name}.csv: rows point at each other in a ring")
        yield ready
        waiting -= {row.get("code") for _n, row in ready}
        done = {n for n, _row in ready}
        numbered = [(n, row) for n, row in numbered if n not in done]


def _wanted(
    code_list: CodeList,
    columns: Sequence[models.Field],
    numbered: Sequence[tuple[int, Mapping[str, str]]],
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """What the file wants in the database: values by key."""
    ids = {
        field.name: dict(field.related_model._base_manager.values_list("code", "pk"))
        for field in columns
        if field.related_model
    }
    wanted: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for number, row in numbered:
        place = f"{code_list.name}.csv, row {number}"
        values = {}
        for field in columns:
            try:
                values[field.name] = _value(field, row[field.name], ids.get(field.name, {}))
            except (ValidationError, KeyError) as error:
                raise BadList(f"{place}, {field.name}: {row[field.name]!r}: {error}") from error
        key = tuple(values[name] for name in code_list.key)
        if key in wanted:
            raise BadList(f"{place}: the key {key} stands in the file twice")
        wanted[key] = tuple(values.values())
    return wanted


def _value(field: models.Field, text: str, ids: Mapping[str, int]) -> Any:
    """A cell as the field keeps it; an empty cell is null where the field allows it."""
    if not text and field.null:
        return None
    if field.is_relation:
        return ids[text]
    if isinstance(field, models.BooleanField):
        return YES_OR_NO[text]
    if isinstance(field, models.JSONField):
        return text.split("|")
    return field.clean(text, None)


def _write(code_list: CodeList, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> int:
    """Insert or update by the list's key; returns how many rows were written."""
    model = code_list.model
    keys = {_field(code_list, name).attname for name in code_list.key}
    model._base_manager.bulk_create(
        [model(**dict(zip(names, row, strict=True))) for row in rows],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=list(code_list.key),
        update_fields=[model._meta.get_field(name).name for name in names if name not in keys],
    )
    return len(rows)
