"""What was mended and decided outlives a large file that could not be read otherwise."""

import pytest

from registry.accounts.models import User
from registry.imports import actions, work
from registry.imports.problems import Unreadable
from tests.factories import UserFactory
from tests.imports.sheets import tax_code, xlsx_bytes

pytestmark = pytest.mark.django_db
HEADER = ("Tên doanh nghiệp", "MST")
SAID = {"encoding": "", "sheet": "", "header": 0, "mapping": {}}


@pytest.fixture
def batch(monkeypatch):
    """A mended list of two sheets that counts as large."""
    monkeypatch.setattr(actions, "BYTES_AT_ONCE", 5)
    content = xlsx_bytes(
        HEADER,
        ("Công ty A", tax_code(10010910)),
        Other=[("nothing", "here"), ("x", "y")],
        Next=[HEADER, ("Công ty B", tax_code(10010930))],
    )
    kept = actions.keep_file(name="list.xlsx", content=content, by=UserFactory())
    actions.read_as(batch_id=kept.pk, **SAID)
    actions.mend(batch_id=kept.pk, number=2, cells={"A": "Công ty Mới"})
    return kept


def rows(batch):
    return list(batch.rows.values_list("name", "edits"))


MENDED = [("Công ty Mới", {"A": "Công ty Mới"})]


@pytest.mark.parametrize("wrong", [{"sheet": "Other"}, {"header": 900}])
def test_wrong_settings_take_nothing_away(batch, wrong):
    run = work.ask_to_check(batch_id=batch.pk, how=SAID | wrong, by=User.objects.first())
    assert run.problem
    assert rows(batch) == MENDED
    work.ask_to_check(batch_id=batch.pk, how=SAID, by=User.objects.first())
    assert rows(batch) == MENDED


def test_rows_of_another_sheet_have_no_mended_cells_of_this_one(batch):
    actions.read_as(batch_id=batch.pk, **SAID | {"sheet": "Next"})
    assert rows(batch) == [("Công ty B", {})]


def test_a_small_list_is_refused_at_once(batch, monkeypatch):
    monkeypatch.setattr(actions, "BYTES_AT_ONCE", 1_000_000)
    with pytest.raises(Unreadable):
        actions.say_how(batch_id=batch.pk, **SAID | {"sheet": "Other"})
    assert rows(batch) == MENDED
