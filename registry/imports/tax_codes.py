"""What is said of a tax code in a list that cannot be taken over as it stands."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registry.enterprises.validators import tax_code_shape
from registry.imports.problems import Weight


def tax_code_message(code: str, text: str, digits: str) -> tuple[Weight, str]:
    """What is wrong with a tax code, how heavy that is, and what to do."""
    if code == "lost_zero":
        repaired = tax_code_shape(f"0{digits}")
        return Weight.DOUBT, _(
            "“%(text)s” seems to have lost its first zero. If so, write %(repaired)s, as text."
        ) % {"text": text, "repaired": repaired}
    if code == "checksum":
        return Weight.DOUBT, _(
            "The check digit of “%(text)s” does not fit: a digit is wrong. Compare it with the "
            "certificate; if it stands there so, write why it is kept into a column “Ghi chú mã "
            "số thuế”."
        ) % {"text": text}
    if code == "personal":
        return Weight.REFUSAL, _(
            "“%(text)s” has 12 digits, which only household businesses have. Write the "
            "enterprise's own code, or “Hộ kinh doanh” as its legal form."
        ) % {"text": text}
    if code == "letters":
        return Weight.REFUSAL, _(
            "“%(text)s” holds other signs than digits. A tax code has 10 digits, or 10-3 for a "
            "branch."
        ) % {"text": text}
    return Weight.REFUSAL, _(
        "“%(text)s” has %(count)s digits. A tax code has 10 digits, or 10-3 for a branch."
    ) % {"text": text, "count": len(digits)}
