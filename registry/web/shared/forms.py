"""Forms that more than one part of the pages uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, asked with the browser's own calendar and kept as ISO writes it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


class ReasonForm(forms.Form):
    """Why something is done; kept for ever beside who and when."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason.")},
    )


def mark_kept(form: forms.Form, name: str, mark_now: Callable[[], str]) -> str:
    """The mark for the hidden field ``name``: of what stands there now on a first showing, or
    where the page says that something has changed; else the one that was sent."""
    if not form.is_bound or form.non_field_errors():
        return mark_now()
    return form[name].value() or ""


def problems_of(
    form: forms.Form, *, rest: str = "main", is_named: bool = False
) -> list[tuple[str, str]]:
    """What is wrong, each with the identity of the field it stands at.

    What is of no field stands at ``rest``. ``is_named``: the label goes before the sentence.
    """

    def place(name: str) -> str:
        # A group of buttons has no identity of its own, but its first button has.
        return form[name].id_for_label or f"{form[name].auto_id}_0"

    return [
        (place(name), f"{form[name].label}: {text}" if is_named else str(text))
        if name in form.fields
        else (rest, str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]
