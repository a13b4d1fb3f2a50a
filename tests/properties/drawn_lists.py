"""Lists as offices send them, drawn by a seed, and what the register holds after them.

Nothing is written but through the import itself: read from a file, checked, written.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pghistory.models
from django.db import transaction

from registry import models as m
from registry.imports import actions
from registry.imports.choices import Asked
from registry.imports.columns import Meaning
from registry.imports.decisions import actions as decisions
from registry.imports.exporting import FORMS, OWNERS
from tests.imports.sheets import csv_bytes, tax_code

HEADINGS = {
    Meaning.NAME: "Tên doanh nghiệp",
    Meaning.NAME_EN: "Tên tiếng Anh",
    Meaning.SHORT_NAME: "Tên viết tắt",
    Meaning.TAX_CODE: "Mã số thuế",
    Meaning.LEGAL_FORM: "Loại hình doanh nghiệp",
    Meaning.OWNERSHIP: "Hình thức sở hữu",
    Meaning.FOUNDED: "Ngày thành lập",
    Meaning.WEBSITE: "Website",
    Meaning.ADDRESS: "Địa chỉ trụ sở",
    Meaning.FACTORY: "Địa chỉ nhà máy",
    Meaning.LABOUR: "Số lao động 2025",
    Meaning.SECTOR: "Lĩnh vực CNHT",
    Meaning.PRODUCTS: "Sản phẩm",
    Meaning.EXTRA: "Ghi chú",
}
WORDS = [
    "Ánh Dương",
    "Bình Minh",
    "Cường Thịnh",
    "Đại Phát",
    "Én Bạc",
    "Phương Đông",
    "Gia Long",
    "Hòa Bình",
]
PLACES = ("Hà Nội", "Bắc Ninh", "Hà Nội", "")
GOODS = ("Khuôn dập", "Bu lông", "Ốc vít M8", "Chi tiết phay", "Khóa kéo")
SECTORS = ("components", "high_tech", "textile_leather")
OFTEN = 0.6
Row = dict[Meaning, str]


def code_lists() -> None:
    m.Province.objects.create(code="01", name="Thành phố Hà Nội")
    m.Province.objects.create(code="24", name="Tỉnh Bắc Ninh")
    for place, code in enumerate(SECTORS):
        m.Sector.objects.create(code=code, name=f"Lĩnh vực {code}", position=place)
    for n in range(3):
        m.Ward.objects.create(
            code=f"w{n}", name=f"Phường Số {n}", kind="ward", valid_from="2025-07-01"
        )


def drawn_value(rng: random.Random, meaning: Meaning, n: int) -> str:
    """A value that a cell of this column can hold; ``n`` makes it the row's own."""
    place = rng.choice(PLACES)
    values: dict[Meaning, Any] = {
        Meaning.NAME: lambda: f"Công ty TNHH {rng.choice(WORDS)} {n}",
        Meaning.NAME_EN: lambda: f"{rng.choice('ABCDEF')}{n} Co., Ltd.",
        Meaning.SHORT_NAME: lambda: f"{rng.choice('GHIJKL')}{n}",
        Meaning.TAX_CODE: lambda: tax_code(300_100_000 + 20 * n),
        Meaning.LEGAL_FORM: lambda: rng.choice(list(FORMS.values())[:4]),
        Meaning.OWNERSHIP: lambda: rng.choice(list(OWNERS.values())),
        Meaning.FOUNDED: lambda: f"{rng.randint(1, 28)}/{rng.randint(1, 12)}/20{n % 20:02}",
        Meaning.WEBSITE: lambda: f"https://{rng.choice('abcdef')}{n}.example",
        Meaning.ADDRESS: lambda: f"Số {n} phố {rng.choice(WORDS)}" + (f", {place}" * bool(place)),
        Meaning.FACTORY: lambda: f"Lô {n} khu {rng.choice(WORDS)}, {rng.choice(PLACES[:2])}",
        Meaning.LABOUR: lambda: str(rng.randint(1, 900)),
        Meaning.SECTOR: lambda: "; ".join(rng.sample(SECTORS, rng.randint(1, 2))),
        Meaning.PRODUCTS: lambda: "; ".join(rng.sample(GOODS, rng.randint(1, 3))),
        Meaning.EXTRA: lambda: f"ghi {rng.randint(1, 99)}",
    }
    return str(values[meaning]())


