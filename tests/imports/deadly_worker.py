"""A real worker that is killed at one point of its work: ``deadly_worker POINT NTH HOW``.

``HOW`` is "worker" (SIGKILL to this very process) or "server" (PostgreSQL ends both of its
connections, as it does when it goes down). Portions are short, so that a list has several.
"""

from __future__ import annotations

import os
import signal
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from registry.imports import engine  # noqa: E402
from registry.imports.runs import actions as runs  # noqa: E402

PORTION = 10


def main(point: str, nth: int, how: str) -> None:
    engine.PORTION = PORTION
    runs.SECONDS_BETWEEN = 0
    tell = runs.SeenProgress.tell
    seen = 0

    def deadly(self: runs.SeenProgress, at: str, done: int = 0, total: int = 0) -> None:
        nonlocal seen
        tell(self, at, done, total)
        seen += at == point
        if at == point and seen == nth:
            if how == "worker":
                os.kill(os.getpid(), signal.SIGKILL)
            with self.own.cursor() as cursor:
                [pid] = connection.cursor().execute("SELECT pg_backend_pid()").fetchone()
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])

    runs.SeenProgress.tell = deadly  # type: ignore[method-assign]
    call_command("worker", "--once")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
