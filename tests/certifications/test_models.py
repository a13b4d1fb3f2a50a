"""One clause at a time: what makes a certificate count on a day."""

import datetime as dt

import pytest

from registry import models as m

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 30)


@pytest.fixture
def make():
    holder = m.Enterprise.objects.create(name="A", registered_on=dt.date(2020, 1, 1), source="t")
    scheme = m.CertificationScheme.objects.create(
        code="S", name="S", kind="system", is_international=True
    )

    def certificate(**fields):
        return m.Certificate.objects.create(
            **{
                "enterprise": holder,
                "scheme": scheme,
                "source": "t",
                "issued_on": dt.date(2025, 1, 1),
                "valid_until": dt.date(2027, 12, 31),
                **fields,
            }
        )

    return certificate


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "valid"),
        ({"valid_until": ON}, "valid"),
        ({"valid_until": ON - dt.timedelta(days=1)}, "expired"),
        ({"issued_on": ON}, "valid"),
        ({"issued_on": ON + dt.timedelta(days=1)}, "not_yet"),
        ({"withdrawn_on": ON}, "withdrawn"),
        ({"withdrawn_on": ON + dt.timedelta(days=1)}, "valid"),
        ({"suspended_on": ON}, "suspended"),
        ({"suspended_on": dt.date(2026, 1, 1), "reinstated_on": ON}, "valid"),
        ({"valid_until": None}, "unknown"),
        ({"issued_on": None}, "unknown"),
    ],
)
def test_state_and_query_say_the_same(make, fields, state):
    row = make(**fields)
    assert row.state_on(ON) == state
    assert m.Certificate.objects.counting(ON).exists() == (state == "valid")


def test_withdrawn_edition_ends_its_certificates(make):
    scheme = m.CertificationScheme.objects.get()
    edition = m.SchemeEdition.objects.create(scheme=scheme, code="2013", withdrawn_on=ON)
    row = make(edition=edition)
    assert row.state_on(ON) == "edition_withdrawn"
    assert not m.Certificate.objects.counting(ON).exists()
    assert m.Certificate.objects.counting(ON - dt.timedelta(days=1)).exists()


def test_suspended_counts_where_the_scheme_says_so(make):
    make(suspended_on=dt.date(2026, 1, 1))
    m.CertificationScheme.objects.update(counting_statuses=["valid", "suspended"])
    assert m.Certificate.objects.counting(ON).exists()


@pytest.mark.parametrize(
    ("outcomes", "is_verified"),
    [
        ([], False),
        (["confirmed"], True),
        (["not_found"], False),
        (["confirmed", "refuted"], False),
        (["refuted", "confirmed"], True),
    ],
)
def test_verified_is_what_the_last_step_says(make, outcomes, is_verified):
    row = make()
    officer = m.User.objects.create_user("officer")
    for day, outcome in enumerate(outcomes, start=1):
        m.VerificationStep.objects.create(
            certificate=row,
            by=officer,
            on=dt.date(2026, 1, day),
            method="register",
            outcome=outcome,
        )
    assert m.Certificate.objects.verified(ON).exists() == is_verified
