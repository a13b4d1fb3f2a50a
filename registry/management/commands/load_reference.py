"""Load code lists and plans from the project's own files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from registry.plans.actions import load_plans
from registry.reference.actions import BadList, load_reference


class Command(BaseCommand):
    help = "Load the code lists and the plans; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                counts = load_reference(by=None) | load_plans(by=None)
        except BadList as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        width = max(map(len, counts))
        for name, rows in counts.items():
            self.stdout.write(f"{name:<{width}} {rows:>6}")
