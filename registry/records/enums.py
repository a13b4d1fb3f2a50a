"""Closed lists of drafts and applications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where an application is; before it is submitted it is a draft of one person."""

    SUBMITTED = "submitted", _("Waiting for a decision")
    SENT_BACK = "sent_back", _("Sent back")
    REGISTERED = "registered", _("In the register")
    WITHDRAWN = "withdrawn", _("Withdrawn")


STEPS = (
    ("submitted", "sent_back"),
    ("submitted", "registered"),
    ("submitted", "withdrawn"),
    ("sent_back", "submitted"),
    ("sent_back", "withdrawn"),
)
"""Every step an application can take; the database refuses all others."""
