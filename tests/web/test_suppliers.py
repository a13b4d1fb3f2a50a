"""The buyer's pages: what is shown, what is never shown, and in how many queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry import models as m
from tests.small_register import small_register

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 1, 1)


def enterprise(name: str = "Cơ khí Một", **fields) -> m.Enterprise:
    return m.Enterprise.objects.create(name=name, registered_on=DAY, source="t", **fields)


def page(client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content[:500]
    return response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("view", ["list", "table"])
def test_list_in_both_languages_and_views(client, prefix, view):
    small_register(30)
    html = page(client, f"{prefix}/suppliers/?view={view}&sector=components&sector=not_stated")
    assert 'type="checkbox"' in html and "Cơ khí 0" in html
    assert "on*=" not in html and "style=" not in html


def test_words_of_the_address_stay_in_the_form_and_are_escaped(client):
    html = page(client, "/suppliers/?q=%22%3E%3Cscript%3Ealert(1)")
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


def test_search_page_asks_at_most_twelve_queries(client):
    counts = []
    for size in (1, 60):
        m.Enterprise.objects.all().delete()
        m.Sector.objects.update(parent=None)
        for model in (m.Province, m.Sector, m.Park, m.Ward, m.Process, m.ProductGroup, m.Buyer,
                      m.CertificationScheme):  # fmt: skip
            model.objects.all().delete()
        m.VerificationStep.objects.all().delete()
        m.User.objects.all().delete()
        small_register(size)
        with CaptureQueriesContext(connection) as queries:
            page(client, "/suppliers/?q=co+khi")
        counts.append(len(queries))
    assert max(counts) <= 12, counts


def test_empty_page_offers_what_to_take_away(client):
    enterprise(ownership="private")
    html = page(client, "/en/suppliers/?ownership=foreign&legal_form=not_stated")
    assert "gives 1 enterprise" in html


def test_profile_of_nobody_is_404(client):
    page(client, "/suppliers/CNHT-9999999/", 404)
    page(client, "/suppliers/nonsense/", 404)


def test_merged_enterprise_leads_to_its_successor(client):
    heir = enterprise("Kế thừa")
    gone = enterprise("Đã sáp nhập", merged_into=heir, merged_on=dt.date(2025, 1, 1))
    for row in (heir, gone):
        row.refresh_from_db()
    response = client.get(f"/suppliers/{gone.public_id}/")
    assert response.status_code == 301 and response["Location"] == f"/suppliers/{heir.public_id}/"


def test_contact_is_shown_by_consent_of_each_field(client):
    row = enterprise()
    row.contacts.create(
        full_name="Nguyễn Thị Kín",
        phone="0900000001",
        email="kin@example.com",
        phone_consent_on=DAY,
        email_consent_on=timezone.localdate() + dt.timedelta(days=1),
    )
    row.refresh_from_db()
    html = page(client, f"/suppliers/{row.public_id}/")
    assert "0900000001" in html
    assert "Nguyễn Thị Kín" not in html and "kin@example.com" not in html


def test_confidential_relation_names_no_buyer(client):
    row = enterprise()
    open_one = m.Buyer.objects.create(code="open", name="Người mua công khai")
    secret = m.Buyer.objects.create(code="secret", name="Người mua kín")
    for buyer, is_confidential in ((open_one, False), (secret, True)):
        row.supply_relations.create(buyer=buyer, tier=1, since=DAY, is_confidential=is_confidential)
    row.refresh_from_db()
    for url in (f"/suppliers/{row.public_id}/", "/suppliers/", "/suppliers/?view=table"):
        html = page(client, url)
        assert "Người mua kín" not in html.replace('value="secret"', "") or "suppliers/?" in url
    assert "Người mua công khai" in page(client, f"/suppliers/{row.public_id}/")
    assert "Người mua kín" not in page(client, f"/suppliers/{row.public_id}/")


def test_profile_says_who_verified_and_each_state(client):
    row = enterprise()
    officer = m.User.objects.create_user("login-name", first_name="Lan", last_name="Trần")
    scheme = m.CertificationScheme.objects.create(
        code="iso9001", name="ISO 9001", kind="system", is_international=True
    )
    today = timezone.localdate()
    held = m.Certificate.objects.create(
        enterprise=row,
        scheme=scheme,
        number="N1",
        issued_on=DAY,
        valid_until=today,
        source="t",
    )
    held.verifications.create(method="register", by=officer, on=DAY, outcome="confirmed")
    m.Certificate.objects.create(
        enterprise=row,
        scheme=scheme,
        number="N2",
        issued_on=DAY,
        valid_until=today - dt.timedelta(days=1),
        source="t",
    )
    row.refresh_from_db()
    html = page(client, f"/en/suppliers/{row.public_id}/")
    assert "Trần Lan" in html and "login-name" not in html
    assert "Valid" in html and "Expired" in html
