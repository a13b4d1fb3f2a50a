"""The only writers of accounts and of the rights that go with a role."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from registry.accounts.enums import Role
from registry.accounts.models import User

# Named, not imported: these records are of rooms above this one.
KEPT_BY_OFFICERS = (
    "certificate",
    "certificatesite",
    "contact",
    "enterprise",
    "enterprisematerial",
    "enterpriseprocess",
    "enterprisesector",
    "enterprisevsic",
    "incentiveamendment",
    "incentivecertificate",
    "incentiveproduct",
    "incentivereport",
    "machine",
    "participation",
    "product",
    "site",
    "supplyrelation",
    "supportactivity",
    "supportmeasure",
    "supportprogramme",
    "visit",
    "visitcertificate",
    "visitphoto",
    "yearfigure",
)
KEPT_BY_VERIFIERS = ("add_verificationstep", "add_visit", "change_certificate")
KEPT_BY_MANAGERS = ("add_release", "approve_release")
HIDDEN_FROM_READERS = ("contact", "contactevent", "user")


@transaction.atomic
def give_account(*, username: str, password: str, role: Role, by: User | None) -> User:
    """Make the account, or set the password and role of the one that has this name.

    Officers keep records, verifiers decide what a look at a certificate has shown; both
    look at everything. Managers and auditors look at everything but people; managers
    close periods, auditors change nothing. Administrators may do all. ``by`` is nobody where a command acts for the machine's owner.
    """
    user, _created = User.objects.get_or_create(username=username)
    user.is_active = user.is_staff = True
    user.is_superuser = role == Role.ADMIN
    user.set_password(password)
    user.save()
    user.groups.set([] if role == Role.ADMIN else [_group(role)])
    return user


def _group(role: Role) -> Group:
    group, _created = Group.objects.get_or_create(name=role.value)
    ours = Permission.objects.filter(content_type__app_label="registry")
    rights = ours.filter(codename__startswith="view_")
    if role in (Role.OFFICER, Role.VERIFIER):
        rights = rights.exclude(codename="view_user") | ours.filter(codename__in=_kept_by(role))
    else:
        rights = rights.exclude(codename__in=[f"view_{name}" for name in HIDDEN_FROM_READERS])
        if role == Role.MANAGER:
            rights = rights | ours.filter(codename__in=KEPT_BY_MANAGERS)
    group.permissions.set(rights)
    return group


def _kept_by(role: Role) -> list[str]:
    """What a role writes beside reading. Who enters a certificate does not decide on it."""
    if role == Role.VERIFIER:
        return list(KEPT_BY_VERIFIERS)
    return [f"{verb}_{name}" for verb in ("add", "change") for name in KEPT_BY_OFFICERS]
