"""Fixtures of the whole suite; what the guards do is told in ``guards.py``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright

from tests import guards
from tests.browser import find_chromium, launched, no_browser, watched_page


@pytest.fixture(scope="session")
def findings() -> guards.Findings:
    """What the guards have seen; a test that breaks a rule on purpose takes its own."""
    return guards.Findings()


@pytest.fixture(scope="session", autouse=True)
def _guards(findings: guards.Findings) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(guards.unknown_variables_are_noted(findings))
        stack.enter_context(guards.unordered_rows_are_shuffled())
        stack.enter_context(guards.slices_need_an_order(findings))
        stack.enter_context(guards.gets_do_not_write(findings))
        stack.enter_context(guards.with_both_factors())
        yield


@pytest.fixture(autouse=True)
def _nothing_was_found(findings: guards.Findings) -> Iterator[None]:
    findings.take()
    yield
    found = findings.take()
    if found:
        pytest.fail("\n".join(sorted(set(found))), pytrace=False)


@pytest.fixture(autouse=True)
def _no_language_stays() -> Iterator[None]:
    """A page that was asked for in English leaves its language to the thread: end it."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _no_session_stays(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End the sessions of killed programs, which would keep the test database from going."""
    yield
    connection.close()  # it may have been ended itself, long idle, by what a test killed
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium; without one the test is skipped, and fails where CI is set."""
    program = find_chromium()
    if program is None:
        no_browser()
    with sync_playwright() as playwright:
        yield from launched(playwright, program)


@pytest.fixture
def page(chromium: Browser, live_server: Any) -> Iterator[Page]:
    """A page on the live server; its errors and calls to other hosts fail the test."""
    yield from watched_page(chromium, live_server.url)
