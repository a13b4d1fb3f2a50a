"""From two documents of one record to what the rooms below have to write."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from registry.enterprises.editing.actions import ROWS, CodeChanges, RecordChanges, RowChanges
from registry.enterprises.models import Enterprise
from registry.records.content import CODES, TABLES, Content, value_of
from registry.records.differences import Difference, differences, new_rows
from registry.records.drafting import relation_drafts, values
from registry.supply.actions import RelationDraft


def room_changes(row: Enterprise, before: Content, after: Content) -> RecordChanges:
    """What changes in the tables of the enterprise itself."""
    found = differences(before, after)
    changes = RecordChanges(
        fields={
            one.path[1]: value_of(Enterprise, one.path[1], one.after)
            for one in found
            if one.path[0] == "fields" and one.path[1] != "primary_sector"
        },
        rows=_rows(found, after),
        codes=_codes(before, after),
    )
    if before["blank"] != after["blank"]:
        changes.fields["blank_reasons"] = after["blank"]
    primary = after["fields"]["primary_sector"]
    changes.has_new_primary = before["fields"]["primary_sector"] != primary
    changes.primary_sector = primary
    return changes


def _rows(found: list[Difference], after: Content) -> dict[str, RowChanges]:
    changes: dict[str, RowChanges] = defaultdict(RowChanges)
    for one in found:
        if one.path[0] != "rows" or one.path[1] not in ROWS:
            continue
        _rows_word, table, pk = one.path[:3]
        if len(one.path) == 3 and one.after is None:
            changes[table].remove.add(int(pk))
        elif len(one.path) == 4:
            column = one.path[3]
            new = value_of(ROWS[table], column, one.after)
            changes[table].change.setdefault(int(pk), {})[column] = new
    for table, row in new_rows(after):
        if table in ROWS:
            changes[table].add.append(values(table, row))
    for of_one in changes.values():
        for gone in of_one.remove:
            of_one.change.pop(gone, None)
    return changes


def _codes(before: Content, after: Content) -> dict[str, CodeChanges]:
    pairs = {name: (set(before["codes"][name]), set(after["codes"][name])) for name in CODES}
    return {
        name: CodeChanges(add=new - old, remove=old - new)
        for name, (old, new) in pairs.items()
        if old != new
    }


def relation_changes(
    enterprise_id: int, before: Content, after: Content
) -> tuple[dict[int, dict[str, Any]], list[RelationDraft]]:
    """New values of relations by identity, and new relations."""
    model = TABLES["relations"].model
    changed: dict[int, dict[str, Any]] = defaultdict(dict)
    for one in differences(before, after):
        if one.path[:2] == ("rows", "relations") and len(one.path) == 4:
            column = one.path[3]
            changed[int(one.path[2])][column] = value_of(model, column, one.after)
    return dict(changed), relation_drafts(after, enterprise_id)
