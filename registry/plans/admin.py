"""Plans, targets and baselines in the admin."""

from django.contrib import admin

from registry.core.admin import ReasonedAdmin
from registry.plans.models import Baseline, PlanDocument, Target


@admin.register(PlanDocument)
class PlanDocumentAdmin(ReasonedAdmin):
    list_display = ("title", "number", "scope", "valid_from", "valid_to")
    search_fields = ("title", "number")


@admin.register(Target)
class TargetAdmin(ReasonedAdmin):
    list_display = ("document", "indicator", "operator", "low", "high", "unit", "due_on")
    list_select_related = ("document",)


@admin.register(Baseline)
class BaselineAdmin(ReasonedAdmin):
    list_display = ("scope", "indicator", "as_of", "qualifier", "value")
