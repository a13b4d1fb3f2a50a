"""Chromium for the tests that need one."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
IN_CACHE = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/**/MacOS/*")


def find_chromium() -> str | None:
    """$CHROMIUM, else one on PATH, else the newest one Playwright has fetched."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    cached = [
        path
        for cache in (os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or None, *CACHES)
        if cache
        for shape in IN_CACHE
        for path in glob.glob(str(Path(cache).expanduser() / shape), recursive=True)
        if os.access(path, os.X_OK)
    ]
    return max(cached, default=None)


def no_browser() -> NoReturn:
    """Skip with the reason; where CI is set a missing browser is a failure."""
    reason = "no Chromium: set CHROMIUM to its path or install chromium"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def launched(playwright: Playwright, program: str) -> Iterator[Browser]:
    # Chromium's own sandbox does not work for root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=program, args=arguments)
    # Playwright keeps an event loop in this thread, which Django takes for async code.
    with patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}):
        yield browser
    browser.close()


def watched_page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(10_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((url, "data:", "blob:", "about:"))
            else problems.append(f"another host was called: {request.url}")
        ),
    )
    yield page
    context.close()
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)
