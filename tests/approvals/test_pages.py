"""Four eyes at the doors: what each person sees and may press."""

from __future__ import annotations

import pytest
from django.test import Client

from registry import models as m
from registry.accounts.enums import Role
from registry.certifications.actions import mark_of
from registry.imports.actions import keep_file, read_as
from tests.approvals.conftest import TODAY, account, look, proposed
from tests.factories import CertificateFactory, EnterpriseFactory, ProvinceFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def posted_look(certificate):
    said = {**look(certificate), "reason": "seen", "queue": "to-verify"}
    said["mark"] = mark_of(m.Certificate.objects.get(pk=certificate.pk))
    return {name: value for name, value in said.items() if name != "certificate"}


def test_a_look_at_the_desk_waits_and_is_approved_on_its_page(
    certificate, verifier, second, two_decide
):
    two_decide("verify")
    client = signed_in(verifier)
    url = f"/en/desk/certificates/{certificate.pk}/verify/"
    assert client.post(url, posted_look(certificate)).status_code == 302
    proposal = m.Proposal.objects.get()
    assert certificate.verifications.count() == 0
    page = client.get(url).content.decode()
    assert f"/en/office/approvals/{proposal.pk}/" in page
    assert "Kept for a second person, not yet in the register" in page
    mine = client.get(f"/en/office/approvals/{proposal.pk}/").content.decode()
    assert ('value="withdraw"' in mine, 'value="approve"' in mine) == (True, False)
    other = signed_in(second)
    page = other.get(f"/en/office/approvals/{proposal.pk}/").content.decode()
    assert ('value="withdraw"' in page, 'value="approve"' in page) == (False, True)
    assert "0% → 50%" in page.replace("\xa0", "")
    response = other.post(f"/en/office/approvals/{proposal.pk}/", {"do": "approve"})
    assert response.status_code == 302
    assert certificate.verifications.get().by == verifier
    page = other.get("/en/office/approvals/?show=decided").content.decode()
    assert proposal.sentence_en in page
    assert f"of {certificate.enterprise.name}" in proposal.sentence_en


def test_refusing_needs_a_reason_and_nothing_is_lost(certificate, verifier, second, two_decide):
    two_decide("verify")
    url = f"/en/office/approvals/{proposed(certificate, verifier).pk}/"
    client = signed_in(second)
    response = client.post(url, {"do": "refuse", "reason": "  "})
    assert response.status_code == 422
    assert "Say why it is refused." in response.content.decode()
    assert client.post(url, {"do": "dance", "reason": "kept words"}).status_code == 422
    response = client.post(url, {"do": "refuse", "reason": "blurred"})
    assert (response.status_code, m.Proposal.objects.get().decision_reason) == (302, "blurred")
    response = client.post(url, {"do": "approve"})
    assert "has been decided already" in response.content.decode()


def test_own_proposal_is_refused_at_the_door_too(certificate, verifier, two_decide):
    two_decide("verify")
    url = f"/en/office/approvals/{proposed(certificate, verifier).pk}/"
    response = signed_in(verifier).post(url, {"do": "approve"})
    assert response.status_code == 422
    assert "Who proposed it cannot decide it" in response.content.decode()
    assert m.Proposal.objects.get().outcome == ""


def test_the_figures_are_measured_again_without_a_trace(certificate, verifier, second, two_decide):
    two_decide("verify")
    proposal = proposed(certificate, verifier)
    EnterpriseFactory(in_hanoi=True)
    response = signed_in(second).post(f"/en/office/approvals/{proposal.pk}/", {"do": "measure"})
    page = response.content.decode().replace("\xa0", "")
    assert (response.status_code, "0% → 33.3%" in page, "0% → 50%" in page) == (200, True, True)
    assert certificate.verifications.count() == m.VerificationStepEvent.objects.count() == 0


def test_only_those_concerned_rehearse_a_decision(certificate, verifier, two_decide):
    two_decide("verify")
    proposal = proposed(certificate, verifier)
    client = signed_in(account("nhat-ky", Role.AUDITOR))
    url = f"/en/office/approvals/{proposal.pk}/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"do": "measure"}).status_code == 403


def test_what_changed_since_is_shown_before_deciding(certificate, verifier, second, two_decide):
    two_decide("verify")
    proposal = proposed(certificate, verifier)
    certificate.scope = "Turned parts"
    certificate.save()
    page = signed_in(second).get(f"/en/office/approvals/{proposal.pk}/").content.decode()
    assert ("Turned parts" in page, "Close as overtaken" in page) == (True, True)
    assert "What would it move today?" not in page


