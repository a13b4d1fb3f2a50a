"""Who is signed in where lists are loaded."""

from __future__ import annotations

import pytest

from registry.accounts.actions import give_account
from registry.accounts.enums import Role


@pytest.fixture
def officer(client):
    user = give_account(username="officer", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(user)
    return user
