"""Forms of the office: each decision has a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from registry.accounts.models import User
from registry.desk.actions import CHOOSABLE, DecidedMeanwhile
from registry.desk.log import name_of
from registry.desk.models import QuestionAnswer
from registry.desk.records import tracked_by_code
from registry.web.shared.forms import ReasonForm


def said_meanwhile(quicker: DecidedMeanwhile) -> str:
    """Who was quicker, and what they said."""
    words = _t(
        "%(person)s decided this while the page was open: “%(reason)s”. Nothing of yours was "
        "saved. Compare the two, and save again only if theirs does not hold."
    )
    if isinstance(quicker.theirs, QuestionAnswer):
        words = _t(
            "%(person)s explained this while the page was open: “%(reason)s”. That explanation "
            "stands; nothing of yours was saved."
        )
    return words % {"person": quicker.theirs.by.desk_name, "reason": quicker.theirs.reason}


class DecisionForm(ReasonForm):
    """Whether two records are of the same enterprise."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())

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
        label=_("Person"),
        queryset=User.objects.order_by("username"),
        required=False,
        empty_label=_("Everybody"),
    )
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )  # fmt: skip

    def __init__(self, *args: Any, hidden: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(
            (name_of(model._meta), code)
            for code, (model, _events) in tracked_by_code().items()
            if code not in hidden
        )
        self.fields["table"].choices = [("", _("All tables"))] + [  # type: ignore[attr-defined]
            (code, name) for name, code in names
        ]
