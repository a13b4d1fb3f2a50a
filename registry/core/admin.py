"""What every admin page of a register table shares: a reason beside each writing."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.ModelForm):
    """A model form that asks why; the answer goes into the history."""

    change_reason = forms.CharField(
        label=_("Reason for this change"),
        max_length=300,
        help_text=_("Kept for ever in the history beside who and when."),
    )


class ReasonedAdmin(admin.ModelAdmin):
    """Writes with the reason the form asks for; deletes are not offered."""

    form = ReasonForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with pghistory.context(reason=request.POST.get("change_reason", "")[:300]):
            return super().changeform_view(request, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A record ends by its dates; nothing is erased."""
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """Code lists: loaded by a command, looked at here."""

    search_fields: ClassVar[tuple[str, ...]] = ("code", "name", "name_en")
    ordering: ClassVar[tuple[str, ...]] = ("code",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
