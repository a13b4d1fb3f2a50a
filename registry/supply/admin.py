"""Supply relations in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from registry.enterprises.admin import WithinAreaAdmin
from registry.supply.actions import NEVER_LOOKED_AT, with_look_ended
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
        if change:
            columns = [f for f in obj._meta.concrete_fields if f.name in form.changed_data]
            values = {field.attname: getattr(obj, field.attname) for field in columns}
            values = with_look_ended(form.initial, values)
            if "enterprise_id" in values:
                values |= NEVER_LOOKED_AT
            for name, value in values.items():
                setattr(obj, name, value)
        super().save_model(request, obj, form, change)
