"""Parts of the city and of the plan that a person's rights to write are limited to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.core.models import tracked


@tracked
class AreaPart(models.Model):
    """One ward or one sector of a person's area; a person without any writes everywhere."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="area", verbose_name=_("person")
    )
    ward = models.ForeignKey(
        "registry.Ward",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ward or commune"),
    )
    sector = models.ForeignKey(
        "registry.Sector",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sector"),
    )

    class Meta:
        verbose_name = _("part of an area")
        constraints = [
            models.CheckConstraint(
                condition=Q(ward__isnull=True, sector__isnull=False)
                | Q(ward__isnull=False, sector__isnull=True),
                name="area_part_is_a_ward_or_a_sector",
                violation_error_message=_("A part of an area is one ward or one sector."),
            ),
            models.UniqueConstraint(
                fields=["person", "ward", "sector"],
                nulls_distinct=False,
                name="area_part_once",
                violation_error_message=_("This ward or sector is in the person's area already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.ward_id or '-'} {self.sector_id or '-'}"
