"""A closed period: frozen, signed by two, and checked without the site."""

from __future__ import annotations

import copy
import datetime as dt
import io
import json
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import Error

from registry import models as m
from registry.dashboard.figures import all_figures
from registry.dashboard.standing import standings
from registry.plans.actions import load_plans
from registry.releases import actions
from registry.releases.payload import faults, sha256_of
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def officer(name: str, *codes: str) -> m.User:
    user = m.User.objects.create_user(name, is_staff=True, first_name=name.title())
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    assert user.user_permissions.count() == len(codes)
    return user


@pytest.fixture
def rule():
    return m.CountingRule.objects.create(
        version=1, name="Tạm thời", valid_from=dt.date(2000, 1, 1), is_provisional=True, reason="x"
    )


@pytest.fixture
def preparer(rule):
    return officer("preparer", "add_release", "approve_release")


@pytest.fixture
def approver():
    return officer("approver", "approve_release")


@pytest.fixture
def release(preparer):
    small_register(30, seed=3)
    return actions.prepare_release(on=TODAY, known=None, version=None, period="Q2", by=preparer)


def test_figures_are_those_of_the_register_and_equal_their_lists(release):
    stated = {one["indicator"]: one for one in release.payload["figures"]}
    for one in all_figures(TODAY):
        row = stated[one.indicator.code]
        assert row["numerator"] == one.numerator
        assert row["value"] == (None if one.value is None else str(one.value))
        assert len(release.payload["lists"][one.indicator.code]) == one.numerator
    assert any(one["numerator"] for one in stated.values())
    assert release.sha256 == sha256_of(release.payload)


def test_the_status_is_frozen_and_a_release_without_one_still_reads(preparer, client):
    small_register(30, seed=3)
    load_plans(by=None)
    made = actions.prepare_release(on=TODAY, known=None, version=1, period="Q2", by=preparer)
    placed = {one.figure.indicator.code: one for one in standings(all_figures(TODAY), TODAY)}
    for row in made.payload["figures"]:
        assert [course["status"] for course in row["courses"]] == [
            course.verdict.status.value for course in placed[row["indicator"]].courses
        ]
    assert any(row["courses"] for row in made.payload["figures"])
    old = copy.deepcopy(made.payload) | {"format": 1}
    for row in old["figures"]:
        del row["courses"]
    assert faults({"payload": old, "sha256": sha256_of(old)}) == []
    m.Release.objects.filter(pk=made.pk).update(payload=old, sha256=sha256_of(old))
    client.force_login(preparer)
    assert client.get(f"/en/releases/{made.pk}/").status_code == 200


def test_the_hash_is_that_of_what_the_database_kept(release):
    release.refresh_from_db()
    assert faults({"payload": release.payload, "sha256": release.sha256}) == []


def test_two_people(release, preparer, approver):
    with pytest.raises(actions.SamePerson):
        actions.approve_release(release=release, by=preparer)
    approved = actions.approve_release(release=release, by=approver)
    assert approved.approved_by == approver
    with pytest.raises(actions.AlreadyApproved):
        actions.approve_release(release=release, by=approver)
    with pytest.raises(actions.AlreadyApproved):
        actions.withdraw_release(release=release, by=preparer)


def test_nobody_without_a_name_answers_for_a_release(release, preparer, approver, client):
    m.User.objects.filter(pk__in=[preparer.pk, approver.pk]).update(first_name="")
    for person in (preparer, approver):
        person.refresh_from_db()
    with pytest.raises(actions.NoName):
        actions.prepare_release(on=TODAY, known=None, version=None, period="x", by=preparer)
    with pytest.raises(actions.NoName):
        actions.approve_release(release=release, by=approver)
    client.force_login(approver)
    page = client.post(f"/en/releases/{release.pk}/approve/", follow=True)
    assert "your name is not recorded" in page.content.decode()
    client.force_login(preparer)
    page = client.post("/en/releases/prepare/", {"period": "x"}, follow=True)
    assert "your name is not recorded" in page.content.decode()
    assert m.Release.objects.get().approved_by is None


