"""The only writers of what officers decide at the desk. Each takes ``by`` and a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import pghistory
from django.db import IntegrityError, models, transaction

from registry.accounts.models import User
from registry.certifications.models import Certificate, VerificationStep
from registry.core.text import digest_of
from registry.desk.models import ContactRead, DuplicateDecision, Merger, QuestionAnswer
from registry.desk.questions import Question
from registry.desk.records import (
    CHILDREN,
    CORRECTABLE,
    code_of,
    tracked_by_code,
    version_values,
    written_fields,
)
from registry.enterprises.actions import CONSENTS, with_consent_ended
from registry.enterprises.models import Contact, Enterprise, EnterpriseSector, EnterpriseVsic
from registry.enterprises.permissions import refuse_outside_area
from registry.supply.actions import NEVER_LOOKED_AT, with_look_ended
from registry.supply.models import SupplyRelation

CHOOSABLE = (
    "name", "name_en", "short_name", "tax_code", "tax_code_note", "legal_form", "ownership",
    "foreign_share", "founded_on", "website", "about", "registered_on", "last_confirmed_on",
)  # fmt: skip
"""Fields of the enterprise that a merger takes from either record."""

FIRST_OF_ITS_KIND = {EnterpriseSector: "is_primary", EnterpriseVsic: "is_main"}

OF_A_MERGER = frozenset({"merged_on", "merged_into_id", "enterprise_id"})
"""Columns that only ``merge_enterprises`` and ``undo_merge`` write."""

NEVER_PUT_BACK: dict[type[models.Model], tuple[str, frozenset[str]]] = {
    SupplyRelation: ("look", frozenset(NEVER_LOOKED_AT)),
    Contact: ("consent", frozenset(CONSENTS)),
}
"""Columns that say what somebody saw or agreed to: their own action alone writes them, under
its own right. With the code of the refusal where nothing else would be put back."""


class DecidedMeanwhile(Exception):
    """A colleague was quicker; ``theirs`` is what they said. Nothing is written over it."""

    def __init__(self, theirs: QuestionAnswer | DuplicateDecision) -> None:
        super().__init__()
        self.theirs = theirs


class CannotMerge(Exception):
    """The two records cannot be made one; ``code`` says why.

    ``ended`` (one is merged already), ``too_early`` (the day is before one was
    registered), ``certificates`` (the same number for overlapping but different days),
    ``refused`` (another rule of the database).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ChangedSince(Exception):
    """A row was changed again after the change that is to be taken back."""


class CannotTakeBack(Exception):
    """This change has nothing before it, its table is closed, or a rule forbids it.

    ``code`` says more: ``look`` (only what came of a look at a relation would change),
    ``consent`` (only what a contact person agreed to would), otherwise empty.
    """

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class MergeResult(NamedTuple):
    """What a merger did: rows moved, and rows left because the kept record has the same."""

    merger: Merger
    moved: int
    left: int


@transaction.atomic
def answer_question(*, question: Question, reason: str, by: User, on: dt.date) -> QuestionAnswer:
    """Explain a question; it is not asked again while its facts stay the same.

    Raises :class:`DecidedMeanwhile` where it was explained otherwise already.
    """
    refuse_outside_area(by, [question.enterprise_id])
    with pghistory.context(user=by.pk, reason=reason):
        answer, is_new = QuestionAnswer.objects.get_or_create(
            kind=question.kind,
            fingerprint=question.fingerprint,
            defaults={
                "enterprise_id": question.enterprise_id,
                "sentence": question.sentence_vi,
                "reason": reason,
                "by": by,
                "on": on,
            },
        )
    if not is_new and (answer.by_id, answer.reason) != (by.pk, reason):
        raise DecidedMeanwhile(answer)
    return answer


