"""The rows that make up one enterprise's record, and how a recorded version is read."""

from __future__ import annotations

from typing import Any

from django.db import models

from registry.certifications.models import Certificate, CertificateSite, VerificationStep
from registry.core.known import tracked_models
from registry.enterprises.models import (
    Contact,
    Enterprise,
    EnterpriseMaterial,
    EnterpriseProcess,
    EnterpriseSector,
    EnterpriseVsic,
    Machine,
    Product,
    Site,
    YearFigure,
)
from registry.supply.models import SupplyRelation
from registry.support.models import IncentiveCertificate, Participation
from registry.visits.models import Visit

CHILDREN: dict[type[models.Model], tuple[str, ...]] = {
    EnterpriseSector: ("sector_id",),
    EnterpriseVsic: ("vsic_id",),
    EnterpriseProcess: ("process_id",),
    EnterpriseMaterial: ("material_id",),
    YearFigure: ("year",),
    Product: ("folded", "group_id", "hs_id"),
    Machine: ("name", "maker", "spec"),
    Contact: ("full_name", "phone", "email"),
    Site: ("kind", "address", "since", "until"),
    Certificate: ("scheme_id", "number_key", "issued_on", "valid_until"),
    SupplyRelation: ("buyer_id", "plant_id", "product", "tier", "since", "until"),
    Participation: ("activity_id",),
    IncentiveCertificate: ("issuer", "number"),
    Visit: ("uuid",),
}
"""What hangs on an enterprise, with the fields by which two rows say the same."""

BELOW_CERTIFICATES: tuple[type[models.Model], ...] = (CertificateSite, VerificationStep)

CORRECTABLE: frozenset[type[models.Model]] = frozenset({Enterprise, CertificateSite, *CHILDREN})
"""Tables whose changes can be taken back. A look at a certificate is never changed: a
new look is a new step."""


def code_of(model: type[models.Model]) -> str:
    """The name by which addresses and stored lists call a table."""
    return model._meta.model_name or ""


def tracked_by_code() -> dict[str, tuple[type[models.Model], Any]]:
    """Every tracked table with the table of its events, by its name."""
    return {code_of(model): (model, events) for model, events in tracked_models()}


def written_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns that are written, not computed by the database."""
    return [
        field
        for field in model._meta.concrete_fields
        if not getattr(field, "generated", False) and not field.primary_key
    ]


def version_values(model: type[models.Model], event: dict[str, Any]) -> dict[str, Any]:
    """The values of the written columns in one recorded version."""
    return {field.attname: event[field.attname] for field in written_fields(model)}
