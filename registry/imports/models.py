"""Lists on their way into the register, kept so that a review can go on another day."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from registry.core.models import tracked
from registry.imports.problems import Outcome

WRITTEN = (Outcome.NEW.value, Outcome.CHANGED.value)


class ImportBatch(models.Model):
    """One uploaded file: what it is, how it is read, and how far its review has come.

    ``mapping`` holds the meaning of each column by its letter; ``headings`` is the sum of
    the headings by which it is found again for the next file of that shape. ``found`` is
    what the file was found to be (see ``registry.imports.shape``), so that a page need not
    open it. ``context`` is the key under which the history has all that the batch wrote.
    What is being done with a batch just now, and what failed, is in :class:`ImportRun`.
    A list that was removed unwritten keeps its name and sum; file and rows are gone, and
    :class:`ImportAct` says by whom.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        PLANNED = "planned", _("In review")
        APPLIED = "applied", _("Written")
        REVERSED = "reversed", _("Taken back")
        REMOVED = "removed", _("Removed")

    IN_REVIEW = (Status.UPLOADED.value, Status.PLANNED.value)

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    encoding = models.CharField(max_length=40, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    header = models.PositiveIntegerField(default=0)
    without_hidden = models.BooleanField(default=False)
    mapping = models.JSONField(default=dict, blank=True)
    headings = models.CharField(max_length=64, blank=True)
    found = models.JSONField(default=dict, blank=True)
    notices = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.UPLOADED)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    context = models.UUIDField(null=True, blank=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["headings", "-id"], name="import_batch_headings")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["uploaded", "planned", "applied", "reversed", "removed"]),
                name="import_batch_status_is_known",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status__in=["applied", "reversed"], applied_at__isnull=False)
                    & Q(applied_by__isnull=False, context__isnull=False)
                )
                | (
                    Q(status__in=["uploaded", "planned", "removed"], applied_at__isnull=True)
                    & Q(applied_by__isnull=True, context__isnull=True)
                ),
                name="import_batch_written_by_somebody",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="reversed", reversed_at__isnull=False)
                    & Q(reversed_by__isnull=False, reversed_at__gte=F("applied_at"))
                )
                | (~Q(status="reversed") & Q(reversed_at__isnull=True, reversed_by__isnull=True)),
                name="import_batch_taken_back_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="removed") | Q(content=b"", found={}, notices=[]),
                name="import_batch_removed_is_empty",
                violation_error_message=_("Of a removed list neither file nor rows are kept."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class ImportRow(models.Model):
    """One row of the list as it stands in review.

    ``cells`` are the texts by the letter of their column, those of contact persons left
    out; ``edits`` the ones that an officer mended, ``mended`` what stood there before, and
    who mended it when; ``offers`` are the repairs that can be taken (see
    ``registry.imports.repairs``); ``asks`` is what an officer can decide (see
    ``registry.imports.choices``); ``digest`` tells whether the row would still write the
    same. ``sought`` is what a search looks in: the name folded, the tax code as written and
    its digits, each on a line.
    """

    class Decision(models.TextChoices):
        ACCEPT = "accept", _("Accepted")
        LEAVE = "leave", _("Left out")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    decision = models.CharField(max_length=6, choices=Decision, default=Decision.LEAVE)
    cells = models.JSONField(default=dict, blank=True)
    edits = models.JSONField(default=dict, blank=True)
    mended = models.JSONField(default=list, blank=True)
    offers = models.JSONField(default=list, blank=True)
    changes = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)
    asks = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64)
    sought = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_number_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="import_row_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="leave") | Q(decision="accept", outcome__in=WRITTEN),
                name="import_row_accepted_could_be_written",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"


