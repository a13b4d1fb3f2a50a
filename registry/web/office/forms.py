"""Forms of the office: each decision has a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.accounts.models import User
from registry.desk.actions import CHOOSABLE
from registry.desk.records import tracked_by_code
from registry.web.shared.forms import ReasonForm


class DecisionForm(ReasonForm):
    """Whether two records are of the same enterprise."""

    is_same = forms.TypedChoiceField(
        label=_("Are they the same enterprise?"),
        choices=[("yes", _("The same enterprise")), ("no", _("Not the same"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )


class MergeForm(ReasonForm):
    """Whose value each field takes; the kept record's unless chosen otherwise."""

    def chosen(self) -> dict[str, str]:
        return {name: self.data.get(f"take_{name}", "kept") for name in CHOOSABLE}


class LogForm(forms.Form):
    """What of the log is asked for."""

    use_required_attribute = False
    table = forms.ChoiceField(label=_("Table"), required=False)
    person = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.order_by("username"), required=False
    )
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )  # fmt: skip

    def __init__(self, *args: Any, hidden: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(
            (str(model._meta.verbose_name), code)
            for code, (model, _events) in tracked_by_code().items()
            if code not in hidden
        )
        self.fields["table"].choices = [("", _("All tables"))] + [  # type: ignore[attr-defined]
            (code, name) for name, code in names
        ]
