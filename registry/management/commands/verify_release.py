"""Check a downloaded release offline: its hash, its lists against its figures, its tables."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.releases.payload import faults
from registry.releases.tables import tables_of


class Command(BaseCommand):
    help = (
        "Work out the SHA-256 of a release (ZIP or release.json), count its lists and compare "
        "its tables."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the ZIP as downloaded, or its release.json")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        document = self.read(path)
        try:
            found = faults(document) or self.forged(path, document["payload"])
        except (AttributeError, KeyError, TypeError):
            found = ["The file has not the shape of a release."]
        if found:
            raise CommandError("The release does not hold.\n" + "\n".join(found))
        payload = document["payload"]
        self.stdout.write(
            f"The release “{payload['period']}” holds: SHA-256 {document['sha256']}, "
            f"{len(payload['figures'])} figures, each equal to its list."
        )

    def forged(self, path: Path, payload: dict[str, Any]) -> list[str]:
        """Which tables of the ZIP do not say what the release says."""
        if not zipfile.is_zipfile(path):
            return []
        with zipfile.ZipFile(path) as archive:
            there = set(archive.namelist())
            return [
                f"{name} does not say what the release says."
                for name, text in tables_of(payload).items()
                if name not in there or archive.read(name) != text.encode()
            ]

    def read(self, path: Path) -> dict[str, Any]:
        """The document of either file; raises ``CommandError`` in words."""
        try:
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    text = archive.read("release.json").decode()
            else:
                text = path.read_text(encoding="utf-8")
            document = json.loads(text)
        except (OSError, KeyError, ValueError) as problem:
            raise CommandError(f"{path} cannot be read as a release: {problem}") from None
        if not isinstance(document, dict):
            raise CommandError(f"{path} is no release.")
        return document
