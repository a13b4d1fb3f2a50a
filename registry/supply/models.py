"""Supply relations. Tier belongs to a relation, never to an enterprise."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SupplyRelationQuerySet(models.QuerySet["SupplyRelation"]):
    def live(self, on: dt.date) -> SupplyRelationQuerySet:
        """Begun and not ended on that day; an unknown beginning is not live."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)

    def verified(self, on: dt.date) -> SupplyRelationQuerySet:
        return self.filter(verified_on__lte=on)

    def public(self) -> SupplyRelationQuerySet:
        return self.filter(is_confidential=False)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SupplyRelation(models.Model):
    """An enterprise supplies a buyer (or one plant) with a product at a tier.

    The last look at its proof stands in the row, earlier ones in its history: verified
    (by whom, when, what was seen) or not to be verified (by whom, when, why).
    """

    class Tier(models.IntegerChoices):
        ONE = 1, _("Tier 1")
        TWO = 2, _("Tier 2")
        THREE = 3, _("Tier 3")
        DEEPER = 4, _("Deeper tier")

    class Proof(models.TextChoices):
        CONTRACT = "contract", _("Contract or framework agreement")
        INVOICE = "invoice", _("Invoice, order or delivery note")
        BUYER = "buyer", _("The buyer's confirmation")

    enterprise = models.ForeignKey(
        "registry.Enterprise", models.CASCADE, related_name="supply_relations"
    )
    buyer = models.ForeignKey("registry.Buyer", models.PROTECT, verbose_name=_("buyer"))
    plant = models.ForeignKey(
        "registry.BuyerPlant", models.PROTECT, null=True, blank=True, verbose_name=_("plant")
    )
    product = models.CharField(_("product"), max_length=300, blank=True)
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("verified by"),
    )
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    proof = models.CharField(_("proof seen"), max_length=10, choices=Proof, blank=True)
    proof_seen = models.TextField(_("what was seen"), blank=True)
    proof_link = models.CharField(_("where it is kept"), max_length=500, blank=True)
    unverified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("could not be verified by"),
    )  # fmt: skip
    unverified_on = models.DateField(_("could not be verified on"), null=True, blank=True)
    unverified_because = models.TextField(_("why it could not be verified"), blank=True)
    is_confidential = models.BooleanField(_("confidential"), default=True)

    objects = SupplyRelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("supply relation")
        verbose_name_plural = _("supply relations")
        permissions = [("verify_supplyrelation", "Can verify supply relation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gt=F("since")),
                name="supply_relation_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True, verified_on__isnull=True)
                | Q(verified_by__isnull=False, verified_on__isnull=False),
                name="supply_relation_verified_by_and_on",
            ),
            models.CheckConstraint(
                condition=Q(verified_on__isnull=False) | Q(proof="", proof_seen="", proof_link=""),
                name="supply_relation_proof_of_a_verification",
            ),
            models.CheckConstraint(
                condition=Q(
                    unverified_by__isnull=True, unverified_on__isnull=True, unverified_because=""
                )
                | Q(unverified_by__isnull=False, unverified_on__isnull=False)
                & ~Q(unverified_because=""),
                name="supply_relation_looked_at_in_vain",
            ),
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True) | Q(unverified_on__isnull=True),
                name="supply_relation_verified_or_not",
            ),
            models.CheckConstraint(
                condition=Q(tier__gte=1, tier__lte=4), name="supply_relation_tier_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} → {self.buyer_id} ({self.tier})"
