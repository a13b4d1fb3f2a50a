"""Who may see what, asked of a person; pure and table-tested."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from registry.accounts.models import User


def can_see_contacts(user: User | AnonymousUser) -> bool:
    """Contact persons beyond their consent: only those given the permission."""
    return user.is_active and user.has_perm("registry.view_contact")


def can_see_evidence(user: User | AnonymousUser) -> bool:
    """Evidence files: only those who may change certificates."""
    return user.is_active and user.has_perm("registry.change_certificate")
