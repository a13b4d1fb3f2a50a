"""Who may write and read site visits; pure and table-tested."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from registry.accounts.models import User


def can_read_visits(user: User | AnonymousUser) -> bool:
    """What was seen, in words."""
    return user.is_active and user.has_perm("registry.view_visit")


def can_visit(user: User | AnonymousUser) -> bool:
    """Write a visit; see the photos of visits, which show the inside of factories."""
    return user.is_active and user.has_perm("registry.add_visit")


def can_settle_visits(user: User | AnonymousUser) -> bool:
    """Say what becomes of a visit that does not fit the record."""
    return user.is_active and user.has_perm("registry.change_visit")
