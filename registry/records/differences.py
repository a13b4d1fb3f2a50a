"""What differs between documents of one record, and how two edits of it are made one."""

from __future__ import annotations

import dataclasses as dc
from typing import Any

from registry.records.content import CODES, Content

Path = tuple[str, ...]
"""``("fields", name)``, ``("blank", name)``, ``("codes", list, id)``, ``("rows", table, id)`` for
the row itself, ``("rows", table, id, column)`` for a value of it."""


@dc.dataclass(frozen=True)
class Difference:
    """One place where two documents differ; None where a document has nothing there."""

    path: Path
    before: Any
    after: Any


@dc.dataclass(frozen=True)
class Clash:
    """One place that two people changed to different values."""

    path: Path
    before: Any
    mine: Any
    theirs: Any


def flat(content: Content) -> dict[Path, Any]:
    """Every value of a document by its place; rows without an identity are left out."""
    found: dict[Path, Any] = {("fields", name): value for name, value in content["fields"].items()}
    found |= {("blank", name): value for name, value in content["blank"].items()}
    for name in CODES:
        found |= {("codes", name, str(pk)): True for pk in content["codes"][name]}
    for table, rows in content["rows"].items():
        for row in rows:
            if row.get("id"):
                found["rows", table, str(row["id"])] = True
                for column, value in row.items():
                    if column != "id":
                        found["rows", table, str(row["id"]), column] = value
    return found


def differences(before: Content, after: Content) -> list[Difference]:
    """Where two documents differ, new rows not counted."""
    one, other = flat(before), flat(after)
    return [
        Difference(path, one.get(path), other.get(path))
        for path in sorted(one.keys() | other.keys())
        if one.get(path) != other.get(path)
    ]


def new_rows(content: Content) -> list[tuple[str, dict[str, Any]]]:
    """Rows that have no identity yet, with the name of their table."""
    return [
        (table, row) for table, rows in content["rows"].items() for row in rows if not row.get("id")
    ]


def clashes(base: Content, mine: Content, theirs: Content) -> list[Clash]:
    """Places that both changed since ``base``, to different values.

    A row that one took out and the other changed is one clash, at the row itself.
    """
    ours = {one.path: one for one in differences(base, mine)}
    others = {one.path: one for one in differences(base, theirs)}
    found = [
        Clash(path, one.before, one.after, others[path].after)
        for path, one in ours.items()
        if path in others and others[path].after != one.after
    ]
    lost, lost_there = _ended(ours), _ended(others)
    rows = (lost & _touched(others)) ^ (lost_there & _touched(ours))
    at_rows = [
        Clash(row, True, None if row in lost else True, None if row in lost_there else True)
        for row in sorted(rows)
    ]
    return [one for one in found if one.path[:3] not in rows] + at_rows


def _ended(side: dict[Path, Difference]) -> set[Path]:
    """Rows that a side has taken out."""
    return {
        path
        for path, one in side.items()
        if path[0] == "rows" and len(path) == 3 and one.after is None
    }


def _touched(side: dict[Path, Difference]) -> set[Path]:
    return {path[:3] for path in side if path[0] == "rows"}


def merged(
    base: Content, mine: Content, theirs: Content, take_theirs: set[Path] | None = None
) -> Content:
    """``theirs`` with my changes laid over it, but for the places in ``take_theirs``.

    A row that they took out and I changed comes in again as a new row.
    """
    left = take_theirs or set()
    values = flat(theirs)
    changed = [one for one in differences(base, mine) if not {one.path, one.path[:3]} & left]
    for one in changed:
        if one.after is None and one.path not in flat(mine):
            values.pop(one.path, None)
        else:
            values[one.path] = one.after
    content = _unflat(values, mine)
    gone = _ended({one.path: one for one in differences(base, theirs)})
    kept = {one.path[:3] for one in changed if one.path[:3] in gone}
    for table, rows in mine["rows"].items():
        content["rows"][table] += [
            {**row, "id": None} for row in rows if ("rows", table, str(row.get("id"))) in kept
        ]
    return content


def _unflat(values: dict[Path, Any], mine: Content) -> Content:
    content: Content = {
        "fields": {},
        "blank": {},
        "codes": {name: [] for name in CODES},
        "rows": {table: [] for table in mine["rows"]},
    }
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for path in sorted(values):
        if path[0] in ("fields", "blank"):
            content[path[0]][path[1]] = values[path]
        elif path[0] == "codes":
            content["codes"][path[1]].append(int(path[2]))
        elif len(path) == 3:
            rows[path[1], path[2]] = {"id": int(path[2])}
        elif (path[1], path[2]) in rows:
            rows[path[1], path[2]][path[3]] = values[path]
    for name in CODES:
        content["codes"][name].sort()
    for (table, _pk), row in sorted(rows.items(), key=lambda one: one[1]["id"]):
        content["rows"][table].append(row)
    for table, row in new_rows(mine):
        content["rows"][table].append(row)
    return content
