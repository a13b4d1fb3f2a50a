"""Who takes work on, and who sets targets and pauses."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from registry.accounts.models import User
from registry.accounts.permissions import can_confirm_records, can_verify, can_verify_relations


def can_take_work(user: User | AnonymousUser) -> bool:
    """Those who enter or decide; who only reads has no work here."""
    return can_confirm_records(user) or can_verify(user) or can_verify_relations(user)


def can_set_service(user: User | AnonymousUser) -> bool:
    """Managers and administrators."""
    return user.is_active and user.has_perm("registry.add_servicetarget")
