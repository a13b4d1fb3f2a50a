"""Closed lists of accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does with the register; each but the last is a group of rights."""

    OFFICER = "officer", _("Officer")
    VERIFIER = "verifier", _("Verifier")
    MANAGER = "manager", _("Manager")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


class AccountEvent(models.TextChoices):
    """What can happen to an account; the log names it so."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    REFUSED = "refused", _("Wrong name or password")
    CODE_REFUSED = "code_refused", _("Wrong code of the second factor")
    LOCKED = "locked", _("Locked after too many attempts")
    UNLOCKED = "unlocked", _("Unlocked")
    STRANGER = "stranger", _("Refused: not known here")
    FACTOR_SET = "factor_set", _("Second factor set up")
    FACTOR_REMOVED = "factor_removed", _("Second factor removed")
    FACTOR_RESET = "factor_reset", _("Second factor reset by an administrator")
    CODES_MADE = "codes_made", _("Backup codes made")
    CODE_USED = "code_used", _("Backup code used")
    PASSWORD = "password", _("Password set")
    LINK = "link", _("Link to set a password given")
    CREATED = "created", _("Account made")
    DETAILS = "details", _("Name or e-mail changed")
    ROLE = "role", _("Role changed")
    DIRECTORY = "directory", _("Identifier of the directory changed")
    CLOSED = "closed", _("Account closed")
    OPENED = "opened", _("Account opened again")
    SESSIONS = "sessions", _("Sessions ended")