@transaction.atomic
def decide_duplicate(
    *,
    one: Enterprise,
    other: Enterprise,
    is_same: bool,
    reason: str,
    by: User,
    on: dt.date,
    seen: str | None = None,
) -> DuplicateDecision:
    """Remember whether two records are of the same enterprise; a later decision replaces.

    ``seen`` is :func:`mark_of_decision` as the person saw it, None where no page was open;
    raises :class:`DecidedMeanwhile` where another one stands now.
    """
    refuse_outside_area(by, [one.pk, other.pk])
    first, second = sorted((one.pk, other.pk))
    # Before the first decision there is no row of it to hold.
    pair = Enterprise.objects.select_for_update(no_key=True).filter(pk__in=[first, second])
    list(pair.order_by("pk").values_list("pk"))
    held = DuplicateDecision.objects.select_for_update().filter(first=first, second=second).first()
    if held and (held.is_same, held.reason, held.by_id) == (is_same, reason, by.pk):
        return held
    if held and seen is not None and mark_of_decision(held) != seen:
        raise DecidedMeanwhile(held)
    with pghistory.context(user=by.pk, reason=reason):
        decision, _created = DuplicateDecision.objects.update_or_create(
            first_id=first,
            second_id=second,
            defaults={"is_same": is_same, "reason": reason, "by": by, "on": on},
        )
    return decision


def mark_of_decision(held: DuplicateDecision | None) -> str:
    """The same as long as the same is decided about a pair; empty before anything is."""
    return digest_of([str(held.is_same), held.reason, str(held.by_id)]) if held else ""


@transaction.atomic
def keep_apart(
    *,
    one: int,
    others: Collection[int],
    reason: str,
    on: dt.date,
    decided_by: int,
    by: User | None,
) -> None:
    """Remember that a new record is not the same enterprise as others, in the caller's
    context of the history. ``decided_by`` is who decided it, ``by`` who writes it."""
    refuse_outside_area(by, [one, *others])
    DuplicateDecision.objects.bulk_create(
        [
            DuplicateDecision(
                first_id=min(one, other),
                second_id=max(one, other),
                is_same=False,
                reason=reason,
                by_id=decided_by,
                on=on,
            )
            for other in sorted(others)
        ]
    )


def merge_enterprises(
    *,
    kept: Enterprise,
    gone: Enterprise,
    choose: Mapping[str, str],
    by: User,
    reason: str,
    on: dt.date,
) -> MergeResult:
    """Make two records one: values as chosen, rows moved, ``gone`` ends on that day.

    ``choose`` says for a field of :data:`CHOOSABLE` whose value is taken, ``"kept"`` or
    ``"gone"``; a field it leaves out keeps its value. A row that the kept record has too
    stays where it is. Nothing is deleted, so that the address and the history of both
    records live on. Raises :class:`CannotMerge`; nothing is written then.
    """
    refuse_outside_area(by, [kept.pk, gone.pk])
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason):
            return _merge(kept.pk, gone.pk, choose, by, reason, on)
    except IntegrityError as error:
        clash = "certificate_periods_do_not_overlap" in str(error)
        raise CannotMerge("certificates" if clash else "refused") from error


def _merge(
    kept_pk: int, gone_pk: int, choose: Mapping[str, str], by: User, reason: str, on: dt.date
) -> MergeResult:
    rows = Enterprise.objects.select_for_update().order_by("pk").in_bulk([kept_pk, gone_pk])
    kept, gone = rows[kept_pk], rows[gone_pk]
    if kept_pk == gone_pk or kept.merged_into_id or gone.merged_into_id:
        raise CannotMerge("ended")
    if on < max(kept.registered_on, gone.registered_on):
        raise CannotMerge("too_early")
    taken = {
        name: getattr(gone, name)
        for name in CHOOSABLE
        if choose.get(name) == "gone" and getattr(gone, name) != getattr(kept, name)
    }
    ending: dict[str, Any] = {"merged_on": on, "merged_into_id": kept_pk}
    if "tax_code" in taken:
        ending["tax_code"] = kept.tax_code  # the two change places: a code stands once
    changes = []
    if ending.get("tax_code"):
        changes.append(write_row(Enterprise, kept_pk, {"tax_code": None}))
        if taken["tax_code"] is None:
            del taken["tax_code"]
    changes.append(write_row(Enterprise, gone_pk, ending))
    if taken:
        changes.append(write_row(Enterprise, kept_pk, taken))
    moved, left = _move_rows(kept_pk, gone_pk, changes)
    merger = Merger.objects.create(
        kept=kept, gone=gone, reason=reason, by=by, on=on, changes=changes
    )
    return MergeResult(merger, moved, left)


