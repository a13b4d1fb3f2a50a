"""What a worker of the background is told to do with lists."""

from __future__ import annotations

from typing import Any

from django.db import close_old_connections
from procrastinate.contrib.django import app

from registry.imports import work
from registry.imports.runs.actions import QUEUE, TASK


@app.task(name=TASK, queue=QUEUE)
def carry_out(run_id: int) -> None:
    close_old_connections()
    try:
        work.carry_out(run_id)
    finally:
        close_old_connections()


@app.periodic(cron="* * * * *")
@app.task(name="imports.take_up", queue=QUEUE, queueing_lock="imports.take_up")
def take_up(timestamp: int, **_more: Any) -> None:
    """Once a minute: the work of another worker that is gone."""
    close_old_connections()
    try:
        work.take_up()
    finally:
        close_old_connections()
