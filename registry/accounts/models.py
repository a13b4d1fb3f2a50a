"""The people of the department who sign in, and what happened to their accounts."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.accounts.enums import AccountEvent
from registry.core.models import tracked


class User(AbstractUser):
    """A person who signs in; our own class from the first migration on."""

    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="vi"
    )

    def get_full_name(self) -> str:
        """Family name first, as Vietnamese names are written in every language."""
        return f"{self.last_name} {self.first_name}".strip()

    @property
    def signed_name(self) -> str:
        """The name they gave, as it may stand in public; never the one they sign in with."""
        return self.get_full_name() or str(_("an officer whose name is not recorded"))

    @property
    def desk_name(self) -> str:
        """The name they gave, else the one they sign in with: for colleagues only."""
        return self.get_full_name() or self.get_username()


@tracked
class AccountEntry(models.Model):
    """One thing that happened to an account. Written once, never changed or deleted.

    ``person`` is empty where nobody of that name is known: the name tried is not kept, as
    it may be a password typed into the wrong field. ``by`` is the administrator who did it,
    empty where the person did. ``detail`` never holds a secret.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="entries",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("what happened"), max_length=16, choices=AccountEvent)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    address = models.GenericIPAddressField(_("network address"), null=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("accounts and sign-ins")
        indexes = [models.Index(fields=["person", "-id"], name="account_entry_of_a_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AccountEvent.values), name="account_entry_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | ~Q(reason=""),
                name="account_entry_by_somebody_has_a_reason",
                violation_error_message=_("Write the reason."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id or '-'}"
