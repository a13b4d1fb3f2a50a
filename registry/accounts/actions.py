"""The only writers of accounts and of the rights that go with a role."""

from __future__ import annotations

from collections.abc import Iterable

import pghistory
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.db import transaction

from registry.accounts.enums import AccountEvent, Role
from registry.accounts.models import AccountEntry, User
from registry.accounts.queries import DIRECTORY, directory_identifier, role_of

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
KEPT_BY_VERIFIERS = (
    "add_verificationstep",
    "add_visit",
    "change_certificate",
    "decide_application",
    "verify_supplyrelation",
)
KEPT_BY_MANAGERS = (
    "add_release",
    "approve_release",
    "add_servicetarget",
    "add_intakepause",
    "add_enteredvalue",
)
ENTRIES = ("accountentry", "accountentryevent")
HIDDEN_FROM_READERS = ("contact", "contactevent", "user")


class NotYourself(Exception):
    """Nobody changes the own role or closes the own account: another administrator does."""


class NameTaken(Exception):
    """Another account has this user name or this identifier of the directory."""


@transaction.atomic
def give_account(*, username: str, password: str, role: Role, by: User | None) -> User:
    """Make the account, or set the password and role of the one that has this name.

    Officers keep records, verifiers decide what a look at a certificate has shown; both
    look at everything. Managers and auditors look at everything but people; managers
    close periods, auditors change nothing. Administrators may do all. ``by`` is nobody where a command acts for the machine's owner.
    """
    user, _created = User.objects.get_or_create(username=username)
    user.is_active = True
    user.set_password(password)
    _give(user, role)
    return user


def _give(person: User, role: Role) -> None:
    person.is_staff = True
    person.is_superuser = role == Role.ADMIN
    person.save()
    person.groups.set([] if role == Role.ADMIN else [_group(role)])


@transaction.atomic
def refresh_roles() -> None:
    """Give the roles in use the rights of this version; run after every ``migrate``."""
    for name in Group.objects.filter(name__in=Role.values).values_list("name", flat=True):
        _group(Role(name))


def _group(role: Role) -> Group:
    group, _created = Group.objects.get_or_create(name=role.value)
    ours = Permission.objects.filter(content_type__app_label="registry")
    rights = ours.filter(codename__startswith="view_")
    if role in (Role.OFFICER, Role.VERIFIER):
        rights = rights.exclude(codename__in=_views(("user", *ENTRIES)))
        rights = rights | ours.filter(codename__in=_kept_by(role))
    else:
        hidden = HIDDEN_FROM_READERS + (() if role == Role.AUDITOR else ENTRIES)
        rights = rights.exclude(codename__in=_views(hidden))
        if role == Role.MANAGER:
            rights = rights | ours.filter(codename__in=KEPT_BY_MANAGERS)
    group.permissions.set(rights)
    return group


def _views(names: Iterable[str]) -> list[str]:
    return [f"view_{name}" for name in names]


def _kept_by(role: Role) -> list[str]:
    """What a role writes beside reading. Who enters a certificate does not decide on it."""
    if role == Role.VERIFIER:
        return list(KEPT_BY_VERIFIERS)
    return [f"{verb}_{name}" for verb in ("add", "change") for name in KEPT_BY_OFFICERS]


# What happened to an account


@transaction.atomic
def enter(
    *,
    kind: AccountEvent,
    person: User | None,
    address: str | None = None,
    detail: str = "",
    reason: str = "",
    by: User | None = None,
) -> AccountEntry:
    """Note what happened to an account; the log shows it to auditors and administrators.

    ``by`` is the administrator who did it, nobody where the person did it or tried to.
    """
    who = by or person
    with pghistory.context(user=who.pk if who else None, reason=reason or str(kind.label)):
        return AccountEntry.objects.create(
            kind=kind.value, person=person, address=address, detail=detail[:300],
            reason=reason[:300], by=by,
        )  # fmt: skip


# Administrators: every act has a reason and is entered


@transaction.atomic
def create_person(
    *, username: str, first_name: str, last_name: str, email: str, role: Role, reason: str, by: User
) -> User:
    """Make an account without a password: the person sets one by the link given to them.

    Raises :class:`NameTaken`, also for a name that differs only in capital letters.
    """
    if User.objects.filter(username__iexact=username).exists():
        raise NameTaken
    person = User(username=username, first_name=first_name, last_name=last_name, email=email)
    person.set_unusable_password()
    _give(person, role)
    enter(kind=AccountEvent.CREATED, person=person, detail=role.value, reason=reason, by=by)
    return person


