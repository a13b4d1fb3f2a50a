"""What every session with the database is told at its beginning."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("jit", "off"),
        # Not empty and not unknown: both are errors inside each trigger of the history, whose
        # cost grows with the transaction.
        ("pgtrigger.ignore", "{}"),
    ],
)
def test_a_session_is_told(setting, value):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == (value,)
