"""The project's own source, for the tests that read it."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("registry", "config")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def modules(*folders: str) -> list[Path]:
    """Python files below the folders; migrations are written by a program."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of a file as (place, number of lines)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def ranks_of_rooms() -> dict[str, int]:
    """Each room's height, lowest 0; rooms of one height do not know each other."""
    [rooms] = [c for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["id"] == "rooms"]
    return {
        room.strip(): rank
        for rank, layer in enumerate(reversed(rooms["layers"]))
        for room in layer.split("|")
    }