def test_a_withdrawal_waits_where_asked(certificate, verifier, two_decide):
    client = signed_in(verifier)
    url = f"/en/desk/certificates/{certificate.pk}/withdraw/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"on": TODAY.isoformat(), "reason": ""}).status_code == 422
    assert client.post(url, {"on": "2026-02-30", "reason": "r"}).status_code == 422
    assert client.post(url, {"on": "2999-01-01", "reason": "r"}).status_code == 422
    two_decide("withdraw")
    response = client.post(url, {"on": TODAY.isoformat(), "reason": "letter of the body"})
    assert response.url == f"/en/office/approvals/{m.Proposal.objects.get().pk}/"
    certificate.refresh_from_db()
    assert certificate.withdrawn_on is None


def test_a_list_waits_and_is_overtaken_by_another_choice(admin, two_decide):
    lan, minh = account("lan", Role.OFFICER), account("minh", Role.OFFICER)
    m.Register.objects.create(kind=m.Register.Kind.REAL)
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    rows = [
        (f"Công ty {name}", tax_code(10010910 + place), HANOI) for place, name in enumerate("AB")
    ]
    content = csv_bytes(("Tên doanh nghiệp", "MST", "Địa chỉ"), *rows)
    batch = keep_file(name="list.csv", content=content, by=lan)
    read_as(batch_id=batch.pk, encoding="", sheet="", header=1, mapping={})
    two_decide("import")
    client = signed_in(lan)
    response = client.post(f"/en/imports/{batch.pk}/write/")
    proposal = m.Proposal.objects.get()
    assert response.url == f"/en/office/approvals/{proposal.pk}/"
    assert (m.Enterprise.objects.count(), "2 accepted rows" in proposal.sentence_en) == (0, True)
    row = batch.rows.order_by("number").first()
    row.decision = "leave"
    row.save()
    other = signed_in(minh)
    other.post(f"/en/office/approvals/{proposal.pk}/", {"do": "approve"})
    assert m.Proposal.objects.get().outcome == "overtaken"
    client.post(f"/en/imports/{batch.pk}/write/")
    other.post(f"/en/office/approvals/{m.Proposal.objects.latest('pk').pk}/", {"do": "approve"})
    assert list(m.Enterprise.objects.values_list("name", flat=True)) == ["Công ty B"]


def test_only_administrators_set_the_policy(admin, verifier):
    url = "/en/office/approvals/policy/"
    said = {"kind": "merge", "is_required": "yes", "reason": "order 12"}
    assert signed_in(verifier).get(url).status_code == 200
    assert signed_in(verifier).post(url, said).status_code == 403
    client = signed_in(admin)
    assert client.post(url, {**said, "reason": ""}).status_code == 422
    assert client.post(url, {**said, "kind": "nothing"}).status_code == 422
    assert client.post(url, said).status_code == 302
    assert m.ApprovalPolicy.objects.get().reason == "order 12"
    assert "order 12" in client.get(url).content.decode()


def test_queries_do_not_grow_with_the_proposals(
    verifier, second, two_decide, django_assert_max_num_queries
):
    two_decide("verify")
    client, counts = signed_in(second), []
    for more in (1, 2):
        for _ in range(more):
            proposed(CertificateFactory(issued_on=TODAY.replace(year=TODAY.year - 1)), verifier)
        with django_assert_max_num_queries(14) as seen:
            client.get("/en/office/approvals/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", ["?page=x", "?show=%00", "?page=99999999", "?show=decided"])
def test_odd_addresses_are_answered(verifier, address):
    assert signed_in(verifier).get(f"/office/approvals/{address}").status_code == 200


def test_a_step_of_life_waits_at_its_page(two_decide):
    lan, minh = account("lan", Role.OFFICER), account("minh", Role.OFFICER)
    two_decide("close")
    enterprise = EnterpriseFactory(in_hanoi=True)
    client = signed_in(lan)
    url = f"/en/records/{enterprise.public_id}/life/"
    said = {"step": "close", "on": TODAY.isoformat(), "reason": "licence returned"}
    assert client.post(url, said).status_code == 302
    proposal = m.Proposal.objects.get()
    enterprise.refresh_from_db()
    assert enterprise.closed_on is None
    page = client.get(url).content.decode()
    assert (f"/en/office/approvals/{proposal.pk}/" in page, "Kept for a second person" in page) == (
        True,
        True,
    )
    response = client.post(url, said)
    assert response.status_code == 422
    assert "already waits for a second person" in response.content.decode()
    signed_in(minh).post(f"/en/office/approvals/{proposal.pk}/", {"do": "approve"})
    enterprise.refresh_from_db()
    assert enterprise.closed_on == TODAY
