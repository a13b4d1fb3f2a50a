"""Only a sample register can do without the second factor, and only where a setting says so."""

from __future__ import annotations

import pytest

from registry.enterprises.actions import start_register
from tests.signin.ways import person, say_password

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "setting", "gets_in"),
    [
        ("sample", "optional", True),
        ("sample", "required", False),
        ("real", "optional", False),
        ("real", "required", False),
        (None, "optional", False),
    ],
)
def test_who_gets_in_by_the_password_alone(client, settings, kind, setting, gets_in):
    settings.SECOND_FACTOR = setting
    if kind:
        start_register(kind=kind, by=None)
    person(factor=False)
    say_password(client)
    assert (client.get("/desk/").status_code == 200) is gets_in
    assert (client.get("/account/").status_code == 200) is gets_in


def test_who_has_one_is_asked_for_it_in_a_sample_too(client, settings):
    settings.SECOND_FACTOR = "optional"
    start_register(kind="sample", by=None)
    person()
    assert say_password(client).url == "/en/account/2fa/code/"
    assert client.get("/desk/").url.startswith("/account/login/")
