"""Check a downloaded release offline: its hash, its lists against its figures, its tables."""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.releases.payload import faults
from registry.releases.tables import tables_of

RELEASE = "release.json"
UNREADABLE = (
    OSError, KeyError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a damaged file may raise."""


class Command(BaseCommand):
    help = (
        "Work out the SHA-256 of a release (ZIP or release.json), count its lists and compare "
        "its tables."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the ZIP as downloaded, or its release.json")

    def handle(self, *args: Any, **options: Any) -> None:
        files = self.files(options["file"])
        document = self.document(files[RELEASE], options["file"])
        try:
            found = faults(document) or self.forged(files, document)
        except (AttributeError, KeyError, TypeError):
            found = ["The file has not the shape of a release."]
        if found:
            raise CommandError("The release does not hold.\n" + "\n".join(found))
        payload = document["payload"]
        self.stdout.write(
            f"The release “{payload['period']}” holds: SHA-256 {document['sha256']}, "
            f"{len(payload['figures'])} figures, each equal to its list."
        )

    def files(self, path: Path) -> dict[str, bytes]:
        """Every file of the ZIP, or release.json alone; raises ``CommandError`` in words."""
        try:
            if not zipfile.is_zipfile(path):
                return {RELEASE: path.read_bytes()}
            with zipfile.ZipFile(path) as archive:
                return {name: archive.read(name) for name in {RELEASE, *archive.namelist()}}
        except UNREADABLE as problem:
            raise CommandError(f"{path} cannot be read as a release: {problem}") from None

    def document(self, content: bytes, path: Path) -> dict[str, Any]:
        """What release.json says; raises ``CommandError`` in words."""
        try:
            document = json.loads(content.decode())
        except ValueError as problem:
            raise CommandError(f"{path} cannot be read as a release: {problem}") from None
        if not isinstance(document, dict):
            raise CommandError(f"{path} is no release.")
        return document

    def forged(self, files: dict[str, bytes], document: dict[str, Any]) -> list[str]:
        """Which tables of the ZIP do not say what the release says."""
        if len(files) == 1:
            return []
        # Downloads that name nobody are of the time when tables kept the database's order.
        in_order = "prepared_by" in document
        return [
            f"{name} does not say what the release says."
            for name, text in tables_of(document["payload"]).items()
            if not same_table(files.get(name, b""), text.encode(), in_order=in_order)
        ]


def same_table(one: bytes, other: bytes, *, in_order: bool) -> bool:
    if in_order:
        return one == other
    return sorted(one.splitlines(keepends=True)) == sorted(other.splitlines(keepends=True))
