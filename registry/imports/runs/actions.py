"""The only writers of runs: ask, say how far the work is, end well or badly, ask again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import get_language
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from registry.accounts.models import User
from registry.imports.models import ImportRun
from registry.imports.problems import BatchBusy
from registry.imports.runs.queries import open_run

TASK = "imports.carry_out"
QUEUE = "imports"
LOCK_OF_BATCH = 6126
"""First half of the advisory lock that the one worker on a batch holds; its id the second."""

SECONDS_BETWEEN = 0.5
"""How often at most the progress is written."""


@transaction.atomic
def ask(*, batch_id: int, step: str, reason: str = "", by: User) -> ImportRun:
    """Note a piece of work and who wants it; the caller holds the batch's row.

    Raises :class:`~registry.imports.problems.BatchBusy` where work is open already.
    """
    if open_run(batch_id):
        raise BatchBusy
    return ImportRun.objects.create(
        batch_id=batch_id,
        step=step,
        reason=reason,
        language=(get_language() or "vi")[:10],
        asked_by=by,
    )


def hand_over(run_id: int) -> bool:
    """Put the run before the workers, within the transaction that asked for it.

    False where it waits for one already.
    """
    task = app.configure_task(
        TASK, allow_unknown=True, queue=QUEUE, queueing_lock=f"{TASK}/{run_id}"
    )
    try:
        with transaction.atomic():
            task.defer(run_id=run_id)
    except AlreadyEnqueued:
        return False
    return True


def hold(batch_id: int) -> bool:
    """Take the batch for this transaction; False where another process works on it.

    The lock ends with the transaction or with the process, whichever is first: nobody has
    to guess from a time whether a worker still lives.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_OF_BATCH, batch_id])
        [is_mine] = cursor.fetchone()
    return bool(is_mine)


def end(run_id: int, *, problem: str = "", done: int | None = None) -> None:
    """The run is over; ``problem`` says in words why it failed."""
    counted: dict[str, Any] = {} if done is None else {"done": done, "total": done}
    rows = ImportRun.objects.filter(pk=run_id, ended_at__isnull=True)
    rows.update(ended_at=timezone.now(), problem=problem, **counted)


class Progress:
    """How far the work is; this one tells nobody."""

    def tell(self, point: str, done: int = 0, total: int = 0) -> None:
        """``point`` names where in the work this is, ``done`` of ``total`` rows are behind."""


SILENT = Progress()


class SeenProgress(Progress):
    """Tells how far a run is over a connection of its own.

    The work is one transaction, of which nobody outside sees anything before its end.
    """

    def __init__(self, run_id: int, own: BaseDatabaseWrapper) -> None:
        self.run_id = run_id
        self.own = own
        self.last = 0.0

    def begin(self) -> int:
        """Count an attempt before any work is done; returns how many there were."""
        return self.write(
            "UPDATE registry_importrun SET attempts = attempts + 1, started_at = now(),"
            " seen_at = now(), done = 0 WHERE id = %s AND ended_at IS NULL RETURNING attempts",
            [self.run_id],
        )

    def tell(self, point: str, done: int = 0, total: int = 0) -> None:
        if time.monotonic() - self.last < SECONDS_BETWEEN:
            return
        self.last = time.monotonic()
        self.write(
            "UPDATE registry_importrun SET seen_at = now(), done = %s, total = %s"
            " WHERE id = %s AND ended_at IS NULL RETURNING attempts",
            [done, total, self.run_id],
        )

    def write(self, sql: str, values: list[Any]) -> int:
        with self.own.cursor() as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
        return row[0] if row else 0


@contextmanager
def seen_progress(run_id: int) -> Iterator[SeenProgress]:
    """Progress that others see, while the work goes on."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            # Were the work itself to hold the run's row, it would wait for itself for ever.
            cursor.execute("SET lock_timeout = '10s'")
        yield SeenProgress(run_id, own)
    finally:
        own.close()