def drawn_row(rng: random.Random, n: int, *, with_code: bool | None = None) -> Row:
    """An enterprise of which a list says some of what it could."""
    row = {one: drawn_value(rng, one, n) if rng.random() < OFTEN else "" for one in HEADINGS}
    row[Meaning.NAME] = drawn_value(rng, Meaning.NAME, n)
    row[Meaning.ADDRESS] = row[Meaning.ADDRESS] or drawn_value(rng, Meaning.ADDRESS, n)
    if with_code is not None:
        row[Meaning.TAX_CODE] = drawn_value(rng, Meaning.TAX_CODE, n) if with_code else ""
    return row


def wrong_row(rng: random.Random, n: int) -> Row:
    """A row that is refused, or that nobody can place without a decision."""
    row = drawn_row(rng, n)
    which = rng.choice([Meaning.TAX_CODE, Meaning.FOUNDED, Meaning.NAME])
    return row | {which: {Meaning.TAX_CODE: "12", Meaning.FOUNDED: "31/02/2020"}.get(which, "")}


def namesake(rng: random.Random, row: Row, n: int) -> Row:
    """Another row of the same name: elsewhere, somewhere, or with another tax code."""
    other = drawn_row(rng, n)
    other[Meaning.NAME] = row[Meaning.NAME]
    return other


def as_lines(rows: Sequence[Row]) -> list[list[str]]:
    return [list(HEADINGS.values()), *([row[one] for one in HEADINGS] for row in rows)]


def kept(content: bytes, by: m.User, name: str = "list.csv") -> m.ImportBatch:
    """The list in review, every row checked."""
    batch = actions.keep_file(name=name, content=content, by=by)
    return actions.check_again(batch_id=batch.pk)


def loaded(lines: Sequence[Sequence[str]], by: m.User) -> m.ImportBatch:
    """The list in review and then written."""
    batch = kept(csv_bytes(*lines), by)
    actions.write(batch_id=batch.pk, by=by)
    return batch


def decide_by_chance(rng: random.Random, batch: m.ImportBatch, by: m.User) -> dict[int, str]:
    """Decide some of the rows that ask; what was decided by the number of the row."""
    done = {}
    for row in batch.rows.exclude(asks={}).order_by("number"):
        asked = Asked.from_json(row.asks)
        said = {"batch_id": batch.pk, "number": row.number, "mark": asked.mark(), "by": by}
        live = [one.pk for one in asked.whom if one.can_be_same]
        what = rng.choice(["same"] * bool(live) + ["new"] * asked.may_be_new + ["open"])
        if what == "same":
            decisions.decide_same(**said, enterprise_id=rng.choice(live))
        elif what == "new":
            decisions.decide_new(**said)
        done[row.number] = what
    actions.check_again(batch_id=batch.pk)
    return done


def outcomes(batch: m.ImportBatch) -> dict[int, str]:
    return dict(batch.rows.order_by("number").values_list("number", "outcome"))


FIELDS = (
    *("name", "name_en", "short_name", "tax_code", "tax_code_note", "legal_form", "ownership"),
    *("founded_on", "website", "extra"),
)


def state() -> list[Any]:
    """All that lists say of enterprises, in an order of its own.

    Without the numbers of records and rows, and without the list that a record rests on:
    both tell in which order lists came.
    """
    found = []
    for one in m.Enterprise.objects.order_by("pk"):
        found.append(
            (
                *(str(getattr(one, field)) for field in FIELDS),
                sorted(map(str, one.sites.values_list("kind", "address", "province", "ward"))),
                sorted(one.products.values_list("name", flat=True)),
                sorted(one.sectors.values_list("sector__code", flat=True)),
                sorted(one.year_figures.values_list("year", "labour")),
            )
        )
    apart = m.DuplicateDecision.objects.values_list("first__name", "second__name", "is_same")
    return [sorted(found, key=str), sorted(apart)]


def events() -> int:
    return int(pghistory.models.Events.objects.count())


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is not there afterwards."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
