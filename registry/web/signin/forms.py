"""Forms of the own account."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """User name and password, with labels instead of placeholders."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["login"].error_messages["required"] = _("Write your user name.")
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        self.fields["password"].error_messages["required"] = _("Write your password.")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LanguageForm(forms.Form):
    """In which language the pages open after signing in."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
