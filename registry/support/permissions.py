"""Who may read and keep what is known of support; pure and table-tested."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from registry.accounts.models import User


def can_read_support(user: User | AnonymousUser) -> bool:
    """Programmes with their amounts, participants, certificates of incentives, cohorts."""
    return user.is_active and user.has_perm("registry.view_participation")


def can_keep_support(user: User | AnonymousUser) -> bool:
    """Enter and change them."""
    return user.is_active and user.has_perm("registry.change_participation")
