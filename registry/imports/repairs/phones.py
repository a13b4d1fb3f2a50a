"""One form for the telephone numbers of enterprises; numbers of persons are not read at all."""

from __future__ import annotations

import re

from registry.imports.values import as_text, words

# Not "dt" alone: it is revenue ("doanh thu") or floor space ("diện tích") as well.
SAYS_PHONE = re.compile(
    r"\b(?:dien thoai|sdt|so dt|hotline|duong day nong|phone|telephone|tel|fax)\b"
)
LABEL = re.compile(r"^(?:(?:tel|phone|fax|hotline|đt|dt|sđt|điện thoại|mobile|di động)\b\.?\s*:?)+")
BETWEEN = re.compile(r"\s*(?:[;,/\n\r]|\s-\s|\bhoặc\b|\bor\b)\s*", re.IGNORECASE)
SIGNS = re.compile(r"[\s.\-()\u00a0]")
COUNTRY = re.compile(r"^(?:\+84|0084|84(?=\d{9,10}$))0?")
MOBILE = re.compile(r"0[35789]\d{8}")
HANOI_OR_SAIGON = re.compile(r"02[48]\d{8}")
OTHER_PLACE = re.compile(r"02\d{9}")


def is_of_phones(header: str) -> bool:
    """Whether a column that is not understood otherwise holds telephone numbers."""
    return SAYS_PHONE.search(words(header)) is not None


def one_form(cell: object) -> str | None:
    """All numbers of the cell as ``0912 345 678; 024 3825 1234``.

    None where anything in it is not understood: nothing that stands there may be lost.
    """
    numbers = []
    for part in parts_of(cell):
        if (number := number_form(part)) is None:
            return None
        numbers.append(number)
    return "; ".join(dict.fromkeys(numbers)) or None


def is_said_whole(cell: object) -> bool:
    """Whether every number begins with its zero or the country: without, it may be a sum."""
    return all(digits_of(part).startswith("0") for part in parts_of(cell))


def parts_of(cell: object) -> list[str]:
    """What stands for one number each."""
    return [part for part in BETWEEN.split(as_text(cell)) if part]


def digits_of(text: str) -> str:
    """What stands for one number, without signs and words, the country as a zero."""
    bare = SIGNS.sub("", LABEL.sub("", text.strip().lower()).replace("(0)", ""))
    return COUNTRY.sub("0", bare)


def number_form(text: str) -> str | None:
    """One number in the form of its kind; None for what is no number of Viet Nam."""
    digits = digits_of(text)
    if not (digits.isascii() and digits.isdigit()):
        return None
    if not digits.startswith("0"):  # a number cell keeps no zero in front
        digits = f"0{digits}"
    if MOBILE.fullmatch(digits):
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    if HANOI_OR_SAIGON.fullmatch(digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if OTHER_PLACE.fullmatch(digits):
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return None
