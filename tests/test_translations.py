"""Every word of the pages has its Vietnamese, and what is compiled is what is written."""

from __future__ import annotations

import gettext
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR, "locale", "vi", "LC_MESSAGES")
ENTRY = re.compile(
    r'^(?:msgctxt (?P<context>".*"(?:\n".*")*)\n)?'
    r'msgid (?P<id>".*"(?:\n".*")*)\n'
    r'(?:msgid_plural (?P<plural>".*"(?:\n".*")*)\nmsgstr\[0\]|msgstr) (?P<text>".*"(?:\n".*")*)',
    re.MULTILINE,
)


def unquoted(text: str) -> str:
    parts = re.findall(r'"(.*)"', text)
    return "".join(parts).replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def entries() -> list[tuple[str, str, str]]:
    text = FOLDER.joinpath("django.po").read_text(encoding="utf-8")
    found = [
        (unquoted(one["context"] or '""'), unquoted(one["id"]), unquoted(one["text"]))
        for one in ENTRY.finditer(text)
    ]
    return [one for one in found if one[1]]


def test_every_message_has_its_vietnamese():
    assert len(entries()) > 300
    assert [msgid for _context, msgid, text in entries() if not text] == []
    assert FOLDER.joinpath("django.po").read_text(encoding="utf-8").count("#, fuzzy") == 0


def test_placeholders_are_kept():
    wrong = [
        msgid
        for _context, msgid, text in entries()
        if set(re.findall(r"%\(\w+\)\w", text)) - set(re.findall(r"%\(\w+\)\w", msgid))
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_this_one():
    with FOLDER.joinpath("django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for context, msgid, text in entries():
        got = compiled.pgettext(context, msgid) if context else compiled.gettext(msgid)
        if got == msgid and text != msgid:
            got = compiled.ngettext(msgid, msgid, 1)
        assert got == text


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
def test_no_word_of_the_code_is_missing(tmp_path):
    """``make messages`` finds nothing that the catalogue does not have."""
    sources = [
        path
        for folder in ("registry", "config")
        for path in Path(settings.BASE_DIR, folder).rglob("*.py")
    ]
    out = tmp_path / "found.po"
    subprocess.run(
        ["xgettext", "--from-code=UTF-8", "--language=Python", "-o", str(out),
         "--keyword=_", "--keyword=gettext_lazy", "--keyword=gettext", "--keyword=pgettext:1c,2",
         *map(str, sources)],
        check=True, capture_output=True,
    )  # fmt: skip
    text = out.read_text(encoding="utf-8")
    found = {unquoted(one["id"]) for one in ENTRY.finditer(text)} - {""}
    # Named differently where it is used: `_("…")` of a loop variable is no message.
    assert found - {msgid for _context, msgid, _text in entries()} == set()
