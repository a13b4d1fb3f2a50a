"""``manage.py demo`` as a person runs it: really started, really stopped."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.cluster import Cluster
from tests.architecture.source import ROOT

pytestmark = pytest.mark.slow
CHOICE = os.environ.get("REGISTRY_PG", "")
COLD_SECONDS = 300  # no measure: `docs/benchmarks.md` has those; only a stop for what hangs
WARM_SECONDS = 60
SIZE = 40


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A ``var`` of its own, in a folder with spaces that nobody else may enter."""
    var = tmp_path / "my own var"
    yield var
    cluster = Cluster(var / "pg", debug=True, choice=CHOICE)
    cluster.down()
    for folder in (cluster.base, cluster.socket):
        shutil.rmtree(folder, ignore_errors=True)


def demo(var: Path, port: int | str, *arguments: str, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port), *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "REGISTRY_VAR": str(var),
            "REGISTRY_PG": CHOICE,
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def words_until(process: subprocess.Popen, last: str) -> str:
    """What the demo says up to the line that holds ``last``."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if last in line:
            return said
    raise AssertionError(f"the demo ended:\n{said}")


def refused(*arguments: object, **environment: str) -> str:
    """What a demo says that does not start."""
    process = demo(*arguments, **environment)  # type: ignore[arg-type]
    said = process.communicate(timeout=COLD_SECONDS)[0]
    assert process.returncode == 1
    assert "Traceback" not in said
    return said


def status(port: int, url: str) -> int:
    ask = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        ask.request("GET", url)
        return ask.getresponse().status
    finally:
        ask.close()


def signed_in(port: int, name: str, word: str) -> str:
    """Where somebody stands after signing in as a person does."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    url = f"http://127.0.0.1:{port}/account/login/"
    with browser.open(url, timeout=20):
        token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    said = {"login": name, "password": word, "csrfmiddlewaretoken": token}
    with browser.open(url, urllib.parse.urlencode(said).encode(), timeout=20) as page:
        return page.geturl()


def ended(process: subprocess.Popen, kind: int) -> str:
    process.send_signal(kind)
    said = process.communicate(timeout=30)[0]
    assert process.returncode == 0
    return said


def count(var: Path) -> int:
    with Cluster(var / "pg", debug=True, choice=CHOICE).connect() as db:
        row = db.execute("SELECT count(*) FROM registry_enterprise").fetchone()
        assert row is not None
        return row[0]


def test_from_nothing_to_a_page_and_back_again(var):
    port, begin = free_port(), time.monotonic()
    first = demo(var, port, "--size", str(SIZE))
    said = words_until(first, "Ctrl-C")
    assert time.monotonic() - begin < COLD_SECONDS
    assert f"http://127.0.0.1:{port}/" in said
    for url in ("/suppliers/", "/en/suppliers/", "/programme/", "/account/login/"):
        assert status(port, url) == 200
    accounts = dict(
        re.findall(r"^ +(officer|verifier|manager|auditor|admin) +(\S+)$", said, re.MULTILINE)
    )
    assert sorted(accounts) == ["admin", "auditor", "manager", "officer", "verifier"]
    note = var / "sample-accounts.json"
    assert json.loads(note.read_text()) == accounts
    assert note.stat().st_mode & 0o077 == 0
    assert count(var) == SIZE
    for name, word in accounts.items():
        assert signed_in(port, name, word) == f"http://127.0.0.1:{port}/desk/"
    ended(first, signal.SIGINT)
    with pytest.raises(ConnectionRefusedError):
        status(port, "/")
    with pytest.raises(psycopg.OperationalError):
        count(var)

    begin = time.monotonic()
    second = demo(var, port, "--size", "7")
    again = words_until(second, "Ctrl-C")
    assert time.monotonic() - begin < WARM_SECONDS
    assert [word in again for word in accounts.values()] == [True] * len(accounts)
    assert "Tables" not in again
    assert "sample of" not in again
    assert count(var) == SIZE
    with Cluster(var / "pg", debug=True, choice=CHOICE).connect():
        assert "another program uses it" in ended(second, signal.SIGTERM)
        assert count(var) == SIZE  # the other program goes on


def test_taken_port_is_said_before_anything_is_made(var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(var, port)
    assert said.strip() == (
        f"CommandError: Port {port} is taken by another program. Stop that one, or choose "
        f"another port: PORT={port + 1} make demo"
    )
    assert not (var / "pg").exists() or not any((var / "pg").glob("*/data"))


@pytest.mark.parametrize(
    ("port", "size"), [("0", "1"), ("65536", "1"), ("eight", "1"), ("8000", "-1"), ("8000", "x")]
)
def test_numbers_that_are_none_are_said_plainly(var, port, size):
    assert "is not a number from 1 to" in refused(var, port, f"--size={size}")


def test_folder_that_cannot_be_used_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")
    assert "PostgreSQL could not use" in refused(tmp_path / "file", free_port())


def test_stop_while_it_prepares_leaves_a_register_that_starts(var):
    port = free_port()
    process = demo(var, port, "--size", str(SIZE))
    words_until(process, "Code lists")
    ended(process, signal.SIGTERM)
    with pytest.raises(psycopg.OperationalError):
        count(var)
    process = demo(var, port, "--size", str(SIZE))
    words_until(process, "Ctrl-C")
    assert count(var) == SIZE
    ended(process, signal.SIGHUP)
