"""Everything the profile of an enterprise shows, in the order a buyer asks for it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from registry.certifications.models import Certificate, VerificationStep
from registry.certifications.queries import Ladder, ladder
from registry.enterprises.enums import BlankReason, LegalForm, Ownership, SizeClass
from registry.enterprises.models import Contact, Enterprise
from registry.plans.queries import Clause, explain, rule_in_force
from registry.supply.models import SupplyRelation


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
class ContactShown:
    """The parts of a contact person that may be shown to everybody."""

    full_name: str
    role: str
    phone: str
    email: str


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
    clauses: list[Clause]

    @property
    def is_counted(self) -> bool:
        """Whether the plan counts it as meeting international standards on this day."""
        return all(clause.holds for clause in self.clauses)


def enterprise_of(public_id: str) -> Enterprise | None:
    """The enterprise with all that hangs on it; a fixed number of queries."""
    if not re.fullmatch(r"CNHT-[0-9]{7,12}", public_id):
        return None
    return (
        Enterprise.objects.filter(public_id=public_id)
        .select_related("merged_into")
        .prefetch_related(
            "sectors__sector", "processes__process", "materials__material", "machines",
            "products__group", "products__hs", "vsic_codes__vsic", "contacts",
            "sites__ward", "sites__province", "sites__park",
            Prefetch("year_figures", to_attr="years_shown"),
        )
        .first()
    )  # fmt: skip


def profile(enterprise: Enterprise, *, on: dt.date) -> Profile:
    certificates = certificates_shown(enterprise, on)
    sized = Enterprise.objects.filter(pk=enterprise.pk).with_size(on)
    size = sized.values_list("size", flat=True).first()  # type: ignore[misc]
    return Profile(
        enterprise=enterprise,
        state=enterprise.state_on(on),
        certificates=certificates,
        relations=list(
            SupplyRelation.objects.live(on)
            .public()
            .filter(enterprise=enterprise)
            .select_related("buyer", "plant")
            .order_by("tier", "pk")
        ),
        contacts=contacts_shown(enterprise.contacts.all(), on),
        unknown=unknown_fields(enterprise, certificates, size),
        size_label=SizeClass(size).label if size else "",
        ownership_label=Ownership(enterprise.ownership).label if enterprise.ownership else "",
        legal_form_label=LegalForm(enterprise.legal_form).label if enterprise.legal_form else "",
        clauses=explain(enterprise, rule_in_force(on), on),
    )


STATE_ORDER = ("valid", "suspended", "not_yet", "unknown", "expired", "edition_withdrawn",
               "withdrawn")  # fmt: skip


def certificates_shown(enterprise: Enterprise, on: dt.date) -> list[CertificateShown]:
    """All certificates, those in force first, each with the last look up to that day."""
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
    ]
    return sorted(shown, key=lambda one: STATE_ORDER.index(one.state))


def contacts_shown(contacts: Any, on: dt.date) -> list[ContactShown]:
    """Each field only with its own consent given by that day, whoever reads."""

    def may(day: dt.date | None) -> bool:
        return bool(day and day <= on)

    shown = [
        ContactShown(
            full_name=contact.full_name if may(contact.name_consent_on) else "",
            role=contact.role if may(contact.name_consent_on) else "",
            phone=contact.phone if may(contact.phone_consent_on) else "",
            email=contact.email if may(contact.email_consent_on) else "",
        )
        for contact in contacts
        if isinstance(contact, Contact)
    ]
    return [one for one in shown if one.full_name or one.phone or one.email]


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
