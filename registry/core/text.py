"""Vietnamese text: the Python twin of the database's ``vn_fold``."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence

BOM = "\ufeff"
"""Before a CSV file: Excel reads UTF-8 only with it."""

MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Lower case, no diacritics, đ = d; NFC and NFD alike; digits and signs kept.

    Same result as ``vn_fold`` of migration 0001; a test holds them together.
    """
    plain = MARKS.sub("", unicodedata.normalize("NFD", text.lower()))
    return plain.replace("đ", "d")


def tidy(text: str) -> str:
    """NFC with single blanks, as names are kept."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def whole_number(text: str, digits: int = 9) -> int | None:
    """The number that the text is, of at most so many digits; None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def digest_of(told: Sequence[str]) -> str:
    """The same for the same words in the same order, and for no others."""
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula is kept as text by an apostrophe."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
