"""A sample register at an address of this machine, from nothing, in one command."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import http.client
import io
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from registry.accounts.actions import change_details, give_account
from registry.accounts.enums import Role
from registry.accounts.models import User
from registry.enterprises.models import Enterprise, Register
from registry.reference.models import ReferenceSet

HOST = "127.0.0.1"
WORKERS = 2
THREADS = 4
START_SECONDS = 60
STOP_SECONDS = 10
NEEDED_MB = 300  # a new cluster is 60 MB and its log of changes as much again
SEED = 1
LARGEST = 1_000_000
LOOK_SECONDS = 2
WORKER = [sys.executable, "manage.py", "worker"]
LISTS = ("registry/reference/data", "registry/plans/data")


def name_people(accounts: Iterable[str]) -> None:
    """Sample names for those who have none: a release names who prepared and who approved."""
    people = User.objects.filter(username__in=accounts, first_name="", last_name="")
    admin = User.objects.get(username=Role.ADMIN.value)
    for person in people.order_by("pk"):
        change_details(
            person=person, first_name="mẫu", last_name=f"Tài khoản {person.username}",
            email=person.email, reason="sample account", by=admin,
        )  # fmt: skip


class Command(BaseCommand):
    help = "Serve a fictional sample register on this machine; Ctrl-C stops it, the data stays."
    requires_system_checks: list[str] = []  # `make check` looks; here the first page is awaited

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default="8000", help="where to serve (8000)")
        parser.add_argument("--size", default="1000", help="enterprises of a new sample (1000)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo is for development and DEBUG is off: see compose.yaml.")
        port = number("--port", options["port"], 65_535)
        size = number("--size", options["size"], LARGEST)
        refuse_taken_port(port)
        with stopped_by_signals():
            try:
                self.prepare(size)
                self.serve(port)
            except KeyboardInterrupt:
                self.say("Stopping …")
            except (OperationalError, OSError) as problem:
                raise CommandError(plain(problem)) from problem
            finally:
                self.stop_database()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    # Steps, each of which does nothing when there is nothing to do

    def prepare(self, size: int) -> None:
        refuse_full_disk()
        self.say("==> PostgreSQL")
        connection.ensure_connection()
        if has_migrations_to_run():
            self.say("==> Tables")
            call_command("migrate", verbosity=0)
        self.load_lists()
        self.load_sample(size)
        self.accounts = self.give_accounts()

    def load_lists(self) -> None:
        """Load the code lists where there are none or their files have changed."""
        digest = digest_of_lists()
        stamp = settings.VAR_DIR / "lists.sha256"
        known = stamp.read_text() if stamp.is_file() else ""
        if known == digest and ReferenceSet.objects.exists():
            return
        self.say("==> Code lists and plans")
        call_command("load_reference", stdout=io.StringIO())
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest)

    def load_sample(self, size: int) -> None:
        if Register.objects.filter(kind=Register.Kind.REAL).exists():
            self.say("==> This is a real register: no sample and no sample accounts are added")
        elif not Enterprise.objects.exists():
            self.say(f"==> Fictional sample of {size:,} enterprises")
            call_command("sample_register", size=size, seed=SEED, stdout=io.StringIO())

    def give_accounts(self) -> dict[str, str]:
        """Names and passwords of the sample accounts; none in a real register.

        The passwords are drawn once for each ``var`` and kept there, so that a database
        made by the demo never has a password that can be read in the code.
        """
        if not Register.objects.filter(kind=Register.Kind.SAMPLE).exists():
            return {}
        note = settings.VAR_DIR / "sample-accounts.json"
        known = json.loads(note.read_text()) if note.is_file() else {}
        there = set(User.objects.filter(username__in=known).values_list("username", flat=True))
        accounts = {
            role.value: known.get(role.value) or f"{role.value}-{secrets.token_hex(4)}"
            for role in Role
        }
        for role in Role:
            if role.value not in there:
                give_account(username=role.value, password=accounts[role.value], role=role, by=None)
        name_people(accounts)
        if accounts != known:
            note.touch(mode=0o600)
            note.write_text(json.dumps(accounts, indent=1))
        return accounts

    # Serving

    def serve(self, port: int) -> None:
        self.say("==> Server and worker")
        connection.close()
        started = [started_apart(server_command(port), self.easy()), started_apart(WORKER)]
        server, worker = started
        try:
            status = await_answer(server, port)
            self.say(self.address(port, status))
            while server.poll() is None:
                if worker.poll() is not None:
                    self.say(f"The worker ended (exit {worker.returncode}) and is started again.")
                    worker = started_apart(WORKER)
                    started.append(worker)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(LOOK_SECONDS)
            raise CommandError(
                f"The server ended by itself (exit {server.returncode}): see its words above."
            )
        finally:
            stop(*started)

    def easy(self) -> dict[str, str]:
        """A sample lets people look around without a telephone; a real register never does."""
        return {"REGISTRY_SECOND_FACTOR": "optional"} if self.accounts else {}

    def address(self, port: int, status: int) -> str:
        lines = ["", f"  http://{HOST}:{port}/          the register (English: /en/)"]
        if self.accounts:
            lines.append(f"  http://{HOST}:{port}/desk/     sign in, for this sample only, as")
            lines += [f"      {name:<8} {word}" for name, word in self.accounts.items()]
            lines.append("      The second factor is optional here: try it at /account/")
        if status >= 500:
            lines.append(f"  The first page answered with error {status}: see above.")
        cluster = getattr(settings, "PRIVATE_CLUSTER", None)
        kept = {str(settings.VAR_DIR)}
        if cluster and not cluster.base.is_relative_to(settings.VAR_DIR):
            kept.add(str(cluster.base))
        lines += ["", f"  Ctrl-C stops it; the data stays in {' and '.join(sorted(kept))}"]
        return "\n".join(lines)

    def stop_database(self) -> None:
        """Stop the private PostgreSQL, unless tests or another server still use it."""
        connection.close()
        cluster = getattr(settings, "PRIVATE_CLUSTER", None)
        if cluster is None:
            return
        if cluster.users():
            self.say("PostgreSQL goes on: another program uses it (`make stop` ends it).")
            return
        try:
            cluster.down()
        except RuntimeError as problem:
            self.say(str(problem))


def number(name: str, text: str, largest: int) -> int:
    """A whole number from 1 to ``largest``; raises CommandError in plain words."""
    value = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= value <= largest:
        raise CommandError(f"{name} {text} is not a number from 1 to {largest}.")
    return value


def refuse_taken_port(port: int) -> None:
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((HOST, port))
        except PermissionError:
            raise CommandError(
                f"Port {port} is for the system's own programs. Choose another: PORT=8080 make demo"
            ) from None
        except OSError:
            raise CommandError(
                f"Port {port} is taken by another program. Stop that one, or choose another "
                f"port: PORT={port % 65_535 + 1} make demo"
            ) from None


def refuse_full_disk() -> None:
    free = free_mb()
    if free < NEEDED_MB:
        raise CommandError(
            f"The disk is full: {free} MB are free at {settings.VAR_DIR} and the demo needs "
            f"{NEEDED_MB}. Make some room."
        )


def free_mb() -> int:
    """Megabytes free where the data is kept, or will be."""
    cluster = getattr(settings, "PRIVATE_CLUSTER", None)
    places = [settings.VAR_DIR] + ([cluster.base] if cluster else [])
    there = [next(p for p in (place, *place.parents) if p.exists()) for place in places]
    return min(shutil.disk_usage(place).free for place in there) // 1_000_000


def plain(problem: Exception) -> str:
    """What is wrong, in words for the person at the keyboard."""
    text = str(problem).strip()
    if getattr(problem, "errno", None) == errno.ENOSPC or "No space left" in text or free_mb() < 20:
        return f"The disk is full ({settings.VAR_DIR}). Make some room and start again."
    if isinstance(problem, PermissionError):
        return f"{problem.filename} may not be written. Start as its owner, or set REGISTRY_VAR."
    return text


def has_migrations_to_run() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def digest_of_lists() -> str:
    """Tells whether any file of the code lists and plans has changed."""
    digest = hashlib.sha256()
    for folder in LISTS:
        for path in sorted((settings.BASE_DIR / folder).glob("*.csv")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def server_command(port: int) -> list[str]:
    module, _, name = settings.WSGI_APPLICATION.rpartition(".")
    return [
        *(sys.executable, "-m", "granian", f"{module}:{name}"),
        *("--interface", "wsgi", "--no-ws", "--host", HOST, "--port", str(port)),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
        *("--log-level", "warning"),
    ]


def await_answer(server: subprocess.Popen, port: int) -> int:
    """The status of the first page, once the server answers; CommandError if it never does."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        ask = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
        try:
            ask.request("GET", "/")
            return ask.getresponse().status
        except OSError:
            time.sleep(0.05)
        finally:
            ask.close()
    raise CommandError("The server did not start: see its words above.")


def started_apart(command: list[str], more: Mapping[str, str] | None = None) -> subprocess.Popen:
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "REGISTRY_PLAIN_ERRORS": "1", **(more or {})},
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is ours; we tell them
    )


def stop(*started: subprocess.Popen) -> None:
    """End the server, its workers and ours, kindly at first.

    Work that does not end in time is cut off: nothing of it stays, and it is taken up anew.
    """
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Ctrl-C, a kill and a closed terminal stop the demo once; later ones are not heard."""

    def stop_now(*_args: object) -> NoReturn:
        for each in kinds:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    kinds = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup make demo
        kinds.append(signal.SIGHUP)
    before = {each: signal.signal(each, stop_now) for each in kinds}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
