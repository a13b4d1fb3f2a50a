"""A small register with something of everything, drawn by a seed; for search and figures."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from registry import models as m

TODAY = dt.date(2026, 6, 30)


def days(before: int) -> dt.date:
    return TODAY - dt.timedelta(days=before)


def code_lists() -> dict[str, list[Any]]:
    hanoi = m.Province.objects.create(code="01", name="Hà Nội", name_en="Hanoi")
    other = m.Province.objects.create(code="24", name="Bắc Ninh")
    sectors = [
        m.Sector.objects.create(code=code, name=code) for code in ("components", "high_tech")
    ]
    sectors.append(m.Sector.objects.create(code="moulds", name="moulds", parent=sectors[0]))
    wards = [
        m.Ward.objects.create(code=f"w{n}", name=f"Phường {n}", kind="ward", valid_from=days(365))
        for n in range(3)
    ]
    kinds = [("iso9001", True), ("iatf16949", True), ("hvnclc", False)]
    return {
        "province": [hanoi, other],
        "sector": sectors,
        "ward": wards,
        "park": [m.Park.objects.create(code="p0", name="KCN 0", ward=wards[0])],
        "process": [m.Process.objects.create(code=f"pr{n}", name=f"Dập {n}") for n in range(2)],
        "group": [m.ProductGroup.objects.create(code="g0", name="Nhóm 0")],
        "buyer": [m.Buyer.objects.create(code=f"b{n}", name=f"Buyer {n}") for n in range(2)],
        "scheme": [
            m.CertificationScheme.objects.create(
                code=code, name=code, kind="system", is_international=wide
            )
            for code, wide in kinds
        ],
    }


def small_register(count: int, seed: int = 1) -> list[m.Enterprise]:
    """``count`` enterprises whose every attribute is drawn, blank ones included."""
    rng = random.Random(seed)
    lists = code_lists()
    officer = m.User.objects.create_user("drawer")
    return [_enterprise(rng, lists, officer, n) for n in range(count)]


def _enterprise(rng: random.Random, lists: dict, officer: m.User, n: int) -> m.Enterprise:
    registered = rng.randint(100, 1000)
    ends: dict[str, Any] = {}
    if rng.random() < 0.2:
        ends[rng.choice(["suspended_on", "closed_on", "moved_away_on"])] = days(rng.randint(0, 99))
    if "suspended_on" in ends and rng.random() < 0.5:
        ends["resumed_on"] = ends["suspended_on"] + dt.timedelta(days=rng.randint(0, 40))
    row = m.Enterprise.objects.create(
        name=f"Cơ khí {n:03d}",
        registered_on=days(registered),
        source="drawn",
        ownership=rng.choice(["", "private", "foreign"]),
        legal_form=rng.choice(["", "llc", "jsc"]),
        **ends,
    )
    for place, sector in enumerate(rng.sample(lists["sector"], rng.randint(0, 2))):
        row.sectors.create(sector=sector, is_primary=place == 0)
    for _ in range(rng.randint(0, 2)):
        in_hanoi = rng.random() < 0.8
        row.sites.create(
            kind=rng.choice(["head_office", "factory"]),
            address="x",
            province=lists["province"][0 if in_hanoi else 1],
            ward=rng.choice([*lists["ward"], None]) if in_hanoi else None,
            park=rng.choice([*lists["park"], None]),
            until=rng.choice([None, None, None, days(50)]),
        )
    for process in rng.sample(lists["process"], rng.randint(0, 2)):
        row.processes.create(process=process)
    if rng.random() < 0.6:
        row.products.create(name="Khuôn", group=rng.choice([*lists["group"], None]))
    if rng.random() < 0.6:
        row.year_figures.create(
            year=2025, labour=rng.choice([5, 50, 150, 900, None]), revenue_vnd=2_000_000_000
        )
    for _ in range(rng.randint(0, 3)):
        _certificate(rng, lists, officer, row)
    for _ in range(rng.randint(0, 2)):
        row.supply_relations.create(
            buyer=rng.choice(lists["buyer"]),
            tier=rng.randint(1, 4),
            since=rng.choice([None, days(rng.randint(0, 500))]),
            is_confidential=rng.random() < 0.4,
        )
    _looked_at(row, officer, random.Random(n))
    return row


def _looked_at(row: m.Enterprise, officer: m.User, rng: random.Random) -> None:
    """Some relations verified, some shares of foreign capital; drawn apart from the rest."""
    for relation in row.supply_relations.order_by("pk"):
        if seen := rng.choice([None, days(30), days(200)]):
            relation.verified_on, relation.verified_by = seen, officer
            relation.save()
    row.foreign_share = rng.choice([None, None, None, 0, 30, 51, 100])
    row.save()


def _certificate(rng: random.Random, lists: dict, officer: m.User, row: m.Enterprise) -> None:
    issued = rng.randint(-30, 1400)
    certificate = m.Certificate.objects.create(
        enterprise=row,
        scheme=rng.choice(lists["scheme"]),
        source="drawn",
        issued_on=days(issued),
        valid_until=days(issued - 1095),
        suspended_on=rng.choice([None, None, days(20)]),
        withdrawn_on=rng.choice([None, days(5)]),
    )
    for _ in range(rng.randint(0, 2)):
        certificate.verifications.create(
            method="register",
            by=officer,
            on=days(rng.randint(0, 300)),
            outcome=rng.choice(["confirmed", "confirmed", "refuted", "not_found"]),
        )
