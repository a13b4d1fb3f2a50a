"""The only writers of site visits. Each takes who acts (``by``)."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.certifications.models import Certificate
from registry.enterprises.models import Enterprise, Site
from registry.enterprises.permissions import refuse_outside_area
from registry.visits.enums import Conflict
from registry.visits.models import Visit, VisitCertificate, VisitPhoto, photo_storage
from registry.visits.queries import conflicts_of
from registry.visits.validators import Photo


@dataclass(frozen=True)
class VisitDraft:
    """A visit as it was written; ids that no longer fit the record do not lose it."""

    uuid: uuid.UUID
    enterprise: Enterprise
    on: dt.date
    purpose: str
    site_exists: str
    machines_seen: str
    processes_seen: str
    met: str
    result: str
    note: str = ""
    site_id: int | None = None
    certificate_ids: tuple[int, ...] = ()
    record_read_at: dt.datetime | None = None
    keep_place: bool = False


class OfAnother(Exception):
    """A visit with this uuid was written by somebody else."""


def record_visit(
    *, draft: VisitDraft, photos: Sequence[Photo], reason: str, by: User
) -> tuple[Visit, bool]:
    """Keep a visit and its photos; False where it had arrived before: then nothing is written.

    What does not fit the record (changed, closed, merged, a second visit on the day) is
    kept with its ``conflicts`` for the desk. Raises ValidationError for a day to come and
    what the rules of the row refuse, :class:`OfAnother`, and ``OutsideArea``.
    """
    refuse_outside_area(by, [draft.enterprise.pk])
    known = Visit.objects.filter(uuid=draft.uuid).first()
    if known is None:
        names: list[str] = []
        try:
            with transaction.atomic(), pghistory.context(user=by.pk, reason=reason):
                return _written(draft, photos, names, by), True
        except IntegrityError:
            _forget(names)
            known = Visit.objects.filter(uuid=draft.uuid).first()  # sent twice at once
            if known is None:
                raise
        except BaseException:
            _forget(names)
            raise
    if known.by_id != by.pk:
        raise OfAnother
    return known, False


def _forget(names: list[str]) -> None:
    for name in names:
        photo_storage().delete(name)


def _written(draft: VisitDraft, photos: Sequence[Photo], names: list[str], by: User) -> Visit:
    enterprise = Enterprise.objects.select_for_update().get(pk=draft.enterprise.pk)
    if draft.on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    if draft.on < enterprise.registered_on - dt.timedelta(days=366):
        raise ValidationError({"on": _("This is long before the enterprise was registered.")})
    site = Site.objects.filter(pk=draft.site_id).first() if draft.site_id else None
    certificates = list(Certificate.objects.filter(pk__in=draft.certificate_ids).order_by("pk"))
    conflicts = conflicts_of(enterprise, draft.on, draft.record_read_at)
    strange = {row.enterprise_id for row in certificates} | (
        {site.enterprise_id} if site else set()
    )
    is_lost = (draft.site_id and site is None) or len(certificates) < len(
        set(draft.certificate_ids)
    )
    if (strange - {enterprise.pk} or is_lost) and Conflict.CHANGED not in conflicts:
        conflicts.append(Conflict.CHANGED.value)
    visit = Visit(
        uuid=draft.uuid, enterprise=enterprise, site=site, on=draft.on, by=by,
        purpose=draft.purpose, site_exists=draft.site_exists, machines_seen=draft.machines_seen,
        processes_seen=draft.processes_seen, met=draft.met, result=draft.result,
        note=draft.note.strip(), record_read_at=draft.record_read_at, conflicts=conflicts,
    )  # fmt: skip
    visit.full_clean(validate_unique=False)
    visit.save(force_insert=True)
    VisitCertificate.objects.bulk_create(
        [VisitCertificate(visit=visit, certificate=row) for row in certificates]
    )
    _keep_photos(visit, photos, names, keep_place=draft.keep_place)
    return visit


def _keep_photos(
    visit: Visit, photos: Sequence[Photo], names: list[str], *, keep_place: bool
) -> None:
    different = {photo.sha256: photo for photo in photos}
    for photo in different.values():
        place = (photo.place if keep_place else None) or (None, None)
        name = f"visits/{secrets.token_hex(16)}.jpg"
        names.append(photo_storage().save(name, ContentFile(photo.content)))
        VisitPhoto.objects.create(
            visit=visit, file=names[-1], sha256=photo.sha256, width=photo.width,
            height=photo.height, latitude=place[0], longitude=place[1],
        )  # fmt: skip


@transaction.atomic
def settle_visit(*, visit: Visit, follow: bool, how: str, on: dt.date, by: User) -> Visit:
    """Say what became of a visit with a conflict; ``follow`` moves it to the record that
    its enterprise was merged into. Raises ValidationError where nothing waits or ``how``
    is missing."""
    refuse_outside_area(by, [visit.enterprise_id])
    if not how.strip():
        raise ValidationError({"how": _("Write how it was settled.")})
    kept = Visit.objects.select_for_update().select_related("enterprise").get(pk=visit.pk)
    if not kept.has_conflict:
        raise ValidationError(_("Nothing waits here."))
    with pghistory.context(user=by.pk, reason=how.strip()):
        if follow and kept.enterprise.merged_into_id:
            refuse_outside_area(by, [kept.enterprise.merged_into_id])
            kept.enterprise_id = kept.enterprise.merged_into_id
        kept.settled_on, kept.settled_by, kept.settled_how = on, by, how.strip()
        kept.save(update_fields=["enterprise", "settled_on", "settled_by", "settled_how"])
    return kept
