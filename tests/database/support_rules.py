"""Rows of support that the database refuses, by the name of the rule."""

from __future__ import annotations

import datetime as dt
from typing import Any

from registry import models as m
from tests.factories import (
    IncentiveCertificateFactory,
    ParticipationFactory,
    ProductGroupFactory,
    SupportActivityFactory,
    SupportMeasureFactory,
    SupportProgrammeFactory,
)

DAY = dt.date(2026, 1, 1)
BEFORE = dt.date(2025, 12, 31)


def programme_twice() -> None:
    for _ in range(2):
        SupportProgrammeFactory(name="x", begins_on=DAY)


def activity_twice() -> None:
    programme = SupportProgrammeFactory()
    for _ in range(2):
        SupportActivityFactory(programme=programme, name="x", begins_on=DAY)


def participation_twice() -> None:
    row = ParticipationFactory()
    ParticipationFactory(activity=row.activity, enterprise=row.enterprise)


def measure_twice() -> None:
    row = SupportMeasureFactory()
    SupportMeasureFactory(participation=row.participation, name=row.name, before_on=row.before_on)


def incentive_twice() -> None:
    for _ in range(2):
        IncentiveCertificateFactory(number="1/GXN", issuer="moit")


def product_twice() -> None:
    certificate, group = IncentiveCertificateFactory(), ProductGroupFactory()
    for _ in range(2):
        m.IncentiveProduct.objects.create(incentive=certificate, group=group)


def amendment(**fields: Any) -> None:
    m.IncentiveAmendment.objects.create(
        **{
            "incentive": fields.pop("incentive", None) or IncentiveCertificateFactory(),
            "on": DAY,
            "document": "d",
            "what": "w",
            **fields,
        }
    )


def amendment_twice() -> None:
    certificate = IncentiveCertificateFactory()
    for _ in range(2):
        amendment(incentive=certificate)


def report(year: int, received_on: dt.date, certificate: Any = None) -> None:
    m.IncentiveReport.objects.create(
        incentive=certificate or IncentiveCertificateFactory(), year=year, received_on=received_on
    )


def report_twice() -> None:
    certificate = IncentiveCertificateFactory()
    for _ in range(2):
        report(2025, DAY, certificate)


BREAKERS = {
    "support_kind_cap_is_percent": lambda: m.SupportKind.objects.create(
        code="x", name="x", cap_percent=101
    ),
    "support_programme_period_in_order": lambda: SupportProgrammeFactory(
        begins_on=DAY, ends_on=BEFORE
    ),
    "support_programme_has_a_name": lambda: SupportProgrammeFactory(name=""),
    "support_programme_once": programme_twice,
    "support_activity_period_in_order": lambda: SupportActivityFactory(
        begins_on=DAY, ends_on=BEFORE
    ),
    "support_activity_has_name_and_source": lambda: SupportActivityFactory(source=""),
    "support_activity_amounts_not_negative": lambda: SupportActivityFactory(own_vnd=-1),
    "support_activity_once": activity_twice,
    "participation_period_in_order": lambda: ParticipationFactory(
        attended_from=DAY, attended_until=BEFORE
    ),
    "participation_once": participation_twice,
    "support_measure_after_has_its_day": lambda: SupportMeasureFactory(after=1, after_on=None),
    "support_measure_days_in_order": lambda: SupportMeasureFactory(
        before_on=DAY, after=1, after_on=DAY
    ),
    "support_measure_is_named": lambda: SupportMeasureFactory(unit=""),
    "support_measure_once": measure_twice,
    "incentive_certificate_number_once": incentive_twice,
    "incentive_certificate_is_named": lambda: IncentiveCertificateFactory(project=""),
    "incentive_certificate_revoked_by_a_document": lambda: IncentiveCertificateFactory(
        revoked_on=DAY
    ),
    "incentive_certificate_dates_in_order": lambda: IncentiveCertificateFactory(
        issued_on=DAY, revoked_on=BEFORE, revoked_document="d"
    ),
    "incentive_product_once": product_twice,
    "incentive_amendment_once": amendment_twice,
    "incentive_amendment_is_told": lambda: amendment(what=""),
    "incentive_report_once": report_twice,
    "incentive_report_after_its_year": lambda: report(2026, dt.date(2026, 12, 31)),
}
