"""Signing in by OpenID Connect, tried against a real issuer over HTTP on this machine."""

from __future__ import annotations

from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from config.directory import directory
from registry import models as m
from registry.accounts.actions import set_directory_identifier, set_open
from registry.accounts.enums import Role
from tests.signin.ways import CODE, happened, person, say_password, sign_in, telephone

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # the issuer's own affair
]
BEGIN = "/account/oidc/directory/"
CALLBACK = "/account/oidc/directory/callback/"
LAN = "001085012345"


@pytest.fixture
def issuer(settings):
    """A real issuer; ``close`` ends it. It gives out the name and birthday if asked."""
    with ExitStack() as stack:
        people = [oidc_provider_mock.User(sub=LAN, claims={"birthdate": "1985-01-01"})]
        server = stack.enter_context(
            oidc_provider_mock.run_server_in_thread(user_claims=people, require_nonce=True)
        )
        address = f"http://localhost:{server.server_port}"
        settings.OIDC_ISSUER, settings.OIDC_NAME = address, "VNeID"
        settings.SOCIALACCOUNT_PROVIDERS = directory(
            issuer=address, name="VNeID", client_id="registry", secret="secret",
            scope=["openid"], identifier="sub",
        )  # fmt: skip
        yield stack


def known() -> m.User:
    user = person()
    admin = person(Role.ADMIN, "hoa")
    set_directory_identifier(person=user, identifier=LAN, reason="seen the card", by=admin)
    return user


def asked(client: Client, **said: str) -> str:
    """The address at the issuer to which the button leads."""
    answer = client.post(BEGIN, said)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def answered(url: str, sub: str = LAN, **said: str) -> str:
    """What the issuer sends the browser back to, after somebody signed in there."""
    data = said or {"sub": sub}
    back = requests.post(url, data=data, allow_redirects=False, timeout=10)
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    assert (parts.netloc, parts.path) == ("testserver", CALLBACK)
    return f"{parts.path}?{parts.query}"


def test_a_known_person_signs_in_and_says_the_second_factor(client, issuer):
    user = known()
    url = asked(client, next="/en/office/log/")
    sent = parse_qs(urlsplit(url).query)
    assert sent["scope"] == ["openid"] and sent["code_challenge_method"] == ["S256"]
    assert len(sent["nonce"][0]) > 20 and len(sent["state"][0]) > 10
    assert client.get(answered(url)).url == "/account/2fa/code/"
    assert client.get("/desk/").status_code == 302
    assert client.post(CODE, {"code": telephone(user)}).url == "/en/office/log/"
    assert client.get("/en/office/log/").status_code == 200
    assert happened(user) == ["directory", "signed_in"]
    assert m.AccountEntry.objects.get(kind="signed_in").detail == "socialaccount + mfa"


def test_nothing_is_kept_of_what_the_issuer_told(client, issuer):
    known()
    client.get(answered(asked(client)))
    assert SocialAccount.objects.get().extra_data == {}
    assert LAN not in str(list(m.AccountEntry.objects.values()))


def test_an_unknown_person_gets_no_account_and_no_rights(client, issuer):
    person()
    answer = client.get(answered(asked(client), sub="stranger"))
    assert answer.status_code == 403
    assert "VNeID" in answer.content.decode()
    assert m.User.objects.count() == 1 and not SocialAccount.objects.exists()
    assert "_auth_user_id" not in client.session
    assert happened(None) == ["stranger"]


def test_the_same_e_mail_is_no_proof(client, issuer):
    user = person()
    m.User.objects.filter(pk=user.pk).update(email=LAN)
    assert client.get(answered(asked(client))).status_code == 403


@pytest.mark.parametrize("state", ["wrong", "", None])
def test_a_wrong_state_is_refused(client, issuer, state):
    known()
    back = answered(asked(client))
    code = parse_qs(urlsplit(back).query)["code"][0]
    said = {"code": code} | ({} if state is None else {"state": state})
    answer = client.get(CALLBACK, said)
    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session


def test_the_answer_to_another_browser_is_refused(issuer):
    known()
    assert Client().get(answered(asked(Client()))).status_code == 401


def test_a_wrong_nonce_is_refused(client, issuer):
    known()
    back = answered(asked(client))
    session = client.session
    session["directory_nonce"] = "another"
    session.save()
    answer = client.get(back)
    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session


def test_an_answer_is_taken_once(client, issuer):
    known()
    back = answered(asked(client))
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 401


def test_who_says_no_there_is_told_so(client, issuer):
    back = answered(asked(client), action="deny")
    answer = client.get(back)
    assert answer.status_code == 401
    assert "VNeID" in answer.content.decode()


def test_an_issuer_that_is_down_at_the_beginning(client, issuer):
    issuer.close()
    answer = client.post(BEGIN)
    assert answer.status_code == 503
    assert "VNeID" in answer.content.decode()
    user = person()
    assert say_password(client).url == CODE and user.pk


def test_an_issuer_that_goes_down_on_the_way(client, issuer):
    known()
    back = answered(asked(client))
    issuer.close()
    assert client.get(back).status_code == 503


def test_a_signed_in_person_cannot_link_an_account_by_themselves(client, issuer):
    user = person()
    sign_in(client, user)
    answer = client.get(answered(asked(client, process="connect")))
    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(client, issuer):
    user = known()
    set_open(person=user, is_open=False, reason="left", by=m.User.objects.get(username="hoa"))
    assert client.get(answered(asked(client))).url == "/account/inactive/"
    assert "_auth_user_id" not in client.session


def test_without_an_issuer_there_is_no_such_door(client):
    assert client.post(BEGIN).status_code == 404
    assert client.get(CALLBACK).status_code == 404
    assert BEGIN not in client.get("/account/login/").content.decode()


def test_the_button_is_a_form_the_policy_lets_through(client, issuer):
    page = client.get("/en/account/login/?next=/en/desk/").content.decode()
    assert f'action="{BEGIN}"' in page and "Sign in with VNeID" in page
    assert client.get(BEGIN).status_code == 405