def _move_rows(kept_pk: int, gone_pk: int, changes: list[list[Any]]) -> tuple[int, int]:
    moved = left = 0
    for model, same_by in CHILDREN.items():
        there: dict[tuple[Any, ...], int] = {}
        rows = model._base_manager.filter(enterprise=kept_pk).order_by("-pk")
        for pk, *key in rows.values_list("pk", *same_by):
            there[tuple(key)] = pk
        rows = model._base_manager.filter(enterprise=gone_pk).order_by("pk")
        flag = FIRST_OF_ITS_KIND.get(model)
        has_first = (
            bool(flag)
            and model._base_manager.filter(enterprise=kept_pk, **{str(flag): True}).exists()
        )
        for pk, *key in rows.values_list("pk", *same_by):
            twin = there.get(tuple(key))
            if twin is not None:
                left += 1
                if model is Certificate:
                    changes += _move_looks(pk, twin)
                elif model is SupplyRelation:
                    changes += _take_look(pk, twin)
                continue
            values: dict[str, Any] = {"enterprise_id": kept_pk}
            if flag and has_first:
                values[flag] = False
            changes.append(write_row(model, pk, values))
            moved += 1
    return moved, left


def _move_looks(certificate: int, twin: int) -> list[list[Any]]:
    """The looks at a certificate recorded twice belong to the one that is kept."""
    looks = VerificationStep.objects.filter(certificate=certificate).order_by("pk")
    return [
        write_row(VerificationStep, pk, {"certificate_id": twin})
        for pk in looks.values_list("pk", flat=True)
    ]


def _take_look(relation: int, twin: int) -> list[list[Any]]:
    """A relation recorded twice keeps its verification, else the later look of the two."""
    rows = SupplyRelation.objects.select_for_update().order_by("pk").in_bulk([relation, twin])
    theirs, ours = rows[relation], rows[twin]
    last = theirs.verified_on or theirs.unverified_on
    if ours.verified_on or last is None or (ours.unverified_on and ours.unverified_on >= last):
        return []
    look = {name: getattr(theirs, name) for name in NEVER_LOOKED_AT}
    return [write_row(SupplyRelation, twin, look)]


def write_row(model: type[models.Model], pk: int, values: Mapping[str, Any]) -> list[Any]:
    """Write the values and return ``[table, number of the event]``; they must differ."""
    model._base_manager.filter(pk=pk).update(**values)
    return [code_of(model), last_event(model, pk)]


def last_event(model: type[models.Model], pk: int) -> int:
    _model, events = tracked_by_code()[code_of(model)]
    return events.objects.filter(pgh_obj_id=pk).latest("pgh_id").pgh_id


@transaction.atomic
def undo_merge(*, merger: Merger, by: User, reason: str, on: dt.date) -> Merger:
    """Give both records back exactly what they were, as new changes with their reason.

    Raises :class:`ChangedSince` where a row was changed after the merger; nothing is
    written then.
    """
    refuse_outside_area(by, [merger.kept_id])
    merger = Merger.objects.select_for_update().get(pk=merger.pk)
    if merger.undone_on:
        raise ChangedSince
    tables = tracked_by_code()
    seen: set[tuple[str, int]] = set()
    with pghistory.context(user=by.pk, reason=reason):
        for code, number in reversed(merger.changes):
            model, events = tables[code]
            event = events.objects.filter(pgh_id=number).values().get()
            pk = event["pgh_obj_id"]
            model._base_manager.select_for_update().filter(pk=pk).get()
            if (code, pk) not in seen and last_event(model, pk) != number:
                raise ChangedSince
            seen.add((code, pk))
            model._base_manager.filter(pk=pk).update(**difference_of(model, events, event))
        merger.undone_on, merger.undone_by = on, by
        merger.save(update_fields=["undone_on", "undone_by"])
    return merger


def _before(events: Any, event: Mapping[str, Any]) -> dict[str, Any] | None:
    return (
        events.objects.filter(pgh_obj_id=event["pgh_obj_id"], pgh_id__lt=event["pgh_id"])
        .order_by("-pgh_id")
        .values()
        .first()
    )


def difference_of(model: type[models.Model], events: Any, event: dict[str, Any]) -> dict[str, Any]:
    """The values that this change replaced; empty for one that has nothing before it."""
    before = _before(events, event)
    if before is None:
        return {}
    old, new = version_values(model, before), version_values(model, event)
    return {name: value for name, value in old.items() if new[name] != value}


