"""What officers decided at the desk, so that nothing is asked twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.enterprises.models import tracked


@tracked
class QuestionAnswer(models.Model):
    """A question of the cross-checks, explained by an officer.

    ``fingerprint`` is made of the facts that raised the question: as long as they stay
    the same it is not asked again; when they change it is a new question.
    """

    kind = models.CharField(_("kind of question"), max_length=40)
    fingerprint = models.CharField(max_length=64)
    enterprise = models.ForeignKey(
        "registry.Enterprise", models.PROTECT, related_name="+", verbose_name=_("enterprise")
    )
    sentence = models.TextField(_("question as asked"))
    reason = models.TextField(_("explanation"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    on = models.DateField(_("on"))

    class Meta:
        verbose_name = _("answer to a question")
        constraints = [
            models.UniqueConstraint(fields=["kind", "fingerprint"], name="question_answered_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="question_answer_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:12]}"


@tracked
class DuplicateDecision(models.Model):
    """Whether two records are of the same enterprise; ``first`` has the lower identity."""

    first = models.ForeignKey(
        "registry.Enterprise", models.PROTECT, related_name="+", verbose_name=_("first record")
    )
    second = models.ForeignKey(
        "registry.Enterprise", models.PROTECT, related_name="+", verbose_name=_("second record")
    )
    is_same = models.BooleanField(_("the same enterprise"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    on = models.DateField(_("on"))

    class Meta:
        verbose_name = _("decision on a possible duplicate")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_decided_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="duplicate_decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {'=' if self.is_same else '≠'} {self.second_id}"


@tracked
class Merger(models.Model):
    """Two records made one; ``changes`` names the recorded changes, so that it can be undone.

    ``changes`` is a list of ``[table, number of the event]`` in the order of writing.
    """

    kept = models.ForeignKey(
        "registry.Enterprise", models.PROTECT, related_name="+", verbose_name=_("record kept")
    )
    gone = models.ForeignKey(
        "registry.Enterprise", models.PROTECT, related_name="+", verbose_name=_("record given up")
    )
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    on = models.DateField(_("on"))
    changes = models.JSONField(default=list)
    undone_on = models.DateField(_("undone on"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("merger of two records")
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merger_of_two_records"),
            models.UniqueConstraint(
                fields=["gone"],
                condition=Q(undone_on__isnull=True),
                name="merger_gives_up_a_record_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_on__isnull=True, undone_by__isnull=True)
                | Q(undone_on__isnull=False, undone_by__isnull=False),
                name="merger_undone_by_and_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"


@tracked
class ContactRead(models.Model):
    """Somebody looked at the contact persons of an enterprise beyond their consent."""

    enterprise = models.ForeignKey(
        "registry.Enterprise", models.PROTECT, related_name="+", verbose_name=_("enterprise")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("reading of contact persons")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="contact_read_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.at:%Y-%m-%d}"
