"""What the register knew at a moment, read by the same queries as what it knows now."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from registry import models as m
from registry.core.known import known_at, tracked_models
from registry.dashboard.figures import figure

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 30)


def moment(month: int) -> dt.datetime:
    return dt.datetime(2026, month, 15, tzinfo=dt.UTC)


def recorded(month: int) -> None:
    """Say that what was written just now was written in that month: triggers know only now."""
    with connection.cursor() as cursor:
        for _model, events in tracked_models():
            cursor.execute(
                f"UPDATE {events._meta.db_table} SET pgh_created_at = %s"
                " WHERE pgh_created_at > '2026-11-01'",
                [moment(month) - dt.timedelta(days=1)],
            )


@pytest.fixture
def history():
    """Entered late in March, corrected in April, its site removed in May."""
    hanoi = m.Province.objects.create(code="01", name="Hà Nội")
    row = m.Enterprise.objects.create(name="Cũ", registered_on=dt.date(2026, 1, 1), source="t")
    site = row.sites.create(kind="factory", address="x", province=hanoi)
    recorded(3)
    row.name = "Mới"
    row.save()
    recorded(4)
    site.delete()
    recorded(5)
    return row


def names_at(month: int) -> list[str]:
    with known_at(moment(month)):
        return list(m.Enterprise.objects.order_by("pk").values_list("name", flat=True))


def test_each_moment_shows_what_was_recorded_by_then(history):
    assert [names_at(month) for month in (2, 3, 4, 5)] == [[], ["Cũ"], ["Mới"], ["Mới"]]
    values = []
    for month in (2, 3, 4, 5, 6):
        with known_at(moment(month)):
            values.append(figure("enterprises_total", ON).value)
    assert values == [0, 1, 1, 0, 0]
    assert figure("enterprises_total", ON).value == 0


def test_the_live_tables_are_back_after_an_error(history):
    with pytest.raises(ZeroDivisionError), known_at(moment(2)):
        assert not m.Enterprise.objects.exists()
        raise ZeroDivisionError
    assert m.Enterprise.objects.exists()


def test_now_is_what_the_tables_hold(history):
    with known_at(timezone.now() + dt.timedelta(days=1)):
        past = {
            model: list(model.objects.order_by("pk").values()) for model, _e in tracked_models()
        }
    for model, rows in past.items():
        assert rows == list(model.objects.order_by("pk").values()), model


def test_every_view_fits_its_table():
    with connection.cursor() as cursor:
        for model, _events in tracked_models():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'known' AND table_name = %s",
                [model._meta.db_table],
            )
            columns = {row[0] for row in cursor.fetchall()}
            assert columns == {field.column for field in model._meta.concrete_fields}


def test_the_past_cannot_be_written(history):
    with connection.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("SET registry.known = '2026-01-01'")
        cursor.execute("DELETE FROM known.registry_enterprise")
