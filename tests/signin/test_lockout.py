"""Who guesses has to wait; the words are the same whether or not there is an account."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from registry import models as m
from registry.accounts.enums import Role
from tests.signin.ways import CODE, happened, person, say_password, telephone

pytestmark = pytest.mark.django_db
BEGIN = dt.datetime(2026, 3, 2, 1, 10, tzinfo=dt.UTC)  # 08:10 in Hanoi
TRIES = 5


def guess(client, username="lan", times=TRIES, **extra):
    for _ in range(times):
        answer = say_password(client, username, "wrong", **extra)
        assert answer.status_code == 422
    return answer.content.decode()


def said(answer):
    return re.search(r"Too many attempts\. Try again at (\d\d:\d\d)", answer.content.decode())


def test_the_fifth_wrong_password_locks_and_says_until_when(client):
    user = person()
    with time_machine.travel(BEGIN, tick=False):
        assert "Too many" not in guess(client)
        refused = say_password(client)  # the right one, too late
        assert said(refused)[1] == "08:26"
        assert refused.status_code == 422
    assert happened(user) == ["refused"] * 5 + ["locked"]
    with time_machine.travel(BEGIN + dt.timedelta(minutes=14, seconds=50), tick=False):
        assert said(say_password(client))
    with time_machine.travel(BEGIN + dt.timedelta(minutes=16), tick=False):
        assert say_password(client).url == CODE


def test_other_browsers_and_addresses_are_locked_too(client):
    person()
    guess(client)
    assert said(say_password(Client(), REMOTE_ADDR="192.0.2.7"))


def test_capital_letters_and_spaces_are_no_way_around(client):
    person()
    guess(client)
    assert said(say_password(client, "LAN"))
    assert said(say_password(client, " lan "))


def test_a_name_that_does_not_exist_is_answered_alike(client):
    person()
    known, unknown = guess(client, times=1), guess(client, "nobody", times=1)
    hidden = re.compile(r'(name="csrfmiddlewaretoken" value=|value=")[^"]+')
    assert hidden.sub("", known) == hidden.sub("", unknown).replace("nobody", "lan")
    guess(client, "nobody", times=4)
    assert said(say_password(client, "nobody"))
    tried = m.AccountEntry.objects.filter(person=None)
    assert [one.kind for one in tried.order_by("pk")] == ["refused"] * 5 + ["locked"]
    assert "nobody" not in str(list(tried.values()))


def test_an_address_that_tries_many_names_has_to_wait(client):
    person()
    for number in range(30):  # slowly: thirty in one minute are turned away anyhow
        with time_machine.travel(BEGIN + dt.timedelta(seconds=3 * number), tick=False):
            guess(client, f"name{number}", times=1)
    with time_machine.travel(BEGIN + dt.timedelta(seconds=90), tick=False):
        assert said(say_password(client))[1] == "08:16"
        assert say_password(Client(), REMOTE_ADDR="192.0.2.8").url == CODE


def test_a_flood_from_one_address_is_turned_away(client):
    for number in range(30):
        say_password(client, f"name{number}", "wrong")
    answer = say_password(client)
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()


def test_wrong_codes_lock_as_well(client):
    user = person()
    say_password(client)
    for _ in range(TRIES):
        assert client.post(CODE, {"code": "000000"}).status_code == 422
    assert said(client.post(CODE, {"code": telephone(user)}))
    assert happened(user) == ["code_refused"] * 5 + ["locked"]


def test_the_right_password_is_not_counted(client):
    person()
    for _ in range(TRIES + 2):
        assert say_password(Client()).url == CODE


def test_an_administrator_unlocks(client):
    user, admin = person(), person(Role.ADMIN, "hoa")
    guess(client)
    office = Client()
    office.force_login(admin)
    assert office.get("/en/people/").context["rows"][1][0].is_locked
    answer = office.post(f"/en/people/{user.pk}/unlock/", {"reason": "called me"})
    assert answer.status_code == 302
    assert not office.get("/en/people/").context["rows"][1][0].is_locked
    assert say_password(client).url == CODE
    entry = m.AccountEntry.objects.get(kind="unlocked")
    assert (entry.person, entry.by, entry.reason) == (user, admin, "called me")


def test_a_lock_is_over_by_itself_on_the_list_too(client):
    person()
    guess(client)
    office = Client()
    office.force_login(person(Role.ADMIN, "hoa"))
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        assert not office.get("/en/people/").context["rows"][1][0].is_locked
