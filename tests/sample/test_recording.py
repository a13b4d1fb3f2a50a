"""The actions of certificates and relations that the sample is written with."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError

from registry import models as m
from registry.certifications.actions import (
    CertificateDraft,
    CertificatesOverlap,
    LookDraft,
    record_certificates,
)
from registry.enterprises.actions import (
    ContactDraft,
    EnterpriseDraft,
    MachineDraft,
    ProductDraft,
    YearFigureDraft,
    register_many,
)
from registry.supply.actions import RelationDraft, record_relations
from tests.factories import (
    BuyerFactory,
    EnterpriseFactory,
    ProcessFactory,
    SchemeFactory,
    SectorFactory,
    SiteFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 1, 1)


def certificate(enterprise: m.Enterprise, **more: object) -> CertificateDraft:
    known = {
        "enterprise_id": enterprise.pk,
        "scheme_id": SchemeFactory().pk,
        "source": "test",
        "number": "A-1",
        "issued_on": DAY,
        "valid_until": DAY + dt.timedelta(days=365),
    }
    return CertificateDraft(**(known | more))


def test_a_certificate_with_its_looks_and_sites() -> None:
    site, officer = SiteFactory(), UserFactory()
    looks = (
        LookDraft(on=DAY, outcome="not_found"),
        LookDraft(on=DAY, method="body", note="asked by letter"),
    )
    draft = certificate(site.enterprise, looks=looks, site_ids=(site.pk,))
    (row,) = record_certificates(drafts=[draft], reason="letter of the body", by=officer)
    steps = row.verifications.order_by("pk")
    assert [(step.outcome, step.method, step.by) for step in steps] == [
        ("not_found", "register", officer),
        ("confirmed", "body", officer),
    ]
    assert [covered.site for covered in row.sites.order_by("pk")] == [site]
    assert m.Certificate.objects.verified(DAY).get() == row
    event = m.Certificate.pgh_event_model.objects.get()
    assert event.pgh_context.metadata == {"user": officer.pk, "reason": "letter of the body"}


def test_the_same_number_on_the_same_days_is_refused_as_a_whole() -> None:
    enterprise = EnterpriseFactory()
    later = DAY + dt.timedelta(days=100)
    drafts = [certificate(enterprise), certificate(enterprise, number="a 1", issued_on=later)]
    with pytest.raises(CertificatesOverlap):
        record_certificates(drafts=drafts, reason="test", by=UserFactory())
    assert not m.Certificate.objects.exists()


def test_another_broken_rule_keeps_its_own_name() -> None:
    draft = certificate(EnterpriseFactory(), valid_until=DAY - dt.timedelta(days=1))
    with pytest.raises(IntegrityError, match="certificate_period_in_order"):
        record_certificates(drafts=[draft], reason="test", by=UserFactory())


def test_a_relation_is_confidential_and_unverified_unless_said() -> None:
    enterprise, buyer, officer = EnterpriseFactory(), BuyerFactory(), UserFactory()
    drafts = [
        RelationDraft(enterprise_id=enterprise.pk, buyer_id=buyer.pk, tier=2),
        RelationDraft(enterprise.pk, buyer.pk, tier=1, verified_on=DAY, is_confidential=False),
    ]
    silent, told = record_relations(drafts=drafts, reason="visit", by=officer)
    assert (silent.is_confidential, silent.verified_by) == (True, None)
    assert (told.is_confidential, told.verified_by, told.verified_on) == (False, officer, DAY)
    events = m.SupplyRelation.pgh_event_model.objects
    assert set(events.values_list("pgh_context__metadata__reason", flat=True)) == {"visit"}


def test_relations_are_all_or_none() -> None:
    enterprise, buyer = EnterpriseFactory(), BuyerFactory()
    drafts = [RelationDraft(enterprise.pk, buyer.pk, tier=tier) for tier in (1, 9)]
    with pytest.raises(IntegrityError, match="supply_relation_tier_known"):
        record_relations(drafts=drafts, reason="test", by=UserFactory())
    assert not m.SupplyRelation.objects.exists()


def test_an_enterprise_with_everything_that_hangs_on_it() -> None:
    sector, branch, process = SectorFactory(), SectorFactory(code="b"), ProcessFactory()
    draft = EnterpriseDraft(
        name="Công ty X",
        registered_on=DAY,
        source="test",
        suspended_on=DAY,
        blank_reasons={"website": "unknown"},
        products=("Lò xo", ProductDraft("Khuôn", name_en="Mould", capacity="10")),
        machines=(MachineDraft("Máy tiện", maker="M", count=2),),
        contacts=(ContactDraft("Trần Trác Vi", name_consent_on=DAY),),
        year_figures=(YearFigureDraft(2025, labour=5, capital_vnd=1, revenue_vnd=2),),
        sector_ids=(branch.pk, sector.pk),
        process_ids=(process.pk,),
    )
    (row,) = register_many(drafts=[draft], reason="test", by=None)
    row.refresh_from_db()
    assert row.state_on(DAY) == "suspended"
    assert row.blank_reasons == {"website": "unknown"}
    products = row.products.order_by("pk").values_list("name", "name_en", "capacity")
    assert list(products) == [("Lò xo", "", ""), ("Khuôn", "Mould", "10")]
    assert row.machines.get().count == 2
    assert row.contacts.get().name_consent_on == DAY
    assert row.year_figures.values_list("labour", "capital_vnd", "revenue_vnd").get() == (5, 1, 2)
    assert row.sectors.get(is_primary=True).sector == branch
    assert row.sectors.count() == 2
    assert row.processes.get().process == process
