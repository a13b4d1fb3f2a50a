"""What a file was found to be, as it is kept beside the file for the pages that show it."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Sequence
from typing import Any

from registry.imports.columns import Column, Meaning, Table, letters
from registry.imports.losses import Losses, columns_of_texts
from registry.imports.reading import Reading
from registry.imports.values import as_text

SAMPLES = 3
LONGEST_SAMPLE = 80
NOT_COPIED = (Meaning.PERSON, Meaning.EMPTY)
"""Cells that stay in the file alone."""


@dc.dataclass(frozen=True)
class ShownColumn(Column):
    """A column with the first texts that stand in it; of persons there are none."""

    samples: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        return letters(self.place)


@dc.dataclass(frozen=True)
class Shape:
    """Kind and letters of a file, its sheets, and the columns of the one that is read.

    ``first`` is how many rows come before the data, the header's last row being that one.
    ``hidden`` is how many of the rows after them the spreadsheet program does not show, as it
    does not show ``hidden_sheets``. ``lost`` is what the first rows show of lost letters.
    ``asked`` is the sheet and the row of the header that were said when the rows were checked.
    """

    kind: str = ""
    encoding: str = ""
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    first: int = 0
    columns: tuple[ShownColumn, ...] = ()
    hidden: int = 0
    hidden_sheets: tuple[str, ...] = ()
    lost: Losses = dc.field(default_factory=Losses)
    asked: tuple[str, int] | None = None

    def as_json(self) -> dict[str, Any]:
        return dc.asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Shape:
        columns = tuple(
            ShownColumn(
                place=one["place"],
                header=one["header"],
                meaning=Meaning(one["meaning"]),
                year=one["year"],
                samples=tuple(one["samples"]),
            )
            for one in kept.get("columns", ())
        )
        named = {name: tuple(kept.get(name, ())) for name in ("sheets", "hidden_sheets")}
        asked = tuple(kept["asked"]) if kept.get("asked") else None
        lost = Losses(**kept.get("lost", {}))
        return cls(**{**kept, **named, "columns": columns, "lost": lost, "asked": asked})


def shape_of(reading: Reading, table: Table) -> Shape:
    """What is kept of a reading; samples come from the rows that it has at hand."""
    return Shape(
        kind=reading.kind,
        encoding=reading.encoding,
        sheets=tuple(sheet.name for sheet in reading.sheets),
        sheet=table.sheet.name,
        first=table.first,
        columns=tuple(
            ShownColumn(
                place=column.place,
                header=column.header,
                meaning=column.meaning,
                year=column.year,
                samples=samples(table, column),
            )
            for column in table.columns
        ),
        hidden=sum(number > table.first for number in table.sheet.hidden),
        hidden_sheets=tuple(sheet.name for sheet in reading.sheets if sheet.is_hidden),
        lost=losses(table),
    )


def losses(table: Table) -> Losses:
    """What the rows at hand show of lost letters."""
    found, columns = Losses(), columns_of_texts(table.columns)
    for number, cells in table.records():
        found.see(number, cells, columns)
    return found


def samples(table: Table, column: Column) -> tuple[str, ...]:
    """The first different texts of a column."""
    found: dict[str, None] = {}
    rows: Sequence[Any] = table.sheet.rows[table.first :]
    if column.meaning == Meaning.PERSON:
        return ()
    for cells in rows:
        text = as_text(cells[column.place]) if column.place < len(cells) else ""
        if text:
            found[text.replace("\0", "")[:LONGEST_SAMPLE]] = None
        if len(found) == SAMPLES:
            break
    return tuple(found)
