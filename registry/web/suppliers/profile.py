"""Everything the profile of an enterprise shows on a day, in the order a buyer asks for it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from registry.certifications.models import Certificate, VerificationStep
from registry.certifications.queries import Ladder, ladder
from registry.enterprises.enums import BlankReason, LegalForm, Ownership, SizeClass
from registry.enterprises.models import Contact, Enterprise, Site, YearFigure
from registry.plans.models import CountingRule
from registry.plans.queries import Clause, explain
from registry.supply.models import SupplyRelation
from registry.supply.queries import best_tier
from registry.web.suppliers.consent import ContactShown, contacts_shown


@dataclass(frozen=True)
class CertificateShown:
    """A certificate with its state on the day, the last look at it and the rung it stands on."""

    certificate: Certificate
    state: str
    last_step: VerificationStep | None
    ladder: Ladder

    @property
    def is_confirmed(self) -> bool:
        return bool(self.last_step and self.last_step.outcome == "confirmed")

    @property
    def seen_by(self) -> str:
        """The officer's name as they gave it; never the name they sign in with."""
        return self.last_step.by.get_full_name() if self.last_step else ""


@dataclass(frozen=True)
class Unknown:
    """A blank field and which blank it is."""

    label: Any
    reason: Any


@dataclass(frozen=True)
class Profile:
    """One enterprise on one day, as one reader may see it."""

    enterprise: Enterprise
    state: str
    certificates: list[CertificateShown]
    relations: list[SupplyRelation]
    contacts: list[ContactShown]
    unknown: list[Unknown]
    size_label: Any
    ownership_label: Any
    legal_form_label: Any
    rule: CountingRule
    clauses: list[Clause]
    tier: int | None
    stated_tier: int | None
    confirmed_on: dt.date | None

    @property
    def is_counted(self) -> bool:
        """Whether the plan counts it as meeting international standards on this day."""
        return all(clause.holds for clause in self.clauses)

    @property
    def tier_label(self) -> Any:
        return SupplyRelation.Tier(self.tier).label if self.tier else ""

    @property
    def stated_tier_label(self) -> Any:
        return SupplyRelation.Tier(self.stated_tier).label if self.stated_tier else ""


def is_code(public_id: str) -> bool:
    """Whether it has the shape of an identity of the register."""
    return bool(re.fullmatch(r"CNHT-[0-9]{7,12}", public_id))


def enterprise_of(public_id: str, on: dt.date) -> Enterprise | None:
    """The enterprise with what hangs on it by that day; a fixed number of queries.

    What carries no day (sectors, processes, products, machines) is as recorded.
    """
    begun = Site.objects.filter(Q(since__isnull=True) | Q(since__lte=on))
    return (
        Enterprise.objects.filter(public_id=public_id)
        .select_related("merged_into")
        .prefetch_related(
            "sectors__sector", "processes__process", "materials__material", "machines",
            "products__group", "products__hs", "vsic_codes__vsic", "contacts",
            Prefetch(
                "sites", begun.select_related("ward", "province", "park").order_by("kind", "pk"),
                to_attr="sites_shown",
            ),
            Prefetch(
                "year_figures", YearFigure.objects.filter(year__lte=on.year).order_by("year"),
                to_attr="years_shown",
            ),
        )
        .first()
    )  # fmt: skip


def profile(
    enterprise: Enterprise,
    *,
    on: dt.date,
    rule: CountingRule,
    today: dt.date,
    present: dict[int, Contact],
    told: frozenset[int] | None,
) -> Profile:
    """What was true on the day, as this register or an earlier state of it knows it.

    ``present`` are the contact persons of now: consent given up since hides them; ``told``
    the relations that are open now, where the past is looked at (``open_today``).
    """
    certificates = certificates_shown(enterprise, on, today)
    relations = SupplyRelation.objects.live(on).public().filter(enterprise=enterprise)
    if told is not None:
        relations = relations.filter(pk__in=told)
    counted = (
        Enterprise.objects.filter(pk=enterprise.pk)
        .with_size(on)
        .annotate(tier=best_tier(on, is_verified=True), stated=best_tier(on, is_verified=False))
    )
    size, tier, stated = counted.values_list("size", "tier", "stated").get()
    confirmed_on = enterprise.last_confirmed_on
    return Profile(
        enterprise=enterprise,
        state=enterprise.state_on(on),
        certificates=certificates,
        relations=list(relations.select_related("buyer", "plant").order_by("tier", "pk")),
        contacts=contacts_shown(enterprise.contacts.all(), present, on=on, today=today),
        unknown=unknown_fields(enterprise, certificates, size),
        size_label=SizeClass(size).label if size else "",
        ownership_label=Ownership(enterprise.ownership).label if enterprise.ownership else "",
        legal_form_label=LegalForm(enterprise.legal_form).label if enterprise.legal_form else "",
        rule=rule,
        clauses=explain(enterprise, rule, on),
        tier=tier,
        stated_tier=stated,
        confirmed_on=confirmed_on if confirmed_on and confirmed_on <= on else None,
    )


STATE_ORDER = ("valid", "suspended", "not_yet", "unknown", "expired", "edition_withdrawn",
               "withdrawn")  # fmt: skip


def certificates_shown(
    enterprise: Enterprise, on: dt.date, today: dt.date
) -> list[CertificateShown]:
    """All certificates, those in force first, each with the last look up to that day.

    On a day gone by, those issued later are left out.
    """
    steps = VerificationStep.objects.filter(on__lte=on).select_related("by").order_by("-on", "-pk")
    rows = (
        Certificate.objects.filter(enterprise=enterprise)
        .select_related("scheme", "edition", "body", "accreditation_body")
        .prefetch_related(Prefetch("verifications", steps, to_attr="steps"), "sites__site")
        .order_by("scheme__name", "-valid_until", "pk")
    )
    shown = [
        CertificateShown(
            row, row.state_on(on), row.steps[0] if row.steps else None, ladder(row, row.steps, on)
        )
        for row in rows
        if on == today or row.issued_on is None or row.issued_on <= on
    ]
    return sorted(shown, key=lambda one: STATE_ORDER.index(one.state))


def unknown_fields(
    enterprise: Enterprise, certificates: list[CertificateShown], size: str | None
) -> list[Unknown]:
    """What the register does not know, and whether it was ever asked."""
    blanks = {
        "products": (_("Products"), not enterprise.products.all()),
        "processes": (_("Processes"), not enterprise.processes.all()),
        "machines": (_("Machines"), not enterprise.machines.all()),
        "certificates": (_("Certificates"), not certificates),
        "sectors": (_("Sector"), not enterprise.sectors.all()),
        "size": (_("Size class"), not size),
        "ownership": (_("Ownership"), not enterprise.ownership),
        "founded_on": (_("Founded on"), not enterprise.founded_on),
        "tax_code": (_("Tax code"), not enterprise.tax_code),
        "website": (_("Website"), not enterprise.website),
        "last_confirmed_on": (_("Day of last confirmation"), not enterprise.last_confirmed_on),
    }
    reasons = dict(BlankReason.choices)
    return [
        Unknown(
            label,
            reasons.get(enterprise.blank_reasons.get(name), reasons[BlankReason.NOT_ASKED]),
        )
        for name, (label, is_blank) in blanks.items()
        if is_blank
    ]
