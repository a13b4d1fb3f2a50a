"""An address is public because it stands in the list here, or it asks who is there."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {
    "home",
    "robots",
    "suppliers",
    "supplier",
    "programme",
    "programme-list",
    "programme-bridge",
    "programme-outlook",
    "programme-rules",
    "programme-survey",
    "programme-supply",
    "programme-links",
    "programme-report",
    "programme-breakdown",
    "programme-map",
    "programme-planner",
    "programme-status",
    "programme-entered",
    "programme-progress",
    "programme-method",
    "api-figures",
    "releases",
    "release",
    "release-list",
    "release-download",
    "visits-worker",  # a script; holds nothing of the register
    "release-report",
    "gallery",  # the parts of the pages; holds nothing of the register
    "account_login",
    "admin-login",  # the admin's address of signing in, which leads to ours
    "admin:login",
    "admin:logout",  # signs out who is there, and nobody else
    "account_logout",
    "account_inactive",  # that an account is closed; says nothing else
    "account_reset_password",  # only where there is a mail server
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "openid_connect_login",  # only where a directory is set up
    "openid_connect_callback",
}
SAMPLES = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "0" * 32}


def patterns(resolver, route="", namespace=""):
    """Every address as (name with namespace, route with its parts)."""
    for part in resolver.url_patterns:
        here = route + str(part.pattern)
        if isinstance(part, URLResolver):
            inner = f"{namespace}{part.namespace}:" if part.namespace else namespace
            yield from patterns(part, here, inner)
        elif isinstance(part, URLPattern):
            yield f"{namespace}{part.name}", here, part.pattern


def address(route, pattern):
    """An address of that route with a value in each of its places."""
    for name, converter in pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        kind = {"string": "str"}.get(kind, kind)
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, SAMPLES[kind])
    return "/" + route


def all_addresses():
    return {
        (name, address(route, pattern))
        for name, route, pattern in patterns(get_resolver())
        if "(?P" not in route  # the admin's catch-all
    }


CLOSED = sorted(pair for pair in all_addresses() if pair[0] not in PUBLIC)


def test_the_list_names_no_address_that_has_gone():
    assert {name for name, _address in all_addresses()} >= PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "url"), CLOSED)
def test_what_is_not_public_asks_who_is_there(client, name, url):
    response = client.get(url)
    assert response.status_code in (302, 403), f"{name} answers everybody"
    if response.status_code == 302:
        assert "/login/" in response.url
