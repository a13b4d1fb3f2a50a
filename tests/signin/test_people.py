"""The administrator's pages: who may open them, and what each act leaves behind."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core import mail
from django.db import DatabaseError
from django.test import Client

from registry import models as m
from registry.accounts.actions import refresh_roles
from registry.accounts.enums import Role
from registry.accounts.permissions import can_see_sign_ins
from registry.accounts.queries import role_of
from tests.factories import SectorFactory, UserFactory, WardFactory
from tests.signin.ways import CODE, WORD, happened, person, say_password, sign_in

pytestmark = pytest.mark.django_db
NEW = {"username": "minh", "last_name": "Lê Văn", "first_name": "Minh", "email": "minh@example.vn",
       "role": "verifier", "reason": "takes over from Lan"}  # fmt: skip


@pytest.fixture
def admin():
    return person(Role.ADMIN, "hoa")


@pytest.fixture
def office(admin):
    client = Client()
    client.force_login(admin)
    return client


def act(office, user, code, **said):
    return office.post(f"/en/people/{user.pk}/{code}/", {"reason": "asked for it", **said})


@pytest.mark.parametrize("role", Role)
def test_only_administrators_open_them(client, role):
    other = person(Role.OFFICER, "other")
    client.force_login(person(role))
    status = 200 if role == Role.ADMIN else 403
    for path in ("/people/", "/people/new/", f"/people/{other.pk}/"):
        assert client.get(path).status_code == status, path
    assert client.post("/people/new/", NEW).status_code == (302 if role == Role.ADMIN else 403)
    answer = client.post(f"/people/{other.pk}/close/", {"reason": "r"})
    assert answer.status_code == (302 if role == Role.ADMIN else 403)


def test_from_the_invitation_to_the_desk(client, office, admin):
    assert office.post("/en/people/new/", NEW).status_code == 302
    user = m.User.objects.get(username="minh")
    assert role_of(user) == Role.VERIFIER
    assert not user.has_usable_password()
    page = act(office, user, "link").content.decode()
    link = re.search(r"http://testserver(/en/account/password/new/[^<]+)", page)[1]
    form = client.get(link, follow=True)
    new = {"password1": "another-long-word", "password2": "another-long-word"}
    assert client.post(form.request["PATH_INFO"], new).status_code == 302
    assert say_password(client, "minh", "another-long-word").status_code == 302
    assert client.get("/en/desk/").url.startswith("/en/account/2fa/set-up/")
    assert happened(user) == ["created", "link", "password", "signed_in"]
    again = Client().get(link)
    assert "This link was used already" in again.content.decode()
    created = m.AccountEntry.objects.get(kind="created")
    assert (created.by, created.reason, created.detail) == (admin, NEW["reason"], "verifier")
    entries = str(list(m.AccountEntry.objects.values()))
    assert link.rpartition("-")[2].strip("/") not in entries


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"username": ""}, "username"),
        ({"username": "HOA"}, "username"),
        ({"username": "a b"}, "username"),
        ({"role": ""}, "role"),
        ({"role": "king"}, "role"),
        ({"email": "x"}, "email"),
    ],
)
def test_a_new_account_that_is_not_right_is_not_made(office, admin, said, field):
    answer = office.post("/en/people/new/", {**NEW, **said})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert m.User.objects.count() == 1


def test_another_role_ends_the_sessions_and_is_entered(client, office, admin):
    user = person()
    sign_in(client, user)
    assert act(office, user, "role", role="auditor").status_code == 302
    assert role_of(user) == Role.AUDITOR
    assert client.get("/desk/").url.startswith("/account/login/")
    entry = m.AccountEntry.objects.get(kind="role")
    assert (entry.detail, entry.by) == ("officer → auditor", admin)
    act(office, user, "role", role="auditor")
    assert m.AccountEntry.objects.filter(kind="role").count() == 1


@pytest.mark.parametrize(("code", "said"), [("role", {"role": "officer"}), ("close", {})])
def test_nobody_does_it_to_the_own_account(office, admin, code, said):
    answer = act(office, admin, code, **said)
    assert answer.status_code == 422
    admin.refresh_from_db()
    assert admin.is_superuser and admin.is_active


def test_the_area_is_set_and_shown(client, office):
    user, ward, sector = person(), WardFactory(name="Phường Một"), SectorFactory()
    act(office, user, "area", wards=[ward.pk], sectors=[sector.pk])
    assert set(user.area.values_list("ward", "sector")) == {(ward.pk, None), (None, sector.pk)}
    event = m.AreaPart.pgh_event_model.objects.latest("pgh_id")
    assert event.pgh_context.metadata["reason"] == "asked for it"
    client.force_login(user)
    assert "Phường Một" in client.get("/account/").content.decode()
    act(office, user, "area")
    assert not user.area.exists()


def test_closing_and_opening_again(client, office):
    user = person()
    sign_in(client, user)
    act(office, user, "close")
    assert client.get("/desk/").status_code == 302
    assert say_password(Client()).url == "/en/account/inactive/"
    assert office.post(f"/en/people/{user.pk}/link/", {"reason": "r"}).status_code == 404
    act(office, user, "reopen")
    assert say_password(Client()).url == CODE
    assert happened(user)[-2:] == ["closed", "opened"]


def test_resetting_the_second_factor(client, office, admin):
    user = person()
    sign_in(client, user)
    assert act(office, user, "reset").status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get("/desk/").url.startswith("/account/login/")
    say_password(client)
    assert client.get("/desk/").url.startswith("/account/2fa/set-up/")
    entry = m.AccountEntry.objects.get(kind="factor_reset")
    assert (entry.person, entry.by, entry.reason) == (user, admin, "asked for it")


@pytest.mark.parametrize("code", ["role", "reset", "unlock", "close", "link", "sessions", "area"])
def test_without_a_reason_nothing_is_done(client, office, code):
    user = person()
    sign_in(client, user)
    before = happened(user)
    answer = act(office, user, code, role="auditor", reason=" ")
    assert answer.status_code == 422
    assert happened(user) == before
    assert client.get("/desk/").status_code == 200


def test_queries_do_not_grow_with_the_people(office, django_assert_num_queries):
    def count():
        with django_assert_num_queries(6):
            assert office.get("/people/").status_code == 200

    person()
    count()
    ward = WardFactory()
    for number in range(3):
        user = person(username=f"p{number}")
        m.AreaPart.objects.create(person=user, ward=ward)
    count()


# The own account


def test_sessions_are_listed_and_ended(client):
    user, other, third = person(), Client(), Client()
    sign_in(client, user)
    for number, browser in enumerate((other, third)):
        say_password(browser, HTTP_USER_AGENT=f"browser {number}")
        code = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
        browser.post(
            CODE, {"code": code.get_unused_codes()[0]}, HTTP_USER_AGENT=f"browser {number}"
        )
    sessions = client.get("/en/account/").context["sessions"]
    assert [one.user_agent for one in sessions] == ["browser 1", "browser 0", ""]
    client.post("/en/account/sessions/end/", {"session": sessions[1].pk})
    assert other.get("/account/").status_code == 302
    assert third.get("/account/").status_code == 200
    client.post("/en/account/sessions/end/", {"session": "others"})
    assert third.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
    assert happened(user).count("sessions") == 2


@pytest.mark.parametrize("text", ["x", "-1", "9" * 30, "", "\0"])
def test_odd_sessions_end_nothing(client, text):
    user = person()
    sign_in(client, user)
    assert client.post("/account/sessions/end/", {"session": text}).status_code == 302
    assert client.get("/account/").status_code == 200


def test_nobody_ends_the_session_of_another(client):
    user, other = person(), Client()
    sign_in(client, user)
    sign_in(other, person(username="hoa"))
    theirs = other.get("/account/").context["sessions"][0]
    client.post("/account/sessions/end/", {"session": theirs.pk})
    assert other.get("/account/").status_code == 200


def test_the_password_is_changed_and_other_sessions_end(client):
    user, other = person(), Client()
    sign_in(client, user)
    say_password(other)
    other.post(CODE, {"code": Authenticator.objects.get(
        user=user, type="recovery_codes").wrap().get_unused_codes()[0]})  # fmt: skip
    said = {"oldpassword": WORD, "password1": "another-long-word", "password2": "another-long-word"}
    wrong = client.post("/en/account/password/change/", {**said, "oldpassword": "x"})
    assert "This is not your password." in wrong.content.decode()
    assert client.post("/en/account/password/change/", said).url == "/en/account/"
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert happened(user)[-2:] == ["password", "sessions"]


def test_the_language_is_kept_and_pages_open_in_it(client):
    user = person()
    sign_in(client, user)
    assert client.post("/account/language/", {"language": "en"}).url == "/en/account/"
    client.post("/account/language/", {"language": "xx"})
    client.logout()
    say_password(client)
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    assert client.post(CODE, {"code": code}).url == "/en/desk/"


def test_a_new_password_by_mail_where_there_is_a_server(client, settings):
    user = person()
    m.User.objects.filter(pk=user.pk).update(email="lan@example.vn")
    assert client.get("/account/password/reset/").status_code == 404
    settings.EMAIL_HOST = "mail.example.vn"
    assert "/account/password/reset/" in client.get("/account/login/").content.decode()
    for address in ("lan@example.vn", "nobody@example.vn"):
        answer = client.post("/en/account/password/reset/", {"email": address})
        assert answer.url == "/en/account/password/reset/done/"
    (letter,) = mail.outbox
    assert letter.to == ["lan@example.vn"]
    link = re.search(r"http://testserver(/en/account/password/new/\S+)", letter.body)[1]
    form = client.get(link, follow=True)
    new = {"password1": "another-long-word", "password2": "another-long-word"}
    client.post(form.request["PATH_INFO"], new)
    assert say_password(client, "lan", "another-long-word").url == CODE  # the code stays


# The log


@pytest.mark.parametrize("role", Role)
def test_sign_ins_are_in_the_log_for_auditors_and_administrators(client, role):
    user = person(role)
    sign_in(client, user)
    may = role in (Role.AUDITOR, Role.ADMIN)
    assert can_see_sign_ins(user) is may
    page = client.get("/en/office/log/")
    assert ("Accounts and sign-ins" in page.content.decode()) is may or (
        "accounts and sign-ins" in page.content.decode()
    ) is may
    asked = client.get("/en/office/log/?table=accountentry")
    assert (asked.status_code, asked.context["count"] > 0 if may else 0) == (
        (200, True) if may else (422, 0)
    )
    assert all(row.table != "accountentry" for row in page.context["rows"]) is not may


@pytest.mark.parametrize("write", ["save", "delete"])
def test_entries_are_written_once(write):
    entry = m.AccountEntry.objects.create(kind="signed_in", person=UserFactory())
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"):
        getattr(entry, write)()


def test_roles_in_use_get_the_rights_of_this_version():
    user = person(Role.AUDITOR)
    Group.objects.get(name="auditor").permissions.clear()
    refresh_roles()
    assert m.User.objects.get(pk=user.pk).has_perm("registry.view_accountentry")
    assert not Group.objects.filter(name="manager").exists()
