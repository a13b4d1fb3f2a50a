"""Work that is asked for: once at a time, never lost, seen from outside while it goes on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from registry import models as m
from registry.imports import actions, work
from registry.imports.problems import BatchBusy, WrongStep
from registry.imports.review import actions as review
from registry.imports.runs import actions as runs
from registry.imports.runs.queries import worker_is_there
from tests.factories import EnterpriseFactory, UserFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code

pytestmark = pytest.mark.django_db
CODE = tax_code(10010910)
HEADER = ("Tên doanh nghiệp", "MST", "Địa chỉ")
ROW = ("Công ty TNHH Bình Minh", CODE, HANOI)


@pytest.fixture
def batch():
    content = csv_bytes(HEADER, ROW)
    return actions.keep_file(name="list.csv", content=content, by=UserFactory())


@pytest.fixture
def background(settings):
    settings.IMPORTS_IN_BACKGROUND = True


def jobs():
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "args", "status"))


def test_the_run_and_its_job_come_and_go_together(batch, background):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        work.ask_to_check(batch_id=batch.pk, by=UserFactory())
        raise ZeroDivisionError
    assert (m.ImportRun.objects.count(), jobs()) == (0, [])
    run = work.ask_to_check(batch_id=batch.pk, by=UserFactory())
    assert jobs() == [("imports.carry_out", {"run_id": run.pk}, "todo")]
    assert (run.started_at, run.ended_at) == (None, None)


def test_hands_are_kept_off_while_work_is_open(batch, background):
    actions.check_again(batch_id=batch.pk)
    by = UserFactory()
    work.ask_to_apply(batch_id=batch.pk, by=by)
    for ask in (work.ask_to_check, work.ask_to_apply, work.ask_to_take_back):
        with pytest.raises(BatchBusy):
            ask(batch_id=batch.pk, by=by)
    with pytest.raises(BatchBusy):
        review.decide(batch_id=batch.pk, numbers=[2], accept=False, by=UserFactory())
    with pytest.raises(BatchBusy):
        actions.edit(batch_id=batch.pk, number=2, cells={"A": "x"})
    assert m.ImportRun.objects.count() == 1


def test_without_a_worker_the_work_is_done_at_once(batch):
    by = UserFactory()
    assert work.ask_to_check(batch_id=batch.pk, by=by).done == 1
    run = work.ask_to_apply(batch_id=batch.pk, reason="theo công văn 12", by=by)
    assert (run.step, run.asked_by, run.done, run.problem) == ("write", by, 1, "")
    [event] = m.Enterprise.pgh_event_model.objects.select_related("pgh_context")
    assert event.pgh_context.metadata["reason"] == "Import of list.csv: theo công văn 12"
    assert work.ask_to_take_back(batch_id=batch.pk, by=by).problem == ""
    assert not m.Enterprise.objects.exists()


def test_what_was_not_checked_cannot_be_written(batch):
    with pytest.raises(WrongStep):
        work.ask_to_apply(batch_id=batch.pk, by=UserFactory())


def test_a_failed_writing_says_why_and_the_rows_are_checked_again(batch):
    actions.check_again(batch_id=batch.pk)
    EnterpriseFactory(name=ROW[0], tax_code=CODE)
    run = work.ask_to_apply(batch_id=batch.pk, by=UserFactory())
    assert run.problem.startswith("The register has changed since the rows were checked.")
    assert [row.outcome for row in batch.rows.all()] == ["changed"]
    batch.refresh_from_db()
    assert (batch.status, m.Enterprise.objects.count()) == ("planned", 1)


def test_an_unforeseen_failure_is_an_end_with_nothing_done(batch, monkeypatch):
    run = runs.ask(batch_id=batch.pk, step="check", by=UserFactory())
    monkeypatch.setitem(work.DOES, "check", lambda *_args: 1 // 0)
    with transaction.atomic():
        work._work_held(run, runs.SILENT)
    run.refresh_from_db()
    assert run.problem.startswith("Something unforeseen went wrong")
    assert not batch.rows.exists()


def test_the_words_are_those_of_who_asked(batch):
    content = csv_bytes(HEADER, ("Công ty C", "12", HANOI))
    batch = actions.keep_file(name="list.csv", content=content, by=UserFactory())
    run = runs.ask(batch_id=batch.pk, step="check", by=UserFactory())
    m.ImportRun.objects.filter(pk=run.pk).update(language="vi")
    work.carry_out(run.pk)
    [problem] = batch.rows.get().problems
    assert "chữ số" in problem["message"]


def test_work_of_another_worker_is_left_alone(batch, django_db_blocker):
    run = runs.ask(batch_id=batch.pk, step="check", by=UserFactory())
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [runs.LOCK_OF_BATCH, batch.pk])
    try:
        work.carry_out(run.pk)
        assert work.take_up() == 0
    finally:
        other.close()
    run.refresh_from_db()
    assert (run.attempts, run.ended_at) == (0, None)


def test_what_was_left_is_taken_up_once(batch):
    run = runs.ask(batch_id=batch.pk, step="check", by=UserFactory())
    assert work.take_up() == 1
    assert work.take_up() == 0
    assert jobs() == [("imports.carry_out", {"run_id": run.pk}, "todo")]


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_it_is_and_nothing_half_written(batch, monkeypatch):
    monkeypatch.setattr(runs, "SECONDS_BETWEEN", 0)
    monkeypatch.setattr("registry.imports.engine.PORTION", 10)
    rows = [(f"Công ty {n}", tax_code(300_100_000 + 20 * n), HANOI) for n in range(35)]
    content = csv_bytes(HEADER, *rows)
    batch = actions.keep_file(name="list.csv", content=content, by=UserFactory())
    actions.check_again(batch_id=batch.pk)
    run = runs.ask(batch_id=batch.pk, step="write", by=UserFactory())
    seen = []
    tell = runs.SeenProgress.tell
    outside = connection.copy()

    def look(self, *said):
        tell(self, *said)
        with outside.cursor() as cursor:
            cursor.execute(
                "SELECT done, total, ended_at IS NULL, (SELECT count(*) FROM registry_enterprise)"
                " FROM registry_importrun"
            )
            seen.append(cursor.fetchone())

    monkeypatch.setattr(runs.SeenProgress, "tell", look)
    work.carry_out(run.pk)
    outside.close()
    while_it_went_on = [(0, 0, True, 0)] + [(done, 35, True, 0) for done in (0, 10, 20, 30, 35)]
    assert seen[: len(while_it_went_on)] == while_it_went_on
    assert seen[-1] == (35, 35, False, 35)


def test_a_worker_is_there_while_it_gives_signs_of_life(background):
    assert not worker_is_there()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        assert worker_is_there()
        old = timezone.now() - dt.timedelta(minutes=2)
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = %s", [old])
    assert not worker_is_there()
