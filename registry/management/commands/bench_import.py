"""How long a very long list takes and how much memory, beside plain writing without checks."""

from __future__ import annotations

import io
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.enterprises.actions import register_many
from registry.imports import actions
from registry.imports.engine import PORTION, open_list
from registry.management.commands.sample_register import number

BENCH = "registry_bench_import"
KB = 1024


class Command(BaseCommand):
    help = (
        "Load a fictional list into a database of its own, which is removed afterwards: read, "
        "check, match and keep; write; take back; and the same rows by plain bulk_create."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", default="100000", help="rows of the list (100000)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("This makes and drops a database, and DEBUG is off.")
        rows = number("--rows", options["rows"], least=1)
        connection.settings_dict["TEST"]["NAME"] = BENCH
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            call_command("load_reference", stdout=io.StringIO())
            with tempfile.TemporaryDirectory() as folder:
                self.measure(Path(folder) / "list.xlsx", rows)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def measure(self, path: Path, rows: int) -> None:
        in_a_child(lambda: call_command("sample_list", str(path), rows=rows, stdout=io.StringIO()))
        content = path.read_bytes()
        by = give_account(username="bench", password=BENCH, role=Role.OFFICER, by=None)
        self.stdout.write(f"{rows:,} rows, {len(content) / 1e6:.1f} MB as XLSX")
        self.stdout.write("  seconds  of CPU  rows/s  MB, worker + reader  what")
        batch = self.timed(
            "look at the file and keep it",
            rows,
            lambda: actions.keep_file(name="list.xlsx", content=content, by=by),
        )
        self.timed(
            "read, check, match, keep for review",
            rows,
            lambda: actions.check_again(batch_id=batch.pk),
        )
        accepted = batch.rows.filter(decision="accept").count()
        self.timed(
            f"write {accepted:,} accepted rows, every check again",
            accepted,
            lambda: actions.write(batch_id=batch.pk, by=by),
        )
        self.timed(
            "take all of it back", accepted, lambda: actions.take_back(batch_id=batch.pk, by=by)
        )
        self.plain(content)

    def plain(self, content: bytes) -> None:
        """The very same rows by ``bulk_create`` alone, in portions of the same size."""
        seconds, processor, count = 0.0, 0.0, 0
        with open_list(content, "list.xlsx", on=timezone.localdate()) as found:
            for portion in found.portions():
                drafts = [row.draft for row, _checked, _cells in portion if row.draft]
                start, begun = time.perf_counter(), cpu()
                register_many(drafts=drafts, reason="plain", by=None)
                seconds += time.perf_counter() - start
                processor += cpu() - begun
                count += len(drafts)
        what = f"plain bulk_create of {count:,} rows by {PORTION}, no checks"
        self.line(seconds, processor, count, "", what)

    def timed(self, what: str, rows: int, do: Callable[[], Any]) -> Any:
        forget_peak()
        start, begun = time.perf_counter(), cpu()
        found = do()
        seconds, processor = time.perf_counter() - start, cpu() - begun
        reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // KB
        self.line(seconds, processor, rows, f"{peak():.0f} + {reader}", what)
        return found

    def line(self, seconds: float, processor: float, rows: int, memory: str, what: str) -> None:
        rate = rows / seconds
        self.stdout.write(f"{seconds:9.1f} {processor:7.1f} {rate:7.0f} {memory:>20}  {what}")
        self.stdout.flush()


def cpu() -> float:
    """Processor seconds of this process and of readers that have ended, not of PostgreSQL."""
    mine, readers = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(one.ru_utime + one.ru_stime for one in (mine, readers))


def in_a_child(do: Callable[[], Any]) -> None:
    """Do it in another process, whose memory is not measured with ours."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            do()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def forget_peak() -> None:
    """Begin anew to remember the most memory there was, where the system can."""
    place = Path("/proc/self/clear_refs")
    if place.exists():
        place.write_text("5")


def peak() -> float:
    """The most memory that this process held, in megabytes."""
    place = Path("/proc/self/status")
    if place.exists():
        line = next(one for one in place.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / KB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB
