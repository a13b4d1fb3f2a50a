"""The only writers of drafts and applications, and of a record edited as a whole.

Arguments of decisions are plain (identities, ISO days, text, JSON), so that they can be put
down as a proposal and be carried out later.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.accounts.models import User
from registry.certifications.actions import CertificatesOverlap, record_certificates
from registry.core.refusals import Refused
from registry.enterprises.actions import register_many
from registry.enterprises.editing.actions import write_changes
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import refuse_drafts_outside_area
from registry.records.changes import relation_changes, room_changes
from registry.records.content import Content, content_of
from registry.records.differences import Difference, differences, new_rows
from registry.records.drafting import certificate_drafts, enterprise_draft, relation_drafts
from registry.records.enums import Status
from registry.records.models import Application, Draft
from registry.supply.actions import amend_relations, record_relations

WHY_NOT: dict[str, str | Promise] = {
    "reason": _("Write the reason."),
    "status": _("This application was decided or changed meanwhile. Open it again."),
    "same_person": _("You entered this application yourself. Another person decides it."),
    "not_yours": _("Only who entered it can change an application."),
    "day": _("This is not a day."),
    "future": _("This day has not come yet."),
    "tax_code": _("Another record of the register has this tax code. Look at it first."),
    "certificates": _("The same certificate number is given twice for the same days."),
    "year_figures": _("Figures of one year stand twice."),
    "ended": _("This record is merged into another one. Edit that one."),
    "refused": _("A rule of the register forbids these values together. Nothing was written."),
}


class RecordRefused(Refused):
    """The record cannot be written so."""

    why_not = WHY_NOT


class RecordChanged(Exception):
    """Others changed the record since it was opened; ``theirs`` is the document of it now."""

    def __init__(self, theirs: Content) -> None:
        super().__init__()
        self.theirs = theirs


# Drafts


@transaction.atomic
def save_draft(
    *,
    data: dict[str, Any],
    draft_id: int | None = None,
    enterprise_id: int | None = None,
    application_id: int | None = None,
    by: User,
) -> Draft:
    """Keep what is being typed, in the place of what was kept before. Nobody else sees it.

    Raises :class:`RecordRefused` over an application that was not sent back to this person.
    """
    if application_id is not None:
        _sent_back(application_id, by)
    mine = Draft.objects.filter(by=by)
    now = timezone.now()
    if enterprise_id is None and application_id is None:
        if draft_id is not None:
            draft = mine.select_for_update().get(pk=draft_id)
            draft.data, draft.saved_at = data, now
            draft.save(update_fields=["data", "saved_at"])
            return draft
        return Draft.objects.create(by=by, data=data, saved_at=now)
    of: dict[str, Any] = {"enterprise_id": enterprise_id, "application_id": application_id}
    draft, _created = Draft.objects.update_or_create(
        by=by, **of, defaults={"data": data, "saved_at": now}
    )
    return draft


@transaction.atomic
def drop_drafts(
    *,
    draft_id: int | None = None,
    enterprise_id: int | None = None,
    application_id: int | None = None,
    by: User,
) -> int:
    """Throw away what somebody was typing. Returns how many drafts went."""
    mine = Draft.objects.filter(by=by)
    if draft_id is not None:
        mine = mine.filter(pk=draft_id)
    elif enterprise_id is not None:
        mine = mine.filter(enterprise=enterprise_id)
    else:
        mine = mine.filter(application=application_id, application__isnull=False)
    gone, _tables = mine.delete()
    return gone


# Applications


@transaction.atomic
def submit_application(
    *, content: Content, application_id: int | None = None, reason: str = "", by: User
) -> Application:
    """Hand in a record to be; with ``application_id`` one that was sent back, mended.

    The very same, handed in twice by one person and not decided yet, is one application.
    Raises :class:`RecordRefused` and
    :class:`~registry.enterprises.permissions.OutsideArea`.
    """
    today = timezone.localdate()
    refuse_drafts_outside_area(by, [enterprise_draft(content, on=today, ref="").lies_in()])
    values = {
        "name": content["fields"]["name"],
        "tax_code": content["fields"]["tax_code"] or "",
        "content": content,
        "submitted_at": timezone.now(),
    }
    with pghistory.context(user=by.pk, reason=reason):
        if application_id is None:
            return _handed_in_already(content, by) or Application.objects.create(
                submitted_by=by, **values
            )
        row = _sent_back(application_id, by)
        drop_drafts(application_id=row.pk, by=by)
        return _moved(row, Status.SUBMITTED, **values, reason="", decided_by=None, decided_at=None)


def _sent_back(application_id: int, by: User) -> Application:
    row = _locked(application_id, Status.SENT_BACK)
    if row.submitted_by_id != by.pk:
        raise RecordRefused("not_yours")
    return row


def _handed_in_already(content: Content, by: User) -> Application | None:
    """What a key pressed twice has handed in a moment ago; one person hands in one by one."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = Application.objects.filter(submitted_by=by, status=Status.SUBMITTED)
    return mine.filter(content=content).first()


@transaction.atomic
def send_back_application(*, application_id: int, reason: str, by: User) -> Application:
    """Give an application back to who entered it, with what has to be changed."""
    row = _locked(application_id, Status.SUBMITTED)
    _another_person(row, by)
    draft = enterprise_draft(row.content, on=timezone.localdate(), ref="")
    refuse_drafts_outside_area(by, [draft.lies_in()])
    if not reason.strip():
        raise RecordRefused("reason")
    with pghistory.context(user=by.pk, reason=reason.strip()):
        return _decided(row, Status.SENT_BACK, reason, by)


