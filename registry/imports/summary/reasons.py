"""Short reasons for what is said of rows, so that rows of one reason are counted together.

What is said of a row names its values and is kept in the language of whoever had the list
checked. A reason is found back by the message that it was made from, and by it the sentence is
told again in the reader's language; what is not found keeps its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

N = gettext_noop

REASONS: dict[str, str | Promise] = {
    N("The row names no enterprise. Write its name, or remove the row."): _("No name"),
    N(
        "Only the name is filled in: is it a heading or a total? Write the tax code or the "
        "address, or remove the row."
    ): _("Only the name is filled in"),
    N(
        "The row has more cells than the header. Put quotation marks around texts that hold "
        "the separator."
    ): _("More cells than headings"),
    N("“?” stands in the name where a letter was. Write the name anew."): _(
        "Name that has lost letters"
    ),
    N("“%(text)s” has %(count)s digits. A tax code has 10 digits, or 10-3 for a branch."): _(
        "Tax code with a wrong number of digits"
    ),
    N("“%(text)s” seems to have lost its first zero. If so, write %(repaired)s, as text."): _(
        "Tax code that seems to have lost its first zero"
    ),
    N(
        "The check digit of “%(text)s” does not fit: a digit is wrong. Compare it with the "
        "certificate; if it stands there so, write why it is kept into a column “Ghi chú mã "
        "số thuế”."
    ): _("Tax code whose check digit does not fit"),
    N(
        "“%(text)s” has 12 digits, which only household businesses have. Write the "
        "enterprise's own code, or “Hộ kinh doanh” as its legal form."
    ): _("Tax code of a household business"),
    N(
        "“%(text)s” holds other signs than digits. A tax code has 10 digits, or 10-3 for a branch."
    ): _("Tax code with other signs than digits"),
    N("Row %(row)s has the same tax code. Keep one of the two rows."): _("Tax code of a row above"),
    N(
        "Row %(row)s has the same name, and as far as the list says it is in the same place. "
        "Keep one row for each enterprise."
    ): _("Name and place of a row above"),
    N("Row %(row)s is the same enterprise, %(enterprise)s. Keep one of the two."): _(
        "The enterprise of a row above"
    ),
    N(
        "This tax code is that of %(enterprise)s in the register, whose name is quite another. "
        "Check code and name."
    ): _("Tax code of a record of quite another name"),
    N("This tax code is that of %(other)s, not of %(enterprise)s."): _(
        "Tax code of another record than the one chosen"
    ),
    N(
        "The register has this name already (%(enterprises)s); whether the same is meant cannot "
        "be told from the place. Write the tax code, or the province."
    ): _("Name of a record; the place does not tell whether it is the same"),
    N(
        "%(enterprise)s has this name in the same province, but tax code %(code)s. Check the "
        "code; two enterprises of one name have to be told apart by hand."
    ): _("Name and province of a record with another tax code"),
    N(
        "%(enterprise)s is no longer in the register (closed, moved away or merged). If it is "
        "back, record that on its page first."
    ): _("A record that is no longer in the register"),
    N(
        "The register has this name in another province: %(enterprises)s. Leave the row out if "
        "it is the same enterprise, which has moved."
    ): _("Name of a record in another province"),
    N("The register has no enterprise of the number %(number)s."): _(
        "Number that is not in the register"
    ),
    N(
        "Changed here and in the list since the export: %(enterprise)s has “%(ours)s”, the list "
        "“%(list)s”. Choose one of the two."
    ): _("Changed here and in the list since the export"),
    N(
        "The register has the head office at “%(old)s”, in another place than “%(new)s”. If the "
        "enterprise has moved, record that on its page."
    ): _("Head office in another province than the register has"),
    N("The address ends in another province: “%(address)s”. Put one of them right."): _(
        "Address and province that do not agree"
    ),
    N("The address has %(length)s characters; at most %(longest)s fit."): _("Address too long"),
    N("The text has %(length)s characters; at most %(longest)s fit. Shorten it."): _(
        "Text too long"
    ),
    N("The cell holds a character that cannot be shown (such as NUL). Type the text anew."): _(
        "Character that cannot be shown"
    ),
    N("The cell holds the error %(text)s. Put its formula right."): _("Error of a formula"),
    N("“%(text)s” is not a number of persons. Write one whole number, such as 120."): _(
        "Not a number of persons"
    ),
    N("“%(text)s” is not a year of the past. Write it as %(year)s."): _("Not a year"),
    N("“%(text)s” is not a day. Write day/month/year, such as 31/12/2010."): _("Not a day"),
    N("The day %(text)s does not exist. Write day/month/year, such as 31/12/2010."): _(
        "Day that does not exist"
    ),
    N("%(day)s cannot be right: it is before %(oldest)s or still to come."): _(
        "Day that cannot be right"
    ),
    N("This ownership is not known; it is kept as text."): _("Ownership kept as text"),
    N("This legal form is not known; it is kept as text."): _("Legal form kept as text"),
    N("This is a year without day and month; it is kept as text."): _(
        "Year without day and month, kept as text"
    ),
    N("Not a sector of the register's list; the cell is kept as text."): _("Sector kept as text"),
    N("No province of Viet Nam has this name; it is kept as text."): _("Province kept as text"),
    N("The ward of today is not certain (%(wards)s); choose it on the page."): _(
        "Ward of today not certain"
    ),
    N("The enterprise that was chosen is no longer there. Choose again."): _(
        "The record that was chosen is gone"
    ),
    N(
        "Only the English name is there. Write the Vietnamese one, as it stands on the "
        "certificate of registration."
    ): _("Only the English name is there"),
    N("The address names a former ward; today it is %(wards)s."): _("Former ward in the address"),
    N("%(problem)s It is kept as text."): _("Cell that is not understood, kept as text"),
}
"""The message, as the code has it, and its reason in a few words."""

PARTS = (
    N("“%(text)s” is not one web address."),
    N("“%(text)s” is no coordinate in Viet Nam (decimal degrees %(from)s to %(to)s)."),
)
"""Messages that are told as a part of another one (``problem``)."""


def reason_of(message: str) -> str:
    """The key in ``REASONS`` of what was said, or the message itself where it has none."""
    return _template_of(message, REASONS) or message


def words_of(reason: str) -> str:
    """A reason in the reader's language."""
    return str(REASONS.get(reason, reason))


def retold(message: str) -> str:
    """What was said of a row, in the reader's language; the values in it stay as they are."""
    return _retold(message, translation.get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=10_000)
def _retold(message: str, language: str) -> str:
    template = _template_of(message, (*REASONS, *PARTS))
    for pattern, _length in patterns(template) if template else ():
        if found := pattern.fullmatch(message):
            values = found.groupdict()
            if "problem" in values:
                values["problem"] = _retold(values["problem"], language)
            return gettext(template) % values
    return message


def _template_of(message: str, templates: Iterable[str]) -> str:
    """The message as the code has it, empty where it is none of these."""
    found = [
        (length, template)
        for template in templates
        for pattern, length in patterns(template)
        if pattern.fullmatch(message)
    ]
    # Of several the one of whose own words most are there.
    return max(found)[1] if found else ""


@cache
def patterns(template: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """What the message looks like in each language, and how much of it are its own words."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            text = gettext(template)
        pattern = re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*)", re.escape(text))
        own = re.sub(r"%\(\w+\)s", "", text)
        found.append((re.compile(pattern, re.DOTALL), len(own)))
    return tuple(found)
