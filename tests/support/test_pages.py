"""Pages of support, as an officer, a manager and a stranger see them."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    EnterpriseSectorFactory,
    IncentiveCertificateFactory,
    ParticipationFactory,
    SupportActivityFactory,
    SupportKindFactory,
    SupportMeasureFactory,
    SupportProgrammeFactory,
)

pytestmark = pytest.mark.django_db


def as_role(client, role):
    client.force_login(give_account(username=role.value, password="a word", role=role, by=None))
    return client


@pytest.fixture
def officer(client):
    return as_role(client, Role.OFFICER)


def text_of(response):
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize(
    ("role", "may_keep"),
    [
        ("officer", True),
        ("admin", True),
        ("verifier", False),
        ("manager", False),
        ("auditor", False),
    ],
)
def test_who_may_read_and_who_may_write(client, role, may_keep):
    as_role(client, Role(role))
    row, certificate = ParticipationFactory(), IncentiveCertificateFactory()
    activity = row.activity
    for path in (
        "/support/", f"/support/programmes/{activity.programme_id}/", "/support/incentives/",
        f"/support/activities/{activity.pk}/", f"/support/incentives/{certificate.pk}/",
        "/programme/support/", "/programme/support/operating/",
    ):  # fmt: skip
        assert client.get(path).status_code == 200
    for path in (
        "/support/programmes/add/", f"/support/programmes/{activity.programme_id}/edit/",
        f"/support/programmes/{activity.programme_id}/activities/add/",
        f"/support/activities/{activity.pk}/edit/", f"/support/participations/{row.pk}/",
        f"/support/participations/{row.pk}/take-out/",
        f"/support/participations/{row.pk}/figures/add/",
        f"/support/incentives/{certificate.pk}/edit/",
        f"/support/incentives/add/CNHT-{row.enterprise.pk:07}/",
    ):  # fmt: skip
        assert client.get(path).status_code == (200 if may_keep else 403), path
    said = client.post(f"/support/activities/{activity.pk}/", {"lines": "x"})
    assert said.status_code == (422 if may_keep else 200)
    told = {
        "step": "revoke",
        "revoke-on": "2025-01-01",
        "revoke-document": "d",
        "revoke-reason": "r",
    }
    client.post(f"/support/incentives/{certificate.pk}/", told)
    certificate.refresh_from_db()
    assert bool(certificate.revoked_on) == may_keep


def test_a_programme_from_nothing_to_figures(officer):
    kind = SupportKindFactory(code="technology_transfer", cap_percent=50, cap_rule="NĐ 205")
    officer.post(
        "/support/programmes/add/",
        {"name": "Đề án", "funder": "city", "begins_on": "2025-01-01", "reason": "QĐ 1"},
    )
    programme = m.SupportProgramme.objects.get()
    said = officer.post(
        f"/support/programmes/{programme.pk}/activities/add/",
        {
            "name": "Đợt 1", "kind": kind.pk, "begins_on": "2025-02-01", "city_vnd": "60.000.000",
            "own_vnd": "40,000,000", "other_vnd": "0", "source": "BC 7", "reason": "BC 7",
        },
    )  # fmt: skip
    assert said.status_code == 302
    activity = m.SupportActivity.objects.get()
    assert (activity.city_vnd, activity.own_vnd, activity.other_vnd) == (60_000_000, 40_000_000, 0)
    assert "NĐ 205" in text_of(officer.get(f"/support/activities/{activity.pk}/"))
    one = EnterpriseFactory(tax_code="0101243150")
    lines = {"lines": "0101243150", "role": "beneficiary", "reason": "list"}
    assert officer.post(f"/support/activities/{activity.pk}/", lines).status_code == 302
    part = m.Participation.objects.get()
    assert (part.enterprise, part.attended_from) == (one, dt.date(2025, 2, 1))
    figure = {
        "name": "Tỷ lệ lỗi", "unit": "ppm", "before": "900", "before_on": "2025-02-01",
        "measured": "stated", "source": "BC", "reason": "r",
    }  # fmt: skip
    assert (
        officer.post(f"/support/participations/{part.pk}/figures/add/", figure).status_code == 302
    )
    measure = m.SupportMeasure.objects.get()
    seen = measure.events.latest("pgh_id").pgh_id
    figure |= {"after": "300", "after_on": "2025-09-01", "seen": seen}
    assert officer.post(f"/support/figures/{measure.pk}/", figure).status_code == 302
    measure.refresh_from_db()
    assert (measure.after, measure.after_on) == (300, dt.date(2025, 9, 1))


def test_unknown_lines_are_said_by_number_and_nothing_is_written(officer):
    activity, there = SupportActivityFactory(), EnterpriseFactory(tax_code="0101243150")
    text = "0101243150\nCông ty Không Có\n"
    said = officer.post(
        f"/en/support/activities/{activity.pk}/",
        {"lines": text, "role": "trainee", "reason": "r"},
    )
    assert said.status_code == 422
    assert "Line 2: “Công ty Không Có” is not in the register." in text_of(said)
    assert "Line 1" not in text_of(said)
    assert "0101243150\nCông ty Không Có" in said.content.decode()  # nothing typed is lost
    assert not m.Participation.objects.exists()
    assert there.pk


def test_wrong_input_is_said_at_the_field_and_on_top(officer):
    programme = SupportProgrammeFactory()
    said = officer.post(
        f"/en/support/programmes/{programme.pk}/activities/add/",
        {
            "name": "x",
            "city_vnd": "12.5 tỷ",
            "begins_on": "2020-01-01",
            "reason": "r",
            "source": "s",
        },
    )
    assert said.status_code == 422
    body = said.content.decode()
    assert body.count("Write whole VND") == 2
    assert 'value="12.5 tỷ"' in body
    assert not m.SupportActivity.objects.exists()


def test_saving_the_form_as_it_is_leaves_no_trace(officer):
    row = SupportMeasureFactory(before="900.5").participation.activity
    row.city_vnd = 1_200_000
    row.save()
    page = officer.get(f"/en/support/activities/{row.pk}/edit/").content.decode()
    fields = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page))
    fields |= {v: k for k, v in re.findall(r'value="([^"]*)"[^>]* name="(\w+)"', page)}
    told = {**fields, "kind": row.kind_id, "note": "", "reason": "looked"}
    told.pop("csrfmiddlewaretoken")
    events = row.events.count()
    said = officer.post(f"/en/support/activities/{row.pk}/edit/", told, follow=True)
    assert "Nothing was changed." in text_of(said)
    assert row.events.count() == events


def test_two_officers_at_once(officer):
    row = SupportProgrammeFactory()
    seen = row.events.latest("pgh_id").pgh_id
    told = {"funder": "city", "begins_on": "2021-01-01", "reason": "r", "seen": seen}
    assert (
        officer.post(f"/support/programmes/{row.pk}/edit/", {**told, "name": "a"}).status_code
        == 302
    )
    said = officer.post(f"/en/support/programmes/{row.pk}/edit/", {**told, "name": "b"})
    assert said.status_code == 422
    assert "Somebody changed this" in text_of(said)
    row.refresh_from_db()
    assert row.name == "a"


def test_reports_wait_at_the_desk_until_they_are_received(officer):
    row = IncentiveCertificateFactory()
    page = officer.get("/en/desk/queues/incentive-reports/")
    assert "Yearly reports of incentives: 1" in text_of(page)
    assert (
        f"enterprise={m.Enterprise.objects.get(pk=row.enterprise_id).public_id}"
        in page.content.decode()
    )
    told = {"step": "report", "report-received_on": "2026-03-01", "report-reason": "letter"}
    said = officer.post(f"/support/incentives/{row.pk}/", {**told, "report-year": "2023"})
    assert said.status_code == 422
    assert (
        officer.post(f"/support/incentives/{row.pk}/", {**told, "report-year": "2025"}).status_code
        == 302
    )
    assert m.IncentiveReport.objects.get().year == 2025


def test_a_stranger_reads_kinds_years_and_the_certificate_of_incentives_only(client):
    kind = SupportKindFactory(code="training", name="Đào tạo")
    activity = SupportActivityFactory(kind=kind, name="Lớp mật", city_vnd=123_456_789)
    row = ParticipationFactory(activity=activity, note="ghi chú riêng")
    IncentiveCertificateFactory(
        enterprise=row.enterprise, project="Dự án riêng", number="77/GXN-BCT"
    )
    row.enterprise.refresh_from_db()
    said = text_of(client.get(f"/suppliers/{row.enterprise.public_id}/"))
    assert "Đào tạo" in said and "2024" in said and "Bộ Công Thương" in said
    for hidden in ("Lớp mật", "123.456.789", "ghi chú riêng", "Dự án riêng", "77/GXN-BCT"):
        assert hidden not in said


CAUSES = {
    "vi": ["nhờ", "bởi vì", "do được hỗ trợ", "do hỗ trợ", "tác động", "hiệu quả", "giúp", "dẫn đến",
           "mang lại", "làm tăng", "kết quả của"],
    "en": ["because", "thanks to", "due to", "led to", "leads to", "caused", "impact", "effect",
           "improved by", "result of", "helped", "owing to", "as a result"],
}  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_cohort_says_since_and_never_because(officer, language):
    for n in range(11):
        activity = SupportActivityFactory(begins_on=dt.date(2024, 1, 1 + n))
        row = ParticipationFactory(activity=activity)
        EnterpriseSectorFactory(enterprise=row.enterprise)
        CertificateFactory(enterprise=row.enterprise, verified=True)
        EnterpriseSectorFactory()
    prefix = "/en" if language == "en" else ""
    for path in ("/programme/support/", "/programme/support/certificate/"):
        said = text_of(officer.get(prefix + path)).lower()
        assert [word for word in CAUSES[language] if re.search(rf"\b{word}\b", said)] == []
    assert "11" in said


def test_every_number_of_the_cohort_opens_a_list_of_that_length(officer):
    for n in range(11):
        row = ParticipationFactory(
            activity=SupportActivityFactory(begins_on=dt.date(2024, 1, 1 + n))
        )
        EnterpriseSectorFactory(enterprise=row.enterprise)
        EnterpriseSectorFactory()
        if n % 3:
            CertificateFactory(enterprise=row.enterprise, verified=True)
    page = officer.get("/en/programme/support/?on=2026-06-30").content.decode()
    links = re.findall(r'href="(/en/programme/support/\w+/\?[^"]*)">(\d+)', page)
    assert len(links) > 20
    for url, number in links:
        heading = re.search(r"<h1>(.*?)</h1>", officer.get(html.unescape(url)).content.decode())
        assert heading[1].endswith(f": {number}"), url
    assert {"group=others" in url for url, _number in links} == {True, False}


@pytest.mark.parametrize(
    "query",
    ["programme=x", "programme=99999999", "kind=x", "kind=%00", "year=x", "year=1", "sector=x",
     "sector=%00", "on=2026-02-30", "known=x", "rule=99", "programme=" + "9" * 30],
)  # fmt: skip
def test_odd_addresses_are_answered_in_plain_words(officer, query):
    for path in ("/programme/support/", "/programme/support/all/"):
        assert officer.get(f"{path}?{query}").status_code == 400
    assert officer.get("/programme/support/nothing/").status_code == 404


def test_pages_ask_the_same_number_of_queries_for_more_rows(officer):
    def asked():
        found = []
        for path in (
            "/support/", f"/support/programmes/{programme.pk}/", f"/support/activities/{first.pk}/",
            "/support/incentives/", "/programme/support/", "/programme/support/all/",
        ):  # fmt: skip
            with CaptureQueriesContext(connection) as queries:
                assert officer.get(path).status_code == 200
            found.append(len(queries))
        return found

    programme = SupportProgrammeFactory()
    first = SupportActivityFactory(programme=programme)
    made = []
    for _ in range(2):
        for _ in range(1 if not made else 3):
            part = ParticipationFactory(activity=first)
            EnterpriseSectorFactory(enterprise=part.enterprise)
            SupportMeasureFactory(participation=part)
            SupportActivityFactory(programme=programme)
            IncentiveCertificateFactory()
        made.append(asked())
    assert made[0] == made[1]
    assert max(made[0]) <= 20, made


def test_the_number_of_a_programme_is_its_cohort(officer):
    today = dt.date.today()
    programme = SupportProgrammeFactory()
    activity = SupportActivityFactory(programme=programme)
    ParticipationFactory(activity=activity)
    ParticipationFactory(activity=activity, role="partner")
    ParticipationFactory(activity=activity, attended_from=today + dt.timedelta(days=30))
    shown = {row.pk: row.enterprise_count for row in officer.get("/support/").context["rows"]}
    cohort = officer.get(f"/programme/support/?programme={programme.pk}")
    assert shown[programme.pk] == 1
    assert re.search(r"support/all/[^>]*>\s*1 ", cohort.content.decode())