@transaction.atomic
def withdraw_application(*, application_id: int, reason: str, by: User) -> Application:
    """Take one's own application back for good; it stays readable."""
    row = _locked(application_id, Status.SUBMITTED, Status.SENT_BACK)
    if row.submitted_by_id != by.pk:
        raise RecordRefused("not_yours")
    if not reason.strip():
        raise RecordRefused("reason")
    with pghistory.context(user=by.pk, reason=reason.strip()):
        drop_drafts(application_id=row.pk, by=by)
        return _moved(
            row, Status.WITHDRAWN, reason=reason.strip(), decided_by=None, decided_at=None
        )


def register_application(
    *, application_id: int, reason: str, on: dt.date | str | None = None, by: User
) -> Enterprise:
    """Put what an application says into the register, from that day on (today if not said).

    The record, its relations and its certificates (claimed, looked at by nobody): all or
    nothing. Raises :class:`RecordRefused`.
    """
    try:
        with transaction.atomic():
            return _register(application_id, reason.strip(), _day(on), by)
    except CertificatesOverlap as error:
        raise RecordRefused("certificates") from error
    except IntegrityError as error:
        raise RecordRefused(_rule_of(error)) from error


def _register(application_id: int, reason: str, on: dt.date, by: User) -> Enterprise:
    row = _locked(application_id, Status.SUBMITTED)
    _another_person(row, by)
    if not reason:
        raise RecordRefused("reason")
    draft = enterprise_draft(row.content, on=on, ref=f"application/{row.pk}")
    (enterprise,) = register_many(drafts=[draft], reason=reason, by=by)
    relations = relation_drafts(row.content, enterprise.pk)
    record_relations(drafts=relations, reason=reason, by=by)
    certificates = certificate_drafts(row.content, enterprise.pk, draft.source)
    record_certificates(drafts=certificates, reason=reason, by=by)
    with pghistory.context(user=by.pk, reason=reason):
        _decided(row, Status.REGISTERED, reason, by, enterprise=enterprise)
    return enterprise


def _locked(application_id: int, *allowed: Status) -> Application:
    row = Application.objects.select_for_update().get(pk=application_id)
    if row.status not in allowed:
        raise RecordRefused("status")
    return row


def _another_person(row: Application, by: User) -> None:
    if row.submitted_by_id == by.pk:
        raise RecordRefused("same_person")


def _decided(row: Application, status: Status, reason: str, by: User, **values: Any) -> Application:
    now = timezone.now()
    return _moved(row, status, reason=reason.strip(), decided_by=by, decided_at=now, **values)


def _moved(row: Application, status: Status, **values: Any) -> Application:
    values = {"status": status, **values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return row


def _day(on: dt.date | str | None) -> dt.date:
    try:
        day = dt.date.fromisoformat(on) if isinstance(on, str) else on or timezone.localdate()
    except ValueError as error:
        raise RecordRefused("day") from error
    if day > timezone.localdate():
        raise RecordRefused("future")
    return day


# Editing


@dc.dataclass(frozen=True)
class Saved:
    """What a saving has written: places changed, and rows that came in. Both may be none."""

    changed: tuple[Difference, ...] = ()
    added: int = 0

    @property
    def is_nothing(self) -> bool:
        return not self.changed and not self.added


def edit_record(
    *, enterprise_id: int, content: Content, base: Content, reason: str, by: User
) -> Saved:
    """Write an edited document over the one it was made from, if that is still what stands.

    ``base`` is the document as it was opened. Without a difference nothing is written, not
    even an event. Raises :class:`RecordChanged` where others wrote meanwhile, and
    :class:`RecordRefused`; nothing is written then.
    """
    changed, added = tuple(differences(base, content)), new_rows(content)
    if not changed and not added:
        return Saved()
    if not reason.strip():
        raise RecordRefused("reason")
    try:
        with transaction.atomic():
            row = Enterprise.objects.select_for_update().get(pk=enterprise_id)
            if row.merged_on:
                raise RecordRefused("ended")
            theirs = content_of(row)
            if differences(base, theirs):
                raise RecordChanged(theirs)
            _write(row, theirs, content, reason.strip(), by)
    except CertificatesOverlap as error:
        raise RecordRefused("certificates") from error
    except IntegrityError as error:
        raise RecordRefused(_rule_of(error)) from error
    return Saved(changed, len(added))


def _write(row: Enterprise, before: Content, after: Content, reason: str, by: User) -> None:
    """The enterprise itself last: by new sites or sectors it may leave the writer's area."""
    relations, new = relation_changes(row.pk, before, after)
    if relations:
        amend_relations(enterprise_id=row.pk, changes=relations, reason=reason, by=by)
    if new:
        record_relations(drafts=new, reason=reason, by=by)
    certificates = certificate_drafts(after, row.pk, row.source)
    if certificates:
        record_certificates(drafts=certificates, reason=reason, by=by)
    changes = room_changes(row, before, after)
    write_changes(enterprise=row, changes=changes, reason=reason, by=by)


def _rule_of(error: IntegrityError) -> str:
    """The key of ``WHY_NOT`` for a rule of the database."""
    text = str(error)
    if "registry_enterprise_tax_code" in text:
        return "tax_code"
    return "year_figures" if "year_figure_once" in text else "refused"
