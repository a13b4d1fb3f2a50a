"""The register's own list, to be edited elsewhere and loaded again.

Every row carries its number and a mark of each of its cells. Coming back, a cell that still
has its mark was not edited and changes nothing. One that was edited counts while the register
still has what was exported; where both have changed, somebody has to choose.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import functools
import hashlib
import re
from collections.abc import Iterator, Sequence

from django.db.models import Prefetch

from registry.core.text import tidy
from registry.enterprises.enums import LegalForm, Ownership, SiteKind
from registry.enterprises.models import Enterprise, EnterpriseQuerySet, EnterpriseSector, Site
from registry.imports.columns import Meaning

HEADINGS = {
    Meaning.PUBLIC_ID: "Mã hồ sơ CNHT",
    Meaning.VERSION: "Phiên bản xuất",
    Meaning.NAME: "Tên doanh nghiệp",
    Meaning.NAME_EN: "Tên tiếng Anh",
    Meaning.SHORT_NAME: "Tên viết tắt",
    Meaning.TAX_CODE: "Mã số thuế",
    Meaning.TAX_CODE_NOTE: "Ghi chú mã số thuế",
    Meaning.LEGAL_FORM: "Loại hình doanh nghiệp",
    Meaning.OWNERSHIP: "Hình thức sở hữu",
    Meaning.FOUNDED: "Ngày thành lập",
    Meaning.WEBSITE: "Website",
    Meaning.ADDRESS: "Địa chỉ trụ sở",
    Meaning.SECTOR: "Lĩnh vực CNHT",
    Meaning.PRODUCTS: "Sản phẩm",
}
KEYS = (Meaning.PUBLIC_ID, Meaning.VERSION)
EXPORTED = tuple(meaning for meaning in HEADINGS if meaning not in KEYS)
FORMS = {
    LegalForm.ONE_MEMBER_LLC.value: "Công ty TNHH một thành viên",
    LegalForm.LLC.value: "Công ty TNHH hai thành viên trở lên",
    LegalForm.JOINT_STOCK.value: "Công ty cổ phần",
    LegalForm.PARTNERSHIP.value: "Công ty hợp danh",
    LegalForm.PRIVATE.value: "Doanh nghiệp tư nhân",
    LegalForm.COOPERATIVE.value: "Hợp tác xã",
    LegalForm.HOUSEHOLD.value: "Hộ kinh doanh",
    LegalForm.BRANCH.value: "Chi nhánh",
}
OWNERS = {
    Ownership.STATE.value: "Nhà nước",
    Ownership.PRIVATE.value: "Tư nhân trong nước",
    Ownership.FOREIGN.value: "Có vốn đầu tư nước ngoài",
}
"""What the lists of a drop-down offer: words that are read back as they were written."""

BATCH = 1_000


MARK = 8
"""Letters of the mark of a cell."""


@dc.dataclass(frozen=True)
class Exported:
    """What a row says of the export that it comes from: ``cells`` in the order of
    ``EXPORTED``, as they are now; ``beside`` are other columns that are filled."""

    public_id: str
    version: str
    cells: tuple[str, ...]
    beside: frozenset[Meaning] = frozenset()

    @property
    def pk(self) -> int:
        """The identity in the number; 0 where it is none."""
        return identity_in(self.public_id)

    @functools.cached_property
    def edited(self) -> frozenset[Meaning] | None:
        """The cells that were edited; None where the version does not tell which."""
        return changed_since(self.version, self.cells)


def identity_in(number: str) -> int:
    """The identity in a record's number (``CNHT-0000012``); 0 where it is none."""
    found = re.fullmatch(r"CNHT-(\d{7,15})", number)
    return int(found[1]) if found else 0


def version_of(cells: Sequence[str]) -> str:
    """The marks of a row's cells, in the order of ``EXPORTED``."""
    return "v2" + "".join(_sum(tidy(cell))[:MARK] for cell in cells)


def changed_since(version: str, cells: Sequence[str]) -> frozenset[Meaning] | None:
    """Which cells are not those of that version; None where it does not tell which.

    Exports made before cells had marks of their own carry one sum of all.
    """
    tidied = [tidy(cell) for cell in cells]
    if version == _sum("\n".join(tidied))[:16]:
        return frozenset()
    marks = re.findall(f"[0-9a-f]{{{MARK}}}", version.removeprefix("v2"))
    if version != "v2" + "".join(marks) or len(marks) != len(EXPORTED):
        return None
    return frozenset(
        meaning
        for meaning, cell, mark in zip(EXPORTED, tidied, marks, strict=True)
        if _sum(cell)[:MARK] != mark
    )


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def exported_cells(enterprise: Enterprise) -> list[str]:
    """The cells of an enterprise whose sites, sectors and products are at hand."""
    office = next((s for s in enterprise.sites.all() if s.kind == SiteKind.HEAD_OFFICE), None)
    sectors = sorted(enterprise.sectors.all(), key=lambda row: (not row.is_primary, row.pk))
    products = sorted(enterprise.products.all(), key=lambda row: row.pk)
    founded = enterprise.founded_on
    return [
        enterprise.name,
        enterprise.name_en,
        enterprise.short_name,
        enterprise.tax_code or "",
        enterprise.tax_code_note,
        FORMS.get(enterprise.legal_form, ""),
        OWNERS.get(enterprise.ownership, ""),
        f"{founded:%d/%m/%Y}" if founded else "",
        enterprise.website,
        office.address if office else "",
        "; ".join(row.sector.name for row in sectors),
        "; ".join(row.name for row in products),
    ]


def export_lines(on: dt.date, rows: EnterpriseQuerySet | None = None) -> Iterator[list[str]]:
    """The headings, then each enterprise with its keys.

    Of ``rows`` in their order; of the whole register on that day if None.
    """
    yield list(HEADINGS.values())
    if rows is None:
        rows = Enterprise.objects.registered(on).in_name_order()
    rows = rows.prefetch_related(
        Prefetch("sites", Site.objects.standing(on).order_by("pk")),
        "products",
        Prefetch("sectors", EnterpriseSector.objects.select_related("sector")),
    )
    for enterprise in rows.iterator(BATCH):
        cells = exported_cells(enterprise)
        yield [enterprise.public_id, version_of(cells), *cells]
