from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from registry.reference.actions import load_reference
from registry.sample.codes import Codes, codes

ON = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def lists(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Codes]:
    """The project's own code lists, for a whole module; its tests roll nothing back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference(by=None)
        yield codes()
        transaction.set_rollback(True)
