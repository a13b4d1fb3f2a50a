"""How long a very long list takes and how much memory, beside plain writing without checks."""

from __future__ import annotations

import dataclasses as dc
import io
import logging
import os
import platform
import resource
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.timezone import localdate as today

from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.accounts.models import User
from registry.core.memory import forget_most_memory, most_memory
from registry.enterprises.actions import register_many
from registry.imports import actions, apart
from registry.imports.engine import PORTION, open_list
from registry.imports.models import ImportBatch
from registry.management.commands.sample_register import number

BENCH = "registry_bench_import"
NAME = "list.xlsx"
MB = 1024 * 1024
TICKS = os.sysconf("SC_CLK_TCK")


class Command(BaseCommand):
    help = (
        "Load a fictional list into a database of its own, which is removed afterwards, and "
        "print each step as a row of docs/benchmarks.md: read, match, keep, write, the same "
        "list once more, take back; and the same rows by plain bulk_create."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", default="100000", help="rows of the list (100000)")
        parser.add_argument("--list", metavar="FILE", help="a list of sample_list made before")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("This makes and drops a database, and DEBUG is off.")
        settings.DEBUG = False  # else every query is kept in memory
        rows = number("--rows", options["rows"], least=1)
        connection.settings_dict["TEST"]["NAME"] = BENCH
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            call_command("load_reference", stdout=io.StringIO())
            with tempfile.TemporaryDirectory() as folder:
                self.measure(self.made(options["list"], rows, Path(folder)), rows)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def made(self, name: str | None, rows: int, folder: Path) -> Path:
        """The list of so many rows."""
        if name:
            return Path(name)
        path = folder / NAME
        in_a_child(lambda: call_command("sample_list", str(path), rows=rows, stdout=io.StringIO()))
        return path

    def measure(self, path: Path, rows: int) -> None:
        by = give_account(username="bench", password=BENCH, role=Role.OFFICER, by=None)
        self.head(rows, path.stat().st_size)
        self.timed("read every cell, nothing else", rows, lambda: read_only(path.read_bytes()))
        batch = self.keep("look at the file and keep it", rows, path, by)
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
        again = self.keep("look at the same list once more", rows, path, by)
        self.timed(
            f"check it against the {accepted:,} in the register, keep for review",
            rows,
            lambda: actions.check_again(batch_id=again.pk),
        )
        self.timed(
            "take all of it back", accepted, lambda: actions.take_back(batch_id=batch.pk, by=by)
        )
        in_a_child(lambda: self.plain(path.read_bytes()))

    def keep(self, what: str, rows: int, path: Path, by: User) -> ImportBatch:
        def do() -> None:
            actions.keep_file(name=NAME, content=path.read_bytes(), by=by)

        self.timed(what, rows, do)
        return ImportBatch.objects.defer("content").latest("pk")

    def plain(self, content: bytes) -> None:
        """The very same rows in portions of the same size by ``register_many``: the
        ``bulk_create`` of each table and nothing else, where nobody has to be asked.

        Between the portions they are read, checked and matched, which is counted apart.
        """
        plain, count = Spent(), 0
        with (
            self.measured() as whole,
            open_list(content, NAME, on=today()) as found,
            transaction.atomic(),
        ):
            for portion in found.portions():
                drafts = [row.draft for row, _checked, _cells in portion if row.draft]
                begun = Spent.so_far()
                register_many(drafts=drafts, reason="plain", by=None)
                plain += Spent.so_far() - begun
                count += len(drafts)
        self.line("read, check, match (register empty)", count, whole.spent - plain, *whole.memory)
        what = f"plain `bulk_create` of {count:,} rows by {PORTION}, no checks, history on"
        self.line(what, count, plain)

    def timed(self, what: str, rows: int, do: Callable[[], Any]) -> None:
        """Do a step in a process of its own, as a worker that has just begun, and print it."""

        def step() -> None:
            with self.measured() as whole:
                do()
            self.line(what, rows, whole.spent, *whole.memory)

        in_a_child(step)

    @contextmanager
    def measured(self) -> Iterator[Whole]:
        """What is done meanwhile; known at the end of it."""
        forget_most_memory()
        whole, begun = Whole(), Spent.so_far()
        with readers_heard() as readers:
            yield whole
        whole.spent = Spent.so_far() - begun
        worker, reader = (most_memory() or 0) / MB, max(readers.held, default=0) / MB
        whole.memory = (f"{worker:.0f}", f"{reader:.0f}", f"{worker + reader:.0f}")

    def head(self, rows: int, size: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            [version] = cursor.fetchone()
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        self.stdout.write(
            f"{timezone.localtime():%d/%m/%Y %H:%M}; {os.cpu_count()} processors, "
            f"{platform.machine()}; Python {platform.python_version()}, PostgreSQL {version}; "
            f"load {load}; {rows:,} rows, {size / 1e6:.1f} MB as XLSX"
        )
        self.cells(
            "what", "rows", "seconds", "processor", "PostgreSQL", "rows/s",
            "MB worker", "MB reader", "MB both",
        )  # fmt: skip
        self.cells("---", *["---:"] * 8)

    def line(
        self,
        what: str,
        rows: int,
        spent: Spent,
        worker: str = "",
        reader: str = "",
        both: str = "",
    ) -> None:
        times = (f"{one:.1f}" for one in (spent.wall, spent.ours, spent.theirs))
        rate = f"{rows / (spent.wall or 1):,.0f}"
        self.cells(what, f"{rows:,}", *times, rate, worker, reader, both)

    def cells(self, *cells: str) -> None:
        self.stdout.write(f"| {' | '.join(cells)} |")
        self.stdout.flush()


@dc.dataclass
class Spent:
    """Seconds by the clock, of processor here and in readers, and in PostgreSQL."""

    wall: float = 0.0
    ours: float = 0.0
    theirs: float = 0.0

    @classmethod
    def so_far(cls) -> Spent:
        here, readers = (
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        ours = sum(one.ru_utime + one.ru_stime for one in (here, readers))
        return cls(time.perf_counter(), ours, postgres())

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.wall - other.wall, self.ours - other.ours, self.theirs - other.theirs)

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.ours + other.ours, self.theirs + other.theirs)


@dc.dataclass
class Whole:
    """Time and memory (megabytes: worker, reader, both) of one step."""

    spent: Spent = dc.field(default_factory=Spent)
    memory: tuple[str, ...] = ()


def postgres() -> float:
    """Processor seconds of the server process of our connection; 0 where it is elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    try:
        name, rest = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)
    except OSError:
        return 0.0
    fields = rest.split()  # from the third one, the state
    return (int(fields[11]) + int(fields[12])) / TICKS if "postgres" in name else 0.0


class readers_heard(logging.Handler):
    """Hears from ``registry.imports.apart`` how much memory each reader held."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.held: list[int] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.held += [one for one in record.args or () if isinstance(one, int)]

    def __enter__(self) -> readers_heard:
        self.was = apart.logger.level, apart.logger.propagate
        apart.logger.addHandler(self)
        apart.logger.setLevel(logging.DEBUG)
        apart.logger.propagate = False
        return self

    def __exit__(self, *_error: object) -> None:
        apart.logger.removeHandler(self)
        apart.logger.level, apart.logger.propagate = self.was


def read_only(content: bytes) -> None:
    with open_list(content, NAME, on=today()) as found:
        for _number, _cells in found.records():
            pass


def in_a_child(do: Callable[[], Any]) -> None:
    """Do it in another process, whose memory is its own. Raises ``CommandError`` where it fails."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            do()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    if status:
        raise CommandError("A step failed; see above.")
