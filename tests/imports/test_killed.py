"""kill -9 at named points of an import: afterwards all of it is there or nothing is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from registry import models as m
from registry.core.known import tracked_models
from registry.imports import actions, work
from registry.imports.runs.queries import worker_is_there
from tests.architecture.source import ROOT
from tests.factories import ProvinceFactory, UserFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROWS = 35
HEADER = ("Tên doanh nghiệp", "MST", "Địa chỉ", "Sản phẩm")
KILLED = -9


@pytest.fixture(autouse=True)
def _background(settings):
    settings.IMPORTS_IN_BACKGROUND = True
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def started(*command: str) -> subprocess.Popen:
    """Start a program on this test's database."""
    at = connection.settings_dict
    host = quote(at["HOST"], safe="")
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{at['USER']}@{host}/{at['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)


def worker_killed_at(point: str, nth: int, how: str = "worker") -> int:
    """Start a worker that is killed at a point; returns how it ended."""
    return started("-m", "tests.imports.deadly_worker", point, str(nth), how).wait()


def next_worker() -> None:
    """A worker of its own process: one of this one would meet the browser's event loop."""
    assert started("manage.py", "worker", "--once").wait() == 0


def kept() -> m.ImportBatch:
    rows = [
        (f"Công ty {n}", tax_code(300_100_000 + 20 * n), HANOI, f"Vật {n}") for n in range(ROWS)
    ]
    content = csv_bytes(HEADER, *rows)
    return actions.keep_file(name="list.csv", content=content, by=UserFactory())


def checked() -> m.ImportBatch:
    return actions.check_again(batch_id=kept().pk)


def written() -> m.ImportBatch:
    batch = checked()
    actions.write(batch_id=batch.pk, by=UserFactory())
    return batch


def counts(batch: m.ImportBatch) -> dict[str, int]:
    """Rows of the batch, of the register, and of its history."""
    found = {"rows": batch.rows.count()}
    for model in (m.Enterprise, m.Site, m.Product):
        found[model.__name__] = model.objects.count()
    found["events"] = sum(
        events._base_manager.count()
        for model, events in tracked_models()
        if model in (m.Enterprise, m.Site, m.Product)
    )
    return found


NOTHING = {"rows": 0, "Enterprise": 0, "Site": 0, "Product": 0, "events": 0}
CHECKED = NOTHING | {"rows": ROWS}
WRITTEN = {"rows": ROWS, "Enterprise": ROWS, "Site": ROWS, "Product": ROWS, "events": 3 * ROWS}
REVERSED = CHECKED | {"events": 6 * ROWS}
STEPS = {
    "check": (kept, work.ask_to_check, NOTHING, CHECKED, "planned"),
    "write": (checked, work.ask_to_apply, CHECKED, WRITTEN, "applied"),
    "take_back": (written, work.ask_to_take_back, WRITTEN, REVERSED, "reversed"),
}
POINTS = [
    ("check", "begun", 1),
    ("check", "checking", 1),
    ("check", "checking", 3),
    ("check", "ended", 1),
    ("check", "over", 1),
    ("write", "begun", 1),
    ("write", "writing", 1),
    ("write", "writing", 3),
    ("write", "ended", 1),
    ("write", "over", 1),
    ("take_back", "looking", 1),
    ("take_back", "undoing", 2),
    ("take_back", "ended", 1),
    ("take_back", "over", 1),
]


@pytest.mark.parametrize(("step", "point", "nth"), POINTS)
def test_a_killed_worker_leaves_all_or_nothing_and_the_next_goes_on(step, point, nth):
    begin, ask, before, after, status = STEPS[step]
    batch = begin()
    run = ask(batch_id=batch.pk, by=UserFactory())
    assert counts(batch) == before
    assert worker_killed_at(point, nth) == KILLED
    run.refresh_from_db()
    is_over = point == "over"
    assert counts(batch) == (after if is_over else before)
    assert bool(run.ended_at) == is_over
    next_worker()
    run.refresh_from_db()
    batch.refresh_from_db()
    assert counts(batch) == after
    assert (batch.status, run.problem, run.done > 0) == (status, "", True)
    assert run.attempts == (1 if is_over else 2)


@pytest.mark.parametrize(("step", "point"), [("check", "checking"), ("write", "writing")])
def test_a_lost_server_leaves_nothing_and_the_next_worker_goes_on(step, point):
    begin, ask, before, after, status = STEPS[step]
    batch = begin()
    run = ask(batch_id=batch.pk, by=UserFactory())
    worker_killed_at(point, 2, "server")
    run.refresh_from_db()
    # Once a minute a worker looks for what was left: it may have been this very minute.
    assert counts(batch) == (after if run.ended_at else before)
    next_worker()
    batch.refresh_from_db()
    assert (counts(batch), batch.status) == (after, status)


def test_a_list_that_ends_every_worker_is_given_up():
    batch = kept()
    run = work.ask_to_check(batch_id=batch.pk, by=UserFactory())
    for _attempt in range(work.MAX_ATTEMPTS):
        work.take_up()  # as a worker does when it starts
        assert worker_killed_at("begun", 1) == KILLED
    next_worker()
    run.refresh_from_db()
    assert counts(batch) == NOTHING
    assert run.problem.startswith("The work on this list was cut off three times")


def until(is_so: Callable[[], Any]) -> None:
    """Wait for another process; a minute is a failure."""
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_worker_whose_server_went_away_goes_on_and_stops_when_told():
    worker = started("manage.py", "worker")
    try:
        until(worker_is_there)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            cursor.execute("DELETE FROM procrastinate_workers")
        batch = kept()
        work.ask_to_check(batch_id=batch.pk, by=UserFactory())
        until(lambda: m.ImportRun.objects.filter(ended_at__isnull=False).exists())
        assert counts(batch) == CHECKED
        worker.terminate()
        assert worker.wait(60) == 0
    finally:
        worker.kill()
        worker.wait()
