"""Vietnamese text: the Python twin of the database's ``vn_fold``."""

from __future__ import annotations

import re
import unicodedata

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
