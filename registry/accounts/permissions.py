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


def can_open_desk(user: User | AnonymousUser) -> bool:
    """The queues of work and how each certificate was verified."""
    return user.is_active and user.has_perm("registry.view_verificationstep")


def can_verify(user: User | AnonymousUser) -> bool:
    """Decide what a look at a certificate has shown."""
    return user.is_active and user.has_perm("registry.add_verificationstep")


def can_verify_relations(user: User | AnonymousUser) -> bool:
    """Decide what a look at the proof of a supply relation has shown."""
    return user.is_active and user.has_perm("registry.verify_supplyrelation")


def can_confirm_records(user: User | AnonymousUser) -> bool:
    """Say that an enterprise's record is still true."""
    return user.is_active and user.has_perm("registry.change_enterprise")


LOADS_LISTS = ("registry.add_enterprise", "registry.change_enterprise")


def can_load_lists(user: User | AnonymousUser) -> bool:
    """Load lists from offices: a list may add records and change them."""
    return user.is_active and user.has_perms(LOADS_LISTS)


def can_enter_values(user: User | AnonymousUser) -> bool:
    """Enter, correct and withdraw what the register cannot count."""
    return user.is_active and user.has_perm("registry.add_enteredvalue")


def can_manage_people(user: User | AnonymousUser) -> bool:
    """Make accounts, give roles and areas, close accounts: administrators."""
    return user.is_active and user.has_perm("registry.change_user")


def can_see_sign_ins(user: User | AnonymousUser) -> bool:
    """Sign-ins and changes of accounts in the log: auditors and administrators."""
    return user.is_active and user.has_perm("registry.view_accountentry")


def is_signed_in(user: User | AnonymousUser) -> bool:
    """Anybody with an account: the pages about the own account."""
    return user.is_authenticated and user.is_active