class ImportAct(models.Model):
    """What somebody did to rows of a list by hand, or to the list: only ever added to.

    ``rows`` are the numbers of the rows as spans, ``[[2, 886]]``. ``repair`` is the kind of
    repair that was taken or put back, empty for a cell that an officer wrote. What was
    decided of a row that asks is in :class:`ImportDecision`, what a worker did in
    :class:`ImportRun`. After ``FORGET`` the same numbers are those of other rows.
    """

    class Kind(models.TextChoices):
        ACCEPT = "accept", _("Accepted")
        LEAVE = "leave", _("Left out")
        MEND = "mend", _("Mended")
        PUT_BACK = "put_back", _("Put back")
        REMOVE = "remove", _("Removed")
        FORGET = "forget", _("Read anew from another sheet or row")

    OF_THE_LIST = (Kind.REMOVE.value, Kind.FORGET.value)

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=8, choices=Kind)
    repair = models.CharField(max_length=20, blank=True)
    rows = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="remove", rows=[], repair="") & ~Q(reason="")
                | Q(kind="forget", rows=[], repair="", reason="")
                | Q(kind__in=["accept", "leave"], repair="", reason="") & ~Q(rows=[])
                | Q(kind__in=["mend", "put_back"], reason="") & ~Q(rows=[]),
                name="import_act_of_rows_or_of_the_list",
                violation_error_message=_(
                    "What was done is done to rows, or to the whole list; a removal has a reason."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    Exact(
                        Func(F("rows"), function="jsonb_typeof", output_field=models.TextField()),
                        Value("array"),
                    )
                ),
                name="import_act_rows_are_spans",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="only_added_to", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.kind}/{self.pk}"


class ImportHolder(models.Model):
    """Who took a list in review over, and when; before the first it is who loaded it.

    The last one works on it. It tells others whom to ask; it keeps nobody's hands off.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="holders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.pk}"


@tracked
class ImportDecision(models.Model):
    """What an officer decided of a row that could not be told: whom it means, or whose values.

    It stands beside the rows, which are made anew with every check; ``is_checked`` says
    whether they were since. ``same_as`` is the identity of a record, which may be gone by
    the next check. ``apart_from`` are identities of the records that the row is not;
    ``fields`` says for each what is taken and between which two texts that was chosen. The
    history has the decisions that another one replaced or that were undone.
    """

    class Kind(models.TextChoices):
        SAME = "same", _("The same as a record")
        NEW = "new", _("A new record")
        FIELDS = "fields", _("Whose values")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=6, choices=Kind)
    same_as = models.BigIntegerField(null=True, blank=True)
    apart_from = models.JSONField(default=list, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    is_checked = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_decision_once"),
            models.CheckConstraint(
                condition=(
                    Q(kind="same", same_as__isnull=False, apart_from=[], fields={})
                    | (Q(kind="new", same_as__isnull=True, fields={}) & ~Q(apart_from=[]))
                    | (Q(kind="fields", same_as__isnull=True, apart_from=[]) & ~Q(fields={}))
                ),
                name="import_decision_is_one_of_three",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}/{self.kind}"


class ImportRun(models.Model):
    """One piece of work on a batch: asked for by somebody, done by a worker, good or failed.

    A run that has not ended keeps everybody's hands off its batch, and there is only one.
    Its work and its end are one transaction: whatever kills the worker, the run either is
    over with all its work, or stands open with none of it and is taken up again.
    """

    class Step(models.TextChoices):
        LOOK = "look", _("Looking at the file")
        CHECK = "check", _("Checking the rows")
        WRITE = "write", _("Writing into the register")
        TAKE_BACK = "take_back", _("Taking back")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="runs")
    step = models.CharField(max_length=10, choices=Step)
    reason = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch"],
                condition=Q(ended_at__isnull=True),
                name="import_run_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(step__in=["look", "check", "write", "take_back"]),
                name="import_run_step_is_known",
            ),
            models.CheckConstraint(
                condition=Q(problem="") | Q(ended_at__isnull=False),
                name="import_run_failed_is_over",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True, attempts=0)
                | Q(started_at__isnull=False, attempts__gt=0),
                name="import_run_started_is_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.step}/{self.pk}"
