"""Closed lists of certificates."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rung(models.IntegerChoices):
    """How well a certificate is proved on a day; a higher rung is a better proof."""

    CLAIMED = 0, _("Claimed only")
    DOCUMENT = 1, _("Document seen")
    NUMBER_AND_BODY = 2, _("Document seen, number and body known")
    BODY = 3, _("Confirmed with the body")
    SITE = 4, _("Confirmed at the site")
