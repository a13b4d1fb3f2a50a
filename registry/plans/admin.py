"""Plans and counting rules in the admin."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.accounts.models import User
from registry.core.admin import ReasonedAdmin, ReasonForm
from registry.plans.actions import NotApprovable, approve_rule
from registry.plans.models import CountingRule, PlanDocument
from registry.plans.queries import unknown_schemes
from registry.reference.models import CertificationScheme


@admin.register(PlanDocument)
class PlanDocumentAdmin(ReasonedAdmin):
    list_display = ("title", "number", "scope", "valid_from", "valid_to")
    search_fields = ("title", "number")

    def get_readonly_fields(self, request: HttpRequest, obj: PlanDocument | None = None) -> Any:
        """By its code the project's files name the plan of their targets."""
        return ("code",) if obj else ()


class CountingRuleForm(ReasonForm):
    """A rule, with its schemes to tick: a typed code could be mistyped."""

    schemes = forms.MultipleChoiceField(
        label=_("Schemes that count"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every scheme marked international."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = CertificationScheme.objects.order_by("name", "code")
        known = [(row.code, f"{row.label} ({row.code})") for row in rows]
        self.unknown = unknown_schemes(self.instance)
        # Shown with their ticks: a code that is left out in silence would change what counts.
        field = cast(forms.MultipleChoiceField, self.fields["schemes"])
        field.choices = [*known, *((code, code) for code in self.unknown)]

    def clean_schemes(self) -> list[str] | None:
        ticked = self.cleaned_data["schemes"]
        if wrong := [code for code in self.unknown if code in ticked]:
            raise forms.ValidationError(
                _("There is no such scheme: %(codes)s. Take its tick away."),
                params={"codes": ", ".join(wrong)},
            )
        return ticked or None


@admin.register(CountingRule)
class CountingRuleAdmin(ReasonedAdmin):
    """A rule is written by one person and approved by another; then it stays as it is."""

    form = CountingRuleForm
    list_display = ("version", "label", "valid_from", "is_provisional", "approved_on")
    exclude = ("author", "approved_by", "approved_on", "is_provisional")
    actions = ("approve",)
    ordering = ("version",)

    def has_change_permission(self, request: HttpRequest, obj: CountingRule | None = None) -> bool:
        is_settled = obj is not None and (obj.is_approved or obj.is_provisional)
        return not is_settled and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: CountingRule, form: Any, change: bool) -> None:
        # Who wrote last answers for it; whoever wrote any of it cannot approve it.
        if isinstance(request.user, User):
            obj.author = request.user
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Approve the chosen rules"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: Any) -> None:
        approver = request.user
        assert isinstance(approver, User)  # the permission was asked
        for rule in queryset.order_by("version"):
            try:
                approve_rule(rule=rule, by=approver, on=timezone.localdate(), reason="approve")
            except NotApprovable as refused:
                said = {"version": rule.version, "why": refused.message}
                messages.error(request, _("Rule %(version)s: %(why)s") % said)
            else:
                messages.success(
                    request, _("Rule %(version)s is approved.") % {"version": rule.version}
                )
