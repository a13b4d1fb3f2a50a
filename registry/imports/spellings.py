"""Vietnamese as it was written before Unicode, and the way back.

TCVN3 (ABC, the .VnTime fonts) gives each letter one byte; its table is appendix 3 of
TCVN 5712:1993. Capitals with a tone are the small letters in a font of capitals (.VnTimeH).
VNI writes a vowel and then a mark of its own; its table is that of the VNI-Windows fonts.
Both are met as bytes and as text that was taken for Windows-1252 on the way. Text that is
UTF-8 taken for Windows-1252 comes back by the same step in the other direction. Which of
them a text is, is told by the Vietnamese words that it holds after each conversion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

UTF8 = "UTF-8"
UTF16 = "UTF-16"
CP1258 = "Windows-1258"
CP1252 = "Windows-1252"
TCVN3 = "TCVN3 (ABC)"
VNI = "VNI"
TWICE = "UTF-8 → Windows-1252"

CHOICES = (UTF8, UTF16, CP1258, TCVN3, VNI, TWICE, CP1252)
"""What an officer can say of a file instead of what was guessed."""

_COMMON = (
    "công nghiệp tên địa chỉ tỉnh thành phố số thuế mã ngành nghề sản xuất phẩm hà nội huyện "
    "quận phường xã thôn đường việt và cổ phần thương mại dịch vụ cơ khí điện tử nhà máy phụ "
    "trợ hỗ đốc người lĩnh vực thị trấn khu"
)
COMMON = frozenset(_COMMON.split())
"""Words of lists of enterprises that no other spelling leaves readable."""

_TCVN3_MARKED = (
    "µà¶ả·ã¸á¹ạ¨ă»ằ¼ẳ½ẵ¾ắÆặ©âÇầÈẩÉẫÊấËậ®đÌèÎẻÏẽÐéÑẹªêÒềÓểÔễÕếÖệ×ìØỉÜĩÝíÞị"
    "ßòáỏâõãóäọ«ôåồæổçỗèốéộ¬ơêờëởìỡíớîợïùñủòũóúôụ\u00adưõừöử÷ữøứùựúỳûỷüỹýýþỵ"
)
_TCVN3_CAPITAL = "¡Ă¢Â§Đ£Ê¤Ô¥Ơ¦Ư"


def _pairs(text: str) -> dict[str, str]:
    text = unicodedata.normalize("NFC", text)
    return dict(zip(text[::2], text[1::2], strict=True))


TCVN3_LETTERS = _pairs(_TCVN3_MARKED)
TCVN3_CAPITALS = _pairs(_TCVN3_CAPITAL)

# VNI: the mark after a vowel, as combining marks; â and ă with a tone have marks of their own.
_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_ROOFS = {
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300",
    "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
}  # fmt: skip
_BOWLS = {
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300",
    "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_MARKS = _TONES | _ROOFS | _BOWLS
_VNI_ALONE = _pairs("ôơöưñđííììæỉóĩòịîỵ")
_VNI_ALONE |= {key.upper(): letter.upper() for key, letter in _VNI_ALONE.items()}
_VNI_PAIR = re.compile(f"([aeouyôöAEOUYÔÖ])([{''.join(_VNI_MARKS)}])", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_BEYOND_LATIN = re.compile("[\u0100-\u017f\u01a0-\u01b0\u0300-\u0323\u1e00-\u1eff]")


def from_tcvn3(text: str) -> str:
    """TCVN3 text as Unicode; a word in capitals gets its toned letters in capitals."""
    pieces = re.split(r"([\s,.;:()/\"'–-]+)", text)
    words = pieces[::2]
    shapes = [_shape(word) for word in words]
    for place, word in enumerate(words):
        is_capital = shapes[place]
        if is_capital is None:
            before = next((s for s in reversed(shapes[:place]) if s is not None), None)
            after = next((s for s in shapes[place + 1 :] if s is not None), None)
            is_capital = (before or after) and False not in (before, after)
        plain = "".join(TCVN3_CAPITALS.get(c) or TCVN3_LETTERS.get(c, c) for c in word)
        words[place] = plain.upper() if is_capital else plain
    pieces[::2] = words
    return "".join(pieces)


def _shape(word: str) -> bool | None:
    """Whether a word is in capitals; None where its plain letters do not tell."""
    plain = [c for c in word if c.isascii() and c.isalpha()]
    capital = [c for c in word if c in TCVN3_CAPITALS]
    if any(c.islower() for c in plain):
        return False
    if len(plain) + len(capital) >= 2:
        return True
    return None


def from_vni(text: str) -> str:
    """VNI text as Unicode, composed."""
    out: list[str] = []
    at = 0
    for pair in _VNI_PAIR.finditer(text):
        out.append(_vni_alone(text[at : pair.start()]))
        out.append(_vni_alone(pair[1]) + _VNI_MARKS[pair[2].lower()])
        at = pair.end()
    out.append(_vni_alone(text[at:]))
    return unicodedata.normalize("NFC", "".join(out))


def _vni_alone(text: str) -> str:
    return "".join(_VNI_ALONE.get(character, character) for character in text)


def from_twice(text: str) -> str:
    """UTF-8 that was read as Windows-1252, read again; raises ValueError where letters are lost."""
    data = bytearray()
    for character in text:
        if ord(character) < 256:
            data.append(ord(character))
        else:
            data += character.encode("cp1252")
    return data.decode("utf-8")


_CP1252_SIGNS = {
    byte: letter
    for byte in range(0x80, 0xA0)
    if (letter := bytes([byte]).decode("cp1252", errors="ignore"))
}


def from_cp1252(data: bytes) -> str:
    """Every byte is some letter: the five without one in Windows-1252 stay control signs."""
    return data.decode("latin-1").translate(_CP1252_SIGNS)


CONVERSIONS: Mapping[str, Callable[[str], str]] = {
    TCVN3: from_tcvn3,
    VNI: from_vni,
    TWICE: from_twice,
}


def score(text: str) -> int:
    """How many Vietnamese words with diacritics are common words of such lists."""
    words = _LETTERS.findall(unicodedata.normalize("NFC", text).lower())
    return sum(1 for word in words if word in COMMON and not word.isascii())


def likely_spelling(text: str) -> str:
    """``UTF8`` for text that is what it seems, else the name of its spelling."""
    best, most = UTF8, score(text)
    for name, convert in CONVERSIONS.items():
        lines = text.splitlines() if name == TWICE else [text]
        found = 0
        for line in lines:
            try:
                found += score(convert(line))
            except ValueError:
                continue
        if found > most:
            best, most = name, found
    return best


def likely_encoding(data: bytes) -> str:
    """The name of the encoding that bytes which are not UTF-8 are most likely in."""
    latin = from_cp1252(data)
    texts = {
        CP1252: latin,
        CP1258: data.decode("cp1258", errors="replace"),
        TCVN3: from_tcvn3(latin),
        VNI: from_vni(latin),
    }
    return max(texts, key=lambda name: score(texts[name]))


def restore(cell: str, name: str) -> str:
    """One cell as Unicode; a cell that is Unicode already stays as it is."""
    if name not in CONVERSIONS or (name != TWICE and _BEYOND_LATIN.search(cell)):
        return cell
    if name == TWICE and cell.isascii():
        return cell
    return CONVERSIONS[name](cell)
