"""Names, numbers and addresses that belong to nobody.

Each enterprise has a place in a row of a million names made of invented words, so no two
are alike. A likeness to a real enterprise or person would be chance.
"""

from __future__ import annotations

import math
import random
from functools import cache

from stdnum.vn import mst

from registry.core.text import fold
from registry.enterprises.enums import LegalForm
from registry.reference.actions import read_rows
from registry.sample.lines import DATA

NO_TAX_OFFICE = "99"
"""Begins every sample tax code: no tax office has this number (provinces: 01 to 64)."""

CHECK_DIGIT_NEVER_ISSUED = "10"

VIETNAMESE = ("first", "second", "third")
COINED = ("coined_1", "coined_2", "coined_3")
"""Lists of words.csv that a proper name is put together from, one word of each."""

AREAS = ("", "Hà Nội", "Miền Bắc", "Thăng Long", "Đại Việt", "Châu Á", "Toàn Cầu", "Thế Kỷ")
STEP = 48_271
"""Walks the words in no visible order; has no divisor in common with their number."""

FORMS = {
    LegalForm.ONE_MEMBER_LLC: ("Công ty TNHH Một thành viên", "{} One Member Co., Ltd"),
    LegalForm.LLC: ("Công ty TNHH", "{} Co., Ltd"),
    LegalForm.JOINT_STOCK: ("Công ty cổ phần", "{} JSC"),
    LegalForm.PARTNERSHIP: ("Công ty hợp danh", "{} Partnership"),
    LegalForm.PRIVATE: ("Doanh nghiệp tư nhân", "{} Private Enterprise"),
    LegalForm.COOPERATIVE: ("Hợp tác xã", "{} Cooperative"),
    LegalForm.HOUSEHOLD: ("Hộ kinh doanh", "{} Household Business"),
    LegalForm.BRANCH: ("Chi nhánh Công ty TNHH", "{} Co., Ltd – Branch"),
}
ROLES = (
    "Giám đốc", "Phó giám đốc", "Trưởng phòng kinh doanh", "Trưởng phòng kỹ thuật",
    "Phụ trách xuất khẩu",
)  # fmt: skip


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of one list in ``data/words.csv``."""
    (row,) = (row for row in read_rows(DATA / "words.csv") if row["list"] == name)
    return tuple(row["words"].split())


def proper_name(seed: int, number: int, *, coined: bool) -> str:
    """The invented part of a name; another one for every number below a million."""
    lists = [words(name) for name in (COINED if coined else VIETNAMESE)]
    count = math.prod(map(len, lists))
    lap, place = divmod(number, count)
    rest, parts = (place * STEP + seed) % count, []
    for words_here in lists:
        rest, nth = divmod(rest, len(words_here))
        parts.append(words_here[nth])
    name = "".join(parts) if coined else " ".join(parts)
    return f"{name} {AREAS[lap % len(AREAS)]}".strip()


def plain(text: str) -> str:
    """The text without Vietnamese marks, each word with a capital."""
    return fold(text).title()


def uncapital(text: str) -> str:
    """For use within a sentence; abbreviations stay as they are."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def legal_name(form: str, line: str, proper: str) -> str:
    """As on a business licence; a form that is not stated reads as a limited company."""
    vietnamese, _english = FORMS[LegalForm(form or LegalForm.LLC)]
    return f"{vietnamese} {line} {proper}"


def english_name(form: str, line_en: str, proper: str) -> str:
    _words, english = FORMS[LegalForm(form or LegalForm.LLC)]
    return english.format(f"{plain(proper)} {line_en}")


def short_name(line_en: str, proper: str) -> str:
    """``Khúc Thạch Vi`` and ``Metal Stamping`` → ``KTV Metal``; a coined word stays whole."""
    parts = plain(proper).split()
    head = parts[0] if len(parts) < 3 else "".join(part[0] for part in parts)
    return f"{head} {line_en.split()[0]}"


def website(proper: str) -> str:
    """An address that can never exist (RFC 2606)."""
    return f"https://{host(proper)}"


def host(proper: str) -> str:
    return f"{plain(proper).replace(' ', '').lower()}.example"


def tax_code(seed: int, number: int) -> str:
    """Ten digits with a right check digit, another one for every number below a million.

    The ninth digit is the first one that gives a check digit which is issued at all.
    """
    serial = (number * STEP + seed) % 1_000_000
    for last in range(10):
        digits = f"{NO_TAX_OFFICE}{serial:06d}{last}"
        check = mst.calc_check_digit(digits)
        if check != CHECK_DIGIT_NEVER_ISSUED and digits[2:] != "0000000":
            return digits + check
    raise AssertionError("one digit in eleven has no check digit, never ten in a row")


def person(rng: random.Random) -> str:
    """A name with a frequent family name and rare others."""
    return " ".join(rng.choice(words(name)) for name in ("families", "middles", "given"))


def phone(rng: random.Random) -> str:
    """A number in Hanoi that nobody can have: no exchange there begins with 0."""
    return f"024 0000 {rng.randint(0, 9999):04d}"
