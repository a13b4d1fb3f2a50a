"""The enterprise and what hangs on it. Validity is dates, never flags."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Coalesce, Concat, LPad
from django.utils.translation import gettext_lazy as _

from registry.core.models import Fold, SortKey, tracked
from registry.enterprises.enums import LegalForm, Ownership, SiteKind, SizeClass
from registry.enterprises.life.models import Spell, SpellQuerySet, life_triggers
from registry.reference.enums import HANOI_CODE

MILLION = 1_000_000
BILLION = 1_000 * MILLION


class Register(models.Model):
    """What this database holds: a real register or a fictional sample (one row)."""

    class Kind(models.TextChoices):
        REAL = "real", _("Real register")
        SAMPLE = "sample", _("Fictional sample")

    id = models.SmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=8, choices=Kind)
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="register_is_one_row")]

    def __str__(self) -> str:
        return self.kind


def _spells(on: dt.date) -> SpellQuerySet:
    return Spell.objects.covering(on).filter(enterprise=models.OuterRef("pk"))


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    """Adjectives of enterprises; each takes the day it is asked for."""

    def registered(self, on: dt.date) -> EnterpriseQuerySet:
        """In the register on that day: not before its day, not closed/moved/merged."""
        return self._by_its_days(on).exclude(models.Exists(_spells(on).absent()))

    def operating(self, on: dt.date) -> EnterpriseQuerySet:
        """Registered on that day and not suspended on it."""
        paused = Q(suspended_on__lte=on) & (Q(resumed_on__isnull=True) | Q(resumed_on__gt=on))
        rows = self._by_its_days(on).exclude(paused, suspended_on__isnull=False)
        return rows.exclude(models.Exists(_spells(on)))

    def _by_its_days(self, on: dt.date) -> EnterpriseQuerySet:
        return self.filter(
            Q(closed_on__isnull=True) | Q(closed_on__gt=on),
            Q(moved_away_on__isnull=True) | Q(moved_away_on__gt=on),
            Q(merged_on__isnull=True) | Q(merged_on__gt=on),
            registered_on__lte=on,
        )

    def in_hanoi(self, on: dt.date) -> EnterpriseQuerySet:
        """With a head office or factory in Hanoi on that day."""
        sites = Site.objects.filter(enterprise=models.OuterRef("pk")).standing(on)
        return self.filter(models.Exists(sites.filter(province__code=HANOI_CODE)))

    def with_size(self, on: dt.date) -> EnterpriseQuerySet:
        """Add ``size``: Decree 80/2021 art. 5 from the last year known on that day.

        Employees and (revenue or capital); null where these are not stated.
        """
        latest = YearFigure.objects.filter(
            enterprise=models.OuterRef("pk"), year__lt=on.year + 1
        ).order_by("-year")
        return self.annotate(size=models.Subquery(latest.with_size().values("size")[:1]))  # type: ignore[misc]

    def in_name_order(self) -> EnterpriseQuerySet:
        """Vietnamese dictionary order, ties by identity."""
        return self.order_by("name_sort", "pk")


@tracked
class Enterprise(models.Model):
    """An enterprise of the supporting industry, once and for ever (``public_id``)."""

    public_id = models.GeneratedField(
        expression=Concat(
            models.Value("CNHT-"),
            LPad(Cast("id", models.TextField()), 7, models.Value("0")),
        ),
        output_field=models.CharField(max_length=16),
        db_persist=True,
    )
    name = models.CharField(_("legal name"), max_length=300)
    name_en = models.CharField(_("English or trade name"), max_length=300, blank=True)
    short_name = models.CharField(_("short name"), max_length=120, blank=True)
    tax_code = models.CharField(_("tax code"), max_length=14, null=True, blank=True, unique=True)  # noqa: DJ001 (null: not stated, unique otherwise)
    tax_code_note = models.CharField(
        _("why a failing tax code is kept"), max_length=300, blank=True
    )
    legal_form = models.CharField(_("legal form"), max_length=12, choices=LegalForm, blank=True)
    ownership = models.CharField(_("ownership"), max_length=10, choices=Ownership, blank=True)
    foreign_share = models.DecimalField(
        _("foreign share, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    about = models.TextField(_("about"), blank=True)
    blank_reasons = models.JSONField(
        _("why a field is blank"),
        default=dict,
        blank=True,
        help_text=_('{"field": "unknown" or "not_applicable"}; absent = not asked yet'),
    )
    registered_on = models.DateField(_("registered on"))
    suspended_on = models.DateField(_("suspended on"), null=True, blank=True)
    resumed_on = models.DateField(_("resumed on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    moved_away_on = models.DateField(_("moved away on"), null=True, blank=True)
    merged_on = models.DateField(_("merged on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("merged into")
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("successor")
    )
    last_confirmed_on = models.DateField(_("last confirmed on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    source_ref = models.CharField(_("place in the source"), max_length=200, blank=True)
    extra = models.JSONField(_("columns not understood"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    folded = models.GeneratedField(
        expression=Fold(
            Concat(
                models.Value(" "),
                "name",
                models.Value(" "),
                "name_en",
                models.Value(" "),
                "short_name",
                models.Value(" "),
                Coalesce("tax_code", models.Value("")),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    name_sort = models.GeneratedField(
        expression=SortKey(F("name")), output_field=models.TextField(), db_persist=True
    )

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        indexes = [
            models.Index(fields=["public_id"], name="enterprise_public_id"),
            models.Index(fields=["registered_on"], name="enterprise_registered_on"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="enterprise_has_a_name"),
            models.CheckConstraint(
                condition=Q(tax_code__isnull=True)
                | Q(tax_code__regex=r"^[0-9]{10}(-[0-9]{3})?$")
                | Q(tax_code__regex=r"^[0-9]{12}$", legal_form=LegalForm.HOUSEHOLD),
                name="enterprise_tax_code_has_its_shape",
                violation_error_message=_(
                    "A tax code has 10 digits, or 10-3 for a branch; 12 digits only for a "
                    "household business."
                ),
            ),
            models.CheckConstraint(
                condition=Q(merged_on__isnull=True, merged_into__isnull=True)
                | Q(merged_on__isnull=False, merged_into__isnull=False),
                name="enterprise_merged_has_day_and_successor",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="enterprise_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True)
                | (
                    ~Q(successor=F("id"))
                    & (Q(closed_on__isnull=False) | Q(moved_away_on__isnull=False))
                ),
                name="enterprise_successor_of_one_that_ended",
                violation_error_message=_(
                    "Only an enterprise that closed or moved away has a successor, and it is another one."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(suspended_on__isnull=True) | Q(suspended_on__gte=F("registered_on")))
                & (Q(closed_on__isnull=True) | Q(closed_on__gte=F("registered_on")))
                & (Q(moved_away_on__isnull=True) | Q(moved_away_on__gte=F("registered_on")))
                & (Q(merged_on__isnull=True) | Q(merged_on__gte=F("registered_on"))),
                name="enterprise_life_cycle_in_order",
                violation_error_message=_("No day of the life cycle is before registration."),
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True)
                | Q(suspended_on__isnull=False, resumed_on__gte=F("suspended_on")),
                name="enterprise_resumed_after_suspended",
            ),
            models.CheckConstraint(
                condition=Q(foreign_share__isnull=True)
                | Q(foreign_share__gte=0, foreign_share__lte=100),
                name="enterprise_foreign_share_is_percent",
            ),
        ]
        triggers = life_triggers()

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"

    def state_on(self, on: dt.date) -> str:
        """Life-cycle state on a day; the same dates as ``operating`` reads.

        Reads ``spells``: prefetch them for more than one enterprise.
        """
        if self.registered_on > on:
            return "not_yet"
        for name in ("merged", "moved_away", "closed"):
            day = getattr(self, f"{name}_on")
            if day and day <= on:
                return name
        for spell in self.spells.all():
            if spell.since <= on < spell.until:
                return spell.kind
        resumed = bool(self.resumed_on and self.resumed_on <= on)
        if self.suspended_on and self.suspended_on <= on and not resumed:
            return "suspended"
        return "operating"


class SiteQuerySet(models.QuerySet["Site"]):
    def standing(self, on: dt.date) -> SiteQuerySet:
        """In use on that day; an unknown beginning counts as always."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=on), Q(until__isnull=True) | Q(until__gt=on)
        )


