"""The locks pin every package by hash and name no place to fetch it from."""

from __future__ import annotations

import re

import pytest

from config import locks

NAMES = sorted(locks.LOCKS)
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;\\]+)", re.MULTILINE)


def blocks(name):
    """Each package of a lock with its own lines: its pin and its hashes."""
    text = (locks.ROOT / name).read_text(encoding="utf-8")
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    return [block for block in re.split(r"\n(?=\S)", body.strip()) if block]


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_pinned_by_hash(name):
    found = blocks(name)
    assert len(found) > 10
    assert [b for b in found if not PIN.match(b) or "--hash=sha256:" not in b] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_place_is_named(name):
    text = (locks.ROOT / name).read_text(encoding="utf-8")
    found = re.findall(r"index-url|find-links|trusted-host|://| @ |^-e ", text, re.MULTILINE)
    assert found == []


def test_what_both_hold_is_one_version():
    runtime, development = (
        {match["name"]: match["version"] for block in blocks(name) if (match := PIN.match(block))}
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert {name: development.get(name) for name in runtime} == runtime


def test_locks_belong_to_this_pyproject():
    assert locks.check() == 0


def test_a_changed_list_is_noticed(tmp_path, monkeypatch, capsys):
    for name in [*NAMES, "pyproject.toml"]:
        (tmp_path / name).write_bytes((locks.ROOT / name).read_bytes())
    project = tmp_path / "pyproject.toml"
    project.write_text(project.read_text().replace('"pytest>=9"', '"pytest>=9.1"'))
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    assert locks.check() == 1
    assert "requirements-dev.lock is not made from this" in capsys.readouterr().out
