"""Role × act × area at the doors: who gets in, and where; 403 writes nothing."""

from __future__ import annotations

import dataclasses as dc
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.areas.actions import set_area
from registry.desk.crosschecks import open_questions
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    SiteFactory,
    SupplyRelationFactory,
    WardFactory,
)
from tests.uploads import pdf

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
ALL = frozenset(role.value for role in Role)
KEEPERS = frozenset({"officer", "admin"})
DECIDERS = frozenset({"verifier", "admin"})
AREAS = ("none", "inside", "outside")


@dc.dataclass(frozen=True)
class Scene:
    """Two records of one ward that look like one firm, a certificate and a changed site."""

    ward: m.Ward
    first: m.Enterprise
    second: m.Enterprise
    certificate: m.Certificate
    relation: m.SupplyRelation
    change: int

    def address(self, name: str) -> str:
        question = open_questions(TODAY)[0] if name == "question" else None
        arguments: dict[str, list[Any]] = {
            "desk-confirm": [self.first.pk],
            "desk-verify": [self.certificate.pk],
            "desk-relation": [self.relation.pk],
            "desk-evidence-add": [self.certificate.pk],
            "duplicate": [self.first.pk, self.second.pk],
            "merge": [self.first.public_id, self.second.public_id],
            "question": [question.kind, question.fingerprint] if question else [],
            "change": ["site", self.change],
            "history": [self.first.public_id],
            "contacts": [self.first.public_id],
            "supplier": [self.first.public_id],
        }
        return reverse(name, args=arguments.get(name, []))


@pytest.fixture
def scene() -> Scene:
    ward = WardFactory()
    first = EnterpriseFactory(name="Kim Phát", tax_code="0101234560")
    second = EnterpriseFactory(name="Công ty TNHH Kim Phát")
    for enterprise in (first, second):
        SiteFactory(enterprise=enterprise, ward=ward)
        enterprise.refresh_from_db()
    site = first.sites.get()
    site.address = "Số 2"
    site.save()
    change = site.events.latest("pgh_id").pgh_id
    certificate = CertificateFactory(enterprise=first)
    relation = SupplyRelationFactory(enterprise=first)
    return Scene(ward, first, second, certificate, relation, change)


def signed_in(role: Role) -> tuple[m.User, Client]:
    person = give_account(username=role.value, password="a word", role=role, by=None)
    client = Client()
    client.force_login(person)
    return person, client


def limit(person: m.User, area: str, scene: Scene) -> None:
    """The person's area from now on: none, with the two records inside of it or outside."""
    ward = {"none": None, "inside": scene.ward, "outside": WardFactory()}[area]
    wards = [ward.pk] if ward else []
    set_area(person=person, wards=wards, sectors=[], reason="split", by=person)


# (how, page, who may, whether the area limits it). A form sent empty is shown again (422):
# who gets that far was let in.
DOORS = [
    ("get", "supplier", ALL, False),
    ("get", "history", ALL, False),
    ("get", "log", ALL, False),
    ("get", "desk", ALL, False),
    ("get", "desk-verify", ALL, False),
    ("post", "contacts", frozenset({"officer", "verifier", "admin"}), False),
    ("get", "imports", KEEPERS, False),
    ("get", "people", frozenset({"admin"}), False),
    ("get", "desk-confirm", KEEPERS, True),
    ("post", "desk-confirm", KEEPERS, True),
    ("get", "duplicate", KEEPERS, False),
    ("post", "duplicate", KEEPERS, True),
    ("get", "merge", KEEPERS, True),
    ("post", "merge", KEEPERS, True),
    ("get", "question", KEEPERS, False),
    ("post", "question", KEEPERS, True),
    ("post", "change", KEEPERS, True),
    ("post", "desk-verify", DECIDERS, True),
    ("get", "desk-relation", ALL, False),
    ("post", "desk-relation", DECIDERS, True),
    ("post", "desk-evidence-add", KEEPERS | DECIDERS, True),
]
SAID = {
    "desk-verify": {"outcome": "confirmed", "method": "register", "source_seen": "https://x.example",
                    "on": TODAY.isoformat(), "reason": "r"},
    "desk-relation": {"outcome": "verified", "proof": "contract", "seen": "1",
                      "on": TODAY.isoformat(), "reason": "r"},
    "change": {"reason": "r"},
}  # fmt: skip


@pytest.mark.parametrize(("how", "name", "roles", "is_limited"), DOORS)
def test_who_gets_in_where(scene, how, name, roles, is_limited):
    url = scene.address(name)
    found, wanted = {}, {}
    for role in Role:
        person, client = signed_in(role)
        for area in AREAS:
            limit(person, area, scene)
            if name == "change":  # each taking back needs a change of its own
                site = scene.first.sites.get()
                site.address = f"{role} {area}"
                site.save()
                changed = dc.replace(scene, change=site.events.latest("pgh_id").pgh_id)
                url = changed.address(name)
            may = role.value in roles and not (is_limited and area == "outside")
            said = SAID.get(name, {}) if how == "post" else {}
            if name == "desk-evidence-add":
                said = {} if area != "outside" else evidence()
            status = getattr(client, how)(url, said).status_code
            assert status in (200, 302, 403, 422), (role, area, status)
            found[role.value, area], wanted[role.value, area] = status != 403, may
    assert found == wanted


def evidence() -> dict[str, Any]:
    """A whole form: there only the writing itself asks for the area."""
    return {"file": SimpleUploadedFile("a.pdf", pdf()), "reason": "r"}


def test_a_refusal_writes_nothing(scene):
    person, client = signed_in(Role.ADMIN)
    limit(person, "outside", scene)
    before = m.Enterprise.pgh_event_model.objects.count(), m.VerificationStep.objects.count()
    for name in ("desk-confirm", "merge", "duplicate", "desk-verify"):
        said = {"reason": "r", "is_same": "yes", **SAID["desk-verify"]}
        assert client.post(scene.address(name), said).status_code == 403
    after = m.Enterprise.pgh_event_model.objects.count(), m.VerificationStep.objects.count()
    assert before == after
    assert not m.DuplicateDecision.objects.exists() and not m.Merger.objects.exists()
    assert m.Enterprise.objects.get(pk=scene.first.pk).last_confirmed_on is None
