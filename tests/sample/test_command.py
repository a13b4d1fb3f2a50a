from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from registry import models as m
from registry.enterprises.actions import start_register
from registry.reference.actions import load_reference
from tests.factories import EnterpriseFactory

pytestmark = pytest.mark.django_db


def run(**options: Any) -> str:
    out = io.StringIO()
    call_command("sample_register", stdout=out, **options)
    return out.getvalue()


def nothing_was_written() -> bool:
    return not (m.Certificate.objects.exists() or m.User.objects.exists())


def rows() -> list[tuple]:
    return list(
        m.Enterprise.objects.order_by("pk").values_list(
            "source_ref",
            "name",
            "tax_code",
            "registered_on",
            "sites__address",
            "products__name",
            "certificates__number",
            "supply_relations__buyer__code",
        )
    )


@pytest.mark.slow
def test_the_same_seed_gives_the_same_rows() -> None:
    load_reference(by=None)
    loads = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            said = run(size=30, seed=seed, on="2026-06-30")
            loads.append(sorted(rows(), key=str))
            transaction.set_rollback(True)
    assert said.startswith("30 fictional enterprises, ")
    assert "as of 2026-06-30 (seed 8" in said
    assert loads[0] == loads[1] != loads[2]


@pytest.mark.slow
def test_a_second_sample_is_refused() -> None:
    load_reference(by=None)
    run(size=5)
    with pytest.raises(CommandError, match="A sample of 5 enterprises is here already"):
        run(size=5)
    assert m.Enterprise.objects.count() == 5


def test_a_real_register_is_refused() -> None:
    start_register(kind="real", by=None)
    with pytest.raises(CommandError, match="This is a real register"):
        run(size=5)
    assert not m.Enterprise.objects.exists() and nothing_was_written()


def test_enterprises_of_unknown_kind_are_taken_for_real() -> None:
    EnterpriseFactory()
    with pytest.raises(CommandError, match="taken for real"):
        run(size=5)
    assert m.Enterprise.objects.count() == 1 and nothing_was_written()
    assert not m.Register.objects.exists()


def test_without_code_lists_it_says_what_to_run_and_leaves_no_trace() -> None:
    with pytest.raises(CommandError, match="Run load_reference first"):
        run(size=5)
    assert nothing_was_written()
    assert not m.Register.objects.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": "0"}, "--size 0 is not a number from 1"),
        ({"size": "ten"}, "--size ten is not a number"),
        ({"size": "2000000"}, "from 1 to 1,000,000"),
        ({"seed": "-1"}, "--seed -1 is not a number from 0"),
        ({"on": "30/06/2026"}, "30/06/2026 is not a day"),
        ({"on": "2999-01-01"}, "2999-01-01 has not come yet"),
    ],
)
def test_odd_options_are_told_plainly(options: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(**options)
    assert nothing_was_written()
