"""The enterprise's own tables as inlines; the page itself stands in ``registry.admin``."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from registry.accounts.permissions import can_see_contacts
from registry.enterprises import models


class SiteInline(admin.TabularInline):
    model = models.Site
    extra = 0
    autocomplete_fields = ("province", "ward", "district", "park")
    exclude = ("latitude", "longitude")


class ContactInline(admin.TabularInline):
    """Contact persons: only for those given the permission."""

    model = models.Contact
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_see_contacts(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_see_contacts(request.user) and super().has_change_permission(request, obj)


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
    ContactInline,
)
