"""Closed lists of site visits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    RECORD = "record", _("Is the record still true?")
    CERTIFICATE = "certificate", _("To see a certificate")
    SUPPORT = "support", _("About support")
    OTHER = "other", _("Other")


class Seen(models.TextChoices):
    """An answer of the checklist; what was not looked at is not answered by no."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_LOOKED = "not_looked", _("Not looked at")


class Met(models.TextChoices):
    """Who was met, by post; never by name."""

    DIRECTOR = "director", _("Director or owner")
    MANAGER = "manager", _("Manager (production, quality)")
    STAFF = "staff", _("Other staff")
    NOBODY = "nobody", _("Nobody")


class Result(models.TextChoices):
    AS_RECORDED = "as_recorded", _("As recorded")
    DIFFERS = "differs", _("Differs from the record (write how)")
    NOT_FOUND = "not_found", _("Nothing of the enterprise at the address")


class Conflict(models.TextChoices):
    """Why a visit has to be looked at before anything is taken from it."""

    CHANGED = "changed", _("The record was changed after it was read for the visit")
    CLOSED = "closed", _("The enterprise had closed or moved away by the day of the visit")
    MERGED = "merged", _("The record was merged into another")
    SAME_DAY = "same_day", _("Another visit of the same day is recorded")
