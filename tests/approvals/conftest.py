"""People who decide, and a certificate that counts as soon as it is confirmed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.approvals.actions import ask, set_policy
from tests.factories import CertificateFactory, EnterpriseFactory

TODAY = timezone.localdate()


def account(name, role):
    return give_account(username=name, password="a long word", role=role, by=None)


@pytest.fixture
def admin():
    return account("root", Role.ADMIN)


@pytest.fixture
def verifier():
    return account("ha", Role.VERIFIER)


@pytest.fixture
def second():
    return account("quan", Role.VERIFIER)


@pytest.fixture
def certificate():
    """Of one of two enterprises in Hanoi; nobody has looked at it."""
    EnterpriseFactory(in_hanoi=True)
    return CertificateFactory(
        issued_on=TODAY - dt.timedelta(days=100), valid_until=TODAY + dt.timedelta(days=500)
    )


@pytest.fixture
def two_decide(admin):
    """From now on these kinds need a second person."""

    def required(*kinds):
        for kind in kinds:
            set_policy(kind=kind, is_required=True, reason="order 12", by=admin)

    return required


def look(certificate, **said):
    return {
        "certificate": certificate.pk, "outcome": "confirmed", "method": "register",
        "source_seen": "https://body.example", "note": "", "on": TODAY.isoformat(), **said,
    }  # fmt: skip


def proposed(certificate, by, **said):
    return ask(kind="verify", payload=look(certificate, **said), reason="seen", by=by).proposal
