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
