"""Index of the admin, and its page of enterprises: public filters, plan's totals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.accounts.admin import *  # noqa: F403
from registry.certifications.admin import *  # noqa: F403
from registry.core.admin import ReasonedAdmin, ReasonForm
from registry.dashboard.figures import all_figures
from registry.dashboard.indicators import INDICATORS
from registry.dashboard.standing import standings
from registry.enterprises.admin import INLINES, WithinAreaAdmin
from registry.enterprises.enums import LifeState
from registry.enterprises.models import Enterprise
from registry.plans.admin import *  # noqa: F403
from registry.plans.models import Baseline, Target
from registry.reference.admin import *  # noqa: F403
from registry.search.filters import EnterpriseFilter
from registry.statistics.enums import EnteredIndicator
from registry.supply.admin import *  # noqa: F403
from registry.web.programme.panels import target_words

admin.site.site_header = _("Supporting industries register")
admin.site.site_title = admin.site.site_header
admin.site.index_title = _("Records and code lists")


class PublicFilter(admin.SimpleListFilter):
    """One filter of the public search, used in the admin's side bar."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        field = EnterpriseFilter.base_filters[self.parameter_name].field
        return [(str(code), str(label)) for code, label in field.choices if code not in ("", None)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return EnterpriseFilter(data={self.parameter_name: [self.value()]}, queryset=queryset).qs


INDICATOR_CHOICES = [
    ("", "---------"),
    *((one.code, one.name) for one in INDICATORS.values()),
    *EnteredIndicator.choices,
]
"""Every indicator that a page shows, computed or entered, by name."""


class IndicatorForm(ReasonForm):
    """A target or baseline of an indicator that there is: another's is shown on no page."""

    indicator = forms.ChoiceField(label=_("Indicator"), choices=INDICATOR_CHOICES)


@admin.register(Target)
class TargetAdmin(ReasonedAdmin):
    form = IndicatorForm
    list_display = ("document", "indicator", "operator", "low", "high", "unit", "due_on")
    list_select_related = ("document",)


@admin.register(Baseline)
class BaselineAdmin(ReasonedAdmin):
    form = IndicatorForm
    list_display = ("scope", "indicator", "as_of", "qualifier", "value")


def public_filter(name: str, heading: Any) -> type[PublicFilter]:
    return type(
        f"{name.title()}Filter", (PublicFilter,), {"parameter_name": name, "title": heading}
    )


@admin.register(Enterprise)
class EnterpriseAdmin(WithinAreaAdmin):
    """Registers and repairs enterprises; totals stand above the list."""

    list_display = ("name", "public_id", "tax_code", "registered_on", "state", "last_confirmed_on")
    list_filter = tuple(
        public_filter(name, one.label)
        for name, one in EnterpriseFilter.base_filters.items()
        if name != "q"
    )
    search_fields = ("folded", "public_id__iexact")
    ordering = ("name_sort", "pk")
    # Steps of life and mergers are decided on pages where a second person may be asked.
    readonly_fields = (
        "suspended_on", "resumed_on", "closed_on", "moved_away_on", "merged_on", "merged_into",
        "successor",
    )  # fmt: skip
    inlines = INLINES
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("spells")

    @admin.display(description=_("Status"))
    def state(self, obj: Enterprise) -> str:
        return str(LifeState(obj.state_on(timezone.localdate())).label)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        today = timezone.localdate()
        totals = [
            {
                "standing": standing,
                "target": target_words(standing.target),
                "url": reverse("programme-list", args=[standing.figure.indicator.code]),
            }
            for standing in standings(all_figures(today, with_slices=False), today)
        ]
        return super().changelist_view(request, {**(extra_context or {}), "totals": totals})