def test_without_permission_nothing_is_prepared(rule):
    with pytest.raises(PermissionDenied):
        actions.prepare_release(
            on=TODAY, known=None, version=None, period="x", by=officer("nobody")
        )


def test_refusals_of_preparing(preparer):
    ask = {"known": None, "period": "x", "by": preparer}
    with pytest.raises(actions.NoRule):
        actions.prepare_release(on=TODAY, version=9, **ask)
    with pytest.raises(actions.NotGoneBy):
        actions.prepare_release(on=dt.date(2999, 1, 1), version=None, **ask)
    assert not m.Release.objects.exists()


def test_a_release_is_not_counted_by_a_draft(preparer, client):
    m.CountingRule.objects.create(
        version=2, name="Chặt", valid_from=dt.date(2000, 1, 1), breadth="both", reason="x"
    )
    with pytest.raises(actions.DraftRule):
        actions.prepare_release(on=TODAY, known=None, version=2, period="x", by=preparer)
    client.force_login(preparer)
    offered = client.get("/en/releases/").context["rules"]
    assert [one.version for one in offered] == [1]
    page = client.post("/en/releases/prepare/", {"period": "x", "rule": "2"}, follow=True)
    assert "nobody approved" in page.content.decode()
    assert not m.Release.objects.exists()


def test_a_prepared_release_can_be_withdrawn(release, preparer):
    actions.withdraw_release(release=release, by=preparer)
    assert not m.Release.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "update registry_release set period = 'other'",
        "update registry_release set approved_at = null, approved_by_id = null",
        "delete from registry_release",
    ],
)
def test_an_approved_release_resists_plain_sql(release, approver, sql):
    actions.approve_release(release=release, by=approver)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert m.Release.objects.get().period == "Q2"


def test_published_stays_when_the_record_is_corrected(client, release, approver):
    actions.approve_release(release=release, by=approver)
    gone = release.payload["lists"]["enterprises_total"][0]["public_id"]
    m.Enterprise.objects.filter(public_id=gone).update(closed_on=TODAY)
    rows = client.get(f"/en/releases/{release.pk}/").context["rows"]
    total = next(row for row in rows if row["code"] == "enterprises_total")
    assert total["corrected"] == total["published"] - 1
    assert total["difference"] == -1
    assert client.get(total["bridge_url"]).status_code == 200
    listed = client.get(f"/en/releases/{release.pk}/enterprises_total/")
    assert listed.context["count"] == total["published"]


def test_a_prepared_release_is_not_public(client, release, approver):
    for tail in ("", "download/", "enterprises_total/"):
        assert client.get(f"/en/releases/{release.pk}/{tail}").status_code == 404
    assert b"Q2" not in client.get("/en/releases/").content
    client.force_login(approver)
    assert client.get(f"/en/releases/{release.pk}/").status_code == 200


def test_pages_prepare_and_approve(client, preparer, approver):
    client.force_login(preparer)
    page = client.post("/en/releases/prepare/", {"period": "Q2", "on": "2026-06-30"}, follow=True)
    assert "Another person must approve it." in page.content.decode()
    made = m.Release.objects.get()
    page = client.post(f"/en/releases/{made.pk}/approve/", follow=True)
    assert "Who prepared a release cannot approve it." in page.content.decode()
    client.force_login(approver)
    client.post(f"/en/releases/{made.pk}/approve/")
    made.refresh_from_db()
    assert made.approved_by == approver


def test_preparing_asks_for_the_permission(client, approver):
    client.force_login(approver)
    assert client.post("/en/releases/prepare/", {"period": "Q2"}).status_code == 403


def downloaded(client, release) -> bytes:
    return client.get(f"/en/releases/{release.pk}/download/").content


