"""Support of the sample: the same for the same seed, and as true as the rest of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from registry import models as m
from registry.reference.actions import load_reference
from registry.sample.actions import load_sample

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ON = dt.date(2026, 6, 30)


def rows():
    """Everything of it by what identifies an enterprise in every load."""
    parts = m.Participation.objects.order_by("activity__name", "enterprise__source_ref")
    held = m.IncentiveCertificate.objects.order_by("enterprise__source_ref")
    return (
        list(parts.values_list("activity__name", "activity__city_vnd", "enterprise__source_ref",
                               "measures__name", "measures__before", "measures__after")),
        list(held.values_list("enterprise__source_ref", "issued_on", "issuer", "reports__year")),
    )  # fmt: skip


def test_the_same_seed_gives_the_same_support():
    load_reference(by=None)
    loads = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            load_sample(size=60, seed=seed, on=ON, by=None)
            loads.append([sorted(part, key=str) for part in rows()])
            transaction.set_rollback(True)
    assert loads[0] == loads[1] != loads[2]
    assert all(len(part) > 0 for part in loads[0])


def test_whoever_took_part_was_in_the_register_and_running():
    load_reference(by=None)
    load_sample(size=60, seed=1, on=ON, by=None)
    parts = list(m.Participation.objects.select_related("enterprise", "activity"))
    assert {row.enterprise.state_on(row.attended_from) for row in parts} == {"operating"}
    assert all(row.attended_from <= ON for row in parts)
    assert {row.activity for row in parts} == set(m.SupportActivity.objects.all())
    assert not m.IncentiveReport.objects.filter(received_on__gt=ON).exists()
