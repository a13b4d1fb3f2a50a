"""Code lists. Each list is described by a :class:`ReferenceSet` (version, source)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from registry.core.models import BilingualName, Fold


class ReferenceSet(models.Model):
    """Where a code list comes from: its version, source, licence and state."""

    name = models.CharField(max_length=60, unique=True)
    version = models.CharField(max_length=60)
    source = models.TextField()
    licence = models.CharField(max_length=200)
    is_draft = models.BooleanField(default=False)
    row_count = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("code list")
        verbose_name_plural = _("code lists")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Sector(BilingualName):
    """One of the plan's sectors, or a branch below one (``parent``)."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")


class ProductGroup(BilingualName):
    """A line of the priority product list; ``is_draft`` until the list is checked."""

    sector = models.ForeignKey(Sector, models.PROTECT, null=True, blank=True)
    is_draft = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")


class VsicCode(models.Model):
    """Vietnam Standard Industrial Classification; identified by version and code."""

    version = models.CharField(max_length=10)
    code = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField()
    parent_code = models.CharField(max_length=8, blank=True)
    name = models.CharField(max_length=400)
    name_en = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("VSIC code")
        verbose_name_plural = _("VSIC codes")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="vsic_code_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class HsCode(models.Model):
    """Harmonized System heading or subheading; identified by version and code."""

    version = models.CharField(max_length=10)
    code = models.CharField(max_length=12)
    name = models.TextField(blank=True)
    name_en = models.TextField()

    class Meta:
        verbose_name = _("HS code")
        verbose_name_plural = _("HS codes")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="hs_code_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_en[:60]}"


class Province(BilingualName):
    """One of the 34 provinces and cities since 1 July 2025."""

    class Meta:
        verbose_name = _("province")
        verbose_name_plural = _("provinces")


class District(BilingualName):
    """A district of Hanoi as it stood until 30 June 2025."""

    class Meta:
        verbose_name = _("former district")
        verbose_name_plural = _("former districts")


class Ward(BilingualName):
    """One of the 126 wards and communes of Hanoi since 1 July 2025."""

    class Kind(models.TextChoices):
        WARD = "ward", _("Ward")
        COMMUNE = "commune", _("Commune")

    kind = models.CharField(max_length=10, choices=Kind)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    area_km2 = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    valid_from = models.DateField()

    class Meta:
        verbose_name = _("ward or commune")
        verbose_name_plural = _("wards and communes")


class LegacyWard(BilingualName):
    """A ward or commune of Hanoi as it stood until 30 June 2025."""

    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True)
    valid_to = models.DateField()

    class Meta:
        verbose_name = _("former ward")
        verbose_name_plural = _("former wards")


class WardMapping(models.Model):
    """An old ward went, whole or in part, into a ward of today."""

    legacy_ward = models.ForeignKey(LegacyWard, models.CASCADE, related_name="mappings")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="mappings")
    is_whole = models.BooleanField()

    class Meta:
        verbose_name = _("heir of a former ward")
        verbose_name_plural = _("heirs of former wards")
        constraints = [
            models.UniqueConstraint(fields=["legacy_ward", "ward"], name="ward_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.legacy_ward_id} → {self.ward_id}"


class Park(BilingualName):
    """An industrial park, export zone, high-tech park or cluster."""

    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = _("industrial park")
        verbose_name_plural = _("industrial parks")


class Process(BilingualName):
    """A manufacturing process, e.g. progressive stamping."""

    folded = models.GeneratedField(
        expression=Fold(Concat(models.Value(" "), "name", models.Value(" "), "name_en")),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")


class Material(BilingualName):
    """A material worked or supplied."""

    folded = models.GeneratedField(
        expression=Fold(Concat(models.Value(" "), "name", models.Value(" "), "name_en")),
        output_field=models.TextField(),
        db_persist=True,
    )


def default_counting_statuses() -> list[str]:
    return ["valid"]

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")


class CertificationScheme(BilingualName):
    """A standard or label that an enterprise can hold a certificate of."""

    class Kind(models.TextChoices):
        SYSTEM = "system", _("Management system")
        PRODUCT = "product", _("Product or label")
        PROCESS = "process", _("Special process")
        LAB = "lab", _("Laboratory accreditation")
        AUDIT = "audit", _("Social or customer audit")
        DECLARATION = "declaration", _("Test report or declaration")
        SELF = "self", _("Self-assessment")

    kind = models.CharField(max_length=12, choices=Kind)
    is_international = models.BooleanField()
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    counting_statuses = models.JSONField(
        default=default_counting_statuses,
        help_text=_("Statuses under which a certificate counts: valid, suspended."),
    )
    verify_at = models.TextField(blank=True)
    note = models.TextField(blank=True)
    document_months = models.PositiveSmallIntegerField(
        default=24, help_text=_("For how long a document that was seen proves the certificate.")
    )
    register_months = models.PositiveSmallIntegerField(
        default=12, help_text=_("For how long a confirmation by the body or its register holds.")
    )
    site_months = models.PositiveSmallIntegerField(
        default=36, help_text=_("For how long a certificate seen at the site holds.")
    )

    class Meta:
        verbose_name = _("certification scheme")
        verbose_name_plural = _("certification schemes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    document_months__gte=1, register_months__gte=1, site_months__gte=1
                ),
                name="scheme_rungs_last_a_month_at_least",
            )
        ]


class SchemeEdition(models.Model):
    """An edition of a standard; certificates of it end on ``withdrawn_on``."""

    scheme = models.ForeignKey(CertificationScheme, models.CASCADE, related_name="editions")
    code = models.CharField(max_length=40)
    published_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("edition of a scheme")
        verbose_name_plural = _("editions of schemes")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="scheme_edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id}:{self.code}"


class AccreditationBody(BilingualName):
    """A body that accredits certification bodies (BoA, UKAS, …)."""

    country = models.CharField(max_length=2, blank=True)

    class Meta:
        verbose_name = _("accreditation body")
        verbose_name_plural = _("accreditation bodies")


class CertificationBody(BilingualName):
    """A body that issues certificates."""

    accreditation_body = models.ForeignKey(AccreditationBody, models.PROTECT, null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        verbose_name = _("certification body")
        verbose_name_plural = _("certification bodies")


class Buyer(BilingualName):
    """A multinational (or its Vietnamese company) that buys components."""

    country = models.CharField(max_length=2, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        verbose_name = _("buyer")
        verbose_name_plural = _("buyers")


class BuyerPlant(BilingualName):
    """A plant of a buyer; tiers are often told per plant."""

    buyer = models.ForeignKey(Buyer, models.CASCADE, related_name="plants")
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        verbose_name = _("plant of a buyer")
        verbose_name_plural = _("plants of buyers")


class SupportKind(BilingualName):
    """A kind of support. ``cap_percent`` is the most of the cost that a decree lets public
    money pay for it, where we know one."""

    position = models.PositiveSmallIntegerField(default=0)
    cap_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    cap_rule = models.CharField(max_length=300, blank=True)
    cap_rule_en = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("kind of support")
        verbose_name_plural = _("kinds of support")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cap_percent__isnull=True)
                | models.Q(cap_percent__gt=0, cap_percent__lte=100),
                name="support_kind_cap_is_percent",
            )
        ]