@tracked
class Site(models.Model):
    """A head office or factory with its address as written."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="sites")
    kind = models.CharField(_("kind"), max_length=12, choices=SiteKind)
    address = models.CharField(_("address as written"), max_length=500)
    province = models.ForeignKey(
        "registry.Province", models.PROTECT, null=True, blank=True, verbose_name=_("province")
    )
    ward = models.ForeignKey(
        "registry.Ward", models.PROTECT, null=True, blank=True, verbose_name=_("ward")
    )
    district = models.ForeignKey(
        "registry.District",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("former district, where the address names one"),
        help_text=_("As it stood until 30 June 2025; tells apart what a ward of today has mixed."),
    )
    park = models.ForeignKey(
        "registry.Park", models.PROTECT, null=True, blank=True, verbose_name=_("park")
    )
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gt=F("since")),
                name="site_period_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.address


@tracked
class Contact(models.Model):
    """A contact person; each field is shown only with its own recorded consent."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="contacts")
    full_name = models.CharField(_("full name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    name_consent_on = models.DateField(_("consent to show the name"), null=True, blank=True)
    phone_consent_on = models.DateField(_("consent to show the phone"), null=True, blank=True)
    email_consent_on = models.DateField(_("consent to show the e-mail"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact person")

    def __str__(self) -> str:
        # Never the name: this text reaches logs and the admin's history.
        return f"contact {self.pk}"


class YearFigureQuerySet(models.QuerySet["YearFigure"]):
    def with_size(self) -> YearFigureQuerySet:
        """Add ``size`` by Decree 80/2021, art. 5, industry."""

        def within(labour: int, revenue: int, capital: int) -> Q:
            return Q(labour__lte=labour) & (
                Q(revenue_vnd__lte=revenue) | Q(capital_vnd__lte=capital)
            )

        known = Q(labour__isnull=False) & (
            Q(revenue_vnd__isnull=False) | Q(capital_vnd__isnull=False)
        )
        return self.annotate(
            size=models.Case(
                models.When(~known, then=models.Value(None)),
                models.When(within(10, 3 * BILLION, 3 * BILLION), then=models.Value("micro")),
                models.When(within(100, 50 * BILLION, 20 * BILLION), then=models.Value("small")),
                models.When(within(200, 200 * BILLION, 100 * BILLION), then=models.Value("medium")),
                default=models.Value(SizeClass.LARGE.value),
                output_field=models.CharField(),
            )
        )


@tracked
class YearFigure(models.Model):
    """Labour, capital and revenue with the year they belong to (VND, persons)."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="year_figures")
    year = models.PositiveSmallIntegerField(_("year"))
    labour = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    capital_vnd = models.BigIntegerField(_("capital, VND"), null=True, blank=True)
    revenue_vnd = models.BigIntegerField(_("revenue, VND"), null=True, blank=True)

    objects = YearFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a year")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "year"], name="year_figure_once"),
            models.CheckConstraint(
                condition=Q(year__gte=1945, year__lte=2100), name="year_figure_year_plausible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year}"


@tracked
class EnterpriseSector(models.Model):
    """A sector of an enterprise; exactly one can be the primary one."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="sectors")
    sector = models.ForeignKey("registry.Sector", models.PROTECT, verbose_name=_("sector"))
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        verbose_name = _("sector")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "sector"], name="enterprise_sector_once"),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(is_primary=True),
                name="enterprise_has_one_primary_sector",
                violation_error_message=_("An enterprise has one primary sector."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.sector_id}"


@tracked
class EnterpriseVsic(models.Model):
    """A registered line of business."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="vsic_codes")
    vsic = models.ForeignKey("registry.VsicCode", models.PROTECT)
    is_main = models.BooleanField(_("main line"), default=False)

    class Meta:
        verbose_name = _("registered line of business")
        verbose_name_plural = _("registered lines of business")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "vsic"], name="enterprise_vsic_once")
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.vsic_id}"


@tracked
class Product(models.Model):
    """What the enterprise makes."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="products")
    name = models.CharField(_("product"), max_length=300)
    name_en = models.CharField(_("product in English"), max_length=300, blank=True)
    group = models.ForeignKey(
        "registry.ProductGroup",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("product group"),
    )
    hs = models.ForeignKey("registry.HsCode", models.PROTECT, null=True, blank=True)
    capacity = models.CharField(_("capacity"), max_length=200, blank=True)
    folded = models.GeneratedField(
        expression=Fold(Concat(models.Value(" "), "name", models.Value(" "), "name_en")),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("product")

    def __str__(self) -> str:
        return self.name


@tracked
class EnterpriseProcess(models.Model):
    """A process the enterprise masters."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="processes")
    process = models.ForeignKey("registry.Process", models.PROTECT, verbose_name=_("process"))

    class Meta:
        verbose_name = _("process")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "process"], name="enterprise_process_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.process_id}"


@tracked
class EnterpriseMaterial(models.Model):
    """A material the enterprise works."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="materials")
    material = models.ForeignKey("registry.Material", models.PROTECT, verbose_name=_("material"))

    class Meta:
        verbose_name = _("material")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "material"], name="enterprise_material_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.material_id}"


@tracked
class Machine(models.Model):
    """Machines of one kind."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="machines")
    name = models.CharField(_("machine"), max_length=200)
    maker = models.CharField(_("maker"), max_length=120, blank=True)
    spec = models.CharField(_("specification"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("number"), null=True, blank=True)

    class Meta:
        verbose_name = _("machine")

    def __str__(self) -> str:
        return self.name
