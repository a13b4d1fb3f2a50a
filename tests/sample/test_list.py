"""A fictional list of any length, read back as an officer's list."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registry.imports.engine import plan_import
from registry.management.commands.sample_list import HEADINGS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def written(folder, name, **options):
    path = folder / name
    call_command("sample_list", str(path), **options)
    return path


def test_the_list_is_read_back_row_by_row(lists, tmp_path):
    path = written(tmp_path, "list.xlsx", rows="60")
    with path.open("rb") as file:
        plan = plan_import(file, path.name, on=timezone.localdate())
    assert [column.header for column in plan.columns] == list(HEADINGS)
    assert plan.counts()["rows"] == 60
    assert plan.counts()["new"] > 50


def test_the_same_seed_gives_the_same_list(lists, tmp_path):
    def rows(name, seed):
        path = written(tmp_path, name, rows="12", seed=seed)
        with path.open("rb") as file:
            plan = plan_import(file, "list.xlsx", on=timezone.localdate())
        return [row.draft for row in plan.rows]

    assert rows("a.xlsx", "7") == rows("b.xlsx", "7")
    assert rows("c.xlsx", "8") != rows("a.xlsx", "7")


def test_a_list_longer_than_any_that_is_read_is_not_written(lists, tmp_path):
    with pytest.raises(CommandError, match="at most 109,000 rows"):
        written(tmp_path, "list.xlsx", rows="109001")
