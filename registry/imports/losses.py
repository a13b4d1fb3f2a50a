"""Letters that were lost before the file came here: found by rule, said, never made up.

The rule, in full. A name is *without diacritics* where it holds a Vietnamese phrase of
``PHRASES`` in plain letters and no letter with a mark. A row has *letters replaced* where a
text of it holds U+FFFD, or a question mark right before a letter. ("Công ty A?" asks
something; "C?ng ty" has lost a letter.) Names without a Vietnamese phrase say nothing.
"""

from __future__ import annotations

import dataclasses as dc
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.imports.columns import Column, Meaning
from registry.imports.values import as_text, has_replaced_letters, words

PHRASES = re.compile(
    r"\b(?:cong ty|co phan|doanh nghiep|tu nhan|hop tac xa|ho kinh doanh|chi nhanh|nha may"
    r"|xi nghiep|trach nhiem|thanh vien|san xuat|thuong mai|dich vu|co khi|cong nghiep"
    r"|dien tu|ky thuat|xuat nhap khau)\b"
)
"""In lists of enterprises these are never right without their marks."""

NAMES = (Meaning.NAME, Meaning.NAME_LOCAL)
TEXTS = (
    *NAMES, Meaning.LEGAL_FORM, Meaning.ADDRESS, Meaning.ADDRESS_PART, Meaning.FACTORY, Meaning.PROVINCE,
    Meaning.DISTRICT, Meaning.WARD, Meaning.PRODUCTS, Meaning.SECTOR,
)  # fmt: skip
ROWS_SAID = 10


@dc.dataclass
class Losses:
    """What was found in the rows that were gone through so far.

    ``names`` are those with a Vietnamese phrase or a mark; ``plain`` and ``replaced`` are
    how many names and rows lost letters, each with the numbers of the first of them.
    """

    names: int = 0
    plain: int = 0
    replaced: int = 0
    plain_rows: list[int] = dc.field(default_factory=list)
    replaced_rows: list[int] = dc.field(default_factory=list)

    def see(self, number: int, cells: Sequence[Any], columns: Sequence[Column]) -> None:
        """Look at the texts of one row."""
        is_replaced = False
        for column in columns:
            text = as_text(cells[column.place]) if column.place < len(cells) else ""
            is_replaced |= has_replaced_letters(text)
            if column.meaning in NAMES and text:
                self._see_name(number, text)
        if is_replaced:
            self.replaced += 1
            self.replaced_rows += [number] if len(self.replaced_rows) < ROWS_SAID else []

    def _see_name(self, number: int, text: str) -> None:
        is_vietnamese = PHRASES.search(words(text)) is not None
        if text.isascii() and is_vietnamese and not has_replaced_letters(text):
            self.plain += 1
            self.plain_rows += [number] if len(self.plain_rows) < ROWS_SAID else []
        self.names += is_vietnamese or not text.isascii()

    def sentences(self) -> list[str]:
        """What is to be said of the list; nothing where no letter was lost."""
        said = []
        if self.plain and self.plain == self.names:
            said.append(
                _(
                    "No name of this list has diacritics: they were lost before the file came "
                    "here and cannot be brought back. Look at the names before you take them "
                    "over, or ask for the list as it was written."
                )
            )
        elif self.plain:
            message = ngettext(
                "%(count)s name is written without diacritics, others have theirs (row "
                "%(rows)s). Compare it with the certificate before you take it over.",
                "%(count)s names are written without diacritics, others have theirs (rows "
                "%(rows)s). Compare them with the certificates before you take them over.",
                self.plain,
            )
            rows = _listed(self.plain, self.plain_rows)
            said.append(message % {"count": self.plain, "rows": rows})
        if self.replaced:
            message = ngettext(
                "In %(count)s row a sign such as “?” stands where letters were (row %(rows)s): "
                "they cannot be brought back. Write them anew, or ask for the list as it was "
                "written.",
                "In %(count)s rows a sign such as “?” stands where letters were (rows "
                "%(rows)s): they cannot be brought back. Write them anew, or ask for the list "
                "as it was written.",
                self.replaced,
            )
            rows = _listed(self.replaced, self.replaced_rows)
            said.append(message % {"count": self.replaced, "rows": rows})
        return said


def columns_of_texts(columns: Sequence[Column]) -> list[Column]:
    """The columns in which lost letters are looked for."""
    return [column for column in columns if column.meaning in TEXTS]


def _listed(count: int, rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows)) + (" …" if count > len(rows) else "")
