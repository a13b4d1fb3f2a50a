"""Certificates in the admin: register, verify, repair."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from registry.certifications.models import Certificate, VerificationStep
from registry.enterprises.admin import WithinAreaAdmin


class VerificationInline(admin.TabularInline):
    """Read here; looks are recorded at the desk, where a second person may be asked."""

    model = VerificationStep
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Certificate)
class CertificateAdmin(WithinAreaAdmin):
    list_display = ("enterprise", "scheme", "number", "issued_on", "valid_until")
    list_filter = ("scheme",)
    list_select_related = ("enterprise", "scheme")
    search_fields = ("number", "enterprise__name")
    autocomplete_fields = ("enterprise", "scheme", "edition", "body", "accreditation_body")
    inlines = (VerificationInline,)

    exclude = ("evidence",)  # attached at the desk, where files are looked into
    readonly_fields = (
        "withdrawn_on",
        "look_again_since",
    )  # at the desk, where a second person may be asked
