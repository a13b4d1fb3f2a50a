"""What is being done with a batch, and whether anybody is there to do it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from registry.imports.models import ImportBatch, ImportRun

NO_SIGN_OF_LIFE = dt.timedelta(seconds=30)
"""A worker gives one every ten seconds."""


def open_run(batch_id: int) -> ImportRun | None:
    """The work that is waiting or being done; None where hands may be laid on the batch."""
    return ImportRun.objects.filter(batch=batch_id, ended_at__isnull=True).first()


def last_run(batch_id: int) -> ImportRun | None:
    """The work that was asked for last, however it ended."""
    runs = ImportRun.objects.filter(batch=batch_id).select_related("asked_by")
    return runs.order_by("-pk").first()


def on_the_table() -> QuerySet[ImportBatch]:
    """Lists that were not removed; ``is_unreadable`` are those whose file could not be opened."""
    failed = ImportRun.objects.filter(batch=OuterRef("pk"), step=ImportRun.Step.LOOK).exclude(
        problem=""
    )
    batches = ImportBatch.objects.exclude(status=ImportBatch.Status.REMOVED)
    return batches.annotate(is_unreadable=Q(found={}) & Q(Exists(failed)))


def worker_is_there() -> bool:
    """Whether a worker has given a sign of life of late; True where none is needed."""
    if not settings.IMPORTS_IN_BACKGROUND:
        return True
    since = timezone.now() - NO_SIGN_OF_LIFE
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=since).exists()
