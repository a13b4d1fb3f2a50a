"""Names in capitals, and English names where the Vietnamese one belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from registry.core.text import tidy
from registry.imports.values import words

LEGAL = (
    "tổng công ty|công ty|trách nhiệm hữu hạn|một thành viên|hai thành viên|thành viên|cổ phần"
    "|hợp danh|doanh nghiệp tư nhân|doanh nghiệp|hợp tác xã|hộ kinh doanh|chi nhánh|nhà máy"
    "|xí nghiệp|tập đoàn|liên doanh|trung tâm|viện nghiên cứu|văn phòng đại diện"
)
TRADES = (
    "cơ khí|chính xác|sản xuất|thương mại|dịch vụ|đầu tư|xây dựng|kỹ thuật|kĩ thuật|công nghiệp"
    "|phát triển|xuất nhập khẩu|nhập khẩu|xuất khẩu|công nghệ cao|công nghệ|thiết bị|vật tư"
    "|điện tử|điện lạnh|điện cơ|chế tạo máy|chế tạo|khuôn mẫu|khuôn đúc|bao bì|phụ tùng"
    "|linh kiện|phụ trợ|hỗ trợ|ô tô|xe máy|cao su|kim loại|kim khí|dệt may|dệt kim|da giày"
    "|may mặc|hóa chất|hoá chất|tự động hóa|tự động hoá|gia công|ứng dụng|quốc tế|vận tải"
    "|thực phẩm|dược phẩm|in ấn|nhôm kính|luyện kim|đúc rèn|rèn dập|tổng hợp|kết cấu thép"
    "|bu lông|ốc vít|lò xo|dây điện|cáp điện|nguyên phụ liệu|nội thất|năng lượng|môi trường"
)
LINKS = frozenset(["và", "của", "tại", "cho", "các", "trong"])
SHORT = frozenset(
    [
        "tnhh",
        "mtv",
        "tm",
        "dv",
        "sx",
        "xnk",
        "xd",
        "cp",
        "tv",
        "dvtm",
        "sxtm",
        "tmdv",
        "ctcp",
        "dntn",
        "htx",
        "jsc",
        "llc",
        "it",
        "ai",
    ]
)
ENGLISH_SHAPES = {"co": "Co", "ltd": "Ltd", "inc": "Inc", "corp": "Corp", "of": "of", "and": "and"}

ENGLISH = re.compile(
    r"\b(?:co ltd|ltd|limited|company|corporation|corp|incorporated|inc|joint stock|jsc|llc|plc)\b"
)
VIETNAMESE = re.compile(
    r"\b(?:cong ty|cty|tnhh|co phan|ctcp|doanh nghiep|dntn|hop tac xa|htx|ho kinh doanh"
    r"|chi nhanh|nha may|xi nghiep|tap doan|lien doanh|trung tam|van phong)\b"
)
PLACES = frozenset(["việt", "nam", "hà", "nội"])
"""Words with marks that stand in English names too."""

SYLLABLE = re.compile(
    r"(?:ngh?|gh?|kh|ph|th|tr|ch|nh|gi|qu|[bcdđghklmnprstvx])?"
    r"[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?"
)
VOWELS = re.compile(r"[aeiouy]+")
LONGEST_ACRONYM = 4


def in_sentence_case(name: str) -> str | None:
    """A name in capitals as it could be written; None where it is not in capitals.

    Legal words and trades get one capital, syllables of a proper name one each, and what no
    Vietnamese word can be stays an acronym: ``CÔNG TY TNHH MTV CƠ KHÍ ABC`` → ``Công ty TNHH
    MTV Cơ khí ABC``.
    """
    text = tidy(name)
    parts = text.split(" ")
    if text != text.upper() or sum(sign.isalpha() for sign in text) < 4 or len(parts) < 2:
        return None
    proposed = " ".join(_cased(parts))
    return proposed if proposed != text else None


def is_english(name: str) -> bool:
    """Whether a name ends in an English legal form and has nothing Vietnamese about it."""
    text = words(name)
    if not ENGLISH.search(text) or VIETNAMESE.search(text):
        return False
    marked = {word for word in tidy(name).lower().split() if not word.isascii()}
    return marked <= PLACES


def is_vietnamese(name: str) -> bool:
    """Whether a name has a Vietnamese legal form."""
    return VIETNAMESE.search(words(name)) is not None


def _phrases(*lists: str) -> dict[tuple[str, ...], bool]:
    """Phrases by their folded words; whether they are of a legal form. A list in capitals
    is often without marks as well."""
    found = {}
    for place, phrases in enumerate(lists):
        for phrase in phrases.split("|"):
            found[tuple(words(phrase).split())] = place == 0
    return found


PHRASES = _phrases(LEGAL, TRADES)
LONGEST_PHRASE = max(map(len, PHRASES))


def _cased(parts: Sequence[str]) -> Iterator[str]:
    keys = [words(part) for part in parts]
    place, was_legal = 0, False
    while place < len(parts):
        length, is_legal = _phrase_at(keys, place)
        if not length:
            yield _word(parts[place])
            was_legal = was_legal and keys[place] in SHORT
            place += 1
            continue
        first, *rest = (part.lower() for part in parts[place : place + length])
        # "Công ty cổ phần Cơ khí": the legal form has one capital, and so has the trade.
        yield first if is_legal and was_legal else _capital(first)
        yield from rest
        was_legal = is_legal
        place += length


def _phrase_at(keys: Sequence[str], place: int) -> tuple[int, bool]:
    """How many words from here are one phrase, and whether it is of a legal form."""
    for length in range(LONGEST_PHRASE, 1, -1):
        phrase = tuple(keys[place : place + length])
        if phrase in PHRASES:
            return len(phrase), PHRASES[phrase]
    return 0, False


def _word(part: str) -> str:
    if any(sign.isdigit() for sign in part):
        return part
    return re.sub(r"[^\W\d_]+", lambda run: _letters(run[0]), part)


def _letters(run: str) -> str:
    """One run of letters: a word, a syllable of a name, or an acronym."""
    lower = run.lower()
    if lower in LINKS:
        return lower
    if lower in ENGLISH_SHAPES:
        return ENGLISH_SHAPES[lower]
    if not lower.isascii():
        return _capital(lower)
    groups = len(VOWELS.findall(lower))
    if lower in SHORT or not groups or len(run) == 1:
        return run
    is_acronym = len(run) <= LONGEST_ACRONYM and groups < 2 and not SYLLABLE.fullmatch(lower)
    return run if is_acronym else _capital(lower)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
