"""Values that are entered, not computed: for everybody to read, for managers to keep."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from registry.accounts.permissions import can_enter_values
from registry.dashboard.entered import Entered, entered
from registry.dashboard.points import Point
from registry.dashboard.published import published
from registry.dashboard.words import said as said_words
from registry.dashboard.words import target_words
from registry.plans.models import Scope, Target
from registry.statistics.actions import (
    AlreadyWithdrawn,
    NotGoneBy,
    Said,
    correct_value,
    enter_value,
    withdraw_value,
)
from registry.statistics.enums import PERCENT, UNITS, EnteredIndicator
from registry.statistics.models import EnteredValue
from registry.statistics.queries import values_by_indicator
from registry.web.programme.asked import parameters_of, point_asked
from registry.web.shared.access import only_for, person
from registry.web.shared.forms import day_field
from registry.web.shared.problems import hidden_inputs, says_problems

TYPED = re.compile(
    r"-?([0-9]+|[0-9]{1,3}([.,\u00a0 ])[0-9]{3}(\2[0-9]{3})*)((?!\2)[.,][0-9]{1,2})?"
)


def number_typed(text: str) -> Decimal:
    """16,5 or 16.5; 1.000, 1,000 or 1 000: three digits after a sign are thousands, one or
    two are decimals. Raises ``ValidationError`` for anything else."""
    text = text.strip()
    found = TYPED.fullmatch(text)
    if found is None:
        raise ValidationError(
            _("“%(text)s” is not a number. Write it as 16.5 or 1,000.") % {"text": text[:40]}
        )
    whole = re.sub(r"\D", "", found[1])
    tail = (found[4] or "").replace(",", ".")
    return Decimal(("-" if text.startswith("-") else "") + whole + tail)


class NumberField(forms.CharField):
    """A number as people type it in either language."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return number_typed(text) if text else None


ISO = ["%Y-%m-%d"]


class ReasonForm(forms.Form):
    """Why something is done; kept for ever beside who and when."""

    use_required_attribute = False
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class ValueForm(ReasonForm):
    """What the source says, and why it is entered."""

    indicator = forms.ChoiceField(label=gettext_lazy("Indicator"), choices=EnteredIndicator.choices)
    scope = forms.ChoiceField(label=gettext_lazy("City or nation"), choices=Scope.choices)
    qualifier = forms.ChoiceField(
        label=gettext_lazy("Said as"), choices=Target.Operator.choices, initial="="
    )
    value = NumberField(
        label=gettext_lazy("Value"), max_length=20,
        help_text=gettext_lazy("In percent for shares and growth, else a count."),
    )  # fmt: skip
    high = NumberField(
        label=gettext_lazy("Upper end, if the source gives a band"), max_length=20, required=False
    )
    period_from = day_field(
        gettext_lazy("Period from, if it is of a period"), required=False, input_formats=ISO
    )
    as_of_on = day_field(gettext_lazy("As of, or period to"), input_formats=ISO)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300)
    source_url = forms.URLField(
        label=gettext_lazy("Address of the source"), max_length=500, required=False,
        assume_scheme="https",
    )  # fmt: skip

    field_order = (
        "indicator", "scope", "qualifier", "value", "high", "period_from", "as_of_on", "source",
        "source_url", "reason",
    )  # fmt: skip

    def said(self) -> Said:
        values = {name: one for name, one in self.cleaned_data.items() if name != "reason"}
        return Said(**values)


def plain(value: Decimal | None) -> str:
    """As the form takes it back: no figure is lost."""
    return "" if value is None else f"{value.normalize():f}"


def exact(value: Decimal) -> str:
    """As entered, in the reader's signs; nothing is rounded."""
    return formats.number_format(plain(value), use_l10n=True, force_grouping=True)


def value_words(value: EnteredValue) -> str:
    """As the source says it: "about 16–17 %"."""
    amount = exact(value.value)
    if value.high is not None and value.high != value.value:
        amount = f"{amount}–{exact(value.high)}"
    return said_words(value.qualifier, f"{amount}\u00a0%" if value.unit == PERCENT else amount)


