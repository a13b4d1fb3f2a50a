"""Who may enter, decide and edit records; the area is asked of ``enterprises.permissions``."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from registry.accounts.models import User
from registry.records.enums import Status
from registry.records.models import Application


def can_enter_records(user: User | AnonymousUser) -> bool:
    """Ask for an enterprise to be registered."""
    return user.is_active and user.has_perm("registry.add_enterprise")


def can_change_records(user: User | AnonymousUser) -> bool:
    """Edit a record, take steps of its life, split it."""
    return user.is_active and user.has_perm("registry.change_enterprise")


def can_see_applications(user: User | AnonymousUser) -> bool:
    return user.is_active and user.has_perm("registry.view_application")


def can_decide_applications(user: User | AnonymousUser) -> bool:
    """Register what others have entered, or send it back."""
    return user.is_active and user.has_perm("registry.decide_application")


def can_decide(user: User | AnonymousUser, application: Application) -> bool:
    """Decide this one: it waits, and somebody else has entered it."""
    return (
        can_decide_applications(user)
        and application.status == Status.SUBMITTED
        and application.submitted_by_id != user.pk
    )


def can_revise(user: User | AnonymousUser, application: Application) -> bool:
    """Mend an application that was sent back to this person."""
    return application.status == Status.SENT_BACK and application.submitted_by_id == user.pk
