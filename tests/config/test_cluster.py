"""The private PostgreSQL: real processes, really killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import cluster as module
from config.cluster import Cluster, ClusterError, find_binaries
from tests.architecture.source import ROOT

pytestmark = pytest.mark.slow
CHOICE = os.environ.get("REGISTRY_PG", "")
KILLS = 5


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder for a cluster, with all that was made for it taken away afterwards."""
    home = tmp_path / "pg"
    yield home
    cluster = made_in(home)
    cluster.down()
    for folder in (cluster.base, cluster.socket):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A folder that the server's user may enter, also when root runs the tests."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def made_in(home: Path) -> Cluster:
    return Cluster(home, debug=True, choice=CHOICE)


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])


def ask(cluster: Cluster, sql: str) -> list[tuple]:
    with cluster.connect() as db:
        return db.execute(sql).fetchall()


def started(home: Path, code: str) -> subprocess.Popen:
    """A process of its own that runs ``code`` with the cluster as ``c``."""
    before = "import sys; from pathlib import Path; from config.cluster import Cluster;"
    before += "c = Cluster(Path(sys.argv[1]), debug=True, choice=sys.argv[2]);"
    return subprocess.Popen(
        [sys.executable, "-c", before + code, str(home), CHOICE],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_kill_nine_loses_no_acknowledged_row(home):
    cluster = made_in(home)
    cluster.up()
    with cluster.connect() as db:
        db.execute("CREATE TABLE written (number integer PRIMARY KEY)")
    acknowledged: set[int] = set()
    for turn in range(KILLS):
        begin = turn * 1_000_000
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.config.cluster_writer", str(home), str(begin), CHOICE],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        with writer.stdout as said:
            first = int(said.readline())  # it writes now
            time.sleep(0.3)
            os.kill(postmaster(cluster), signal.SIGKILL)
            # Not communicate(): it would pass over what readline() has read ahead.
            rest = said.read().split()
        writer.wait(timeout=20)
        assert rest, "the server was killed before it wrote"
        acknowledged |= {first, *map(int, rest)}
        cluster.up()
        stored = {row[0] for row in ask(cluster, "SELECT number FROM written")}
        assert acknowledged - stored == set()
    # What was being written as the server died may be there; nothing else.
    assert len(stored - acknowledged) <= KILLS


def test_six_starts_at_once_make_one_server(home):
    start = "c.up(); db = c.connect(); print(db.execute('SELECT system_identifier,"
    start += "pg_postmaster_start_time() FROM pg_control_system()').fetchone()); db.close()"
    processes = [started(home, start) for _ in range(6)]
    answers = {process.communicate(timeout=60)[0] for process in processes}
    assert [process.returncode for process in processes] == [0] * 6
    assert len(answers) == 1
    assert "None" not in answers.pop()


def test_restart_keeps_the_data_and_a_second_stop_is_nothing(home):
    cluster = made_in(home)
    cluster.down()  # never made: nothing to stop
    cluster.up()
    with cluster.connect() as db:
        db.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first = postmaster(cluster)
    cluster.up()
    assert postmaster(cluster) == first
    cluster.down()
    cluster.down()
    with pytest.raises(psycopg.OperationalError):
        cluster.connect()
    cluster.up()
    assert ask(cluster, "SELECT answer FROM kept") == [(42,)]
    assert postmaster(cluster) != first


@pytest.mark.parametrize("left", ["own", "dead", "words", "empty"])
def test_stale_pid_file_is_no_obstacle(home, left):
    cluster = made_in(home)
    cluster.up()
    pid_file = cluster.data / "postmaster.pid"
    text = pid_file.read_text()
    cluster.down()
    pid = {"own": str(os.getpid()), "dead": "4194000"}.get(left)
    stale = {"words": "not a pid\n", "empty": ""}.get(left)
    pid_file.write_text(stale if stale is not None else text.replace(text.split("\n")[0], pid, 1))
    os.chown(pid_file, cluster.data.stat().st_uid, cluster.data.stat().st_gid)
    cluster.up()
    assert ask(cluster, "SELECT 1") == [(1,)]


def test_half_made_data_is_made_anew(home):
    cluster = made_in(home)
    half = cluster.base / "data.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    shutil.chown(cluster.base, cluster.owner.pw_name if cluster.owner else None)
    cluster.up()
    assert not half.exists()
    assert ask(cluster, "SELECT 1") == [(1,)]


@pytest.mark.parametrize(
    "name",
    ["with spaces and 'quotes'", "thật dài và có dấu " + "x" * 150],
    ids=["spaces", "long"],
)
def test_any_path_will_do(open_home, name):
    cluster = made_in(open_home / name / "pg")
    assert cluster.data.is_relative_to(open_home)
    try:
        cluster.up()
        assert ask(cluster, "SHOW listen_addresses") == [("",)]
        assert ask(cluster, "SHOW unix_socket_directories") == [(str(cluster.socket),)]
        assert cluster.socket.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.down()
        for folder in (cluster.base, cluster.socket):
            shutil.rmtree(folder, ignore_errors=True)


def test_two_homes_are_two_servers(tmp_path):
    clusters = [made_in(tmp_path / name / "pg") for name in ("one", "two")]
    try:
        for cluster in clusters:
            cluster.up()
        assert len({postmaster(cluster) for cluster in clusters}) == 2
        clusters[0].down()
        assert ask(clusters[1], "SELECT 1") == [(1,)]
    finally:
        for cluster in clusters:
            cluster.down()
            for folder in (cluster.base, cluster.socket):
                shutil.rmtree(folder, ignore_errors=True)


def test_users_are_counted(home):
    cluster = made_in(home)
    assert cluster.users() == 0
    cluster.up()
    assert cluster.users() == 0
    with cluster.connect():
        assert cluster.users() == 1


def test_removed_home_starts_anew(tmp_path, monkeypatch):
    """Also where the data could not be kept inside it."""
    monkeypatch.setattr(module, "_can_reach", lambda user, path: False)
    monkeypatch.setattr(module, "OUT_OF_REACH", tmp_path)
    if os.geteuid() != 0:
        pytest.skip("only root's server has another user, who may not enter")
    home = tmp_path / "var" / "pg"
    first = made_in(home)
    assert first.base.parent == tmp_path
    assert made_in(home).base == first.base
    shutil.copytree(home, tmp_path / "copy" / "pg")
    assert made_in(tmp_path / "copy" / "pg").base != first.base
    shutil.rmtree(home)
    assert made_in(home).base != first.base


def test_refused_with_debug_off(tmp_path):
    with pytest.raises(ClusterError, match="DEBUG is off: set DATABASE_URL"):
        Cluster(tmp_path, debug=False)


def test_unknown_choice_is_refused():
    with pytest.raises(ClusterError, match="use bundle, system or nothing"):
        find_binaries("oracle")


def test_folder_that_may_not_be_made_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ClusterError, match="PostgreSQL could not use"):
        made_in(tmp_path / "file" / "pg").up()


def test_what_the_server_says_is_passed_on(home):
    cluster = made_in(home)
    cluster.up()
    cluster.down()
    with (cluster.data / "postgresql.conf").open("a") as conf:
        conf.write("\nno_such_setting = 1\n")
    with pytest.raises(ClusterError, match="no_such_setting"):
        cluster.up()
