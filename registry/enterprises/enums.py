"""Closed lists of the enterprise."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalForm(models.TextChoices):
    ONE_MEMBER_LLC = "llc1", _("One-member limited company")
    LLC = "llc", _("Limited company")
    JOINT_STOCK = "jsc", _("Joint-stock company")
    PARTNERSHIP = "partnership", _("Partnership")
    PRIVATE = "private", _("Private enterprise")
    COOPERATIVE = "cooperative", _("Cooperative")
    HOUSEHOLD = "household", _("Household business")
    BRANCH = "branch", _("Branch")


class Ownership(models.TextChoices):
    STATE = "state", _("State-owned")
    PRIVATE = "private", _("Domestic private")
    FOREIGN = "foreign", _("Foreign-invested")


class SizeClass(models.TextChoices):
    """Decree 80/2021/ND-CP, article 5, industry; computed, never typed."""

    MICRO = "micro", _("Micro")
    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Large")


class BlankReason(models.TextChoices):
    NOT_ASKED = "not_asked", _("Not asked yet")
    UNKNOWN = "unknown", _("Unknown")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class SiteKind(models.TextChoices):
    HEAD_OFFICE = "head_office", _("Head office")
    FACTORY = "factory", _("Factory")


class LifeState(models.TextChoices):
    """Where an enterprise is in its life cycle on a day; computed from dates."""

    NOT_YET = "not_yet", _("Not in the register yet")
    OPERATING = "operating", _("Operating")
    SUSPENDED = "suspended", _("Operation suspended")
    CLOSED = "closed", _("Closed")
    MOVED_AWAY = "moved_away", _("Moved away from Hanoi")
    MERGED = "merged", _("Merged into another")
