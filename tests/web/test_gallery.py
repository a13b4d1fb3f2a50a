"""The gallery shows every component there is, in both languages, with nothing inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from registry.web.shared.gallery import examples

pytestmark = pytest.mark.django_db


def test_every_component_is_shown():
    folder = Path(settings.BASE_DIR, "templates", "components")
    assert {path.stem for path in folder.glob("*.html")} == set(examples())


@pytest.mark.parametrize("url", ["/components/", "/en/components/"])
def test_nothing_inline_and_no_localised_coordinate(client, url):
    html = client.get(url).content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r'="\d+,\d+"', html)
    for name in examples():
        assert f'id="c-{name}"' in html
