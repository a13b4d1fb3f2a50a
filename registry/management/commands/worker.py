"""The worker: does what pages ask for and what takes longer than a page may."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, connection
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import DeleteJobCondition, Status

from registry.imports import work

SECONDS_BETWEEN_TRIES = 2
AWAY = (DatabaseError, InterfaceError, psycopg.Error, exceptions.ConnectorException, OSError)


class Command(BaseCommand):
    help = "Do the work of the background until told to stop; goes on when PostgreSQL is back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        self.was_told_to_stop = False
        while True:
            try:
                # Django's connection also wakes the private PostgreSQL of development.
                connection.close()
                connection.ensure_connection()
                work.take_up()
                asyncio.run(self.work(wait=not options["once"]))
                problem = ""
            except AWAY as error:
                problem = str(error)
            if self.was_told_to_stop or (options["once"] and not problem):
                return
            # Without its connections the worker of procrastinate ends as if it had been told to.
            self.stderr.write(f"PostgreSQL was away, trying again. {problem}")
            time.sleep(SECONDS_BETWEEN_TRIES)

    async def work(self, *, wait: bool) -> None:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as own:
            async with own.open_async():
                await forget_the_dead(own)
                with self.told_to_stop(), contextlib.suppress(asyncio.CancelledError):
                    await own.run_worker_async(
                        wait=wait,
                        concurrency=1,
                        delete_jobs=DeleteJobCondition.SUCCESSFUL.value,
                        install_signal_handlers=False,
                    )

    @contextlib.contextmanager
    def told_to_stop(self) -> Any:
        """A first signal lets the work that goes on come to its end."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()

        def stop() -> None:
            self.was_told_to_stop = True
            if task:
                task.cancel()

        kinds = (signal.SIGINT, signal.SIGTERM)
        for kind in kinds:
            loop.add_signal_handler(kind, stop)
        try:
            yield
        finally:
            for kind in kinds:
                loop.remove_signal_handler(kind)


async def forget_the_dead(own: Any) -> None:
    """Jobs of workers that are gone; ``take_up`` has put their work before us again."""
    for job in await own.job_manager.get_stalled_jobs():
        await own.job_manager.finish_job(job=job, status=Status.FAILED, delete_job=True)
