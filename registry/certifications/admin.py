"""Certificates in the admin: register, verify, repair."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from registry.accounts.permissions import can_see_evidence
from registry.certifications.models import Certificate, VerificationStep
from registry.core.admin import ReasonedAdmin


class VerificationInline(admin.TabularInline):
    """Steps are added, never changed: a new look is a new step."""

    model = VerificationStep
    extra = 0
    exclude = ("by",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Certificate)
class CertificateAdmin(ReasonedAdmin):
    list_display = ("enterprise", "scheme", "number", "issued_on", "valid_until")
    list_filter = ("scheme",)
    list_select_related = ("enterprise", "scheme")
    search_fields = ("number", "enterprise__name")
    autocomplete_fields = ("enterprise", "scheme", "edition", "body", "accreditation_body")
    inlines = (VerificationInline,)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if can_see_evidence(request.user) else ("evidence",)

    def save_model(self, request: HttpRequest, obj: Certificate, form: Any, change: bool) -> None:
        if "evidence" in form.changed_data and obj.evidence:
            obj.evidence_sha256 = hashlib.file_digest(obj.evidence.file, "sha256").hexdigest()
            obj.evidence.file.seek(0)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for step in formset.save(commit=False):
            if isinstance(step, VerificationStep) and step.pk is None:
                step.by = request.user
            step.save()
        formset.save_m2m()
