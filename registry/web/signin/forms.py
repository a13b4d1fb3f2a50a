"""Forms of the own account: the package's, with labels instead of placeholders."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class Labelled(forms.Form):
    """A placeholder that says what the label says only hides what was written."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(Labelled, account.LoginForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["login"].error_messages["required"] = _("Write your user name.")
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        self.fields["password"].error_messages["required"] = _("Write your password.")


class ReauthenticateForm(Labelled, account.ReauthenticateForm):
    """The password once more."""


class ChangePasswordForm(Labelled, account.ChangePasswordForm):
    """The old and the new password."""


class SetPasswordForm(Labelled, account.SetPasswordForm):
    """A password for an account that has none."""


class LinkForm(Labelled, account.ResetPasswordForm):
    """The e-mail address to which a link goes."""


class NewPasswordForm(Labelled, account.ResetPasswordKeyForm):
    """The password that somebody with a link sets."""


class Coded(Labelled):
    """Six digits of the telephone, or a backup code: a telephone shows its digits to type."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = _("Write the code.")
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "class": "w-m"})


class CodeForm(Coded, mfa.AuthenticateForm):
    """The code after the password."""


class CodeAgainForm(Coded, mfa.ReauthenticateForm):
    """The code once more."""


class SetUpForm(Coded, totp.ActivateTOTPForm):
    """The first code, which shows that the telephone has the key."""


class LanguageForm(forms.Form):
    """In which language the pages open after signing in."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
