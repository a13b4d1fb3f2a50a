"""Forms about a person; each has a reason, kept for ever beside who and when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from registry.accounts.enums import Role
from registry.reference.models import Sector, Ward
from registry.web.shared.forms import ReasonForm


class DetailsForm(ReasonForm):
    last_name = forms.CharField(label=_("Family and middle name"), max_length=150, required=False)
    first_name = forms.CharField(label=_("Given name"), max_length=150, required=False)
    email = forms.EmailField(
        label=_("E-mail of the office"), max_length=254, required=False,
        error_messages={"invalid": _("Write an address such as lan@example.vn.")},
    )  # fmt: skip
    field_order: tuple[str, ...] = ("last_name", "first_name", "email", "reason")


class RoleForm(ReasonForm):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("Choose")), *Role.choices],
        error_messages={"required": _("Choose a role.")},
        help_text=_(
            "Officers enter records; verifiers decide on certificates; managers read all and "
            "close periods; auditors read all and the log of sign-ins; administrators make "
            "accounts and may do all."
        ),
    )
    field_order: tuple[str, ...] = ("role", "reason")


class NewPersonForm(DetailsForm, RoleForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("What the person signs in with; it stays the same for ever."),
        error_messages={"required": _("Write a user name.")},
    )
    field_order: tuple[str, ...] = (
        "username",
        "last_name",
        "first_name",
        "email",
        "role",
        "reason",
    )


class AreaForm(ReasonForm):
    """Wards and sectors whose records the person may write."""

    wards = forms.ModelMultipleChoiceField(
        label=_("Wards and communes"), queryset=Ward.objects.order_by("name", "code"),
        required=False, widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text=_("Nothing chosen here or below: the whole city. Ctrl chooses several."),
    )  # fmt: skip
    sectors = forms.ModelMultipleChoiceField(
        label=_("Sectors"),
        queryset=Sector.objects.order_by("position", "code"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order: tuple[str, ...] = ("wards", "sectors", "reason")

    def identities(self) -> dict[str, list[int]]:
        return {name: [row.pk for row in self.cleaned_data[name]] for name in ("wards", "sectors")}


class DirectoryForm(ReasonForm):
    identifier = forms.CharField(
        label=_("Identifier"), max_length=191, required=False, strip=True,
        help_text=_("By what the directory knows this person. Empty: sign-in by password only."),
    )  # fmt: skip
    field_order: tuple[str, ...] = ("identifier", "reason")


def initial_of(code: str, known: dict[str, Any]) -> dict[str, Any]:
    """What a form shows at first."""
    names = {
        "details": ("last_name", "first_name", "email"),
        "role": ("role",),
        "area": ("wards", "sectors"),
        "directory": ("identifier",),
    }
    return {name: known[name] for name in names.get(code, ())}
