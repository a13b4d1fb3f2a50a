"""Work on a list that a worker does while the officer looks on.

``ask_to_…`` notes what is wanted and puts it before the workers in the same transaction, so
that neither is ever there without the other. ``carry_out`` does it; ``take_up`` finds what
was left by workers that are gone. Where the setting ``IMPORTS_IN_BACKGROUND`` is off the
work is done before ``ask_to_…`` returns.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import pghistory
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.enterprises.actions import RegisterKindConflict
from registry.enterprises.permissions import OutsideArea
from registry.imports import actions
from registry.imports.apart import BYTES_AT_ONCE, SECONDS_AT_ONCE
from registry.imports.engine import sample_message
from registry.imports.models import ImportBatch, ImportRun
from registry.imports.problems import BatchBusy, ImportBusy, RegisterChanged, Unreadable, WrongStep
from registry.imports.reading import MAX_BYTES, refuse_other_kinds
from registry.imports.runs.actions import (
    SILENT,
    Progress,
    ask,
    end,
    hand_over,
    hold,
    seen_progress,
)
from registry.imports.runs.queries import open_run

logger = logging.getLogger(__name__)
Step = ImportRun.Step

MAX_ATTEMPTS = 3
"""A run during which the worker ended so often is not tried again."""

NAMES_SAID = 20


# Asking


def receive(*, name: str, content: bytes, by: User) -> ImportBatch:
    """Keep an uploaded list. A small one is looked at here, a large one by a worker.

    Raises :class:`~registry.imports.problems.Unreadable` where that is seen at once; then
    nothing is kept.
    """
    if len(content) <= BYTES_AT_ONCE or len(content) > MAX_BYTES:
        return actions.keep_file(name=name, content=content, by=by, seconds=SECONDS_AT_ONCE)
    refuse_other_kinds(content)
    with transaction.atomic():
        batch = actions.keep_unseen(name=name, content=content, by=by)
        run = _ask(batch.pk, Step.LOOK, by=by)
    _done_here(run)
    return batch


def ask_to_check(
    *,
    batch_id: int,
    how: Mapping[str, Any] | None = None,
    first: Callable[[], object] | None = None,
    by: User,
) -> ImportRun:
    """Have every row checked, after saying how to read the file.

    ``first`` is what else is done to the rows before, in the same transaction.

    Raises :class:`~registry.imports.problems.Unreadable` where the file cannot be read so,
    :class:`~registry.imports.problems.WrongStep` where the review is over.
    """
    with transaction.atomic():
        actions.in_hand(batch_id)
        if how is not None:
            actions.say_how(batch_id=batch_id, **how, by=by)
        if first is not None:
            first()
        run = _ask(batch_id, Step.CHECK, by=by)
    return _done_here(run)


def ask_to_apply(*, batch_id: int, reason: str = "", by: User) -> ImportRun:
    """Have the accepted rows written, all of them or none; ``reason`` goes to the history.

    Raises :class:`~registry.imports.problems.WrongStep` where there is nothing to write.
    """
    with transaction.atomic():
        batch = actions.in_hand(batch_id)
        if batch.status != ImportBatch.Status.PLANNED:
            raise WrongStep
        run = _ask(batch_id, Step.WRITE, reason=reason, by=by)
    return _done_here(run)


def ask_to_take_back(*, batch_id: int, reason: str = "", by: User) -> ImportRun:
    """Have all that a list wrote undone, unless a record was changed since."""
    with transaction.atomic():
        if open_run(batch_id):
            raise BatchBusy
        actions.at_work(batch_id, ImportBatch.Status.APPLIED)
        run = _ask(batch_id, Step.TAKE_BACK, reason=reason, by=by)
    return _done_here(run)


def _ask(batch_id: int, step: str, *, reason: str = "", by: User) -> ImportRun:
    run = ask(batch_id=batch_id, step=step, reason=reason, by=by)
    if settings.IMPORTS_IN_BACKGROUND:
        hand_over(run.pk)
    return run


def _done_here(run: ImportRun) -> ImportRun:
    if not settings.IMPORTS_IN_BACKGROUND:
        work(run, SILENT)
        run.refresh_from_db()
    return run


# Doing


def carry_out(run_id: int) -> None:
    """Do the work of a run that stands open, unless another worker is at it.

    Returns when the run is over. Raises only where the database is away: then the run stays
    open and :func:`take_up` finds it.
    """
    run = ImportRun.objects.filter(pk=run_id, ended_at__isnull=True).first()
    if run is None:
        return
    with translation.override(run.language), seen_progress(run_id) as progress:
        with transaction.atomic():
            if not hold(run.batch_id):
                return
            attempt = progress.begin()
            progress.tell("begun")
            if attempt > MAX_ATTEMPTS:
                end(run_id, problem=_broke_the_worker())
                return
            _work_held(run, progress)
        progress.tell("over")


def _work_held(run: ImportRun, progress: Progress) -> None:
    try:
        with transaction.atomic():
            work(run, progress)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # The text of an error can hold what stands in a list: only its kind and place are kept.
        place = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Run %s failed: %s\n%s", run.pk, type(error).__name__, place)
        end(run.pk, problem=_unforeseen())


def work(run: ImportRun, progress: Progress) -> None:
    """Do it, and end the run in the same transaction: well, or with the reason in words."""
    try:
        with transaction.atomic():
            done = DOES[run.step](run, progress)
            connection.check_constraints()  # the deferred ones, while it can be said why
            progress.tell("ended")  # the last word from outside: the run's row is ours now
            end(run.pk, done=done)
    except RegisterChanged as problem:
        if run.step == Step.WRITE:
            _check_after(run, progress)
        end(run.pk, problem=str(problem))
    except (Unreadable, ImportBusy, OutsideArea) as problem:
        end(run.pk, problem=str(problem))
    except RegisterKindConflict:
        end(run.pk, problem=sample_message())
    except WrongStep:
        end(run.pk, problem=_("The review of this list is over; nothing was changed."))
    except IntegrityError:
        end(run.pk, problem=_("Not done: other records hang on what would be changed."))
    except actions.CannotTakeBack as problem:
        text = _("Not taken back: these records were changed since: %(names)s.")
        end(run.pk, problem=text % {"names": "; ".join(problem.names[:NAMES_SAID])})


def _check_after(run: ImportRun, progress: Progress) -> None:
    """What is said of the rows is what the register would do with them now."""
    actions.check_again(batch_id=run.batch_id, progress=progress)


def _look(run: ImportRun, _progress: Progress) -> int:
    actions.look(batch_id=run.batch_id)
    return 0


def _check(run: ImportRun, progress: Progress) -> int:
    with pghistory.context(user=run.asked_by_id):  # decisions on rows that are gone go too
        batch = actions.check_again(batch_id=run.batch_id, progress=progress, by=run.asked_by)
        return batch.rows.count()


def _write(run: ImportRun, progress: Progress) -> int:
    return actions.write(
        batch_id=run.batch_id, reason=run.reason, progress=progress, by=run.asked_by
    )


def _take_back(run: ImportRun, progress: Progress) -> int:
    return actions.take_back(batch_id=run.batch_id, progress=progress, by=run.asked_by)


DOES: Mapping[str, Callable[[ImportRun, Progress], int]] = {
    Step.LOOK: _look,
    Step.CHECK: _check,
    Step.WRITE: _write,
    Step.TAKE_BACK: _take_back,
}


# Taking up


def take_up() -> int:
    """Put runs before the workers again that stand open and at which nobody is.

    A worker that was killed leaves its job marked as being done. Whether anybody is at a
    batch is told by its lock, not by the clock. Returns how many runs were found.
    """
    found = 0
    for run in ImportRun.objects.filter(ended_at__isnull=True).order_by("pk"):
        with transaction.atomic():
            is_open = ImportRun.objects.filter(pk=run.pk, ended_at__isnull=True)
            if hold(run.batch_id) and is_open.exists():
                found += hand_over(run.pk)
    return found


def _broke_the_worker() -> str:
    return _(
        "The work on this list was cut off three times, and it is not tried again. Nothing was "
        "changed. Divide the list, or have the worker's log looked at."
    )


def _unforeseen() -> str:
    return _(
        "Something unforeseen went wrong and nothing was changed. It is in the worker's log; "
        "tell those who look after the register."
    )
