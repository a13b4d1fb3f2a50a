"""What each role may do; the rights are data, so they are asked of real accounts."""

import pytest
from django.apps import apps

from registry.accounts import actions
from registry.accounts.enums import Role

pytestmark = pytest.mark.django_db


def account(role, username="someone", password="first-word"):
    return actions.give_account(username=username, password=password, role=role, by=None)


@pytest.mark.parametrize(
    ("right", "roles"),
    [
        ("view_enterprise", {"officer", "verifier", "manager", "auditor", "admin"}),
        ("change_enterprise", {"officer", "admin"}),
        ("add_certificate", {"officer", "admin"}),
        ("change_certificate", {"officer", "verifier", "admin"}),
        ("add_verificationstep", {"verifier", "admin"}),
        ("change_verificationstep", {"admin"}),
        ("view_target", {"officer", "verifier", "manager", "auditor", "admin"}),
        ("change_target", {"admin"}),
        ("delete_enterprise", {"admin"}),
        ("view_enterpriseevent", {"officer", "verifier", "manager", "auditor", "admin"}),
        ("view_contact", {"officer", "verifier", "admin"}),
        ("view_contactevent", {"officer", "verifier", "admin"}),
        ("view_user", {"admin"}),
        ("change_user", {"admin"}),
        ("change_ward", {"admin"}),
    ],
)
def test_rights_of_each_role(right, roles):
    found = {role.value for role in Role if account(role, role.value).has_perm(f"registry.{right}")}
    assert found == roles


def test_records_named_by_word_exist():
    known = {model._meta.model_name for model in apps.get_app_config("registry").get_models()}
    assert set(actions.KEPT_BY_OFFICERS) - known == set()
    assert set(actions.HIDDEN_FROM_READERS) - known == set()


def test_second_time_sets_password_and_role():
    first = account(Role.ADMIN)
    second = account(Role.MANAGER, password="second-word")
    assert second.pk == first.pk
    assert second.check_password("second-word")
    assert not second.is_superuser
    assert [group.name for group in second.groups.order_by("name")] == ["manager"]


def test_every_role_can_open_the_admin(client):
    for role in Role:
        client.force_login(account(role, role.value))
        assert client.get("/admin/").status_code == 200
