"""The admin registers and edits everything; contacts and evidence only for those allowed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.db import connection

from registry import models as m
from tests.small_register import small_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = m.User.objects.create_user("officer", password="x", is_staff=True)
    names = [
        f"{verb}_{model}"
        for verb in ("view", "add", "change")
        for model in ("enterprise", "certificate", "verificationstep", "site", "supplyrelation")
    ]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return user


def management(prefix: str, total: int = 0) -> dict[str, str]:
    return {
        f"{prefix}-TOTAL_FORMS": str(total),
        f"{prefix}-INITIAL_FORMS": "0",
    }


INLINES = ("sectors", "sites", "products", "processes", "materials", "machines", "year_figures")


def enterprise_form(**fields: str) -> dict[str, str]:
    data = {
        "name": "Cơ khí Mới", "registered_on": "2026-01-15", "source": "đơn đăng ký",
        "blank_reasons": "{}", "extra": "{}", "change_reason": "đăng ký mới", **fields,
    }  # fmt: skip
    for name in INLINES:
        data.update(management(name))
    return data


def test_list_has_the_totals_of_the_plan_and_the_public_filters(client, officer):
    small_register(20)
    response = client.get("/en/admin/registry/enterprise/?ownership=private")
    html = response.content.decode()
    assert response.status_code == 200
    assert "Share meeting international standards" in html
    assert response.context["cl"].result_count == (
        m.Enterprise.objects.filter(ownership="private").count()
    )


def test_registering_keeps_who_and_why(client, officer):
    response = client.post("/en/admin/registry/enterprise/add/", enterprise_form())
    assert response.status_code == 302, response.context["errors"]
    row = m.Enterprise.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.metadata FROM registry_enterpriseevent e"
            " JOIN pghistory_context c ON c.id = e.pgh_context_id WHERE e.id = %s",
            [row.pk],
        )
        kept = str(cursor.fetchone()[0])
    assert "đăng ký mới" in kept and f'"user": {officer.pk}' in kept


def test_a_reason_is_asked(client, officer):
    response = client.post("/en/admin/registry/enterprise/add/", enterprise_form(change_reason=""))
    assert response.status_code == 200 and not m.Enterprise.objects.exists()


def test_a_wrong_tax_code_is_said_not_an_error_page(client, officer):
    for code in ("12345", "0101234567x", "001234567890"):
        response = client.post("/en/admin/registry/enterprise/add/", enterprise_form(tax_code=code))
        assert response.status_code == 200 and not m.Enterprise.objects.exists()
        assert "tax_code" in response.context["errors"].__repr__() or response.context["errors"]


def test_contact_persons_are_not_in_the_admin(client, officer):
    """They are read at the office only, where every reading is in the log."""
    row = m.Enterprise.objects.create(name="A", registered_on=dt.date(2026, 1, 1), source="t")
    row.contacts.create(full_name="Nguyễn Thị Kín", phone="0900000009")
    url = f"/en/admin/registry/enterprise/{row.pk}/change/"
    officer.user_permissions.add(Permission.objects.get(codename="view_contact"))
    assert "Nguyễn Thị Kín" not in client.get(url).content.decode()


def test_nobody_signs_in_nobody_sees(client):
    response = client.get("/en/admin/registry/enterprise/")
    assert response.status_code == 302 and "/login/" in response["Location"]


def test_looks_withdrawals_and_mergers_are_not_written_here(client, officer):
    row = m.Enterprise.objects.create(name="A", registered_on=dt.date(2026, 1, 1), source="t")
    scheme = m.CertificationScheme.objects.create(
        code="s", name="S", kind="system", is_international=True
    )
    held = m.Certificate.objects.create(enterprise=row, scheme=scheme, source="t")
    data = {
        "enterprise": row.pk, "scheme": scheme.pk, "source": "t", "change_reason": "tra sổ",
        "withdrawn_on": "2026-02-01",
        **management("verifications", 1), "verifications-0-method": "register",
        "verifications-0-on": "2026-02-01", "verifications-0-outcome": "confirmed",
    }  # fmt: skip
    client.post(f"/en/admin/registry/certificate/{held.pk}/change/", data)
    held.refresh_from_db()
    assert (held.withdrawn_on, held.verifications.count()) == (None, 0)
    page = client.get(f"/en/admin/registry/enterprise/{row.pk}/change/")
    fields = page.context["adminform"].form.fields
    assert {"merged_on", "merged_into"} & set(fields) == set()


@pytest.mark.parametrize("model", ["enterprise", "certificate", "supplyrelation", "ward", "sector",
                                   "target", "baseline", "plandocument", "hscode"])  # fmt: skip
def test_every_page_of_the_admin_opens(client, model):
    small_register(5)
    client.force_login(m.User.objects.create_superuser("root"))
    assert client.get(f"/admin/registry/{model}/").status_code == 200
    if model not in ("ward", "sector", "hscode"):
        assert client.get(f"/en/admin/registry/{model}/add/").status_code == 200


def test_people_secrets_and_sessions_are_not_in_the_admin(client):
    """There every change would be made around the log."""
    client.force_login(m.User.objects.create_superuser("root"))
    labels = {model._meta.app_label for model in site._registry}
    assert labels == {"registry"}
    assert client.get("/admin/registry/user/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admin_changes_no_password(client, method):
    person = m.User.objects.create_superuser("root", password="an old word for tests")
    client.force_login(person)
    words = {"old_password": "an old word for tests", "new_password1": "a-new-word-for-tests",
             "new_password2": "a-new-word-for-tests"}  # fmt: skip
    response = getattr(client, method)("/admin/password_change/", words)
    assert (response.status_code, response.url) == (302, "/account/password/change/")
    person.refresh_from_db()
    assert person.check_password("an old word for tests")


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admin_has_no_door_of_its_own(client, method):
    m.User.objects.create_superuser("root", password="a word")
    said = {"username": "root", "password": "a word"}
    response = getattr(client, method)(
        "/admin/login/?next=/admin/", said if method == "post" else None
    )
    assert response.status_code == 302
    assert response.url == "/account/login/?next=%2Fadmin%2F"
    assert "_auth_user_id" not in client.session


def test_a_record_is_found_by_its_whole_register_number(client, officer):
    first = m.Enterprise.objects.create(
        name="May 10", registered_on=dt.date(2026, 1, 1), source="t"
    )
    m.Enterprise.objects.create(name="May Hai", registered_on=dt.date(2026, 1, 1), source="t")
    first.refresh_from_db()

    def found(text: str) -> list[str]:
        page = client.get("/en/admin/registry/enterprise/", {"q": text})
        return [row.name for row in page.context["cl"].queryset]

    assert found(first.public_id.lower()) == ["May 10"]
    assert found("000") == []