def entered_rows(rows: list[Entered]) -> list[dict[str, Any]]:
    """For the section of the programme's page and for the page of entered values."""
    return [
        {
            "row": row,
            "is_nation": row.scope == Scope.NATION,
            "value": value_words(row.latest) if row.latest else "",
            "target": _target_words(row),
            "place": row.place.value if row.place else "",
            "values": [(one, value_words(one)) for one in row.values],
        }
        for row in rows
    ]


def _target_words(row: Entered) -> str:
    if row.target is None:
        return ""
    words = target_words(row.target)
    is_yearly = row.target.unit == "%/yr"
    return f"{words}\u00a0%" if is_yearly and UNITS[row.indicator] == PERCENT else words


@says_problems
def entered_page(request: HttpRequest) -> HttpResponse:
    """All entered values up to a day, as they were known at a moment."""
    point: Point = point_asked(request.GET)
    with point.looked_from():
        values = values_by_indicator(point.on)
    said = published(EnteredIndicator.values, point.on, {})
    context = {
        "point": point,
        "on": point.on,
        "today": timezone.localdate(),
        "rows": entered_rows(entered(values, said, point.on)),
        "has_values": bool(values),
        "may_enter": can_enter_values(request.user),
        "kept": hidden_inputs(request.GET, keep=("known",)),
        "back": parameters_of(point).urlencode(),
    }
    return render(request, "pages/statistics/entered.html", context)


@require_http_methods(["GET", "POST"])
@only_for(can_enter_values)
def entered_add(request: HttpRequest) -> HttpResponse:
    """A new value; nothing is lost when something is wrong with it."""
    initial = {"indicator": request.GET.get("indicator", "")[:60]}
    form = ValueForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            enter_value(said=form.said(), reason=form.cleaned_data["reason"], by=person(request))
        except (NotGoneBy, ValidationError) as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The value is entered."))
            return redirect("programme-entered")
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
@only_for(can_enter_values)
def entered_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Another value in the place of one entered wrongly, with the reason."""
    value = get_object_or_404(EnteredValue.objects.standing(), pk=pk)
    form = ValueForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(value, name) for name in Said.__dataclass_fields__}
        | {"value": plain(value.value), "high": plain(value.high)},
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            correct_value(value=value, said=form.said(), reason=reason, by=person(request))
        except (NotGoneBy, AlreadyWithdrawn, ValidationError) as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The value is corrected; the history keeps both."))
            return redirect("programme-entered")
    return _form_page(request, form, value)


@require_http_methods(["GET", "POST"])
@only_for(can_enter_values)
def entered_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a value that should not have been entered."""
    value = get_object_or_404(EnteredValue.objects.standing(), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_value(value=value, reason=form.cleaned_data["reason"], by=person(request))
        except AlreadyWithdrawn as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The value is withdrawn; the history keeps it."))
            return redirect("programme-entered")
    context = {"form": form, "value": value, "words": value_words(value)}
    return render(request, "pages/statistics/withdraw.html", context, status=_status(form))


def _form_page(request: HttpRequest, form: ValueForm, value: EnteredValue | None) -> HttpResponse:
    context = {"form": form, "value": value}
    return render(request, "pages/statistics/form.html", context, status=_status(form))


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200


REFUSALS: dict[type[Exception], Any] = {
    NotGoneBy: gettext_lazy("The day has not come yet; nobody can have counted."),
    AlreadyWithdrawn: gettext_lazy("The value was withdrawn meanwhile. Nothing was written."),
}


def _say(form: forms.Form, refusal: Exception) -> None:
    """What is wrong, at its field where it has one."""
    if isinstance(refusal, ValidationError):
        known = {name: errors for name, errors in _by_field(refusal).items() if name in form.fields}
        rest = [one for name, errors in _by_field(refusal).items() if name not in known
                for one in errors]  # fmt: skip
        for name, errors in known.items():
            form.add_error(name, ValidationError(errors))
        for one in rest:
            form.add_error(None, one)
    else:
        field = "as_of_on" if isinstance(refusal, NotGoneBy) else None
        form.add_error(field, REFUSALS[type(refusal)])


def _by_field(refusal: ValidationError) -> dict[str, list[str]]:
    return refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
