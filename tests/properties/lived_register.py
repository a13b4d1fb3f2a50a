"""A register that has lived for 36 months, drawn by a seed: every change at its moment.

Late entries, corrections and corrections of corrections, mergers, moves, suspensions,
certificates found false, enterprises taken out again. Each month's changes are recorded
on its 25th, so that any day and any moment of knowledge can be asked for.
"""

from __future__ import annotations

import datetime as dt
import random
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, connection, transaction

from registry import models as m
from registry.core.known import tracked_models
from registry.enterprises.life import actions as life_steps
from registry.enterprises.life.actions import StepRefused

FIRST, MONTHS = dt.date(2023, 7, 1), 36
LAST = dt.date(2026, 6, 30)
NEW_EACH_MONTH, CHANGES_EACH_MONTH = 3, 6


def month_start(number: int) -> dt.date:
    months = FIRST.year * 12 + FIRST.month - 1 + number
    return dt.date(months // 12, months % 12 + 1, 1)


class LivedRegister:
    """Draws and writes the life of a register; all in the transaction of one test."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.officer = m.User.objects.create_superuser("drawer")
        self.alive: list[m.Enterprise] = []
        self.entered = 0
        self.draw_places()
        self.draw_lists()
        self.draw_rules()
        for number in range(MONTHS):
            self.live(month_start(number))
            self.recorded(month_start(number).replace(day=25))

    def draw_places(self) -> None:
        """w0 and w2 were one district each, w1 was of two, of w3 nothing is known."""
        self.hanoi = m.Province.objects.create(code="01", name="Hà Nội")
        self.other = m.Province.objects.create(code="24", name="Bắc Ninh")
        self.districts = [
            m.District.objects.create(code=f"d{n}", name=f"Quận {n}") for n in range(3)
        ]
        centres: list[tuple[Any, Any]] = [("21.0", "105.8"), ("21.1", "105.7"), ("20.9", "105.9")]
        self.wards = [
            m.Ward.objects.create(
                code=f"w{n}", name=f"Xã {n}", kind="commune", valid_from=dt.date(2025, 7, 1),
                latitude=latitude, longitude=longitude,
            )
            for n, (latitude, longitude) in enumerate([*centres, (None, None)])
        ]  # fmt: skip
        for n, (district, wards) in enumerate([(0, [0]), (0, [0, 1]), (1, [1, 2]), (1, [2])]):
            old = m.LegacyWard.objects.create(
                code=f"o{n}", name=f"Cũ {n}", district=self.districts[district],
                valid_to=dt.date(2025, 6, 30),
            )  # fmt: skip
            for ward in wards:
                old.mappings.create(ward=self.wards[ward], is_whole=len(wards) == 1)

    def draw_lists(self) -> None:
        top = [m.Sector.objects.create(code=code, name=code) for code in ("components", "tech")]
        branch = m.Sector.objects.create(code="moulds", name="moulds", parent=top[0])
        self.sectors = [*top, branch]
        self.park = m.Park.objects.create(code="p0", name="KCN 0", ward=self.wards[0])
        self.buyers = [m.Buyer.objects.create(code=f"b{n}", name=f"B {n}") for n in range(2)]
        kinds = [("iso9001", "system", True), ("iatf", "system", True),
                 ("ce", "product", True), ("hvnclc", "product", False)]  # fmt: skip
        self.schemes = [
            m.CertificationScheme.objects.create(
                code=code, name=code, kind=kind, is_international=wide
            )
            for code, kind, wide in kinds
        ]

    def draw_rules(self) -> None:
        """Broad, then with a relation asked for (from 2025 on); strict is only proposed."""
        chief = m.User.objects.create_user("chief")
        make = m.CountingRule.objects.create
        make(version=1, name="1", valid_from=dt.date(2020, 1, 1), is_provisional=True, reason="t")
        make(
            version=2, name="2", valid_from=dt.date(2025, 1, 1), needs_relation=True, reason="t",
            author=self.officer, approved_by=chief, approved_on=dt.date(2024, 12, 1),
        )  # fmt: skip
        make(version=3, name="3", valid_from=dt.date(2026, 1, 1), breadth="both", reason="t")

    def recorded(self, day: dt.date) -> None:
        """What was written since the last call was recorded on that day at noon."""
        moment = dt.datetime.combine(day, dt.time(12), dt.UTC)
        with connection.cursor() as cursor:
            for _model, events in tracked_models():
                cursor.execute(
                    f"UPDATE {events._meta.db_table} SET pgh_created_at = %s"
                    " WHERE pgh_created_at = now()",
                    [moment],
                )

    def live(self, month: dt.date) -> None:
        for _ in range(NEW_EACH_MONTH):
            self.enter(month)
        for _ in range(CHANGES_EACH_MONTH):
            row = self.rng.choice(self.alive)
            row.refresh_from_db()
            # A life that cannot be lived is refused; the next change may be possible.
            with suppress(IntegrityError, StepRefused), transaction.atomic():
                self.rng.choice(CHANGES)(self, row, month)

    def day(self, month: dt.date, back: int = 0) -> dt.date:
        """A day up to the 24th of the month, or up to ``back`` days before it."""
        return month + dt.timedelta(days=self.rng.randint(0, 23) - self.rng.randint(0, back))

    def enter(self, month: dt.date) -> None:
        """Now and then late: with a day of registration long gone by."""
        self.entered += 1
        row = m.Enterprise.objects.create(
            name=f"Cơ khí {self.entered:03d}",
            registered_on=self.day(month, self.rng.choice([0, 0, 300])),
            ownership=self.rng.choice(["", "private", "foreign"]),
            foreign_share=self.rng.choice([None, None, 30, 60]),
            source="t",
        )
        self.alive.append(row)
        for place, sector in enumerate(self.rng.sample(self.sectors, self.rng.randint(0, 2))):
            row.sectors.create(sector=sector, is_primary=place == 0)
        for _ in range(self.rng.choice([0, 1, 1, 1, 1, 2, 2])):
            self.settle(row, None)
        for change in (certify, certify, certify, supply, employ):
            if self.rng.random() < 0.7:
                change(self, row, month)

    def settle(self, row: m.Enterprise, since: dt.date | None) -> None:
        in_hanoi = self.rng.random() < 0.85
        row.sites.create(
            kind=self.rng.choice(["head_office", "factory"]),
            address="x",
            province=self.hanoi if in_hanoi else self.other,
            ward=self.rng.choice([*self.wards, None]) if in_hanoi else None,
            district=self.rng.choice([*self.districts, None, None, None]) if in_hanoi else None,
            park=self.rng.choice([self.park, None, None]) if in_hanoi else None,
            since=since,
        )


def certify(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    start = life.day(month, 700)
    held = row.certificates.create(
        scheme=life.rng.choice(life.schemes), source="t", issued_on=start,
        number=f"N{life.rng.random()}", valid_until=start + dt.timedelta(days=1095),
    )  # fmt: skip
    if life.rng.random() < 0.8:
        look(life, held, max(start, month))


def look(life: LivedRegister, held: m.Certificate, on: dt.date) -> None:
    outcome = life.rng.choice(["confirmed", "confirmed", "confirmed", "refuted", "not_found"])
    held.verifications.create(method="register", by=life.officer, on=on, outcome=outcome)


def look_again(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    if held := row.certificates.order_by("pk").last():
        look(life, held, life.day(month))


def withdraw(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    row.certificates.update(withdrawn_on=life.rng.choice([None, life.day(month)]))


def supply(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    verified = life.rng.random() < 0.5
    row.supply_relations.create(
        buyer=life.rng.choice(life.buyers), tier=life.rng.randint(1, 4),
        since=life.rng.choice([None, life.day(month, 300)]),
        is_confidential=life.rng.random() < 0.4,
        verified_by=life.officer if verified else None,
        verified_on=life.day(month) if verified else None,
    )  # fmt: skip


def supply_no_more(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    row.supply_relations.filter(since__isnull=True).update(until=life.day(month))


def employ(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    if not row.year_figures.filter(year=month.year).exists():
        labour = life.rng.choice([5, 50, 150, 900, None])
        row.year_figures.create(year=month.year, labour=labour, revenue_vnd=2_000_000_000)


def own(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    change(row, ownership=life.rng.choice(["", "private", "foreign", "state"]))


def move(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    first = life.day(month)
    standing = row.sites.filter(until__isnull=True, since__isnull=True)
    standing.update(until=first)
    life.settle(row, first)


def correct_place(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    row.sites.filter(province=life.hanoi).update(
        ward=life.rng.choice(life.wards), district=life.rng.choice([*life.districts, None])
    )


def correct_registration(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    ends = [row.suspended_on, row.closed_on, row.moved_away_on, row.merged_on]
    if not any(ends):
        change(row, registered_on=life.day(month, 400))


def end(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    """Closed or gone; said again, it is taken back: a correction of what was recorded."""
    name = life.rng.choice(["closed_on", "moved_away_on"])
    day = max(life.day(month, 60), row.registered_on)
    change(row, **{name: None if getattr(row, name) else day})


def suspend(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    if row.suspended_on is None:
        change(row, suspended_on=max(life.day(month, 60), row.registered_on))
    elif row.resumed_on is None:
        change(row, resumed_on=max(life.day(month), row.suspended_on))
    else:
        change(row, suspended_on=None, resumed_on=None)


def pause_again(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    """A second suspension, kept beside the first; it ends at once or stays."""
    said = {"enterprise_id": row.pk, "reason": "t", "by": life.officer}
    life_steps.suspend_enterprise(on=month, **said)
    if life.rng.random() < 0.5:
        life_steps.resume_enterprise(on=life.day(month), **said)


def come_back(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    said = {"enterprise_id": row.pk, "reason": "t", "by": life.officer}
    if row.closed_on is None and row.moved_away_on is None:
        life_steps.close_enterprise(on=month, **said)
    life_steps.reopen_enterprise(on=life.day(month), **said)


def merge(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    into = life.rng.choice(life.alive)
    if into != row and not row.merged_into_id and not into.merged_into_id:
        day = max(life.day(month), row.registered_on)
        row.certificates.update(enterprise=into)
        change(row, merged_on=day, merged_into=into)


def take_out(life: LivedRegister, row: m.Enterprise, month: dt.date) -> None:
    heirs = m.Enterprise.objects.filter(merged_into=row)
    if life.rng.random() < 0.4 and not heirs.exists():
        life.alive.remove(row)
        row.delete()


def change(row: m.Enterprise, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


CHANGES = (
    certify, certify, look_again, look_again, look_again, withdraw, withdraw, supply, supply,
    supply_no_more, employ,
    own, move, correct_place, correct_registration, end, end, suspend, suspend, pause_again, come_back, come_back, merge, take_out,
)  # fmt: skip
