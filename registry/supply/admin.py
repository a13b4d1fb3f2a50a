"""Supply relations in the admin."""

from django.contrib import admin

from registry.enterprises.admin import WithinAreaAdmin
from registry.supply.models import SupplyRelation


@admin.register(SupplyRelation)
class SupplyRelationAdmin(WithinAreaAdmin):
    list_display = ("enterprise", "buyer", "tier", "since", "until", "verified_on")
    list_filter = ("tier", "buyer")
    list_select_related = ("enterprise", "buyer")
    search_fields = ("enterprise__name", "buyer__name", "product")
    autocomplete_fields = ("enterprise", "buyer", "plant")
