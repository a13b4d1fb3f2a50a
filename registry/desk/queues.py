"""The queues of the officers' desk: what waits, since when, the longest waiting first.

A queue is a queryset; its count, its page and "the next one" are read from the same rows,
so that they cannot differ. To add one: an entry in ``QUEUES``.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from registry.certifications.models import Certificate, CertificateQuerySet, VerificationStep
from registry.certifications.queries import MonthsAfter, due_again
from registry.core.days import months_after
from registry.desk.recorded import recorded_on, stands_since
from registry.enterprises.models import Enterprise, EnterpriseQuerySet, EnterpriseSector, Site
from registry.search.criteria import NOT_STATED
from registry.search.queries import found
from registry.supply.models import SupplyRelation
from registry.support.queries import reports_missing
from registry.visits.queries import with_visits_to_settle

RELATIONS_TO_VERIFY = "relations-to-verify"
CONFIRM_MONTHS = 12
ASK_AGAIN_MONTHS = 12
"""After so long a relation that could not be verified is looked at once more."""

Row = TypeVar("Row", bound=Model)
Kind = Literal["certificate", "enterprise", "relation"]
Chosen = Mapping[str, Sequence[str]]
Rows = Callable[[dt.date], QuerySet]


@dc.dataclass(frozen=True)
class Queue:
    """A list of work. ``rows`` gives rows of its ``kind`` with ``waits_since``: the day by which
    the list is ordered, named in ``since_label``."""

    code: str
    name: Any
    rule: Any
    rows: Rows
    since_label: Any
    kind: Kind = "certificate"

    @property
    def path(self) -> str:
        """From a row to its enterprise, as a beginning of a path of fields."""
        return "" if self.kind == "enterprise" else "enterprise__"


@dc.dataclass(frozen=True)
class Waiting:
    """How many rows a queue has and the first day of its order (None when empty)."""

    queue: Queue
    count: int
    first: dt.date | None


def waiting_rows(
    queue: Queue,
    on: dt.date,
    chosen: Chosen | None = None,
    within: EnterpriseQuerySet | None = None,
) -> QuerySet:
    """All that waits in a queue on a day, the longest waiting first.

    ``chosen`` are criteria of the search (``sector``, ``ward``) on the enterprises,
    ``within`` the enterprises that are looked at at all; None: every one.
    """
    rows, wanted = queue.rows(on), within
    if chosen:
        wanted = found(Enterprise.objects.all() if within is None else within, dict(chosen), on)
    if wanted is not None:
        rows = rows.filter(**{f"{queue.path}pk__in": wanted.values("pk")})
    return rows.order_by("waits_since", "pk")


def waiting(on: dt.date, within: EnterpriseQuerySet | None = None) -> list[Waiting]:
    """Every queue with its count; one query each."""
    found_in = []
    for queue in QUEUES.values():
        sums = (
            waiting_rows(queue, on, within=within)
            .order_by()
            .aggregate(n=Count("pk"), first=Min("waits_since"))
        )
        found_in.append(Waiting(queue, sums["n"], sums["first"]))
    return found_in


def next_in(
    queue: Queue, row: Row, on: dt.date, within: EnterpriseQuerySet | None = None
) -> Row | None:
    """The one after this row in a queue; the first of the others after the last.

    Ask before the row is changed: it may leave the queue by that.
    """
    rows = waiting_rows(queue, on, within=within)
    since = rows.filter(pk=row.pk).values_list("waits_since", flat=True).first()
    others = rows.exclude(pk=row.pk)
    if since is not None:
        after = others.filter(
            Q(waits_since__gt=since) | Q(waits_since=since, pk__gt=row.pk)
        ).first()
        if after is not None:
            return after
    return others.first()


def with_work_shown(queue: Queue, rows: QuerySet) -> QuerySet:
    """Everything a row of the page shows; a fixed number of queries."""
    path = queue.path
    sectors = EnterpriseSector.objects.select_related("sector").order_by("-is_primary", "pk")
    sites = Site.objects.select_related("ward", "province", "park").order_by("kind", "pk")
    rows = rows.prefetch_related(
        Prefetch(f"{path}sectors", sectors, to_attr="sectors_shown"),
        Prefetch(f"{path}sites", sites, to_attr="sites_shown"),
    )
    if queue.kind == "certificate":
        rows = rows.select_related("enterprise", "scheme", "edition", "body")
    elif queue.kind == "relation":
        rows = rows.select_related("enterprise", "buyer", "plant")
    return rows


# Certificates


def _holder_operates(on: dt.date) -> Exists:
    return Exists(Enterprise.objects.operating(on).filter(pk=OuterRef("enterprise")))


def _in_force(on: dt.date) -> CertificateQuerySet:
    """Current certificates of enterprises that operate on that day."""
    return Certificate.objects.current(on).filter(_holder_operates(on))


def _looks(on: dt.date) -> QuerySet[VerificationStep]:
    return VerificationStep.objects.filter(certificate=OuterRef("pk"), on__lte=on)


def to_verify(on: dt.date) -> QuerySet:
    """In force and never looked at; waits since it and its holder were there and known here."""
    since = Greatest("issued_on", "enterprise__registered_on", recorded_on(Certificate))
    return _in_force(on).filter(~Exists(_looks(on))).annotate(waits_since=since)


def to_verify_again(on: dt.date) -> QuerySet:
    """In force, and a look has grown too old, or somebody asked for a new one."""
    return due_again(_in_force(on), on)


def ending(first: int, last: int) -> Rows:
    """In force and confirmed, with its last valid day so many days ahead."""

    def rows(on: dt.date) -> QuerySet:
        days = (on + dt.timedelta(days=first), on + dt.timedelta(days=last))
        return (
            _in_force(on)
            .verified(on)
            .filter(valid_until__range=days)
            .annotate(waits_since=ExpressionWrapper(F("valid_until"), output_field=DateField()))
        )

    return rows


# Supply relations


def relations_to_verify(on: dt.date) -> QuerySet:
    """Alive and not verified, of enterprises that operate on that day.

    It waits since it began, its holder was there, and it stands here as it does; one that
    could not be verified leaves, and is back after 12 months.
    """
    back_on = MonthsAfter(F("unverified_on"), Value(ASK_AGAIN_MONTHS))
    since = Case(
        When(unverified_on__lte=on, then=F("back_on")),
        default=Greatest("since", "enterprise__registered_on", stands_since()),
        output_field=DateField(),
    )
    not_yet = Q(verified_on__isnull=True) | Q(verified_on__gt=on)
    is_back = Q(unverified_on__isnull=True) | Q(unverified_on__gt=on) | Q(back_on__lte=on)
    rows = SupplyRelation.objects.live(on).filter(not_yet, _holder_operates(on))
    return rows.alias(back_on=back_on).filter(is_back).annotate(waits_since=since)


# Enterprises


def to_confirm(on: dt.date) -> QuerySet:
    """Operating, and nobody has confirmed the record for a year; registration confirms."""
    since = Coalesce("last_confirmed_on", "registered_on")
    rows = Enterprise.objects.operating(on).annotate(waits_since=since)
    return rows.filter(waits_since__lte=months_after(on, -CONFIRM_MONTHS))


def without(name: str) -> Rows:
    """Operating, with nothing stated for a criterion of the search."""

    def rows(on: dt.date) -> EnterpriseQuerySet:
        blank = found(Enterprise.objects.operating(on), {name: [NOT_STATED]}, on)
        return Enterprise.objects.filter(pk__in=blank.values("pk")).annotate(
            waits_since=ExpressionWrapper(F("registered_on"), output_field=DateField())
        )

    return rows


LOOKED, ENDS, REGISTERED = _("Last looked at"), _("Last valid day"), _("In the register since")


def incentive_reports(on: dt.date) -> QuerySet:
    """Holders of certificates of incentives with a yearly report missing, by its last day."""
    mine = reports_missing(on).filter(enterprise=OuterRef("pk"))
    mine = mine.order_by("due", "pk")  # type: ignore[misc]
    waits = Subquery(mine.values("due")[:1], output_field=DateField())  # type: ignore[misc]
    return Enterprise.objects.annotate(waits_since=waits).filter(waits_since__isnull=False)  # type: ignore[misc]


QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in (
        Queue(
            "to-verify",
            _("To verify"),
            _("Certificates in force that nobody has looked at yet."),
            to_verify,
            _("Waiting since"),
        ),
        Queue(
            "verify-again",
            _("To verify again"),
            _(
                "Certificates in force whose last look is older than their scheme allows, or for which a new look was asked."
            ),
            to_verify_again,
            LOOKED,
        ),
        Queue(
            "ending-30",
            _("Ending within 30 days"),
            _("Confirmed certificates of operating enterprises, by their last valid day."),
            ending(0, 30),
            ENDS,
        ),
        Queue(
            "ending-60",
            _("Ending in 31 to 60 days"),
            _("Confirmed certificates of operating enterprises, by their last valid day."),
            ending(31, 60),
            ENDS,
        ),
        Queue(
            "ending-90",
            _("Ending in 61 to 90 days"),
            _("Confirmed certificates of operating enterprises, by their last valid day."),
            ending(61, 90),
            ENDS,
        ),
        Queue(
            RELATIONS_TO_VERIFY,
            _("Supply relations to verify"),
            _(
                "Relations alive that nobody has verified yet; one that could not be verified is back after 12 months. Tiers are counted by verified relations only."
            ),
            relations_to_verify,
            _("Waiting since"),
            kind="relation",
        ),
        Queue(
            "to-confirm",
            _("Records to confirm"),
            _("Operating enterprises whose record nobody has confirmed for 12 months."),
            to_confirm,
            _("Last confirmed"),
            kind="enterprise",
        ),
        Queue(
            "without-sector",
            _("Without a sector"),
            _("Operating enterprises with no sector stated."),
            without("sector"),
            REGISTERED,
            kind="enterprise",
        ),
        Queue(
            "without-ward",
            _("Without a ward"),
            _("Operating enterprises with no ward or commune stated."),
            without("ward"),
            REGISTERED,
            kind="enterprise",
        ),
        Queue(
            "without-size",
            _("Without a size"),
            _(
                "Operating enterprises whose size class cannot be told: labour, or revenue and capital, missing."
            ),
            without("size"),
            REGISTERED,
            kind="enterprise",
        ),
        Queue(
            "incentive-reports",
            _("Yearly reports of incentives"),
            _(
                "Holders of certificates of incentives whose report is missing, by its last day: 15 April."
            ),
            incentive_reports,
            _("Due by"),
            kind="enterprise",
        ),
        Queue(
            "visits-to-settle",
            _("Site visits to settle"),
            _(
                "Enterprises with a site visit that does not fit the record: it was changed, closed or merged meanwhile, or visited twice on a day."
            ),
            lambda on: with_visits_to_settle(Enterprise.objects.all()),
            _("Day of the visit"),
            kind="enterprise",
        ),
    )
}
