"""Rows of the form: one small form for each table, and sets of them."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from registry.enterprises.enums import SiteKind
from registry.records.content import plain
from registry.records.drafting import MODELS
from registry.supply.models import SupplyRelation
from registry.web.records.lists import Lists

LARGEST_VND = 10**16
FIRST_YEAR, LAST_YEAR = 1850, 2100


class CodeField(forms.TypedChoiceField):
    """An entry of a code list as its identity; its choices come with the page's lists."""

    def __init__(self, label: Any, choices_of: str, **kwargs: Any) -> None:
        kwargs = {"required": False, "coerce": int, "empty_value": None, **kwargs}
        super().__init__(label=label, **kwargs)
        self.choices_of = choices_of


class DayField(forms.DateField):
    """A day by the browser's own calendar, or typed as 2026-03-31 or 31/03/2026."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_t("Check the year: %(year)s.") % {"year": day.year})
        return day


class WholeField(forms.CharField):
    """A whole number as people write it: 1.250.000 or 1 250 000."""

    def __init__(self, label: Any, largest: int, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=30,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-m"}),
            **kwargs,
        )
        self.largest = largest

    def clean(self, value: Any) -> Any:
        text = re.sub(r"[\s.,\u00a0]", "", super().clean(value))
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise forms.ValidationError(_t("Write a whole number, for example 120."))
        if len(text) > 18 or int(text) > self.largest:
            raise forms.ValidationError(_t("This number is too large to be true."))
        return int(text)


class RowForm(forms.Form):
    """A row of one table; ``row`` is the row as it stands in a document."""

    use_required_attribute = False
    table: ClassVar[str]
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lists: Lists, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = lists
        fill(self, lists)

    def row(self) -> dict[str, Any]:
        model = MODELS[self.table]
        values = {
            name: plain(model, name, self.cleaned_data.get(name))
            for name in self.fields
            if name not in ("id", "DELETE", "hs")
        }
        return {"id": self.cleaned_data.get("id"), **values}

    def in_order(self, first: str, last: str, message: Any) -> None:
        """Say at the later day that it is not after the earlier one."""
        one, other = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if one and other and other <= one:
            self.add_error(last, message)


def fill(form: forms.Form, lists: Lists) -> None:
    """Give the fields of a form their choices, and name the errors of each field."""
    for field in form.fields.values():
        choices_of = getattr(field, "choices_of", "")
        if choices_of:
            field.choices = getattr(lists, choices_of)  # type: ignore[attr-defined]


class SiteForm(RowForm):
    table = "sites"
    kind = forms.ChoiceField(
        label=_("Kind"), choices=SiteKind.choices, initial=SiteKind.HEAD_OFFICE
    )
    address = forms.CharField(
        label=_("Address as written"),
        max_length=500,
        error_messages={"required": _("Write the address of this site.")},
    )
    ward_id = CodeField(_("Ward or commune of Hanoi"), "wards")
    province_id = CodeField(_("Province, if outside Hanoi"), "provinces")
    park_id = CodeField(_("Industrial park"), "parks")
    since = DayField(_("Since"))
    until = DayField(_("Until (first day no longer there)"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.in_order("since", "until", _t("The site ends before it begins."))
        # The province follows from the ward; an older row keeps what it says.
        if values.get("ward_id") and (not values.get("id") or "ward_id" in self.changed_data):
            values["province_id"] = self.lists.hanoi
        return values


class ProductForm(RowForm):
    table = "products"
    name = forms.CharField(
        label=_("Product"),
        max_length=300,
        error_messages={"required": _("Name the product.")},
    )
    name_en = forms.CharField(label=_("In English"), max_length=300, required=False)
    group_id = CodeField(_("Line of the priority list"), "groups")
    hs = forms.CharField(
        label=_("HS code"),
        max_length=14,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-s"}),
    )
    capacity = forms.CharField(label=_("Capacity"), max_length=200, required=False)

    def clean_hs(self) -> str:
        code = re.sub(r"[\s.]", "", self.cleaned_data["hs"])
        if code and code not in self.lists.hs:
            raise forms.ValidationError(
                _t("The list of HS codes has no “%(code)s”. It has 4 or 6 digits.") % {"code": code}
            )
        return code

    def row(self) -> dict[str, Any]:
        code = self.cleaned_data.get("hs", "")
        kept = self.initial.get("hs_id")
        unchanged = kept is not None and self.lists.hs_codes.get(kept) == code
        return {
            **super().row(),
            "hs_id": kept if unchanged else self.lists.hs[code] if code else None,
        }


class MachineForm(RowForm):
    table = "machines"
    name = forms.CharField(
        label=_("Machine"), max_length=200, error_messages={"required": _("Name the machine.")}
    )
    maker = forms.CharField(label=_("Maker"), max_length=120, required=False)
    spec = forms.CharField(label=_("Specification"), max_length=200, required=False)
    count = WholeField(_("Number of machines"), 1_000_000)


class YearForm(RowForm):
    table = "year_figures"
    year = forms.IntegerField(
        label=_("Year"),
        min_value=1945,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-s"}),
        error_messages={"required": _("Write the year of these figures.")},
    )
    labour = WholeField(_("Employees"), 10_000_000)
    capital_vnd = WholeField(_("Capital, VND"), LARGEST_VND)
    revenue_vnd = WholeField(_("Revenue, VND"), LARGEST_VND)

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > timezone.localdate().year:
            raise forms.ValidationError(_t("This year has not come yet."))
        return year


class ContactForm(RowForm):
    table = "contacts"
    full_name = forms.CharField(
        label=_("Full name"), max_length=120, error_messages={"required": _("Write the name.")}
    )
    role = forms.CharField(label=_("Role"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    name_consent_on = DayField(_("Consent to show the name, given on"))
    phone_consent_on = DayField(_("Consent to show the phone, given on"))
    email_consent_on = DayField(_("Consent to show the e-mail, given on"))


class RelationForm(RowForm):
    table = "relations"
    buyer_id = CodeField(
        _("Buyer"), "buyers", required=True, error_messages={"required": _("Choose the buyer.")}
    )
    plant_id = CodeField(_("Plant of the buyer"), "plants")
    tier = forms.TypedChoiceField(
        label=_("Tier"),
        coerce=int,
        choices=[("", "—"), *SupplyRelation.Tier.choices],
        error_messages={"required": _("Choose the tier.")},
    )
    product = forms.CharField(label=_("What is supplied"), max_length=300, required=False)
    since = DayField(_("Since"))
    until = DayField(_("Until (first day no longer supplied)"))
    evidence = forms.CharField(label=_("Evidence"), max_length=1000, required=False)
    is_confidential = forms.BooleanField(
        label=_("Confidential: not shown to the public"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.in_order("since", "until", _t("The relation ends before it begins."))
        plant = values.get("plant_id")
        if plant and self.lists.buyer_of_plant.get(plant) != values.get("buyer_id"):
            self.add_error("plant_id", _t("This plant is of another buyer."))
        return values


class CertificateForm(RowForm):
    table = "certificates"
    scheme_id = CodeField(
        _("Scheme"), "schemes", required=True, error_messages={"required": _("Choose the scheme.")}
    )
    edition_id = CodeField(_("Edition"), "editions")
    number = forms.CharField(label=_("Number as written"), max_length=120, required=False)
    body_id = CodeField(_("Certification body"), "bodies")
    accreditation_body_id = CodeField(_("Accreditation body"), "accreditation_bodies")
    scope = forms.CharField(label=_("Scope"), max_length=2000, required=False)
    issued_on = DayField(_("Issued on"))
    valid_until = DayField(_("Valid until (last day)"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        issued, until = values.get("issued_on"), values.get("valid_until")
        if issued and until and until < issued:
            self.add_error("valid_until", _t("A certificate cannot end before it was issued."))
        edition = values.get("edition_id")
        if edition and self.lists.scheme_of_edition.get(edition) != values.get("scheme_id"):
            self.add_error("edition_id", _t("This edition is of another scheme."))
        return values


FORMS: dict[str, type[RowForm]] = {
    form.table: form
    for form in (SiteForm, ProductForm, MachineForm, YearForm, RelationForm, CertificateForm, ContactForm)
}  # fmt: skip
MOST_ROWS = 200


class RowSet(BaseFormSet):
    """Rows of one table: first those of the document, after them new ones that may stay empty."""

    default_error_messages = {
        **BaseFormSet.default_error_messages,
        "missing_management_form": _("These rows did not come whole. Open the form again."),
    }

    def initial_form_count(self) -> int:
        """Told by the document, not by what the browser sends."""
        return min(len(self.initial or []), MOST_ROWS)

    def rows(self, *, is_removable: bool) -> list[dict[str, Any]]:
        """The rows as they stand in a document; valid sets only."""
        found = []
        for form in self.forms:
            if form.empty_permitted and not form.has_changed():
                continue
            row = form.row()
            may_go = is_removable or not row["id"]
            if not (may_go and form.cleaned_data.get("DELETE")):
                found.append(row)
        return found


def row_set(table: str, *, extra: int = 0) -> type[RowSet]:
    """A set of forms for the rows of a table, with so many empty ones after them."""
    made: Any = formset_factory(
        FORMS[table],
        formset=RowSet,
        extra=extra,
        can_delete=True,
        absolute_max=MOST_ROWS,
        max_num=MOST_ROWS,
    )
    return made
