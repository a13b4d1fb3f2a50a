"""Write the two lock files, or say whether they still belong to pyproject.toml.

`python -m config.locks` writes, `python -m config.locks --check` only looks: each lock
carries a digest of the list it was made from, so looking needs no network.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["dev"]}
OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
]


def header(groups: list[str]) -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        project["project"]["requires-python"],
        *sorted(project["project"]["dependencies"]),
        *(sorted(project["dependency-groups"][group]) for group in groups),
    ]
    digest = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()[:16]
    return f"# Made by `make lock` from pyproject.toml; list {digest}\n"


def write() -> None:
    for name, groups in LOCKS.items():
        command = ["uv", "pip", "compile", "pyproject.toml", *OPTIONS]
        command += [f"--group={group}" for group in groups]
        if groups:  # what both hold is the same version in both
            command.append("--constraint=requirements.lock")
        made = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        (ROOT / name).write_text(header(groups) + made.stdout)


def check() -> int:
    stale = [
        name
        for name, groups in LOCKS.items()
        if not (ROOT / name).is_file() or not (ROOT / name).read_text().startswith(header(groups))
    ]
    for name in stale:
        print(f"{name} is not made from this pyproject.toml: run `make lock`.")
    return len(stale)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(check())
    write()
