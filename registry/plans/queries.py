"""The counting rule, asked: which rule holds on a day, and whom it counts.

Each clause is a filter of certificates or of enterprises, so that a figure, its list and
the words on a profile come from the same place.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.certifications.models import Certificate, CertificateQuerySet, VerificationStep
from registry.core.days import months_after
from registry.enterprises.models import Enterprise, EnterpriseQuerySet
from registry.plans.models import IN_HANOI, OPERATING, CountingRule, supplying_sentence
from registry.reference.models import CertificationScheme
from registry.supply.queries import relations_on

SYSTEM_KINDS = (CertificationScheme.Kind.SYSTEM,)
PRODUCT_KINDS = (CertificationScheme.Kind.PRODUCT, CertificationScheme.Kind.PROCESS)

PROVISIONAL = CountingRule(version=0, valid_from=dt.date.min, is_provisional=True)
"""What holds where no rule has been loaded: the provisional first version."""


class UnknownRule(LookupError):
    """No rule has this version."""


def rule_in_force(on: dt.date, known: dt.datetime | None = None) -> CountingRule:
    """The rule of that day: the last one approved, or provisional, to begin by then.

    Of those approved by the moment ``known`` where one is given: a rule that was put in
    force later for days gone by did not count what was said before.
    """
    approved = Q(approved_on__isnull=False) if known is None else _approved_by(known)
    rules = CountingRule.objects.filter(approved | Q(is_provisional=True), valid_from__lte=on)
    return rules.order_by("-valid_from", "-version").first() or PROVISIONAL


def _approved_by(moment: dt.datetime) -> Q:
    """On a day before the moment's, or on its day as the history says by then."""
    day = timezone.localdate(moment)
    then = CountingRule.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id=OuterRef("pk"), approved_on__isnull=False, pgh_created_at__lte=moment
    )
    return Q(approved_on__lt=day) | Q(Exists(then), approved_on=day)


def rules_to_come(after: dt.date, until: dt.date) -> list[CountingRule]:
    """Approved rules that begin after one day and by another, the first one first."""
    rows = CountingRule.objects.filter(
        approved_on__isnull=False, valid_from__gt=after, valid_from__lte=until
    )
    return list(rows.order_by("valid_from", "version"))


def rule_of_version(version: int) -> CountingRule:
    """Raises :class:`UnknownRule`."""
    rule = CountingRule.objects.filter(version=version).first()
    if rule is None:
        raise UnknownRule(version)
    return rule


def unknown_schemes(rule: CountingRule) -> list[str]:
    """Codes that the rule counts and the code list has not."""
    named = set(rule.schemes or ())
    known = CertificationScheme.objects.filter(code__in=named).values_list("code", flat=True)
    return sorted(named.difference(known))


def of_schemes(certificates: CertificateQuerySet, rule: CountingRule) -> CertificateQuerySet:
    """Of the schemes that the rule counts."""
    if rule.schemes is None:
        return certificates.international()
    return certificates.filter(scheme__code__in=rule.schemes)


def confirmed(
    certificates: CertificateQuerySet, rule: CountingRule, on: dt.date
) -> CertificateQuerySet:
    """Verified as the rule asks: the last look confirmed, and not too long ago."""
    if not rule.needs_verification:
        return certificates
    seen = certificates.verified(on)
    if rule.verification_months is None:
        return seen
    recent = VerificationStep.objects.filter(
        certificate=OuterRef("pk"),
        outcome=VerificationStep.Outcome.CONFIRMED,
        on__lte=on,
        on__gt=months_after(on, -rule.verification_months),
    )
    return seen.filter(Exists(recent))


def counting_certificates(rule: CountingRule, on: dt.date) -> CertificateQuerySet:
    """Certificates that count under the rule on that day."""
    return confirmed(of_schemes(Certificate.objects.counting(on), rule), rule, on)


def counted(queryset: EnterpriseQuerySet, rule: CountingRule, on: dt.date) -> EnterpriseQuerySet:
    """Those of the enterprises that the rule counts on that day."""
    return queryset.filter(rule_condition(rule, on))


def rule_condition(rule: CountingRule, on: dt.date) -> Q:
    """The whole rule as one condition on enterprises."""
    return certificate_condition(rule, on) & relation_condition(rule, on)


