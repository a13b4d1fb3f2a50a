"""What may be shown of contact persons: each field by its own consent, then and now.

A look into the past never opens what has been closed since: a field is shown only if the
person agreed by that day, agrees today, and the field still holds the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from registry.enterprises.models import Contact

FIELDS = {"full_name": "name", "role": "name", "phone": "phone", "email": "email"}
"""The fields of a contact person, each with the consent it is shown by."""


@dataclass(frozen=True)
class ContactShown:
    """The parts of a contact person that may be shown to everybody."""

    full_name: str
    role: str
    phone: str
    email: str


def contacts_today(public_id: str) -> dict[int, Contact]:
    """The contact persons as they are recorded now; to be asked outside of any past point."""
    rows = Contact.objects.filter(enterprise__public_id=public_id).order_by("pk")
    return {one.pk: one for one in rows}


def contacts_shown(
    contacts: Iterable[Contact], present: dict[int, Contact], *, on: dt.date, today: dt.date
) -> list[ContactShown]:
    """Each field by its consent on that day and today's, whoever reads."""
    shown = [
        ContactShown(
            **{name: _agreed(one, present.get(one.pk), name, on, today) for name in FIELDS}
        )
        for one in contacts
    ]
    return [one for one in shown if one.full_name or one.phone or one.email]


def _agreed(then: Contact, now: Contact | None, field: str, on: dt.date, today: dt.date) -> str:
    def agreed(contact: Contact, by: dt.date) -> bool:
        day = getattr(contact, f"{FIELDS[field]}_consent_on")
        return day is not None and day <= by

    if now is None or not (agreed(then, on) and agreed(now, today)):
        return ""
    value: str = getattr(then, field)
    return value if value == getattr(now, field) else ""
