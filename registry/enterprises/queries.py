"""Reads over the room's tables."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Collection, Iterator

from django.db.models import Prefetch

from registry.enterprises.models import Contact, Enterprise, EnterpriseSector, Register, Site


@dc.dataclass(frozen=True)
class Identity:
    """By what an enterprise is recognised in a list."""

    pk: int
    tax_code: str | None
    name: str


@dc.dataclass(frozen=True)
class ConsentChange:
    """A consent given or taken back: when, by which account, how it was given; the days
    that stood from then on."""

    at: dt.datetime
    person: int | None
    how: str
    name_on: dt.date | None
    phone_on: dt.date | None
    email_on: dt.date | None


def consents_of(enterprise_id: int) -> dict[int, list[ConsentChange]]:
    """By contact person, every recorded change of what they agreed to; one query.

    By the persons themselves, not by their enterprise, for a merger or splitting moves them.
    """
    people = Contact.objects.filter(enterprise=enterprise_id).values("pk")
    events = Contact.pgh_event_model.objects.filter(pgh_obj_id__in=people)  # type: ignore[attr-defined]
    rows = events.exclude(pgh_label="delete").select_related("pgh_context").order_by("pgh_id")
    found: dict[int, list[ConsentChange]] = {}
    for row in rows:
        days = (row.name_consent_on, row.phone_consent_on, row.email_consent_on)
        mine = found.setdefault(row.pgh_obj_id, [])
        last = mine[-1] if mine else None
        before = (last.name_on, last.phone_on, last.email_on) if last else (None, None, None)
        if days != before:
            said = row.pgh_context.metadata if row.pgh_context else {}
            change = ConsentChange(
                row.pgh_created_at, said.get("user"), said.get("reason", ""), *days
            )
            mine.append(change)
    return found


def register_is_sample() -> bool:
    """Whether what is shown is the fictional sample register."""
    return Register.objects.filter(kind=Register.Kind.SAMPLE).exists()


def identities(*, after: int = 0) -> Iterator[Identity]:
    """Tax code and name of every enterprise, the ended ones too, in the order of identity;
    one query. ``after`` gives only those that came into the register after that one.
    """
    rows = Enterprise.objects.filter(pk__gt=after).order_by("pk")
    for row in rows.values_list("pk", "tax_code", "name").iterator(chunk_size=2_000):
        yield Identity(*row)


def whole_enterprises(
    ids: Collection[int], *, on: dt.date, hold: bool = False
) -> dict[int, Enterprise]:
    """Enterprises by identity with products, figures, sectors and the sites standing on
    that day at hand (``sites.all()`` gives only these) and their life: six queries however
    many they are. ``hold`` keeps others from changing them until the transaction ends.
    """
    rows = Enterprise.objects.filter(pk__in=ids).order_by("pk")
    if hold:
        rows = rows.select_for_update(no_key=True)
    return {
        enterprise.pk: enterprise
        for enterprise in rows.prefetch_related(
            Prefetch("sites", Site.objects.standing(on).order_by("pk")),
            "products",
            "year_figures",
            "spells",
            Prefetch("sectors", EnterpriseSector.objects.select_related("sector")),
        )
    }