def certificate_condition(
    rule: CountingRule, on: dt.date, certificates: CertificateQuerySet | None = None
) -> Q:
    """The certificates asked: either kind, or a system and a product one.

    Of all that count on the day, or only of those given.
    """
    if certificates is None:
        certificates = counting_certificates(rule, on)
    held = certificates.filter(enterprise=OuterRef("pk"))
    if rule.breadth == CountingRule.Breadth.BOTH:
        return Q(Exists(held.filter(scheme__kind__in=SYSTEM_KINDS))) & Q(
            Exists(held.filter(scheme__kind__in=PRODUCT_KINDS))
        )
    return Q(Exists(held))


def relation_condition(rule: CountingRule, on: dt.date) -> Q:
    """A live supply relation to a multinational, where the rule asks for one.

    Verified, where the rule asks certificates to be so: what is merely stated proves neither.
    """
    if not rule.needs_relation:
        return Q()
    held = relations_on(on, is_verified=rule.needs_verification)
    return Q(Exists(held.filter(enterprise=OuterRef("pk"))))


@dataclass(frozen=True)
class Clause:
    """One thing the rule asks, in a sentence, and whether it holds for an enterprise."""

    code: str
    sentence: Any
    holds: bool


def clause_conditions(rule: CountingRule, on: dt.date) -> dict[str, tuple[Any, Q]]:
    """Each clause as a sentence and a condition; together they are the rule itself.

    The later ones about certificates imply the earlier ones, so that the first that
    fails tells what is missing.
    """
    mine: Any = {"enterprise": OuterRef("pk")}
    stated = of_schemes(Certificate.objects.issued(on), rule)
    valid = of_schemes(Certificate.objects.counting(on), rule)
    clauses: dict[str, tuple[Any, Q]] = {
        "stated": (
            _("A certificate of a scheme that counts is recorded."),
            Q(Exists(stated.filter(**mine))),
        ),
        "valid": (
            _("At least one of them is valid on the day."),
            Q(Exists(valid.filter(**mine))),
        ),
    }
    if rule.needs_verification:
        clauses["confirmed"] = (
            _("At least one valid certificate was confirmed when last verified."),
            Q(Exists(valid.verified(on).filter(**mine))),
        )
    if rule.verification_months is not None:
        clauses["recent"] = (
            _("That was less than %(months)s months ago.") % {"months": rule.verification_months},
            Q(Exists(counting_certificates(rule, on).filter(**mine))),
        )
    if rule.breadth == CountingRule.Breadth.BOTH:
        clauses["both"] = (
            _("Both a system and a product certificate hold as the rule asks."),
            certificate_condition(rule, on),
        )
    if rule.needs_relation:
        clauses["supplying"] = (
            supplying_sentence(rule),
            relation_condition(rule, on),
        )
    return clauses


def explain(enterprise: Enterprise, rule: CountingRule, on: dt.date) -> list[Clause]:
    """Why the enterprise is counted, or not, on that day; three queries.

    It is counted when every clause holds.
    """
    mine = Enterprise.objects.filter(pk=enterprise.pk)
    conditions = clause_conditions(rule, on)
    held = mine.annotate(
        **{
            f"clause_{code}": ExpressionWrapper(condition, BooleanField())
            for code, (_sentence, condition) in conditions.items()
        }
    ).values(*(f"clause_{code}" for code in conditions))
    row = held.order_by("pk").first() or {}
    return [
        Clause("operating", OPERATING, mine.operating(on).exists()),
        Clause("in_hanoi", IN_HANOI, mine.in_hanoi(on).exists()),
        *(
            Clause(code, sentence, bool(row.get(f"clause_{code}")))
            for code, (sentence, _condition) in conditions.items()
        ),
    ]


NESTED = {
    "stated": _("A certificate of a scheme that counts is recorded"),
    "verified": _("… and was confirmed when last verified"),
    "valid": _("… and is valid on the day"),
    "supplying": _("… and a verified relation says that it supplies a multinational"),
}


def nested(queryset: EnterpriseQuerySet, rule: CountingRule, on: dt.date) -> dict[str, Any]:
    """Four sets, each within the one before: stated → verified → valid → supplying."""
    mine: Any = {"enterprise": OuterRef("pk")}
    stated = of_schemes(Certificate.objects.issued(on), rule)
    valid = of_schemes(Certificate.objects.counting(on), rule).verified(on)
    is_valid = Q(Exists(valid.filter(**mine)))
    supplying = relations_on(on, is_verified=True).filter(**mine)
    conditions = {
        "stated": Q(Exists(stated.filter(**mine))),
        "verified": Q(Exists(stated.verified(on).filter(**mine))),
        "valid": is_valid,
        "supplying": is_valid & Q(Exists(supplying)),
    }
    return {name: queryset.filter(condition) for name, condition in conditions.items()}