@pytest.mark.parametrize("name", ["figures.csv", "lists.csv"])
def test_one_byte_of_a_table_changed_is_found(client, release, approver, tmp_path, name):
    actions.approve_release(release=release, by=approver)
    path = tmp_path / "release.zip"
    with (
        zipfile.ZipFile(io.BytesIO(downloaded(client, release))) as made,
        zipfile.ZipFile(path, "w") as forged,
    ):
        for one in made.namelist():
            content = made.read(one)
            if one == name:
                content = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
            forged.writestr(one, content)
    with pytest.raises(CommandError) as refused:
        call_command("verify_release", str(path), stdout=io.StringIO())
    assert f"{name} does not say what the release says" in str(refused.value)


def test_a_file_damaged_anywhere_is_refused_in_words(client, release, tmp_path):
    client.force_login(release.prepared_by)
    path, whole = tmp_path / "release.zip", downloaded(client, release)
    for place in range(30, len(whole), max(len(whole) // 40, 1)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            call_command("verify_release", str(path), stdout=io.StringIO())
        except CommandError:
            continue
        with zipfile.ZipFile(path) as damaged, zipfile.ZipFile(io.BytesIO(whole)) as sound:
            assert all(damaged.read(name) == sound.read(name) for name in sound.namelist())


def test_the_download_names_the_two_people_and_their_days(client, release, approver):
    actions.approve_release(release=release, by=approver)
    with zipfile.ZipFile(io.BytesIO(downloaded(client, release))) as made:
        document, method = json.loads(made.read("release.json")), made.read("METHOD.txt").decode()
    assert document["prepared_by"] == release.prepared_by.signed_name
    assert document["approved_by"] == approver.signed_name
    for said in (release.prepared_by.signed_name, approver.signed_name):
        assert said in method


def test_the_download_is_verified_and_a_forged_one_is_not(client, release, approver, tmp_path):
    actions.approve_release(release=release, by=approver)
    path = tmp_path / "release.zip"
    path.write_bytes(downloaded(client, release))
    out = io.StringIO()
    call_command("verify_release", str(path), stdout=out)
    assert release.sha256 in out.getvalue()
    with zipfile.ZipFile(path) as made:
        assert made.namelist() == ["figures.csv", "lists.csv", "release.json", "METHOD.txt"]
        document = json.loads(made.read("release.json"))
    forged = copy.deepcopy(document)
    forged["payload"]["lists"]["enterprises_total"].pop()
    for one, word in (
        (forged, "SHA-256 differs"),
        ({**forged, "sha256": sha256_of(forged["payload"])}, "its list has"),
        ({}, "no release"),
    ):
        (tmp_path / "forged.json").write_text(json.dumps(one), encoding="utf-8")
        with pytest.raises(CommandError, match=word):
            call_command("verify_release", str(tmp_path / "forged.json"))


def test_a_download_of_the_time_before_names_is_verified_in_any_order(
    client, release, approver, tmp_path
):
    """Its tables kept the order of the database's JSON, shortest key first."""
    actions.approve_release(release=release, by=approver)
    with zipfile.ZipFile(io.BytesIO(downloaded(client, release))) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    document = json.loads(parts["release.json"])
    named = {one for one in document if one.startswith(("prepared", "approved"))}
    before = {name: said for name, said in document.items() if name not in named}
    head, *lines = parts["figures.csv"].splitlines(keepends=True)
    shuffled = b"".join([head, *reversed(lines)])
    path = tmp_path / "old.zip"

    def write(said: dict, figures: bytes) -> None:
        with zipfile.ZipFile(path, "w") as old:
            files = {**parts, "release.json": json.dumps(said).encode(), "figures.csv": figures}
            for name, content in files.items():
                old.writestr(name, content)

    write(before, shuffled)
    call_command("verify_release", str(path), stdout=io.StringIO())
    for said, figures in ((before, shuffled + lines[0]), (document, shuffled)):
        write(said, figures)
        with pytest.raises(CommandError, match="figures.csv does not say"):
            call_command("verify_release", str(path))


def test_queries_do_not_grow_with_releases(
    client, release, preparer, approver, django_assert_max_num_queries
):
    for name in ("a", "b", "c"):
        more = actions.prepare_release(on=TODAY, known=None, version=None, period=name, by=preparer)
        actions.approve_release(release=more, by=approver)
    with django_assert_max_num_queries(5):
        client.get("/en/releases/")
