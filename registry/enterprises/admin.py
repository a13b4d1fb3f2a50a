"""The enterprise's own tables as inlines; the page itself stands in ``registry.admin``."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from registry.core.admin import ReasonedAdmin
from registry.enterprises import models
from registry.enterprises.permissions import is_in_area, refuse_outside_area


class WithinAreaAdmin(ReasonedAdmin):
    """Writes only records within the area of who is signed in; everybody reads all."""

    enterprise_field = "enterprise"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or is_in_area(request.user, getattr(obj, self.enterprise_field, obj))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Look again after the writing: a new record must lie in the area too.

        The page writes in one transaction, which the refusal ends.
        """
        super().save_related(request, form, formsets, change)
        written = getattr(form.instance, self.enterprise_field, form.instance)
        if not change or written != form.instance:
            refuse_outside_area(request.user, [written.pk])


class SiteInline(admin.TabularInline):
    model = models.Site
    extra = 0
    autocomplete_fields = ("province", "ward", "district", "park")
    exclude = ("latitude", "longitude")


class YearFigureInline(admin.TabularInline):
    model = models.YearFigure
    extra = 0


class SectorInline(admin.TabularInline):
    model = models.EnterpriseSector
    extra = 0
    autocomplete_fields = ("sector",)


class ProductInline(admin.TabularInline):
    model = models.Product
    extra = 0
    autocomplete_fields = ("group", "hs")
    exclude = ("folded",)


class ProcessInline(admin.TabularInline):
    model = models.EnterpriseProcess
    extra = 0
    autocomplete_fields = ("process",)


class MaterialInline(admin.TabularInline):
    model = models.EnterpriseMaterial
    extra = 0
    autocomplete_fields = ("material",)


class MachineInline(admin.TabularInline):
    model = models.Machine
    extra = 0


INLINES = (
    SectorInline,
    SiteInline,
    ProductInline,
    ProcessInline,
    MaterialInline,
    MachineInline,
    YearFigureInline,
)
