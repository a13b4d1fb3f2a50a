"""Signing in as people do it: password, second factor, backup codes; nothing goes around it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from registry import models as m
from registry.accounts.enums import AccountEvent, Role
from registry.accounts.queries import with_state
from tests.signin.ways import (
    CODE,
    LOGIN,
    WORD,
    backup_codes,
    code_of,
    happened,
    person,
    say_password,
    sign_in,
    telephone,
)

pytestmark = pytest.mark.django_db
SET_UP = "/en/account/2fa/set-up/"
EVERYWHERE = ["/", "/suppliers/", "/programme/", "/desk/", "/office/log/", "/imports/", "/admin/",
              "/people/", "/account/", "/account/password/change/", "/api/v1/figures/",
              "/account/2fa/codes/", "/releases/"]  # fmt: skip


@pytest.fixture
def set_up(django_capture_on_commit_callbacks):
    """Sets up the second factor; returns the key and the backup codes shown."""

    def done(client):
        page = client.get(SET_UP)
        secret = page.context["form"].secret
        assert "data:image/svg+xml;base64," in page.content.decode()
        assert secret in page.content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(SET_UP, {"code": code_of(secret)})
        assert answer.url == "/en/account/2fa/codes/"
        shown = client.get(answer.url).content.decode()
        return secret, re.findall(r"<code>(\d{10})</code>", shown)

    return done


@pytest.mark.parametrize("role", Role)
def test_first_sign_in_leads_to_the_second_factor_and_nowhere_else(client, set_up, role):
    user = person(role, factor=False)
    say_password(client)
    for path in EVERYWHERE:
        response = client.get(path)
        assert response.status_code == 302, path
        assert response.url.startswith("/account/2fa/set-up/?next="), path
    _secret, codes = set_up(client)
    assert len(set(codes)) == 10
    assert client.get("/desk/").status_code == 200
    assert happened(user) == ["signed_in", "factor_set", "codes_made"]


def test_a_post_without_the_second_factor_does_nothing(client):
    user = person(Role.ADMIN, factor=False)
    say_password(client)
    client.post("/en/people/new/", {"username": "new", "role": "admin", "reason": "r"})
    assert list(m.User.objects.all()) == [user]


def test_backup_codes_are_shown_once(client, set_up):
    person(factor=False)
    say_password(client)
    _secret, codes = set_up(client)
    again = client.get("/en/account/2fa/codes/").content.decode()
    assert [code for code in codes if code in again] == []
    assert "10 backup codes are left" in again


def test_password_and_code(client):
    user = person()
    assert say_password(client).url == CODE
    assert client.get("/en/desk/").status_code == 302  # the password alone is nothing
    assert client.get("/en/desk/").url.startswith(LOGIN)
    wrong = client.post(CODE, {"code": "000000"})
    assert wrong.status_code == 422
    assert "This code is not right." in wrong.content.decode()
    right = client.post(CODE, {"code": telephone(user)})
    assert right.url == "/desk/"  # the person's language
    assert client.get("/desk/").status_code == 200
    assert happened(user) == ["code_refused", "signed_in"]
    entry = m.AccountEntry.objects.get(kind="signed_in")
    assert (entry.address, entry.detail) == ("127.0.0.1", "password + mfa")


def test_a_code_is_taken_once(client):
    user = person()
    code = telephone(user)
    say_password(client)
    assert client.post(CODE, {"code": code}).status_code == 302
    other = Client()
    say_password(other)
    assert other.post(CODE, {"code": code}).status_code == 422


def test_a_backup_code_is_taken_once(client):
    user = person()
    code = backup_codes(user)[3]
    say_password(client)
    assert client.post(CODE, {"code": code}).status_code == 302
    assert happened(user) == ["code_used", "signed_in"]
    other = Client()
    say_password(other)
    assert other.post(CODE, {"code": code}).status_code == 422


def test_where_one_wanted_to_go(client):
    user = person()
    answer = client.get("/en/office/log/?table=site")
    assert answer.url == "/en/account/login/?next=/en/office/log/%3Ftable%3Dsite"
    client.post(answer.url, {"login": "lan", "password": WORD, "next": "/en/office/log/"})
    assert client.post(CODE, {"code": telephone(user)}).url == "/en/office/log/"


def test_nobody_is_led_to_another_host(client):
    user = person()
    client.post(LOGIN, {"login": "lan", "password": WORD, "next": "https://evil.example/"})
    assert client.post(CODE, {"code": telephone(user)}).url == "/desk/"


def test_secrets_are_not_in_the_database_in_clear(client, set_up):
    person(factor=False)
    say_password(client)
    secret, codes = set_up(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    entered = str(list(m.AccountEntry.pgh_event_model.objects.values()))
    for text in (secret, *codes):
        assert text not in kept
        assert text not in entered


def test_another_telephone(client, set_up):
    """The old second factor stops, other sessions end, and a new one is set up at once."""
    user, other = person(), Client()
    sign_in(client, user)
    say_password(other)
    other.post(CODE, {"code": backup_codes(user)[0]})
    assert other.get("/desk/").status_code == 200
    assert client.post("/en/account/2fa/remove/").status_code == 302
    assert other.get("/desk/").url.startswith("/account/login/")
    assert client.get("/desk/").url.startswith("/account/2fa/set-up/")
    set_up(client)
    assert client.get("/desk/").status_code == 200
    assert "factor_removed" in happened(user)


def test_a_session_from_before_the_second_factor_has_to_say_it(client):
    """The second factor was set up in another browser: here it has not been said yet."""
    user = person(factor=False)
    say_password(client)
    TOTP.activate(user, generate_totp_secret())
    answer = client.get("/en/desk/")
    assert answer.url.startswith("/en/account/2fa/reauthenticate/?next=")
    client.post(answer.url, {"code": telephone(user), "next": "/en/desk/"})
    assert client.get("/en/desk/").status_code == 200


def test_a_closed_account_does_not_get_in(client):
    user = person()
    m.User.objects.filter(pk=user.pk).update(is_active=False)
    assert say_password(client).url == "/en/account/inactive/"
    assert client.get("/en/account/inactive/").status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    ["/account/signup/", "/account/email/", "/account/3rdparty/", "/account/password/reset/",
     "/account/login/code/", "/account/2fa/codes/download/", "/account/2fa/webauthn/"],
)  # fmt: skip
def test_there_is_no_page_to_register_or_to_go_around(client, path):
    assert client.get(path).status_code == 404


def test_policy_of_the_pages_stays_strict(client):
    person(factor=False)
    say_password(client)
    policy = client.get(SET_UP)["Content-Security-Policy"]
    assert "script" not in policy and "unsafe" not in policy
    assert "default-src 'self'" in policy and "form-action 'self'" in policy


def test_signing_in_asks_the_database_nothing_more_on_each_page(client, django_assert_num_queries):
    """Session and account are read by Django; the second factor stands in the session."""
    sign_in(client, person())
    with django_assert_num_queries(2):
        assert client.get("/account/login/").status_code == 302
    with django_assert_num_queries(0):
        assert Client().get("/robots.txt").status_code == 200


def test_a_new_password_ends_the_other_sessions_and_the_lock(client):
    user = person()
    sign_in(client, user)
    other = Client()
    say_password(other)
    other.post(CODE, {"code": backup_codes(user)[0]})  # the telephone's is good for once only
    assert other.get("/en/desk/").status_code == 200
    m.AccountEntry.objects.create(kind=AccountEvent.LOCKED, person=user, at=timezone.now())
    client.post(
        "/en/account/password/change/",
        {
            "oldpassword": WORD,
            "password1": "another-long-word-7",
            "password2": "another-long-word-7",
        },
    )
    [ended] = m.AccountEntry.objects.filter(person=user, kind=AccountEvent.SESSIONS)
    assert ended.detail == "1"
    assert other.get("/en/desk/").status_code == 302
    state = with_state(m.User.objects.filter(pk=user.pk), timezone.now()).get()
    assert not state.is_locked
