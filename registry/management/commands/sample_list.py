"""A fictional list as an office would send it, of any length: for trying and measuring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registry.enterprises.actions import EnterpriseDraft
from registry.enterprises.enums import LegalForm
from registry.management.commands.sample_register import number
from registry.sample.codes import Codes, ListsMissing, codes
from registry.sample.generator import invented

TITLE = "DANH SÁCH DOANH NGHIỆP (HƯ CẤU)"
HEADINGS = (
    "STT", "Tên doanh nghiệp", "Tên tiếng Anh", "Mã số thuế", "Loại hình doanh nghiệp",
    "Ngày thành lập", "Địa chỉ trụ sở", "Website", "Sản phẩm chính", "Số lao động 2025",
    "Người liên hệ", "Ghi chú",
)  # fmt: skip
LONGEST = 109_000


class Command(BaseCommand):
    help = "Write an XLSX list of fictional enterprises, the same for the same seed and day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="where to write the list")
        parser.add_argument("--rows", default="1000", help="how many rows (1000)")
        parser.add_argument("--seed", default="1", help="another number, other enterprises (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = number("--rows", options["rows"], least=1)
        if rows > LONGEST:
            raise CommandError(f"A list has at most {LONGEST:,} rows.")
        seed = number("--seed", options["seed"], least=0)
        try:
            write_list(Path(options["file"]), rows=rows, seed=seed)
        except ListsMissing as error:
            raise CommandError(
                f"The code lists are missing or old. Run load_reference first (not found: {error})."
            ) from error
        except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
            raise CommandError(f"{options['file']} cannot be written: {error}") from error
        self.stdout.write(f"{rows:,} fictional rows in {options['file']}")


def write_list(path: Path, *, rows: int, seed: int) -> None:
    """Row by row, so that a long list needs no more memory than a short one."""
    book: Any = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Danh sách")
    sheet.write_string(0, 0, TITLE)
    for place, heading in enumerate(HEADINGS):
        sheet.write_string(2, place, heading)
    for at, cells in enumerate(lines(rows=rows, seed=seed, of=codes()), start=3):
        for place, text in enumerate(cells):
            sheet.write_string(at, place, text)
    book.close()


def lines(*, rows: int, seed: int, of: Codes) -> Iterator[list[str]]:
    today = timezone.localdate()
    for one in invented(size=rows, seed=seed, on=today, codes=of):
        yield [str(one.number + 1), *cells_of(one.draft)]


def cells_of(draft: EnterpriseDraft) -> list[str]:
    """The cells of an enterprise after its number, in the order of ``HEADINGS``."""
    made = [product if isinstance(product, str) else product.name for product in draft.products]
    labour = [figure.labour for figure in draft.year_figures if figure.labour is not None]
    founded = draft.founded_on
    return [
        draft.name,
        draft.name_en,
        draft.tax_code or "",
        str(LegalForm(draft.legal_form).label) if draft.legal_form else "",
        f"{founded:%d/%m/%Y}" if founded else "",
        draft.sites[0].address if draft.sites else "",
        draft.website,
        "; ".join(made),
        str(labour[-1]) if labour else "",
        draft.contacts[0].full_name if draft.contacts else "",
        draft.about,
    ]
