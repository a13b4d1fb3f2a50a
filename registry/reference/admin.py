"""Code lists in the admin: to look at and to pick from, not to edit."""

from django.contrib import admin

from registry.core.admin import ReadOnlyAdmin
from registry.reference import models


@admin.register(
    models.Sector,
    models.ProductGroup,
    models.Province,
    models.District,
    models.Ward,
    models.LegacyWard,
    models.Park,
    models.Process,
    models.Material,
    models.CertificationScheme,
    models.AccreditationBody,
    models.CertificationBody,
    models.Buyer,
    models.BuyerPlant,
    models.SupportKind,
)
class CodeListAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "name_en")


@admin.register(models.VsicCode, models.HsCode)
class ClassificationAdmin(ReadOnlyAdmin):
    list_display = ("code", "version", "name", "name_en")


@admin.register(models.SchemeEdition)
class SchemeEditionAdmin(ReadOnlyAdmin):
    list_display = ("scheme", "code", "published_on", "withdrawn_on")
    list_select_related = ("scheme",)
    search_fields = ("code", "scheme__name")


@admin.register(models.ReferenceSet)
class ReferenceSetAdmin(ReadOnlyAdmin):
    list_display = ("name", "version", "source", "licence", "is_draft", "row_count")
    ordering = ("name",)
    search_fields = ("name",)
