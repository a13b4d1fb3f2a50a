"""The ladder of proof: what an officer's looks at a certificate are worth on a day.

A look that confirmed carries a rung, and every rung below it, each for its own lifetime
under the scheme (``document_months``, ``register_months``, ``site_months``). So a rung
falls when its time is over: nothing has to run. "Found false" takes away all that was
seen before it; "not found in the register" takes away only the confirmation by the body
and at the site, because the document was seen all the same.

``ladder`` reads one certificate, ``with_rung`` a whole list in the database; a test
holds the two together.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from registry.certifications.enums import Rung
from registry.certifications.models import Certificate, CertificateQuerySet, VerificationStep
from registry.core.days import months_after

Method, Outcome = VerificationStep.Method, VerificationStep.Outcome
CARRIED = {
    Method.DOCUMENT: Rung.DOCUMENT,
    Method.BODY_REGISTER: Rung.BODY,
    Method.BODY_ASKED: Rung.BODY,
    Method.SITE: Rung.SITE,
}
LIFETIMES = {
    Rung.DOCUMENT: "document_months",
    Rung.BODY: "register_months",
    Rung.SITE: "site_months",
}
TAKEN_BY = {
    Rung.DOCUMENT: (Outcome.REFUTED,),
    Rung.BODY: (Outcome.REFUTED, Outcome.NOT_FOUND),
    Rung.SITE: (Outcome.REFUTED, Outcome.NOT_FOUND),
}


@dc.dataclass(frozen=True)
class Ladder:
    """Where a certificate stands on a day.

    ``until`` is the first day on which the rung no longer holds (None on the lowest).
    ``reached`` is the rung it would stand on if looks never grew old. ``outcome`` is what
    the last look said, empty where nobody has looked.
    """

    rung: Rung
    until: dt.date | None
    reached: Rung
    outcome: str

    @property
    def has_fallen(self) -> bool:
        """A look has grown older than its scheme allows."""
        return self.rung < self.reached


def ladder(certificate: Certificate, steps: Sequence[VerificationStep], on: dt.date) -> Ladder:
    """The rung of one certificate on a day; reads ``scheme``: select it.

    ``steps`` are its looks in any order; those after the day are left out.
    """
    seen = sorted((one for one in steps if one.on <= on), key=lambda one: (one.on, one.pk))
    rung, until, reached = Rung.CLAIMED, None, Rung.CLAIMED
    for step_of, months_field in LIFETIMES.items():
        last = _last_carrying(seen, step_of)
        if last is None:
            continue
        shown = _named(certificate, step_of)
        reached = shown
        ends = months_after(last.on, getattr(certificate.scheme, months_field))
        if on < ends:
            rung, until = shown, ends
    return Ladder(rung, until, reached, seen[-1].outcome if seen else "")


def _last_carrying(seen: Sequence[VerificationStep], rung: Rung) -> VerificationStep | None:
    """The last look that carries the rung and that no later look has taken away."""
    for step in reversed(seen):
        if step.outcome in TAKEN_BY[rung]:
            return None
        if step.outcome == Outcome.CONFIRMED and CARRIED[Method(step.method)] >= rung:
            return step
    return None


def _named(certificate: Certificate, rung: Rung) -> Rung:
    """A document is worth more where its number and its body are recorded."""
    if rung == Rung.DOCUMENT and certificate.number_key and certificate.body_id:
        return Rung.NUMBER_AND_BODY
    return rung


def with_rung(queryset: QuerySet[Certificate, Any], on: dt.date) -> QuerySet[Certificate, Any]:
    """Add ``rung`` and ``reached`` as numbers of :class:`Rung`, as ``ladder`` says."""
    return queryset.annotate(
        rung=_rung(on, is_lasting=False),
        reached=_rung(on, is_lasting=True),
    )


def _rung(on: dt.date, *, is_lasting: bool) -> Case:
    named = ~Q(number_key="") & Q(body__isnull=False)
    seen = Exists(_carrying(Rung.DOCUMENT, on, is_lasting))
    return Case(
        When(Exists(_carrying(Rung.SITE, on, is_lasting)), then=Value(Rung.SITE.value)),
        When(Exists(_carrying(Rung.BODY, on, is_lasting)), then=Value(Rung.BODY.value)),
        When(named & Q(seen), then=Value(Rung.NUMBER_AND_BODY.value)),
        When(seen, then=Value(Rung.DOCUMENT.value)),
        default=Value(Rung.CLAIMED.value),
        output_field=models.SmallIntegerField(),
    )


def _carrying(rung: Rung, on: dt.date, is_lasting: bool) -> QuerySet[VerificationStep]:
    """Looks that carry the rung on that day, of the certificate outside."""
    later = VerificationStep.objects.filter(
        Q(on__gt=OuterRef("on")) | Q(on=OuterRef("on"), pk__gt=OuterRef("pk")),
        certificate=OuterRef("certificate"),
        on__lte=on,
        outcome__in=TAKEN_BY[rung],
    )
    looks = VerificationStep.objects.filter(
        ~Exists(later),
        certificate=OuterRef("pk"),
        on__lte=on,
        outcome=Outcome.CONFIRMED,
        method__in=[method for method, carried in CARRIED.items() if carried >= rung],
    )
    if is_lasting:
        return looks
    months = F(f"certificate__scheme__{LIFETIMES[rung]}")
    return looks.alias(ends=MonthsAfter(F("on"), months)).filter(ends__gt=on)


class MonthsAfter(models.Func):
    """A day some months later, as :func:`registry.core.days.months_after` counts."""

    template = "(%(expressions)s))::date"
    arg_joiner = " + make_interval(months => "
    output_field = models.DateField()


def asked_again(on: dt.date) -> Q:
    """Condition on certificates: somebody asked for a new look, and there was none since."""
    looks = VerificationStep.objects.filter(certificate=OuterRef("pk"), on__lte=on)
    since = OuterRef("look_again_since")
    return Q(look_again_since__lte=on) & ~Q(Exists(looks.filter(on__gte=since)))


def due_again(rows: CertificateQuerySet, on: dt.date) -> QuerySet[Certificate]:
    """Those of ``rows`` of which a look has grown too old (its rung fell, or "not found" is
    old), or somebody asked for a new one. Adds ``waits_since``, the day of the last look."""
    looks = VerificationStep.objects.filter(certificate=OuterRef("pk"), on__lte=on)
    last = looks.order_by("-on", "-pk").values("on")[:1]
    looked = with_rung(rows.with_last_look(on), on).annotate(waits_since=models.Subquery(last))
    is_old = Q(ends__lte=on, last_outcome=Outcome.NOT_FOUND)
    return looked.alias(ends=MonthsAfter(F("waits_since"), F("scheme__register_months"))).filter(
        Q(rung__lt=F("reached")) | is_old | asked_again(on)
    )


def can_be_asked_for(enterprises: Any, on: dt.date) -> QuerySet[Certificate]:
    """In force, looked at before today, and not due for a new look anyhow.

    What nobody has looked at at all waits in any case. ``enterprises`` are their holders:
    identities, or a query of them.
    """
    looks = VerificationStep.objects.filter(certificate=OuterRef("pk"))
    rows = Certificate.objects.current(on).filter(enterprise__in=enterprises)
    seen = rows.filter(Exists(looks.filter(on__lt=on)), ~Exists(looks.filter(on__gte=on)))
    return seen.exclude(pk__in=due_again(rows, on).values("pk"))


def same_file(certificate: Certificate) -> QuerySet[Certificate]:
    """Other certificates whose evidence is the very same file; their holders selected."""
    others = Certificate.objects.exclude(pk=certificate.pk).exclude(evidence_sha256="")
    return (
        others.filter(evidence_sha256=certificate.evidence_sha256)
        .select_related("enterprise", "scheme")
        .order_by("pk")
    )


def same_number(certificate: Certificate) -> QuerySet[Certificate]:
    """Certificates of other enterprises with the same number of the same scheme."""
    others = Certificate.objects.exclude(enterprise=certificate.enterprise_id)
    return (
        others.exclude(number_key="")
        .filter(number_key=certificate.number_key, scheme=certificate.scheme_id)
        .select_related("enterprise", "scheme")
        .order_by("pk")
    )
