"""Pure checks of values; used by forms, actions and import rows alike."""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.vn import mst


class TaxCodeProblem(ValueError):
    """The text is no tax code; ``code`` names what is wrong with it."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value}")
        self.code = code
        self.value = value


def clean_tax_code(text: str, *, is_household: bool = False) -> str:
    """Return the tax code as ``0101234567`` or ``0101234567-001``.

    10 digits with a check digit, or 10-3 for a branch; 12 digits only for a
    household business (Circular 105/2020, 86/2024). Raises :class:`TaxCodeProblem`
    with code ``letters``, ``lost_zero`` (9 or 12 digits that become valid with a
    leading zero), ``length``, ``personal`` or ``checksum``.
    """
    value = re.sub(r"[\s.\u00a0]", "", text)
    digits = value.replace("-", "")
    if not digits.isascii() or not digits.isdigit():
        raise TaxCodeProblem("letters", text)
    if len(digits) == 12:
        if is_household:
            return digits
        if has_check_digit("0" + digits):
            raise TaxCodeProblem("lost_zero", text)
        raise TaxCodeProblem("personal", text)
    if len(digits) == 9 and has_check_digit("0" + digits):
        raise TaxCodeProblem("lost_zero", text)
    if len(digits) not in (10, 13):
        raise TaxCodeProblem("length", text)
    if not has_check_digit(digits):
        raise TaxCodeProblem("checksum", text)
    return tax_code_shape(digits)


def tax_code_shape(digits: str) -> str:
    """``0101234567001`` → ``0101234567-001``; other lengths unchanged."""
    return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits


def has_check_digit(digits: str) -> bool:
    """Whether the check digit (tenth) of a tax code fits."""
    try:
        mst.validate(digits)
    except (InvalidChecksum, ValidationError):
        return False
    return True
