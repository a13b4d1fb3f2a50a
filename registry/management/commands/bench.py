"""How quick the pages are on the register that is there: milliseconds and queries."""

from __future__ import annotations

import statistics
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, reset_queries
from django.test import Client
from django.utils import timezone

from registry.dashboard.indicators import meeting_international_standards
from registry.dashboard.outlook import members_by_day, month_ends_before
from registry.enterprises.models import Enterprise
from registry.plans.queries import rule_in_force

SERIES_MONTHS = 60


class Command(BaseCommand):
    help = "Time the pages on this register: median of some runs, and the number of queries."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=5, help="runs of each page (5)")

    def handle(self, *args: Any, **options: Any) -> None:
        # Queries are counted only in debugging; pages are asked as a browser would.
        settings.DEBUG = True
        settings.ALLOWED_HOSTS = ["testserver"]
        self.stdout.write(f"{Enterprise.objects.count():,} enterprises, {options['runs']} runs")
        self.stdout.write(f"{'ms':>8} {'queries':>8}  page")
        client = Client()
        for url in self.addresses():
            self.row(url, options["runs"], lambda url=url: client.get(url).content)
        self.row(f"{SERIES_MONTHS} months of one figure", options["runs"], self.series)

    def addresses(self) -> list[str]:
        first = Enterprise.objects.order_by("pk").values_list("public_id", flat=True).first()
        today = timezone.localdate()
        return [
            "/suppliers/",
            "/suppliers/?q=co+khi",
            "/suppliers/?sector=components&scheme=iso9001&verified=yes",
            "/suppliers/?view=table&sort=confirmed&page=3",
            f"/suppliers/{first}/",
            "/programme/",
            f"/programme/?known={today.isoformat()}",
            "/programme/enterprises_international_standard/",
            "/programme/enterprises_international_standard/bridge/",
            "/programme/share_international_standard/by/?rows=district&columns=sector",
            "/programme/share_international_standard/by/?rows=ward&columns=scheme",
            "/programme/share_international_standard/map/",
            f"/programme/share_international_standard/map/?known={today.isoformat()}",
            "/api/v1/figures/",
            "/programme/outlook/",
            "/programme/rules/",
        ]

    def series(self) -> int:
        """One statement for a figure at the end of each of many months."""
        today = timezone.localdate()
        rule = rule_in_force(today)
        days = month_ends_before(today, SERIES_MONTHS)
        return len(members_by_day([(d, meeting_international_standards(d, rule)) for d in days]))

    def row(self, name: str, runs: int, ask: Any) -> None:
        times = []
        for _run in range(runs):
            reset_queries()
            start = time.perf_counter()
            ask()
            times.append(1000 * (time.perf_counter() - start))
        queries = len(connection.queries)
        self.stdout.write(f"{statistics.median(times):8.0f} {queries:8}  {name}")
