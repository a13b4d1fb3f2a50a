"""A fictional register: the same enterprises for the same seed, size and day."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registry.enterprises.actions import RegisterKindConflict
from registry.sample.actions import EnterprisesOfUnknownKind, SampleAlreadyThere, load_sample
from registry.sample.codes import ListsMissing

LARGEST = 1_000_000


class Command(BaseCommand):
    help = "Fill an empty register with fictional enterprises; never adds to one that has any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", default="1000", help="how many enterprises (1000)")
        parser.add_argument("--seed", default="1", help="another number, other enterprises (1)")
        parser.add_argument("--on", help="the day they stand on, as 2026-06-30; today if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        size = number("--size", options["size"], least=1)
        seed = number("--seed", options["seed"], least=0)
        on = self.day(options["on"])
        start = time.monotonic()
        try:
            written = load_sample(size=size, seed=seed, on=on, by=None, told=self.progress(size))
        except RegisterKindConflict as error:
            raise CommandError(
                "This is a real register; a sample is never put into it. "
                "Start one elsewhere: REGISTRY_VAR=var-sample."
            ) from error
        except EnterprisesOfUnknownKind as error:
            raise CommandError(
                "This register holds enterprises and does not say that they are a sample, so "
                "they are taken for real. Start one elsewhere: REGISTRY_VAR=var-sample."
            ) from error
        except SampleAlreadyThere as error:
            raise CommandError(
                f"A sample of {error.count:,} enterprises is here already; nothing was added. "
                "To start anew, take an empty database: `make stop`, then remove the folder var."
            ) from error
        except ListsMissing as error:
            raise CommandError(
                f"The code lists are missing or old. Run load_reference first (not found: {error})."
            ) from error
        self.stdout.write(
            f"{written.enterprises:,} fictional enterprises, {written.certificates:,} "
            f"certificates, {written.relations:,} supply relations as of {on} "
            f"(seed {seed}, {time.monotonic() - start:.1f} s)"
        )

    def progress(self, size: int) -> Callable[[int], None]:
        """Says every tenth part of a large sample, and nothing of a small one."""

        def told(count: int) -> None:
            if size >= 20_000 and count % (size // 10) < 1_000:
                self.stdout.write(f"{count:,} of {size:,}")
                self.stdout.flush()

        return told

    def day(self, text: str | None) -> dt.date:
        today = timezone.localdate()
        try:
            day = dt.date.fromisoformat(text) if text else today
        except ValueError:
            raise CommandError(f"{text} is not a day. Write it as {today.isoformat()}.") from None
        if day > today:
            raise CommandError(f"{day} has not come yet. Choose {today} or an earlier day.")
        return day


def number(name: str, value: Any, *, least: int) -> int:
    """A whole number up to a million; raises CommandError in plain words."""
    text = str(value)
    found = int(text) if text.isascii() and text.isdigit() else -1
    if not least <= found <= LARGEST:
        raise CommandError(f"{name} {text} is not a number from {least} to {LARGEST:,}.")
    return found
