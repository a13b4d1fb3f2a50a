"""The ladder falls by itself: the same rows, asked on other days."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from registry import models as m
from registry.certifications.enums import Rung
from registry.certifications.queries import ladder, with_rung
from registry.core.days import months_after
from tests.factories import CertificateFactory, SchemeFactory, UserFactory, VerificationStepFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 3, 31)


def look(certificate, method, on=DAY, outcome="confirmed"):
    return VerificationStepFactory(certificate=certificate, method=method, on=on, outcome=outcome)


def body():
    return m.CertificationBody.objects.get_or_create(code="b", name="B")[0]


def both(certificate, on):
    """What Python says of one and what the database says of a list: the same."""
    row = with_rung(m.Certificate.objects.filter(pk=certificate.pk), on).get()
    said = ladder(row, list(certificate.verifications.all()), on)
    assert (row.rung, row.reached) == (said.rung, said.reached)
    return said


@pytest.mark.parametrize(
    ("method", "has_body", "rung"),
    [
        ("document", False, Rung.DOCUMENT),
        ("document", True, Rung.NUMBER_AND_BODY),
        ("register", False, Rung.BODY),
        ("body", True, Rung.BODY),
        ("site", True, Rung.SITE),
    ],
)
def test_what_a_look_is_worth(method, has_body, rung):
    certificate = CertificateFactory(body=body() if has_body else None)
    assert both(certificate, DAY).rung == Rung.CLAIMED
    look(certificate, method)
    assert both(certificate, DAY - dt.timedelta(days=1)).rung == Rung.CLAIMED
    assert both(certificate, DAY).rung == rung


@pytest.mark.parametrize(
    ("months", "rung"),
    [(0, Rung.BODY), (12, Rung.NUMBER_AND_BODY), (24, Rung.CLAIMED)],
)
def test_a_rung_falls_on_its_day_and_not_before(months, rung):
    certificate = CertificateFactory(body=body())
    look(certificate, "register")
    assert both(certificate, months_after(DAY, months)).rung == rung
    if months:
        before = both(certificate, months_after(DAY, months) - dt.timedelta(days=1))
        assert before.rung > rung
        assert before.until == months_after(DAY, months)


def test_lifetimes_are_the_schemes_own():
    scheme = SchemeFactory(code="short", register_months=1, site_months=2)
    certificate = CertificateFactory(scheme=scheme)
    look(certificate, "site")
    assert both(certificate, dt.date(2025, 5, 30)).rung == Rung.SITE
    fallen = both(certificate, dt.date(2025, 5, 31))
    assert (fallen.rung, fallen.reached, fallen.has_fallen) == (Rung.DOCUMENT, Rung.SITE, True)
    assert both(certificate, dt.date(2025, 4, 29)).rung == Rung.SITE


def test_not_found_takes_the_body_away_but_not_the_document():
    certificate = CertificateFactory(body=body())
    look(certificate, "site")
    look(certificate, "register", outcome="not_found")
    said = both(certificate, DAY)
    assert (said.rung, said.outcome) == (Rung.NUMBER_AND_BODY, "not_found")


def test_found_false_takes_everything_until_somebody_looks_again():
    certificate = CertificateFactory(body=body())
    look(certificate, "register")
    look(certificate, "document", outcome="refuted")
    assert both(certificate, DAY).rung == Rung.CLAIMED
    look(certificate, "document")
    assert both(certificate, DAY).rung == Rung.NUMBER_AND_BODY


def test_page_and_list_agree_on_any_history():
    rng, officer = random.Random(4), UserFactory()
    for _ in range(25):
        certificate = CertificateFactory(
            number=rng.choice(["", f"N{rng.random()}"]), body=rng.choice([None, body()])
        )
        for _ in range(rng.randint(0, 5)):
            VerificationStepFactory(
                certificate=certificate,
                by=officer,
                on=DAY + dt.timedelta(days=rng.randint(0, 900)),
                method=rng.choice(m.VerificationStep.Method.values),
                outcome=rng.choice(["confirmed"] * 4 + ["not_found", "refuted"]),
            )
        for _ in range(6):
            both(certificate, DAY + dt.timedelta(days=rng.randint(0, 1500)))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2024, 12, 15), 1, dt.date(2025, 1, 15)),
        (dt.date(2025, 3, 31), -1, dt.date(2025, 2, 28)),
        (dt.date(2025, 1, 31), -12, dt.date(2024, 1, 31)),
    ],
)
def test_months_after(day, months, then):
    assert months_after(day, months) == then