def take_back(*, table: str, event_id: int, reason: str, by: User) -> int:
    """Undo one recorded change of a row, as a new change with its own reason.

    Only the values of that change are written; what was changed elsewhere in the row stays.
    What somebody saw or agreed to is not put back, and ends where it spoke of what was there
    (:data:`NEVER_PUT_BACK`). A deleted row comes back, a person without consent. Returns the identity of the row. Raises
    :class:`ChangedSince` where one of these values was changed again, and
    :class:`CannotTakeBack`.
    """
    model, events, event = _correctable(table, event_id)
    refuse_outside_area(by, _owners(event))
    pk = event["pgh_obj_id"]
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason):
            if event["pgh_label"] == "delete":
                if last_event(model, pk) != event_id:
                    raise ChangedSince
                values = version_values(model, event)
                values = with_consent_ended(values) if model is Contact else values
                model._base_manager.bulk_create([model(pk=pk, **values)])
                return pk
            if event["pgh_label"] != "update":
                raise CannotTakeBack
            values = _putting_back(model, difference_of(model, events, event))
            row = model._base_manager.select_for_update().filter(pk=pk).values().first()
            if row is None or any(row[name] != event[name] for name in values):
                raise ChangedSince
            model._base_manager.filter(pk=pk).update(**_ending(model, row, values))
    except IntegrityError as error:
        raise CannotTakeBack from error
    return pk


def restore_version(*, table: str, event_id: int, reason: str, by: User) -> int:
    """Write a whole row as it stood in a recorded version, as a new change.

    What somebody saw or agreed to is not put back, as by :func:`take_back`.
    Returns the identity of the row. Raises :class:`CannotTakeBack` where the row stands so
    already, is no longer there, or a rule of the database forbids it.
    """
    model, _events, event = _correctable(table, event_id)
    refuse_outside_area(by, _owners(event))
    pk = event["pgh_obj_id"]
    wanted = version_values(model, event)
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, reason=reason):
            row = model._base_manager.select_for_update().filter(pk=pk).values().first()
            if row is None:
                raise CannotTakeBack
            values = {
                field.attname: wanted[field.attname]
                for field in written_fields(model)
                if row[field.attname] != wanted[field.attname]
            }
            values = _putting_back(model, values)
            model._base_manager.filter(pk=pk).update(**_ending(model, row, values))
    except IntegrityError as error:
        raise CannotTakeBack from error
    return pk


def _putting_back(model: type[models.Model], old: Mapping[str, Any]) -> dict[str, Any]:
    """Of old values those that may be put back; raises where none is left."""
    code, said = NEVER_PUT_BACK.get(model, ("", frozenset()))
    values = {name: value for name, value in old.items() if name not in said}
    if OF_A_MERGER & values.keys():
        raise CannotTakeBack
    if not values:
        raise CannotTakeBack(code if old else "")
    return values


def _ending(
    model: type[models.Model], row: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values, and what somebody said of those that they replace ends."""
    if model is SupplyRelation:
        return with_look_ended(row, values)
    return with_consent_ended(values) if model is Contact else dict(values)


def _correctable(table: str, event_id: int) -> tuple[type[models.Model], Any, dict[str, Any]]:
    model, events = tracked_by_code().get(table, (None, None))
    if model is None or events is None or model not in CORRECTABLE:
        raise CannotTakeBack
    event = events.objects.filter(pgh_id=event_id).values().first()
    if event is None:
        raise CannotTakeBack
    return model, events, event


def _owners(event: Mapping[str, Any]) -> list[int]:
    """The enterprise whose record a recorded change belongs to."""
    if "certificate_id" in event:
        certificates = Certificate.objects.filter(pk=event["certificate_id"])
        return list(certificates.values_list("enterprise", flat=True))
    return [event.get("enterprise_id", event["pgh_obj_id"])]


@transaction.atomic
def read_contacts(*, enterprise: Enterprise, reason: str, by: User) -> ContactRead:
    """Record that ``by`` looks at the contact persons beyond their consent, and why."""
    with pghistory.context(user=by.pk, reason=reason):
        return ContactRead.objects.create(enterprise=enterprise, by=by, reason=reason)
