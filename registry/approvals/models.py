"""What waits for a second person, and where a second person is asked for."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.enterprises.models import tracked


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self) -> ProposalQuerySet:
        """Nobody has decided yet."""
        return self.filter(outcome="")

    def within(self, enterprises: models.QuerySet | None) -> ProposalQuerySet:
        """About one of these, or about no enterprise at all; None: every one."""
        if enterprises is None:
            return self.all()
        return self.filter(Q(enterprise__isnull=True) | Q(enterprise__in=enterprises.values("pk")))


@tracked
class Proposal(models.Model):
    """A decision asked for by one person, to be taken by another.

    ``payload`` holds the plain arguments by which it is done, ``version`` what the register
    had recorded of the subject when it was asked for; ``foreseen`` and ``moved`` the
    headline figures before and after, tried then and as it was done.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        OVERTAKEN = "overtaken", _("Overtaken")

    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=80)
    enterprise = models.ForeignKey(
        "registry.Enterprise", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("enterprise"),
    )  # fmt: skip
    payload = models.JSONField()
    version = models.JSONField()
    sentence_vi = models.TextField(_("what is asked for"))
    sentence_en = models.TextField(_("what is asked for, in English"))
    foreseen = models.JSONField(default=list)
    moved = models.JSONField(default=list)
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(outcome=""),
                name="proposal_waits_once",
                violation_error_message=_("The same already waits for a second person."),
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(sentence_vi="") & ~Q(sentence_en=""),
                name="proposal_has_words",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    outcome__in=["approved", "refused", "withdrawn", "overtaken"],
                    decided_by__isnull=False,
                    decided_at__gte=F("proposed_at"),
                ),
                name="proposal_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(outcome="withdrawn", decided_by=F("proposed_by"))
                | (~Q(outcome="withdrawn") & ~Q(decided_by=F("proposed_by"))),
                name="proposal_decided_by_another",
                violation_error_message=_("Who proposed it cannot decide it, only withdraw it."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["refused", "overtaken"]) | ~Q(decision_reason=""),
                name="proposal_refused_with_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decided_is_for_ever",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=~pgtrigger.Q(old__outcome=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.sentence_vi}"

    @property
    def sentence(self) -> str:
        """What is asked for, in the reader's language, as it was when it was asked."""
        return self.sentence_en if (get_language() or "vi").startswith("en") else self.sentence_vi


@pghistory.track(pghistory.InsertEvent())
class ApprovalPolicy(models.Model):
    """From a moment on, a kind of decision needs a second person, or no longer does.

    Rows are only added; the last one of a kind holds. Without one nobody else is asked.
    """

    kind = models.CharField(_("kind"), max_length=40)
    is_required = models.BooleanField(_("a second person decides"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("policy of four eyes")
        verbose_name_plural = _("policies of four eyes")
        indexes = [models.Index(fields=["kind", "-id"], name="approval_policy_of_kind")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="approval_policy_has_a_reason")
        ]
        triggers = [
            pgtrigger.Protect(name="only_added_to", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {'2' if self.is_required else '1'} {self.pk}"
