"""What sample enterprises make, where they sit and whom they supply: read from ``data/``."""

from __future__ import annotations

import dataclasses as dc
from collections import defaultdict
from functools import cache
from pathlib import Path

from registry.reference.actions import read_rows

DATA = Path(__file__).parent / "data"


@dc.dataclass(frozen=True)
class Item:
    """A product; ``group`` and ``hs`` are codes, blank where none fits."""

    name: str
    name_en: str
    group: str
    hs: str


@dc.dataclass(frozen=True)
class Kit:
    """Machines of one kind."""

    name: str
    maker: str
    spec: str


@dc.dataclass(frozen=True)
class Line:
    """A line of business; everything in it is a code of a list, but for the names."""

    code: str
    name: str
    name_en: str
    sector: str
    weight: int
    vsic: tuple[str, ...]
    processes: tuple[str, ...]
    materials: tuple[str, ...]
    schemes: tuple[tuple[str, int], ...]
    buyers: tuple[tuple[str, int], ...]
    items: tuple[Item, ...]
    kits: tuple[Kit, ...]


@dc.dataclass(frozen=True)
class Place:
    """Where enterprises sit in Hanoi; a park without a ward takes the park's own, if known."""

    park: str
    ward: str
    weight: int


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _weights(text: str) -> tuple[tuple[str, int], ...]:
    pairs = (part.split(":") for part in _parts(text))
    return tuple((code, int(weight)) for code, weight in pairs)


@cache
def lines() -> tuple[Line, ...]:
    """Every line of business; raises BadList where a file does not fit."""
    items: dict[str, list[Item]] = defaultdict(list)
    for row in read_rows(DATA / "products.csv"):
        items[row.pop("line")].append(Item(**row))
    buyers: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in read_rows(DATA / "markets.csv"):
        buyers[row["market"]].append((row["buyer"], int(row["weight"])))
    kits = [
        (set(_parts(row["processes"])), Kit(row["name"], row["maker"], row["spec"]))
        for row in read_rows(DATA / "machines.csv")
    ]
    return tuple(
        Line(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            sector=row["sector"],
            weight=int(row["weight"]),
            vsic=_parts(row["vsic"]),
            processes=_parts(row["processes"]),
            materials=_parts(row["materials"]),
            schemes=_weights(row["schemes"]),
            buyers=tuple(buyers[row["market"]]),
            items=tuple(items[row["code"]]),
            kits=tuple(kit for needs, kit in kits if needs & set(_parts(row["processes"]))),
        )
        for row in read_rows(DATA / "lines.csv")
    )


@cache
def places() -> tuple[tuple[Place, int], ...]:
    """Every place with its weight: the parks and the communes where factories are."""
    rows = (
        Place(row["park"], row["ward"], int(row["weight"]))
        for row in read_rows(DATA / "places.csv")
    )
    return tuple((place, place.weight) for place in rows)
