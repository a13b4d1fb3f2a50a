"""One form on a page of its own: shown, checked, written by one call, or sent back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from registry.enterprises.permissions import OutsideArea
from registry.support.actions import ChangedMeanwhile


@dataclass(frozen=True)
class Crumb:
    """A page above this one."""

    label: Any
    url: str


@dataclass(frozen=True)
class FormPage:
    """What the page around a form says; ``back`` is where it leads when all is written."""

    heading: Any
    crumbs: Sequence[Crumb]
    back: str


def written(form: forms.BaseForm, write: Callable[[], Any]) -> Any:
    """What ``write`` returned, or None where it was refused: the form then says why."""
    if not form.is_valid():
        return None
    try:
        return write()
    except ValidationError as refused:
        for name, problems in errors_of(refused).items():
            form.add_error(name if name in form.fields else None, problems)
    except OutsideArea as refused_area:
        form.add_error(None, str(refused_area))
    except ChangedMeanwhile:
        form.add_error(
            None,
            _(
                "Somebody changed this while you were writing. Nothing of yours was saved. Open "
                "the page again in another window, compare, and save here what you want to stay."
            ),
        )
    return None


def errors_of(refused: ValidationError) -> dict[str, list[str]]:
    if hasattr(refused, "error_dict"):
        return refused.message_dict
    return {"__all__": refused.messages}


def answer(
    request: HttpRequest, form: forms.BaseForm, page: FormPage, write: Callable[[], Any]
) -> HttpResponse:
    """The page with its form; on POST what ``write`` does, then the page before."""
    if request.method == "POST":
        outcome = written(form, write)
        if outcome is not None:
            said = _("Nothing was changed.") if outcome is False else _("Saved.")
            messages.success(request, said)
            return redirect(page.back)
    context = {"form": form, "page": page}
    status = 422 if form.errors else 200
    return render(request, "pages/support/form.html", context, status=status)
