"""How good the records behind a figure are, reckoned at the very point of the figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from registry.certifications.enums import Rung
from registry.certifications.models import Certificate, CertificateQuerySet
from registry.certifications.queries import with_rung
from registry.core.days import months_after
from registry.dashboard.figures import percent
from registry.dashboard.slices import sliced
from registry.enterprises.models import EnterpriseQuerySet
from registry.plans.models import CountingRule
from registry.plans.queries import of_schemes
from registry.search.criteria import NOT_STATED
from registry.supply.models import SupplyRelation

CONFIRM_MONTHS = 12
STATED = ("sector", "ward", "size")


def valid_certificates(rule: CountingRule, on: dt.date) -> CertificateQuerySet:
    """Of the schemes the rule counts and valid on the day, looked at or not."""
    return of_schemes(Certificate.objects.counting(on), rule)


def not_confirmed(rows: EnterpriseQuerySet, rule: CountingRule, on: dt.date) -> EnterpriseQuerySet:
    """Whose record was last confirmed 12 months before the day or earlier; being entered
    in the register confirms a record."""
    return rows.alias(since=CONFIRMED).filter(since__lte=months_after(on, -CONFIRM_MONTHS))


def confirmed_later(
    rows: EnterpriseQuerySet, rule: CountingRule, on: dt.date
) -> EnterpriseQuerySet:
    """Last confirmed after the day: whether also in the year before it, the day alone does
    not say. As known then, it does."""
    return rows.filter(last_confirmed_on__gt=on)


def holding_unconfirmed(
    rows: EnterpriseQuerySet, rule: CountingRule, on: dt.date
) -> EnterpriseQuerySet:
    """With a valid certificate that was not confirmed when last looked at, or never looked at."""
    valid = valid_certificates(rule, on)
    unseen = valid.exclude(pk__in=valid.verified(on).values("pk"))
    return rows.filter(Exists(unseen.filter(enterprise=OuterRef("pk"))))


def related_unconfirmed(
    rows: EnterpriseQuerySet, rule: CountingRule, on: dt.date
) -> EnterpriseQuerySet:
    """With a live supply relation that nobody has verified by the day."""
    live = SupplyRelation.objects.live(on)
    unseen = live.exclude(pk__in=live.verified(on).values("pk"))
    return rows.filter(Exists(unseen.filter(enterprise=OuterRef("pk"))))


CONFIRMED = Coalesce("last_confirmed_on", "registered_on")
Lacking = Callable[[EnterpriseQuerySet, CountingRule, dt.date], EnterpriseQuerySet]
LACKING: dict[str, tuple[Any, Lacking]] = {
    "confirmation": (_("Record not confirmed within 12 months"), not_confirmed),
    "later": (_("Record last confirmed after the day"), confirmed_later),
    "certificate": (_("With a valid certificate not confirmed"), holding_unconfirmed),
    "relation": (_("With a live supply relation not verified"), related_unconfirmed),
}
"""What a list can be narrowed to: its heading, and whom it has."""


@dataclass(frozen=True)
class Part:
    """So many of a whole; ``share`` in percent, None of nothing."""

    count: int
    whole: int

    @property
    def share(self) -> Decimal | None:
        return percent(self.count, self.whole)

    @property
    def rest(self) -> int:
        return self.whole - self.count


@dataclass(frozen=True)
class Quality:
    """Of the enterprises of a figure; the certificates and relations are theirs.

    ``later``: enterprises of whom the day alone does not tell whether they were confirmed.
    """

    confirmed: Part
    later: int
    stated: dict[str, Part]
    certificates: Part
    by_body: Part
    relations: Part


def quality(rows: EnterpriseQuerySet, rule: CountingRule, on: dt.date) -> Quality:
    """Five queries."""
    mine = rows.order_by().values("pk")
    sums = _sums(rows, on)
    valid = valid_certificates(rule, on).filter(enterprise__in=mine)
    confirmed = valid.verified(on)
    fresh = with_rung(confirmed, on).filter(Q(rung__gte=Rung.BODY))
    relations = SupplyRelation.objects.live(on).filter(enterprise__in=mine)
    seen = Count("pk", filter=Q(verified_on__lte=on))
    related = relations.order_by().aggregate(whole=Count("pk"), seen=seen)
    certified = valid.count(), confirmed.count(), fresh.count()
    return Quality(
        confirmed=Part(sums["confirmed"], sums["whole"]),
        later=sums["later"],
        stated={name: Part(sums["whole"] - sums[name], sums["whole"]) for name in STATED},
        certificates=Part(certified[1], certified[0]),
        by_body=Part(certified[2], certified[0]),
        relations=Part(related["seen"], related["whole"]),
    )


def _sums(rows: EnterpriseQuerySet, on: dt.date) -> dict[str, int]:
    for name in STATED:
        rows = sliced(rows, name, on)
    since = months_after(on, -CONFIRM_MONTHS)
    blanks = {name: Count("pk", filter=Q(**{f"slice_{name}": NOT_STATED})) for name in STATED}
    return (
        rows.order_by()
        .annotate(since=CONFIRMED)
        .aggregate(
            whole=Count("pk"),
            confirmed=Count("pk", filter=Q(since__gt=since, since__lte=on)),
            later=Count("pk", filter=Q(last_confirmed_on__gt=on)),
            **blanks,
        )
    )
