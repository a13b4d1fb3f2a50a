"""Supply relations in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from registry.enterprises.admin import WithinAreaAdmin
from registry.supply.actions import NEVER_LOOKED_AT, WHAT_WAS_VERIFIED
from registry.supply.models import SupplyRelation


@admin.register(SupplyRelation)
class SupplyRelationAdmin(WithinAreaAdmin):
    list_display = ("enterprise", "buyer", "tier", "since", "until", "verified_on")
    list_filter = ("tier", "buyer")
    list_select_related = ("enterprise", "buyer")
    search_fields = ("enterprise__name", "buyer__name", "product")
    autocomplete_fields = ("enterprise", "buyer", "plant")
    # Verified at the desk, by those who decide; here it is only shown.
    readonly_fields = tuple(name.removesuffix("_id") for name in NEVER_LOOKED_AT)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What is changed here is to be looked at anew, as everywhere."""
        told = {"enterprise", *(name.removesuffix("_id") for name in WHAT_WAS_VERIFIED)}
        if change and told & set(form.changed_data):
            for name, value in NEVER_LOOKED_AT.items():
                setattr(obj, name, value)
        super().save_model(request, obj, form, change)
