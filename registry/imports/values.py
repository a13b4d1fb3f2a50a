"""From a cell to a value of the register. Nothing is guessed: what is unclear is said.

Every reader raises :class:`BadCell`, whose text is a sentence for the officer.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from registry.core.text import fold, tidy
from registry.enterprises.enums import LegalForm, Ownership

BLANK = {
    "-", "--", "—", "–", ".", "...", "n/a", "#n/a", "khong", "khong co", "chua co",
    "khong ro", "chua ro", "chua cap nhat", "dang cap nhat", "unknown", "none", "null",
}  # fmt: skip
"""What people write into a cell that has no value."""

EXCEL_ERROR = re.compile(r"#(REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
DAY = re.compile(r"(?:ngay )?(\d{1,2})(?:[/.\-]| thang )(\d{1,2})(?:[/.\-]| nam )(\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?")
OLDEST_DAY = dt.date(1900, 1, 1)
MAX_LABOUR = 1_000_000
THOUSANDS = re.compile(r"\d{1,3}(?:[., \u00a0]\d{3})+")
DECIMAL = re.compile(r"-?\d{1,3}(?:[.,]\d+)?")
WEBSITE_LENGTH = 200
REPLACED = re.compile(r"\?[^\W\d_]|\ufffd")

LEGAL_FORMS = {
    LegalForm.ONE_MEMBER_LLC: (
        "tnhh mtv|tnhh mot thanh vien|tnhh 1 thanh vien|tnhh 1tv|cong ty tnhh mtv"
        "|cong ty tnhh mot thanh vien|cong ty tnhh 1 thanh vien|cong ty tnhh 1tv"
        "|cong ty trach nhiem huu han mot thanh vien|single member limited liability company"
    ),
    LegalForm.LLC: (
        "tnhh|cong ty tnhh|cong ty trach nhiem huu han|tnhh hai thanh vien|tnhh 2 thanh vien"
        "|tnhh hai thanh vien tro len|tnhh 2 thanh vien tro len|tnhh 2tv"
        "|cong ty tnhh hai thanh vien tro len|cong ty tnhh 2 thanh vien tro len"
        "|cong ty trach nhiem huu han hai thanh vien tro len|ltd|co ltd|limited company"
        "|limited liability company"
    ),
    LegalForm.JOINT_STOCK: "cong ty co phan|co phan|ctcp|cp|joint stock company|jsc",
    LegalForm.PARTNERSHIP: "cong ty hop danh|hop danh|partnership",
    LegalForm.PRIVATE: "doanh nghiep tu nhan|dntn|private enterprise",
    LegalForm.COOPERATIVE: "hop tac xa|htx|lien hiep hop tac xa|cooperative",
    LegalForm.HOUSEHOLD: "ho kinh doanh|ho kinh doanh ca the|hkd|household business",
    LegalForm.BRANCH: "chi nhanh|branch",
}
OWNERSHIPS = {
    Ownership.STATE: (
        "nha nuoc|doanh nghiep nha nuoc|dnnn|von nha nuoc|100% von nha nuoc|state|state owned"
    ),
    Ownership.PRIVATE: (
        "tu nhan|trong nuoc|tu nhan trong nuoc|ngoai nha nuoc|doanh nghiep trong nuoc"
        "|von trong nuoc|doanh nghiep ngoai nha nuoc|private|domestic|domestic private"
    ),
    Ownership.FOREIGN: (
        "fdi|nuoc ngoai|von nuoc ngoai|100% von nuoc ngoai|co von dau tu nuoc ngoai"
        "|doanh nghiep fdi|dau tu nuoc ngoai|von dau tu nuoc ngoai"
        "|doanh nghiep co von dau tu nuoc ngoai|foreign|foreign invested"
    ),
}
FORMS_IN_NAMES = (
    ("cong ty tnhh mtv ", LegalForm.ONE_MEMBER_LLC),
    ("cong ty tnhh mot thanh vien ", LegalForm.ONE_MEMBER_LLC),
    ("cong ty tnhh 1 thanh vien ", LegalForm.ONE_MEMBER_LLC),
    ("cong ty trach nhiem huu han mot thanh vien ", LegalForm.ONE_MEMBER_LLC),
    ("cong ty co phan ", LegalForm.JOINT_STOCK),
    ("cong ty cp ", LegalForm.JOINT_STOCK),
    ("cong ty hop danh ", LegalForm.PARTNERSHIP),
    ("doanh nghiep tu nhan ", LegalForm.PRIVATE),
    ("hop tac xa ", LegalForm.COOPERATIVE),
    ("ho kinh doanh ", LegalForm.HOUSEHOLD),
    ("chi nhanh ", LegalForm.BRANCH),
)
"""A legal name begins with its form (Law on Enterprises 2020, art. 37). Not here: plain
"Công ty TNHH", which companies with one member and with several both write."""


class BadCell(ValueError):
    """The cell cannot be read; the text says why and what to write."""


@lru_cache(maxsize=5_000)  # headings, wards and legal forms come again in every row
def words(text: str) -> str:
    """Folded words with single blanks between: ``"TP.HCM"`` and ``"tp hcm"`` are the same."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def as_text(cell: Any) -> str:
    """A cell as the officer sees it; whole numbers without ".0", blanks at the ends cut."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell).strip()


def has_replaced_letters(text: str) -> bool:
    """Whether a sign such as "?" stands where a letter was; a question ends in its own."""
    return REPLACED.search(text) is not None


def clean_text(cell: Any, *, longest: int) -> str:
    """NFC text on one line, ``""`` where people wrote that there is nothing.

    Formulas are text like any other: ``=1+1`` stays ``=1+1``.
    """
    raw = as_text(cell)
    if EXCEL_ERROR.fullmatch(raw):
        raise BadCell(
            _("The cell holds the error %(text)s. Put its formula right.") % {"text": raw}
        )
    if raw.isprintable():  # has none of the signs that are looked for below
        text = tidy(raw)
    else:
        text = tidy("".join(c for c in raw if unicodedata.category(c) != "Cf"))
    if not text.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in text):
        raise BadCell(
            _("The cell holds a character that cannot be shown (such as NUL). Type the text anew.")
        )
    if fold(text) in BLANK:
        return ""
    if len(text) > longest:
        raise BadCell(
            _("The text has %(length)s characters; at most %(longest)s fit. Shorten it.")
            % {"length": len(text), "longest": longest}
        )
    return text


def clean_lines(cell: Any, *, longest: int) -> tuple[str, ...]:
    """Several values of one cell, parted by semicolons or lines; each once."""
    parts = (clean_text(part, longest=longest) for part in re.split(r"[;\n\r]", as_text(cell)))
    return tuple({fold(part): part for part in parts if part}.values())


def clean_day(cell: Any, *, on: dt.date) -> dt.date | None:
    """A day of the past, written day/month/year or 2010-12-31, or a date cell."""
    if isinstance(cell, dt.datetime):
        day = cell.date()
    elif isinstance(cell, dt.date):
        day = cell
    elif not (text := clean_text(cell, longest=100)):
        return None
    else:
        day = _day(text)
    if not OLDEST_DAY <= day <= on:
        raise BadCell(
            _("%(day)s cannot be right: it is before %(oldest)s or still to come.")
            % {"day": day.strftime("%d/%m/%Y"), "oldest": OLDEST_DAY.year}
        )
    return day


def _day(text: str) -> dt.date:
    folded = fold(text)
    if match := DAY.fullmatch(folded):
        day, month, year = map(int, match.groups())
    elif match := ISO_DAY.fullmatch(folded):
        year, month, day = map(int, match.groups())
    else:
        raise BadCell(
            _("“%(text)s” is not a day. Write day/month/year, such as 31/12/2010.") % {"text": text}
        )
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise BadCell(
            _("The day %(text)s does not exist. Write day/month/year, such as 31/12/2010.")
            % {"text": text}
        ) from error


def is_only_a_year(cell: Any) -> bool:
    """Whether the cell names a year without day and month."""
    return re.fullmatch(r"(?:19|20)\d\d", as_text(cell)) is not None


def clean_count(cell: Any) -> int | None:
    """A whole number of persons; ``1.200`` and ``1,200`` are one thousand two hundred."""
    text = clean_text(cell, longest=100)
    if not text:
        return None
    bare = re.sub(r"\s*(nguoi|lao dong|ld|cn|employees|workers|persons)$", "", fold(text))
    if THOUSANDS.fullmatch(bare):
        bare = re.sub(r"\D", "", bare)
    if not (bare.isascii() and bare.isdigit()) or int(bare) > MAX_LABOUR:
        raise BadCell(
            _("“%(text)s” is not a number of persons. Write one whole number, such as 120.")
            % {"text": text}
        )
    return int(bare)


def clean_year(cell: Any, *, on: dt.date) -> int | None:
    text = clean_text(cell, longest=100)
    if not text:
        return None
    if not is_only_a_year(text) or int(text) > on.year:
        raise BadCell(
            _("“%(text)s” is not a year of the past. Write it as %(year)s.")
            % {"text": text, "year": on.year - 1}
        )
    return int(text)


def clean_degrees(cell: Any, *, lowest: int, highest: int) -> Decimal | None:
    """A decimal coordinate in degrees, six decimals as the register keeps."""
    text = clean_text(cell, longest=100)
    if not text:
        return None
    try:
        degrees = Decimal(text.replace(",", ".")) if DECIMAL.fullmatch(text) else None
    except InvalidOperation:  # pragma: no cover - the pattern lets only numbers through
        degrees = None
    if degrees is None or not lowest <= degrees <= highest:
        raise BadCell(
            _("“%(text)s” is no coordinate in Viet Nam (decimal degrees %(from)s to %(to)s).")
            % {"text": text, "from": lowest, "to": highest}
        )
    return degrees.quantize(Decimal("0.000001"))


def clean_website(cell: Any) -> str:
    """An address of the web; ``http://`` is put before one that names no scheme."""
    text = clean_text(cell, longest=1_000)
    if not text:
        return ""
    address = text if re.match(r"https?://", text, re.IGNORECASE) else f"http://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
        if len(address) > WEBSITE_LENGTH:
            raise ValidationError("too long")
    except ValidationError as error:
        raise BadCell(_("“%(text)s” is not one web address.") % {"text": text}) from error
    return address


def read_legal_form(text: str) -> str:
    """The legal form that the words name, else ``""``."""
    return _named(text, FORM_NAMED)


def read_ownership(text: str) -> str:
    """The ownership that the words name, else ``""``."""
    return _named(text, OWNER_NAMED)


def form_in_name(name: str) -> str:
    """The legal form with which a legal name begins, else ``""``."""
    folded = fold(name)
    return next((form.value for words, form in FORMS_IN_NAMES if folded.startswith(words)), "")


def _named(text: str, named: Mapping[str, str]) -> str:
    folded = fold(text)
    return named.get(folded) or named.get(" ".join(re.findall(r"[^\W_]+%?", folded)), "")


def _by_name(choices: Any, words: Mapping[Any, str]) -> dict[str, str]:
    """The values by every name of theirs, their own codes among them."""
    named = {text: one.value for one, texts in words.items() for text in texts.split("|")}
    return named | {value: value for value in choices.values if value}


FORM_NAMED = _by_name(LegalForm, LEGAL_FORMS)
OWNER_NAMED = _by_name(Ownership, OWNERSHIPS)
