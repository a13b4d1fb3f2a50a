"""Closed lists of support."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Funder(models.TextChoices):
    """Whose programme it is."""

    CITY = "city", _("City")
    NATION = "nation", _("State (ministry)")
    DONOR = "donor", _("Donor or foreign partner")


class PartRole(models.TextChoices):
    """What an enterprise does in an activity."""

    BENEFICIARY = "beneficiary", _("Receives the support")
    EXHIBITOR = "exhibitor", _("Exhibits or meets buyers")
    TRAINEE = "trainee", _("Sends people to be trained")
    PARTNER = "partner", _("Gives the support (consultant, trainer, buyer)")


class Measured(models.TextChoices):
    """Who says a figure before and after."""

    STATED = "stated", _("Stated by the enterprise")
    MEASURED = "measured", _("Measured by the consultant or officer")


class Issuer(models.TextChoices):
    """Who gives a certificate of incentives."""

    MINISTRY = "moit", _("Ministry of Industry and Trade")
    CITY = "city", _("Hanoi (People's Committee or its department)")


class ProjectKind(models.TextChoices):
    """What the project of a certificate of incentives is."""

    NEW = "new", _("New project")
    EXPANSION = "expansion", _("Expansion or renewal of technology")
