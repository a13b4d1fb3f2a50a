"""The profile at a point of the past: as it was, and never more than may be seen today."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry import models as m
from registry.core.known import tracked_models
from tests.factories import (
    BuyerFactory,
    CertificateFactory,
    EnterpriseFactory,
    SiteFactory,
    SupplyRelationFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 6, 30)
LATER = dt.date(2026, 1, 10)


def recorded_by(moment: dt.datetime) -> None:
    """All that was written since the last call counts as recorded at that moment."""
    with connection.cursor() as cursor:
        for _model, events in tracked_models():
            cursor.execute(
                f"UPDATE {events._meta.db_table} SET pgh_created_at = %s"
                " WHERE pgh_created_at > '2026-06-01'",
                [moment],
            )


def evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def look(client, row: m.Enterprise, status: int = 200, **asked: str):
    row.refresh_from_db()
    response = client.get(f"/en/suppliers/{row.public_id}/", asked)
    assert response.status_code == status
    return response


@pytest.fixture
def firm():
    """Recorded in June 2025 with a site in Hanoi and a certificate."""
    row = EnterpriseFactory(name="Tên cũ", in_hanoi=True)
    CertificateFactory(enterprise=row, number="CU-1", verified=True)
    recorded_by(evening(DAY))
    return row


def test_it_is_as_it_was_recorded_then(client, firm):
    firm.name = "Tên mới"
    firm.save()
    CertificateFactory(enterprise=firm, number="MOI-2")
    recorded_by(evening(LATER))
    then = look(client, firm, on="2025-07-01", known="2025-07-01").content.decode()
    assert "Tên cũ" in then and "CU-1" in then
    assert "Tên mới" not in then and "MOI-2" not in then
    now = look(client, firm).content.decode()
    assert "Tên mới" in now and "MOI-2" in now and "See it as of today" not in now


def test_the_band_says_the_point_and_leads_to_today(client, firm):
    html = look(client, firm, on="2025-07-01", known="2025-07-02").content.decode()
    assert 'class="pointband"' in html and "See it as of today" in html
    assert '<time datetime="2025-07-01">1 Jul 2025</time>' in html
    assert '<time datetime="2025-07-02">2 Jul 2025</time>' in html


def test_what_happened_after_the_day_is_left_out(client, firm):
    held = firm.certificates.get()
    held.withdrawn_on = LATER
    held.save()
    CertificateFactory(enterprise=firm, number="SAU-3", issued_on=LATER)
    SiteFactory(enterprise=firm, address="Nhà máy sau này", since=LATER)
    SupplyRelationFactory(enterprise=firm, since=LATER, product="hàng sau này")
    firm.year_figures.create(year=2026, labour=777)
    html = look(client, firm, on=DAY.isoformat()).content.decode()
    for later in ("Withdrawn on", "SAU-3", "Nhà máy sau này", "hàng sau này", "777"):
        assert later not in html
    today = look(client, firm).content.decode()
    for later in ("Withdrawn on", "SAU-3", "Nhà máy sau này", "hàng sau này", "777"):
        assert later in today


@pytest.mark.parametrize("asked", [{"on": "2019-12-31"}, {"known": "2025-01-01"}])
def test_who_was_not_there_is_said_so_and_nothing_is_told(client, firm, asked):
    html = look(client, firm, 404, **asked).content.decode()
    assert "Not in the register at this point" in html and firm.public_id in html
    assert "Tên cũ" not in html and "2020" not in html
    never = client.get("/en/suppliers/CNHT-9999999/", asked)
    assert never.status_code == 404
    assert never.content.decode().replace("CNHT-9999999", firm.public_id) == html


def test_counted_because_of_the_rule_asked(client, firm):
    for version, breadth in ((1, "either"), (2, "both")):
        m.CountingRule.objects.create(
            version=version, name=f"R{version}", valid_from=dt.date(2000, 1, 1), reason="t",
            breadth=breadth, is_provisional=version == 1,
        )  # fmt: skip
    shown = look(client, firm, on=DAY.isoformat()).context["profile"]
    assert shown.is_counted and shown.rule.version == 1
    strict = look(client, firm, on=DAY.isoformat(), rule="2").context["profile"]
    assert [one.code for one in strict.clauses if not one.holds] == ["both"]
    early = look(client, firm, on="2025-01-31").context["profile"]
    assert [one.code for one in early.clauses if not one.holds] == ["confirmed"]
    assert look(client, firm, 400, rule="9").content.count(b"no version 9") == 1


def contact(firm: m.Enterprise, **fields) -> m.Contact:
    return m.Contact.objects.create(
        enterprise=firm,
        **{"full_name": "Nguyễn Thị Kín", "phone": "0900000001", "name_consent_on": DAY,
           "phone_consent_on": DAY, **fields},
    )  # fmt: skip


def shown_contacts(client, firm, **asked) -> set[str]:
    html = look(client, firm, **asked).content.decode()
    return {text for text in ("Nguyễn Thị Kín", "0900000001", "0900000002") if text in html}


THEN = {"on": "2025-07-01", "known": "2025-07-01"}


def test_consent_must_have_been_given_by_that_day(client, firm):
    contact(firm, phone_consent_on=LATER)
    assert shown_contacts(client, firm, on="2025-07-01") == {"Nguyễn Thị Kín"}
    assert shown_contacts(client, firm) == {"Nguyễn Thị Kín", "0900000001"}


@pytest.mark.parametrize(
    ("since", "left"),
    [
        (lambda one: one.delete(), set()),
        (lambda one: m.Contact.objects.update(name_consent_on=None), {"0900000001"}),
        (lambda one: m.Contact.objects.update(phone_consent_on=None), {"Nguyễn Thị Kín"}),
        (lambda one: m.Contact.objects.update(phone="0900000002"), {"Nguyễn Thị Kín"}),
        (lambda one: None, {"Nguyễn Thị Kín", "0900000001"}),
    ],
)
def test_a_look_back_opens_nothing_that_was_closed_since(client, firm, since, left):
    made = contact(firm)
    recorded_by(evening(DAY))
    assert shown_contacts(client, firm, **THEN) == {"Nguyễn Thị Kín", "0900000001"}
    since(made)
    assert shown_contacts(client, firm, **THEN) == left


def test_a_merged_record_leads_on_and_shows_as_it_was_before(client, firm):
    heir = EnterpriseFactory(name="Kế thừa", in_hanoi=True)
    recorded_by(evening(DAY))
    firm.merged_on, firm.merged_into = LATER, heir
    firm.save()
    firm.sites.update(enterprise=heir)
    recorded_by(evening(LATER))
    heir.refresh_from_db()
    assert look(client, firm, 301)["Location"] == f"/en/suppliers/{heir.public_id}/"
    after = look(client, firm, 302, on="2026-02-01", rule="")
    assert after["Location"] == f"/en/suppliers/{heir.public_id}/?on=2026-02-01"
    before = look(client, firm, **THEN)
    assert "Tên cũ" in before.content.decode() and heir.public_id not in before.content.decode()
    assert before.context["profile"].is_counted
    known_now = look(client, firm, on=DAY.isoformat()).content.decode()
    assert heir.public_id in known_now and "moved to the record that was kept" in known_now


@pytest.mark.parametrize(
    "asked", [{"on": "2026-02-30"}, {"known": "x"}, {"on": "2999-01-01"}, {"rule": "x"}]
)
def test_an_odd_point_is_said(client, firm, asked):
    look(client, firm, 400, **asked)


def test_the_list_behind_a_figure_leads_to_the_same_point(client, firm):
    listed = client.get("/en/programme/enterprises_total/", {**THEN}).content.decode()
    firm.refresh_from_db()
    assert f"/en/suppliers/{firm.public_id}/?on=2025-07-01&amp;known=2025-07-01" in listed
    today = client.get("/en/programme/enterprises_total/").content.decode()
    assert f'/en/suppliers/{firm.public_id}/"' in today


def test_queries_do_not_grow_with_rows(client, firm):
    numbers = []
    for more in (0, 3):
        for n in range(more):
            CertificateFactory(enterprise=firm, verified=True)
            SiteFactory(enterprise=firm)
            contact(firm, full_name=f"N{n}")
        with CaptureQueriesContext(connection) as queries:
            look(client, firm, on=timezone.localdate().isoformat())
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 32


def test_a_partner_made_confidential_since_is_not_named_of_the_past(client, firm):
    buyer = BuyerFactory(code="kin", name="Người mua kín", name_en="Secret Buyer")
    relation = SupplyRelationFactory(
        enterprise=firm, buyer=buyer, product="Hàng kín", is_confidential=False, verified=True
    )
    recorded_by(evening(DAY))
    asked = {"on": "2025-07-01", "known": "2025-07-01"}
    links = "/en/programme/supply/links/"
    for address in (f"/en/suppliers/{firm.public_id}/", links):
        assert "Secret Buyer" in client.get(address, asked).content.decode()
    relation.is_confidential = True
    relation.save()
    recorded_by(evening(LATER))
    shown = [
        client.get(f"/en/suppliers/{firm.public_id}/", asked),
        client.get(links, asked),
        client.get(links, {**asked, "format": "csv"}),
    ]
    assert client.get(links, asked).context["count"] == 1
    for answer in shown:
        text = answer.content.decode()
        assert [word for word in ("Secret Buyer", "Hàng kín") if word in text] == []
