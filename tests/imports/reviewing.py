"""Lists put through the review as officers do it, for tests of what comes of it."""

from __future__ import annotations

from typing import Any

from registry.accounts.models import User
from registry.enterprises.models import Enterprise
from registry.imports import actions
from registry.imports.choices import Asked
from registry.imports.decisions import actions as decisions
from registry.imports.models import ImportBatch
from tests.factories import EnterpriseFactory, ProvinceFactory, SiteFactory, UserFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code

CODE, OTHER = tax_code(10010910), tax_code(10010920)
NAME = "Công ty TNHH Cơ khí Ánh Dương"
HEADER = ("Tên doanh nghiệp", "MST", "Địa chỉ", "Website")
CLASH = (NAME, OTHER, "Số 9 phố Khác, Hà Nội", "https://moi.vn")
"""The name and province of :func:`known_firm` with another tax code."""


def known_firm() -> Enterprise:
    """What the register has of the name."""
    hanoi = ProvinceFactory(code="01", name="Thành phố Hà Nội")
    enterprise = EnterpriseFactory(name=NAME, tax_code=CODE, website="https://cu.vn")
    SiteFactory(enterprise=enterprise, address=HANOI, province=hanoi)
    return enterprise


def reviewed(lines: Any, name: str = "list.csv") -> ImportBatch:
    """A list of these lines, its headings first, with every row checked."""
    batch = actions.keep_file(name=name, content=csv_bytes(*lines), by=UserFactory())
    return actions.check_again(batch_id=batch.pk)


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("outcome", flat=True))


def asked(batch: ImportBatch, number: int) -> Asked:
    return Asked.from_json(batch.rows.get(number=number).asks)


def decide(batch: ImportBatch, number: int, by: User | None = None, **what: Any) -> None:
    """Decide ``same=pk``, ``new=True`` or ``fields={…}`` of a row, and check the list again."""
    row = {"batch_id": batch.pk, "number": number, "by": by or UserFactory()}
    row["mark"] = asked(batch, number).mark()
    if "same" in what:
        decisions.decide_same(**row, enterprise_id=what["same"])
    elif "new" in what:
        decisions.decide_new(**row)
    else:
        decisions.decide_fields(**row, takes=what["fields"])
    actions.check_again(batch_id=batch.pk)


def written(batch: ImportBatch, by: User | None = None) -> int:
    return actions.write(batch_id=batch.pk, by=by or UserFactory())
