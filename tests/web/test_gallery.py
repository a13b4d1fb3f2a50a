"""The gallery shows every component there is, in both languages, with nothing inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.views.defaults import server_error

from registry.web.shared.gallery import examples

TEMPLATES = Path(settings.BASE_DIR, "templates")


def nothing_is_inline(html):
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    # The other language's address is whole, as search engines want it; it loads nothing.
    html = re.sub(r'<link rel="alternate"[^>]*>', "", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_every_component_is_shown():
    components = {path.stem for path in TEMPLATES.glob("components/*.html")}
    assert components == set(examples())


def test_every_component_names_its_inputs():
    for path in TEMPLATES.glob("components/*.html"):
        assert re.match(r"\{# .+ #\}\n", path.read_text()), path.name


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/components/", "/en/components/"])
def test_nothing_inline_and_no_localised_coordinate(client, url):
    html = client.get(url).content.decode()
    nothing_is_inline(html)
    for name in examples():
        assert f'id="c-{name}"' in html
    # An attribute of a drawing holds numbers with a point; a line holds pairs of them.
    drawn = " ".join(re.findall(r"<(?:rect|line|circle|text)\b[^>]*>", html))
    assert drawn.count("<rect") > 5
    assert not re.search(r'="[^"]*\d,\d[^"]*"', drawn)
    lines = re.findall(r'<polyline[^>]* points="([^"]*)"', html)
    assert lines
    for line in lines:
        assert re.fullmatch(r"\d+\.\d,\d+\.\d(?: \d+\.\d,\d+\.\d)+", line)


@pytest.mark.django_db
def test_ids_are_unique(client):
    ids = re.findall(r'\sid="([^"]+)"', client.get("/components/").content.decode())
    assert len(ids) == len(set(ids))


def test_every_icon_asked_for_is_drawn():
    sprite = Path(finders.find("img/icons.svg")).read_text()
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    asked = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'\{% icon "([\w-]+)"', path.read_text())
    }
    assert asked
    assert asked - drawn == set()


def test_every_file_a_style_names_is_there():
    for path in Path(finders.find("css/tokens.css")).parent.glob("*.css"):
        for name in re.findall(r'url\("?([^")]+)', path.read_text()):
            assert (path.parent / name).is_file(), f"{path.name}: {name}"


def test_error_page_needs_no_database_and_is_in_both_languages():
    answer = server_error(RequestFactory().get("/suppliers/"))
    html = answer.content.decode()
    assert answer.status_code == 500
    assert "Có lỗi trong hệ thống" in html
    assert 'lang="en"' in html
    nothing_is_inline(html)
    for name in re.findall(r'href="/static/([^"]+)"', html):
        assert finders.find(name), name