@transaction.atomic
def change_details(
    *, person: User, first_name: str, last_name: str, email: str, reason: str, by: User
) -> bool:
    """Write name and e-mail; False, and no trace, where they were so already."""
    person = User.objects.select_for_update().get(pk=person.pk)
    new = {"first_name": first_name, "last_name": last_name, "email": email}
    changed = [name for name, value in new.items() if getattr(person, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(person, name, new[name])
    person.save(update_fields=changed)
    enter(kind=AccountEvent.DETAILS, person=person, detail=", ".join(changed), reason=reason, by=by)
    return True


@transaction.atomic
def change_role(*, person: User, role: Role, reason: str, by: User) -> bool:
    """Give another role; False where it is the same. Raises :class:`NotYourself`.

    The person is signed out everywhere, so that no page of the old role stays open.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    before = role_of(person)
    if before == role:
        return False
    if person.pk == by.pk:
        raise NotYourself
    _give(person, role)
    _end_sessions(person)
    detail = f"{before.value if before else '-'} → {role.value}"
    enter(kind=AccountEvent.ROLE, person=person, detail=detail, reason=reason, by=by)
    return True


@transaction.atomic
def set_open(*, person: User, is_open: bool, reason: str, by: User) -> bool:
    """Close an account (all its sessions end) or open it again; never deleted.

    False where it is so already. Raises :class:`NotYourself`.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_active == is_open:
        return False
    if person.pk == by.pk:
        raise NotYourself
    person.is_active = is_open
    person.save(update_fields=["is_active"])
    if not is_open:
        _end_sessions(person)
    kind = AccountEvent.OPENED if is_open else AccountEvent.CLOSED
    enter(kind=kind, person=person, reason=reason, by=by)
    return True


@transaction.atomic
def reset_second_factor(*, person: User, reason: str, by: User) -> bool:
    """Take the second factor and the backup codes away and sign the person out everywhere.

    At the next sign-in they set up a new one before anything else. False where there is none.
    """
    gone, _rows = Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)
    if gone:
        enter(kind=AccountEvent.FACTOR_RESET, person=person, reason=reason, by=by)
    return bool(gone)


@transaction.atomic
def set_directory_identifier(*, person: User, identifier: str, reason: str, by: User) -> bool:
    """Say by what the directory knows this person; empty takes it back.

    Raises :class:`NameTaken` where another account has it. The identifier itself is not
    entered: it may be the number of an identity card.
    """
    if directory_identifier(person) == identifier:
        return False
    others = SocialAccount.objects.filter(provider=DIRECTORY, uid=identifier)
    if identifier and others.exclude(user=person).exists():
        raise NameTaken
    SocialAccount.objects.filter(user=person, provider=DIRECTORY).delete()
    if identifier:
        SocialAccount.objects.create(user=person, provider=DIRECTORY, uid=identifier)
    enter(kind=AccountEvent.DIRECTORY, person=person, reason=reason, by=by)
    return True


# Sessions and settings of one's own


@transaction.atomic
def end_sessions(
    *, person: User, keep: str | None, only: int | None = None, reason: str = "", by: User | None
) -> int:
    """End sessions of a person, all but ``keep`` (a session key), or the one named ``only``.

    ``by`` is nobody where the person does it. Returns how many ended.
    """
    ended = _end_sessions(person, keep=keep, only=only)
    if ended:
        enter(kind=AccountEvent.SESSIONS, person=person, detail=str(ended), reason=reason, by=by)
    return ended


def _end_sessions(person: User, keep: str | None = None, only: int | None = None) -> int:
    sessions = UserSession.objects.filter(user=person)
    if keep:
        sessions = sessions.exclude(session_key=keep)
    if only is not None:
        sessions = sessions.filter(pk=only)
    keys = list(sessions.values_list("session_key", flat=True))
    # A session that has run out, or got another key, is no longer there to be ended.
    _all, ended = Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return ended.get(Session._meta.label, 0)


@transaction.atomic
def set_language(*, person: User, language: str) -> None:
    """The language in which the pages open after signing in."""
    person.language = language
    person.save(update_fields=["language"])


@transaction.atomic
def forget_claims(*, account: SocialAccount) -> None:
    """Keep nothing of what the directory told beside the identifier."""
    account.extra_data = {}
    account.save(update_fields=["extra_data"])
