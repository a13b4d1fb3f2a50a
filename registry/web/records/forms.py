"""Fields of the enterprise itself, and why the blank ones are blank."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from registry.enterprises.enums import BlankReason, LegalForm, Ownership
from registry.enterprises.models import Enterprise
from registry.enterprises.validators import TaxCodeProblem, clean_tax_code, tax_code_shape
from registry.records.content import CODES, OWN, Content, plain
from registry.web.records.lists import Lists
from registry.web.records.rows import CodeField, DayField, fill

BLANKS: dict[str, Any] = {
    "tax_code": _("Tax code"),
    "ownership": _("Ownership"),
    "founded_on": _("Founded on"),
    "website": _("Website"),
    "sectors": _("Sector"),
    "products": _("Products"),
    "processes": _("Processes"),
    "machines": _("Machines"),
    "certificates": _("Certificates"),
    "size": _("Employees, capital and revenue"),
}
"""What may be blank, each with the reason why; "not asked yet" where none is chosen."""

WHY_BLANK = [
    ("", BlankReason.NOT_ASKED.label),
    *((one.value, one.label) for one in (BlankReason.UNKNOWN, BlankReason.NOT_APPLICABLE)),
]

TAX_CODE_PROBLEMS = {
    "letters": _("A tax code has digits only."),
    "lost_zero": _("The leading zero is missing. Spreadsheets drop it: type the code with it."),
    "personal": _(
        "12 digits are a person's number. Only a household business has such a tax code."
    ),
}


def tax_code_message(problem: TaxCodeProblem, has_note: bool = True) -> str:
    """What is wrong with a tax code, and what to do, in the reader's language.

    ``has_note``: the form has a place for why a code is kept whose last digit does not fit.
    """
    if problem.code == "length":
        count = sum(sign.isdigit() for sign in problem.value)
        return _t("A tax code has 10 or 13 digits. You entered %(count)s.") % {"count": count}
    if problem.code == "checksum" and not has_note:
        return _t(
            "The last of the ten digits does not fit the others: one digit is mistyped. Leave "
            "it empty if the paper really says so, and enter it with the reason afterwards."
        )
    if problem.code == "checksum":
        return _t(
            "The last of the ten digits does not fit the others: one digit is mistyped. If the "
            "paper really says so, write below why the code is kept."
        )
    return str(TAX_CODE_PROBLEMS[problem.code])


class CodesField(forms.TypedMultipleChoiceField):
    """Entries of a code list, each with a box to tick."""

    def __init__(self, label: Any, choices_of: str) -> None:
        super().__init__(
            label=label, required=False, coerce=int, widget=forms.CheckboxSelectMultiple
        )
        self.choices_of = choices_of


class RecordForm(forms.Form):
    """The identity of an enterprise and its entries of code lists."""

    use_required_attribute = False
    tax_code = forms.CharField(
        label=_("Tax code"),
        required=False,
        max_length=20,
        help_text=_("10 digits, or 13 for a branch, for example 0101234567."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w-m"}
        ),
    )
    tax_code_note = forms.CharField(
        label=_("Why a failing tax code is kept"), required=False, max_length=300
    )
    name = forms.CharField(
        label=_("Legal name"),
        max_length=300,
        help_text=_("As in the business registration."),
        error_messages={"required": _("Write the name as in the business registration.")},
    )
    name_en = forms.CharField(
        label=_("Name in English or in trade"), required=False, max_length=300
    )
    short_name = forms.CharField(label=_("Short name"), required=False, max_length=120)
    legal_form = forms.ChoiceField(
        label=_("Legal form"), required=False, choices=[("", "—"), *LegalForm.choices]
    )
    ownership = forms.ChoiceField(
        label=_("Ownership"), required=False, choices=[("", "—"), *Ownership.choices]
    )
    foreign_share = forms.DecimalField(
        label=_("Foreign share, %"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "w-s"}),
    )
    founded_on = DayField(_("Founded on"))
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    about = forms.CharField(
        label=_("About"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    sectors = CodesField(_("Sectors"), "sectors")
    primary_sector = CodeField(_("Primary sector"), "sectors")
    processes = CodesField(_("Processes"), "processes")
    materials = CodesField(_("Materials"), "materials")

    def __init__(self, *args: Any, lists: Lists, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, lists)
        primary: Any = self.fields["primary_sector"]
        primary.choices = [("", "—"), *lists.sectors]
        for name, label in BLANKS.items():
            self.fields[f"blank_{name}"] = forms.ChoiceField(
                label=_("If blank, why: %(field)s") % {"field": label},
                required=False,
                choices=WHY_BLANK,
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self._check_tax_code(values)
        if (values.get("founded_on") or dt.date.min) > timezone.localdate():
            self.add_error("founded_on", _t("This day has not come yet."))
        sectors, primary = values.get("sectors") or [], values.get("primary_sector")
        if primary and primary not in sectors:
            values["sectors"] = [*sectors, primary]
        if len(sectors) == 1 and not primary:
            values["primary_sector"] = sectors[0]
        return values

    def _check_tax_code(self, values: dict[str, Any]) -> None:
        text = values.get("tax_code") or ""
        if not text:
            return
        is_household = values.get("legal_form") == LegalForm.HOUSEHOLD
        try:
            values["tax_code"] = clean_tax_code(text, is_household=is_household)
        except TaxCodeProblem as problem:
            if problem.code == "checksum" and values.get("tax_code_note"):
                digits = "".join(sign for sign in text if sign.isdigit())
                values["tax_code"] = tax_code_shape(digits)
            else:
                self.add_error("tax_code", tax_code_message(problem))

    def own(self) -> dict[str, Any]:
        """The fields as they stand in a document."""
        values = {name: plain(Enterprise, name, self.cleaned_data.get(name)) for name in OWN}
        return {**values, "primary_sector": self.cleaned_data.get("primary_sector")}

    def codes(self) -> dict[str, list[int]]:
        return {name: sorted(set(self.cleaned_data.get(name) or [])) for name in CODES}

    def blank(self, before: dict[str, str], filled: set[str]) -> dict[str, str]:
        """Why each blank field is blank; what is filled in now needs no reason any more."""
        reasons = dict(before)
        for name in BLANKS:
            chosen = self.cleaned_data.get(f"blank_{name}") or ""
            if chosen == before.get(name, "") and name not in filled:
                continue
            reasons.pop(name, None)
            if chosen and name not in filled:
                reasons[name] = chosen
        return dict(sorted(reasons.items()))


class SourceForm(forms.Form):
    """Where what is entered comes from."""

    use_required_attribute = False
    source = forms.CharField(
        label=_("Where this comes from"),
        max_length=200,
        help_text=_("For example: registration form of 12 March 2026. No names of persons."),
        error_messages={"required": _("Say where this comes from.")},
    )


class WhyForm(forms.Form):
    """Why something is done; kept for ever beside who and when."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason for this change"),
        max_length=300,
        help_text=_("Kept for ever in the history beside who and when."),
        error_messages={"required": _("Say why this is recorded.")},
    )


def initial_of(content: Content) -> dict[str, Any]:
    """What a form shows for a document."""
    return {
        **content["fields"],
        **content["codes"],
        **{f"blank_{name}": reason for name, reason in content["blank"].items()},
    }
