"""Support of a sample register: fictional programmes, who took part, incentives.

Draws from a source of chance of its own, after all enterprises are written: they stay the
same as they were without it.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from django.db import transaction

from registry.accounts.models import User
from registry.enterprises.models import Enterprise
from registry.reference.models import ProductGroup, SupportKind
from registry.sample.chance import before, draw, some
from registry.sample.codes import ListsMissing
from registry.support.actions import (
    add_participants,
    receive_report,
    record_activity,
    record_incentive,
    record_measure,
    record_programme,
)
from registry.support.enums import Funder, Issuer, Measured, PartRole, ProjectKind
from registry.support.models import IncentiveCertificate, SupportProgramme
from registry.support.queries import report_years

YEARS = 5
LARGEST = 40
MILLION = 1_000_000
SOURCE = "Dữ liệu mẫu hư cấu"

KINDS: dict[str, tuple[str, str, int]] = {
    "training": ("Lớp đào tạo cán bộ kỹ thuật", PartRole.TRAINEE.value, 180),
    "fairs_matching": ("Hội chợ, kết nối giao thương", PartRole.EXHIBITOR.value, 900),
    "management_systems": ("Tư vấn áp dụng hệ thống quản lý", PartRole.BENEFICIARY.value, 650),
    "technology_transfer": ("Hỗ trợ chuyển giao công nghệ", PartRole.BENEFICIARY.value, 2_400),
}
"""Kinds of a year with the name, the part taken and the usual cost in million VND."""

FIGURES = (
    ("Tỷ lệ sản phẩm lỗi", "ppm", 400, 9_000),
    ("Giao hàng đúng hạn", "%", 70, 97),
    ("Số khách hàng", "khách hàng", 2, 20),
)


@transaction.atomic
def write_support(*, seed: int, on: dt.date, by: User) -> None:
    """Programmes of the last years with participants, figures and certificates of incentives.

    Raises :class:`registry.sample.codes.ListsMissing` where the kinds are not loaded.
    """
    kinds = {kind.code: kind for kind in SupportKind.objects.filter(code__in=KINDS)}
    if len(kinds) < len(KINDS):
        raise ListsMissing("support_kinds")
    rng, reason = draw("support", seed), f"sample register, seed {seed}"
    enterprises = list(Enterprise.objects.filter(merged_into=None).order_by("pk"))
    programme = _programme(on, reason, by)
    for year in range(on.year - YEARS, on.year + 1):
        for code in KINDS:
            values = _activity(rng, kinds[code], year)
            _held(rng, programme, values, enterprises, on, reason, by)
    for enterprise in some(rng, enterprises, 1, max(1, min(LARGEST, len(enterprises) // 50))):
        _incentive(rng, enterprise, on, reason, by)


def _programme(on: dt.date, reason: str, by: User) -> SupportProgramme:
    values = {
        "name": "Chương trình phát triển công nghiệp hỗ trợ (dữ liệu mẫu)",
        "name_en": "Supporting-industry development programme (sample data)",
        "funder": Funder.CITY.value,
        "document": SOURCE,
        "begins_on": dt.date(on.year - YEARS, 1, 1),
    }
    return record_programme(values=values, reason=reason, by=by)


def _activity(rng: Random, kind: SupportKind, year: int) -> dict[str, Any]:
    """One activity of a kind in a year, with a cost that is not always stated whole."""
    name, _role, usual = KINDS[kind.code]
    begins = dt.date(year, rng.randint(2, 10), rng.randint(1, 28))
    cost = usual * rng.randint(70, 140) // 100
    city = cost * rng.choice((40, 50, 50, 60, 70)) // 100
    return {
        "kind": kind,
        "name": f"{name} năm {year} (dữ liệu mẫu)",
        "begins_on": begins,
        "ends_on": begins + dt.timedelta(days=rng.choice((2, 3, 30, 120))),
        "city_vnd": city * MILLION,
        "own_vnd": (cost - city) * MILLION if rng.random() < 0.8 else None,
        "other_vnd": 0,
        "source": SOURCE,
    }


def _held(
    rng: Random, programme: SupportProgramme, values: dict[str, Any],
    enterprises: list[Enterprise], on: dt.date, reason: str, by: User,
) -> None:  # fmt: skip
    """Held with some of those that were in the register and running then, with figures of a
    few; not at all after the day, or while too few were in the register."""
    day, most = values["begins_on"], max(1, min(LARGEST, len(enterprises) // 30))
    if day > on:
        return
    running = set(Enterprise.objects.operating(day).values_list("pk", flat=True))
    there = [one for one in enterprises if one.pk in running]
    if len(there) < most:
        return
    activity = record_activity(programme=programme, values=values, reason=reason, by=by)
    role = KINDS[activity.kind.code][1]
    add_participants(
        activity=activity, enterprises=some(rng, there, max(1, most // 2), most), role=role,
        attended_from=None, reason=reason, by=by,
    )  # fmt: skip
    if role == PartRole.BENEFICIARY:
        for row in activity.participations.order_by("pk")[: max(1, most // 4)]:
            record_measure(participation=row, values=_figure(rng, day), reason=reason, by=by)


def _figure(rng: Random, day: dt.date) -> dict[str, Any]:
    """A figure before and, for most, after; some have become worse."""
    name, unit, least, most = rng.choice(FIGURES)
    was, later = rng.randint(least, most), day + dt.timedelta(days=rng.randint(150, 300))
    is_known = rng.random() < 0.7
    return {
        "name": name,
        "unit": unit,
        "before": was,
        "before_on": day,
        "after": max(1, was * rng.randint(60, 125) // 100) if is_known else None,
        "after_on": later if is_known else None,
        "measured": rng.choice(Measured.values),
        "source": SOURCE,
    }


def _incentive(rng: Random, enterprise: Enterprise, on: dt.date, reason: str, by: User) -> None:
    """A certificate of the last years, of some revoked; most reports have come, some late."""
    issued = max(before(rng, on, 30, 1_500), enterprise.registered_on)
    values = {
        "number": f"MẪU-{enterprise.pk}/GXN",
        "issuer": rng.choice(Issuer.values),
        "issued_on": min(issued, on),
        "project": "Dự án sản xuất linh kiện (dữ liệu mẫu)",
        "project_kind": rng.choice(ProjectKind.values),
        "source": SOURCE,
    }
    groups = some(rng, list(ProductGroup.objects.order_by("code")), 1, 2)
    row: IncentiveCertificate = record_incentive(
        enterprise=enterprise, values=values, groups=groups, reason=reason, by=by
    )
    for year in report_years(row, [], on):
        received = year.due_on - dt.timedelta(days=rng.randint(-40, 60))
        if rng.random() < 0.7 and received <= on:
            receive_report(
                certificate=row, year=year.year, received_on=received, reference="",
                reason=reason, by=by,
            )  # fmt: skip
