"""The browser of the tests: it opens our pages, and what goes wrong in it is noticed."""

from __future__ import annotations

import pytest

from tests.browser import find_chromium, no_browser, watched_page

EVERYWHERE = ["/suppliers/", "/en/suppliers/", "/programme/"]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("url", EVERYWHERE)
def test_pages_open_without_an_error(page, url):
    response = page.goto(url)
    assert response.status == 200
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.status)") == "loaded"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("console.error('oh')", "oh"),
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
        ("new Image().src = 'http://192.0.2.1/x.png'", "192.0.2.1"),
    ],
)
def test_what_goes_wrong_fails_the_test(chromium, live_server, script, said):
    watch = watched_page(chromium, live_server.url)
    page = next(watch)
    page.goto("/admin/login/")
    page.evaluate(f"{{ {script} }}")
    page.wait_for_timeout(100)
    with pytest.raises(pytest.fail.Exception, match=said):
        next(watch)


def test_named_chromium_comes_first(monkeypatch, tmp_path):
    program = tmp_path / "my-chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    assert find_chromium() == str(program)


def test_newest_of_the_cache_comes_last(monkeypatch, tmp_path):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert find_chromium() is None
    for version in ("1200", "1187"):
        program = tmp_path / f"chromium-{version}" / "chrome-linux" / "chrome"
        program.parent.mkdir(parents=True)
        program.touch(0o755)
    assert find_chromium() == str(tmp_path / "chromium-1200" / "chrome-linux" / "chrome")


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
def test_no_browser_is_a_failure_only_where_ci_is_set(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Chromium"):
        no_browser()
