"""Forms of support. The actions write; a form only reads what was typed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.reference.models import ProductGroup, SupportKind
from registry.support.enums import PartRole
from registry.support.models import (
    IncentiveCertificate,
    Participation,
    SupportActivity,
    SupportMeasure,
    SupportProgramme,
)
from registry.web.shared.forms import day_field

LARGEST_VND = 10**15


class VndField(forms.CharField):
    """An amount of money in VND as people write it: 1.200.000, 1,200,000 or 1200000."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__(widget=widget, required=False, max_length=24, **options)

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"[\s.,\u00a0]", "", super().clean(value) or "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or int(text) > LARGEST_VND:
            raise ValidationError(_("Write whole VND, for example 1.200.000."))
        return int(text)


class Reasoned(forms.ModelForm):
    """A form with the reason of the writing and the version of the row that was read."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason for this change"),
        max_length=300,
        help_text=_("Kept for ever in the history beside who and when."),
        error_messages={"required": _("Say why this is recorded.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                self.fields[name] = day_field(
                    field.label, required=field.required, help_text=field.help_text
                )
            elif isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3

    def values(self) -> dict[str, Any]:
        """What was typed, by the row's own fields."""
        own = self._meta.fields or ()
        return {name: self.cleaned_data[name] for name in own if name in self.cleaned_data}


class ProgrammeForm(Reasoned):
    class Meta:
        model = SupportProgramme
        fields = ("name", "name_en", "funder", "document", "begins_on", "ends_on")


class ActivityForm(Reasoned):
    city_vnd = VndField(
        label=_("from the city's budget, VND"), help_text=_("Blank: not stated. 0: nothing.")
    )
    own_vnd = VndField(label=_("paid by the enterprises, VND"))
    other_vnd = VndField(label=_("from others, VND"))
    kind = forms.ModelChoiceField(
        label=_("kind of support"), queryset=SupportKind.objects.order_by("position", "code")
    )

    class Meta:
        model = SupportActivity
        fields = (
            "name", "kind", "begins_on", "ends_on", "place", "city_vnd", "own_vnd", "other_vnd",
            "note", "source",
        )  # fmt: skip


class ParticipationForm(Reasoned):
    class Meta:
        model = Participation
        fields = ("role", "attended_from", "attended_until", "note")


class MeasureForm(Reasoned):
    class Meta:
        model = SupportMeasure
        fields = (
            "name", "unit", "before", "before_on", "after", "after_on", "measured", "source",
        )  # fmt: skip


class IncentiveForm(Reasoned):
    groups = forms.ModelMultipleChoiceField(
        label=_("products of the priority list"),
        queryset=ProductGroup.objects.order_by("code"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("As the certificate names them. Hold Ctrl to choose several."),
    )

    class Meta:
        model = IncentiveCertificate
        fields = ("number", "issuer", "issued_on", "project", "project_kind", "source")

    def values(self) -> dict[str, Any]:
        return {**super().values(), "project_kind": self.cleaned_data.get("project_kind") or ""}


class ReasonOnly(forms.Form):
    """A step that needs a day, something said, and the reason."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason for this change"),
        max_length=300,
        error_messages={"required": _("Say why this is recorded.")},
    )


class ParticipantsForm(ReasonOnly):
    """Enterprises pasted line by line."""

    lines = forms.CharField(
        label=_("Enterprises, one a line"),
        max_length=60_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Code in the register (CNHT-…), tax code, or the whole name."),
        error_messages={"required": _("Name at least one enterprise.")},
    )
    role = forms.ChoiceField(label=_("part taken"), choices=PartRole.choices)
    attended_from = day_field(
        _("from"), required=False, help_text=_("Blank: from the first day of the activity.")
    )
    field_order = ("lines", "role", "attended_from", "reason")


class AmendForm(ReasonOnly):
    on = day_field(_("amended on"))
    document = forms.CharField(label=_("document"), max_length=300)
    what = forms.CharField(label=_("what was changed"), max_length=500)
    field_order = ("on", "document", "what", "reason")


class RevokeForm(ReasonOnly):
    on = day_field(_("revoked on"))
    document = forms.CharField(label=_("document of the revocation"), max_length=300)
    field_order = ("on", "document", "reason")


class ReportForm(ReasonOnly):
    year = forms.IntegerField(label=_("year reported on"), min_value=2000, max_value=2100)
    received_on = day_field(_("received on"))
    reference = forms.CharField(label=_("number of the letter"), max_length=200, required=False)
    field_order = ("year", "received_on", "reference", "reason")

    @staticmethod
    def expected(year: int) -> dict[str, Any]:
        """What is most often typed: the year that waits, received today."""
        return {"year": year, "received_on": timezone.localdate()}
