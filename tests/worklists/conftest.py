"""People of the desk, signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.accounts.actions import give_account
from registry.accounts.enums import Role


def account(name, role):
    return give_account(username=name, password="a long word", role=role, by=None)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lan():
    return account("lan", Role.OFFICER)


@pytest.fixture
def minh():
    return account("minh", Role.OFFICER)


@pytest.fixture
def manager():
    return account("binh", Role.MANAGER)
