"""What an administrator can do with an account: one entry for each, shown and done alike."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registry.accounts import actions
from registry.accounts.enums import AccountEvent, Role
from registry.accounts.models import User
from registry.areas.actions import set_area
from registry.web.people.forms import AreaForm, DetailsForm, DirectoryForm, RoleForm
from registry.web.shared.forms import ReasonForm
from registry.web.signin import lockout

Doing = Callable[[HttpRequest, User, Any, dict[str, Any]], bool]


@dc.dataclass(frozen=True)
class Act:
    """Heading, what it does, its form, its button, and the call that does it.

    ``do`` returns whether anything changed.
    """

    code: str
    label: Any
    hint: Any
    button: Any
    do: Doing
    form: type[ReasonForm] = ReasonForm


def details(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    said = {name: form.cleaned_data[name] for name in ("first_name", "last_name", "email")}
    return actions.change_details(person=person, **said, **who)


def role(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    return actions.change_role(person=person, role=Role(form.cleaned_data["role"]), **who)


def area(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    return set_area(person=person, **form.identities(), **who)


def identifier(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    return actions.set_directory_identifier(
        person=person, identifier=form.cleaned_data["identifier"], **who
    )


def link(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    actions.enter(kind=AccountEvent.LINK, person=person, **who)
    return True


def reset(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    return actions.reset_second_factor(person=person, **who)


def unlock(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    lockout.unlock(request, person.get_username(), person.pk)
    actions.enter(kind=AccountEvent.UNLOCKED, person=person, **who)
    return True


def sessions(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    keep = request.session.session_key if person.pk == who["by"].pk else None
    return bool(actions.end_sessions(person=person, keep=keep, **who))


def close(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    return actions.set_open(person=person, is_open=False, **who)


def reopen(request: HttpRequest, person: User, form: Any, who: dict[str, Any]) -> bool:
    return actions.set_open(person=person, is_open=True, **who)


def link_to_set_password(request: HttpRequest, person: User) -> str:
    """An address that works once, for three days, for whoever holds it."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    return get_adapter(request).get_reset_password_from_key_url(key)


ACTS = {
    act.code: act
    for act in (
        Act("details", _("Name and e-mail"), "", _("Save"), details, DetailsForm),
        Act("role", _("Role"), _("The person is signed out everywhere."), _("Give this role"),
            role, RoleForm),
        Act("area", _("Area in which they write"),
            _("The person writes records with a site in one of the wards or in one of the sectors, and reads all."),
            _("Set the area"), area, AreaForm),
        Act("link", _("Link to set a password"),
            _("Shown once on the next page, works once and for three days. Hand it to the person yourself."),
            _("Make the link"), link),
        Act("reset", _("Reset the second factor"),
            _("For a lost telephone. Be sure that it is the person who asks: the next sign-in by password sets up a new one."),
            _("Reset"), reset),
        Act("unlock", _("Unlock"), _("Forget the wrong attempts of the last quarter of an hour."),
            _("Unlock"), unlock),
        Act("sessions", _("End sessions"), _("Sign the person out everywhere."),
            _("End all sessions"), sessions),
        Act("directory", _("Identifier of the directory"),
            _("With it the person signs in by the directory instead of the password."),
            _("Save"), identifier, DirectoryForm),
        Act("close", _("Close the account"),
            _("The person can no longer sign in. What they wrote stays under their name."),
            _("Close this account"), close),
        Act("reopen", _("Open the account again"), "", _("Open again"), reopen),
    )
}  # fmt: skip
