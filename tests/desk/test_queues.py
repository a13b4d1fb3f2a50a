"""Who waits in which queue on which day, in what order."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registry import models as m
from registry.desk.queues import QUEUES, next_in, waiting, waiting_rows
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    EnterpriseSectorFactory,
    SchemeFactory,
    SiteFactory,
    VerificationStepFactory,
    WardFactory,
    recorded,
)
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 30)


def rows(code, on=ON, **chosen):
    return list(waiting_rows(QUEUES[code], on, chosen))


def after(days):
    return ON + dt.timedelta(days=days)


def test_counts_are_the_lists():
    small_register(60, seed=3)
    counted = {one.queue.code: one for one in waiting(TODAY)}
    assert set(counted) == set(QUEUES)
    for code, one in counted.items():
        listed = rows(code, TODAY)
        assert one.count == len(listed)
        assert one.first == (listed[0].waits_since if listed else None)
        assert [row.waits_since for row in listed] == sorted(row.waits_since for row in listed)
    assert sum(one.count for one in counted.values()) > 50


def test_to_verify_is_in_force_and_never_looked_at():
    waits = CertificateFactory()
    looked = CertificateFactory()
    VerificationStepFactory(certificate=looked, on=ON)
    CertificateFactory(valid_until=after(-1))
    CertificateFactory(withdrawn_on=ON)
    CertificateFactory(enterprise=EnterpriseFactory(closed_on=ON))
    assert rows("to-verify") == [waits]
    assert rows("to-verify", after(-1))[:2] == [waits, looked]


def test_a_certificate_waits_since_the_register_knows_it():
    certificate = CertificateFactory(issued_on=dt.date(2024, 1, 1), valid_until=dt.date(2028, 1, 1))
    assert rows("to-verify", timezone.localdate())[0].waits_since == timezone.localdate()
    known = timezone.make_aware(dt.datetime(2026, 6, 2, 12))
    certificate.events.update(pgh_created_at=known)
    assert rows("to-verify")[0].waits_since == dt.date(2026, 6, 2)
    certificate.events.update(pgh_created_at=timezone.make_aware(dt.datetime(2023, 1, 1, 12)))
    assert rows("to-verify")[0].waits_since == dt.date(2024, 1, 1)


@pytest.mark.parametrize(
    ("method", "outcome", "months_later", "is_there"),
    [
        ("register", "confirmed", 11, False),
        ("register", "confirmed", 12, True),
        ("document", "confirmed", 23, False),
        ("document", "confirmed", 24, True),
        ("register", "not_found", 11, False),
        ("register", "not_found", 12, True),
        ("register", "refuted", 30, False),
    ],
)
def test_to_verify_again_when_the_look_is_too_old(method, outcome, months_later, is_there):
    certificate = CertificateFactory(issued_on=dt.date(2024, 1, 1), valid_until=dt.date(2028, 1, 1))
    looked = dt.date(2025, 1, 15)
    VerificationStepFactory(certificate=certificate, on=looked, method=method, outcome=outcome)
    year, month = divmod(months_later, 12)
    on = looked.replace(year=2025 + year, month=month + 1)
    assert rows("verify-again", on) == ([certificate] if is_there else [])
    if is_there:
        assert rows("verify-again", on - dt.timedelta(days=1)) == []


def test_ending_bands_touch_and_do_not_overlap():
    ends = [0, 30, 31, 60, 61, 90, 91]
    made = {
        days: CertificateFactory(valid_until=after(days), verified=True) for days in reversed(ends)
    }
    CertificateFactory(valid_until=after(10))  # nobody has confirmed it
    assert rows("ending-30") == [made[0], made[30]]
    assert rows("ending-60") == [made[31], made[60]]
    assert rows("ending-90") == [made[61], made[90]]


def test_records_not_confirmed_for_a_year():
    new = EnterpriseFactory(registered_on=after(-100))
    old = EnterpriseFactory(last_confirmed_on=dt.date(2025, 6, 30))
    never = EnterpriseFactory()
    EnterpriseFactory(last_confirmed_on=dt.date(2025, 7, 1))
    EnterpriseFactory(closed_on=after(-1))
    assert rows("to-confirm") == [never, old]
    assert new not in rows("to-confirm")


def test_what_is_not_stated():
    bare = EnterpriseFactory()
    whole = EnterpriseFactory()
    EnterpriseSectorFactory(enterprise=whole)
    SiteFactory(enterprise=whole, ward=WardFactory())
    whole.year_figures.create(year=2025, labour=5, revenue_vnd=1)
    for name in ("sector", "ward", "size"):
        assert rows(f"without-{name}") == [bare]


def test_sector_and_ward_narrow_a_queue():
    first, second = CertificateFactory(), CertificateFactory()
    EnterpriseSectorFactory(enterprise=first.enterprise)
    SiteFactory(enterprise=second.enterprise, ward=WardFactory(code="w1"))
    assert rows("to-verify", sector=["components"]) == [first]
    assert rows("to-verify", ward=["w1"]) == [second]
    assert rows("to-confirm", ward=["w1"]) == [second.enterprise]


def test_next_is_the_one_after_and_then_the_first():
    scheme = SchemeFactory()
    one, two, three = (
        recorded(CertificateFactory(scheme=scheme), dt.date(2025, 2, day)) for day in (3, 1, 2)
    )
    queue = QUEUES["to-verify"]
    assert rows("to-verify") == [two, three, one]
    assert [next_in(queue, row, ON) for row in (two, three, one)] == [three, one, two]
    m.Certificate.objects.exclude(pk=one.pk).delete()
    assert next_in(queue, one, ON) is None
