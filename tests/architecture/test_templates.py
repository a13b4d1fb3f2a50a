"""What the templates may not do: a part that is given only what is named has no CSRF token."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
INCLUDED = re.compile(r"{%\s*include\s+[\"']([^\"']+)[\"']([^%]*)%}")
TOKEN = "csrf_token=csrf_token"


def parts_of(path):
    return INCLUDED.findall((TEMPLATES / path).read_text())


def holds_a_form(path):
    """Whether the part itself, or one that sees all that it sees, needs the token."""
    return "{% csrf_token %}" in (TEMPLATES / path).read_text() or any(
        holds_a_form(part) for part, given in parts_of(path) if needs_it_from_here(given)
    )


def needs_it_from_here(given):
    return "only" not in given.split() or TOKEN in given.split()


FORMS = sorted(
    (page, part, given)
    for page in (path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
    for part, given in parts_of(page)
    if holds_a_form(part)
)


@pytest.mark.parametrize(("page", "part", "given"), FORMS)
def test_included_form_has_the_token_without_which_it_is_refused(page, part, given):
    """``only`` leaves the token out too; the client of the tests would not notice."""
    assert needs_it_from_here(given), f"{part} in {page}: say {TOKEN}"


def test_there_are_such_forms():
    assert ("pages/imports/rows.html", "pages/imports/holder.html") in [
        (page, part) for page, part, _given in FORMS
    ]
