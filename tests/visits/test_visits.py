"""A visit is kept once, with what it runs into; nothing of it is lost."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.desk.actions import merge_enterprises
from registry.visits.actions import settle_visit
from registry.visits.permissions import can_read_visits, can_settle_visits, can_visit
from registry.web.visits.forms import VisitForm
from registry.web.visits.writing import OFFLINE
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    SiteFactory,
    UserFactory,
    VisitFactory,
)
from tests.uploads import files
from tests.visits.test_photos import GPS, exif, picture

pytestmark = pytest.mark.django_db
DAY = "2026-06-01"


@pytest.fixture
def kept_in(tmp_path, monkeypatch):
    storage = m.VisitPhoto._meta.get_field("file").storage
    monkeypatch.setattr(storage, "location", str(tmp_path))
    monkeypatch.setattr("registry.visits.actions.photo_storage", lambda: storage)
    return tmp_path


@pytest.fixture
def officer(client, kept_in):
    client.user = give_account(username="o", password="a word", role=Role.OFFICER, by=None)
    client.force_login(client.user)
    return client


def entry(officer, visited, /, **more):
    visited.refresh_from_db()
    return {
        "uuid": str(uuid.uuid4()), "person": officer.user.pk, "enterprise": visited.public_id,
        "on": DAY, "purpose": "record", "site_exists": "yes", "machines_seen": "yes",
        "processes_seen": "not_looked", "met": "manager", "result": "as_recorded", **more,
    }  # fmt: skip


def now():
    return timezone.now().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f%z")


def test_an_entry_sent_twice_is_one_visit(officer, kept_in):
    site = SiteFactory()
    certificate = CertificateFactory(enterprise=site.enterprise)
    told = entry(officer, site.enterprise, site=site.pk, certificates=[certificate.pk], note="x")
    photo = picture()
    answers = [
        officer.post("/visits/send/", {**told, "photos": SimpleUploadedFile("a.jpg", photo)})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    visit = m.Visit.objects.get()
    assert {answer.json()["url"] for answer in answers} == {f"/visits/{visit.pk}/"}
    assert (visit.by, visit.site, visit.conflicts) == (officer.user, site, [])
    assert [row.certificate for row in visit.certificates.order_by("pk")] == [certificate]
    assert visit.photos.count() == len(files(kept_in)) == 1
    event = m.Visit.pgh_event_model.objects.get()
    assert event.pgh_context.metadata["user"] == officer.user.pk


def test_the_same_uuid_of_somebody_else_is_refused(officer):
    visit = VisitFactory()
    told = entry(officer, visit.enterprise, uuid=str(visit.uuid))
    assert officer.post("/visits/send/", told).status_code == 422
    assert m.Visit.objects.count() == 1


def test_what_somebody_else_wrote_on_the_phone_is_not_mine(officer):
    told = entry(officer, EnterpriseFactory(), person=UserFactory().pk)
    said = officer.post("/en/visits/send/", told)
    assert said.status_code == 422
    assert "Sign in as that person" in said.json()["problems"][0]
    assert not m.Visit.objects.exists()


def conflicts(officer, enterprise, **more):
    answer = officer.post("/visits/send/", entry(officer, enterprise, **more))
    assert answer.status_code == 200, answer.content
    return answer.json()["conflicts"]


def test_what_a_visit_runs_into_is_kept_with_it(officer):
    fine = EnterpriseFactory()
    assert conflicts(officer, fine, record_read_at=now()) == []
    assert conflicts(officer, fine, record_read_at=now()) == ["same_day"]
    assert conflicts(officer, EnterpriseFactory(closed_on=dt.date(2026, 6, 1))) == ["closed"]
    assert conflicts(officer, EnterpriseFactory(closed_on=dt.date(2026, 6, 2))) == []
    merged = EnterpriseFactory(merged_into=fine, merged_on=dt.date(2026, 6, 2))
    assert conflicts(officer, merged) == ["merged"]
    assert m.Visit.objects.to_settle().count() == 3


def test_a_record_changed_after_it_was_read_is_said(officer):
    read = "2026-06-01T07:00:00.000000+0000"
    changed, site = EnterpriseFactory(), SiteFactory()
    for row in (changed, site.enterprise):
        m.Enterprise.pgh_event_model.objects.filter(pgh_obj_id=row.pk).update(
            pgh_created_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
        )
    m.Site.pgh_event_model.objects.update(pgh_created_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    assert conflicts(officer, changed, record_read_at=read, on="2026-05-30") == []
    m.Enterprise.objects.filter(pk=changed.pk).update(short_name="new")
    assert conflicts(officer, changed, record_read_at=read) == ["changed"]
    assert conflicts(officer, site.enterprise, record_read_at=read, on="2026-05-30") == []
    site.address = "elsewhere"
    site.save()
    assert conflicts(officer, site.enterprise, record_read_at=read) == ["changed"]


def test_rows_that_have_gone_elsewhere_do_not_lose_the_visit(officer):
    other = SiteFactory()
    assert conflicts(officer, EnterpriseFactory(), site=other.pk) == ["changed"]
    assert conflicts(officer, EnterpriseFactory(), site=99_999_999) == ["changed"]
    assert conflicts(officer, EnterpriseFactory(), certificates=[99_999_999]) == ["changed"]
    assert m.Visit.objects.count() == 3


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"on": "2100-01-01"}, "on"),
        ({"on": "x"}, "on"),
        ({"result": "differs"}, ""),
        ({"result": "x"}, "result"),
        ({"enterprise": "nobody"}, "enterprise"),
        ({"enterprise": "a\x00b"}, "enterprise"),
        ({"uuid": "x"}, "uuid"),
        ({"site": "1" * 30}, "site"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(officer, kept_in, more, field):
    told = entry(officer, EnterpriseFactory(), **more)
    said = officer.post("/en/visits/send/", {**told, "photos": SimpleUploadedFile("a", picture())})
    assert said.status_code == 422
    assert len(said.json()["problems"]) == 1
    assert not m.Visit.objects.exists() and files(kept_in) == []
    if field != "site":  # the form for an enterprise that is named in it offers no sites
        assert officer.post("/en/visits/new/", told).status_code == 422


def test_a_bad_photo_is_named_and_none_is_stored(officer, kept_in):
    told = entry(officer, EnterpriseFactory())
    photos = [SimpleUploadedFile("good.jpg", picture()), SimpleUploadedFile("bad.jpg", b"MZ")]
    said = officer.post("/en/visits/send/", {**told, "photos": photos})
    assert said.status_code == 422
    [problem] = said.json()["problems"]
    assert "bad.jpg" in problem and "good.jpg" not in problem
    assert files(kept_in) == []
    seven = [SimpleUploadedFile(f"{n}.jpg", picture()) for n in range(7)]
    assert officer.post("/visits/send/", {**told, "photos": seven}).status_code == 422


def test_far_too_large_is_refused_before_it_is_read(officer):
    said = officer.generic(
        "POST", "/visits/send/", b"x", content_type="multipart/form-data; boundary=b",
        CONTENT_LENGTH=str(10**10),
    )  # fmt: skip
    assert said.status_code == 413 and said.json()["problems"]


@pytest.mark.parametrize(("keep", "place"), [("", None), ("on", 21.0285)])
def test_the_place_of_a_photo_is_kept_on_purpose_only(officer, kept_in, keep, place):
    photo = SimpleUploadedFile("a.jpg", picture(exif=exif(GPS)))
    told = entry(officer, EnterpriseFactory(), keep_place=keep)
    assert officer.post("/visits/send/", {**told, "photos": photo}).status_code == 200
    row = m.VisitPhoto.objects.get()
    assert (float(row.latitude) if row.latitude else None) == place
    [path] = files(kept_in)
    assert dict(Image.open(io.BytesIO(path.read_bytes())).getexif()) == {}


def test_photos_are_shown_to_those_who_visit_only(officer, client):
    told = entry(officer, EnterpriseFactory())
    photo = SimpleUploadedFile("a.jpg", picture())
    officer.post("/visits/send/", {**told, "photos": photo})
    url = f"/visits/photos/{m.VisitPhoto.objects.get().pk}/"
    said = officer.get(url)
    assert said["Content-Type"] == "image/jpeg" and said["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in said["Content-Security-Policy"] and "no-store" in said["Cache-Control"]
    assert b"".join(said.streaming_content)[:2] == b"\xff\xd8"
    other = Client()
    assert other.get(url).status_code == 302
    other.force_login(give_account(username="a", password="w", role=Role.AUDITOR, by=None))
    assert other.get(url).status_code == 403
    page = other.get(f"/visits/{m.Visit.objects.get().pk}/")
    assert page.status_code == 200 and url not in page.content.decode()


def test_without_a_token_nothing_is_taken(officer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer.user)
    told = entry(officer, EnterpriseFactory())
    assert strict.post("/visits/send/", told).status_code == 403
    assert strict.post("/visits/new/", told).status_code == 403
    who = strict.get("/visits/token/").json()
    assert who["person"] == officer.user.pk
    said = strict.post("/visits/send/", told, headers={"X-CSRFToken": who["token"]})
    assert said.status_code == 200


def test_the_plain_form_without_a_script(officer):
    certificate = CertificateFactory()
    certificate.enterprise.refresh_from_db()
    url = f"/en/visits/new/{certificate.enterprise.public_id}/"
    page = officer.get(url).content.decode()
    assert certificate.number in page and "Số 1 đường Thử" in page
    [number] = re.findall(r'name="uuid" value="([^"]+)"', page)
    told = entry(officer, certificate.enterprise, uuid=number, certificates=[certificate.pk])
    for _ in range(2):  # a second click
        said = officer.post(url, told)
        assert said.status_code == 302
    assert said.url == f"/en/visits/{m.Visit.objects.get().pk}/"
    assert number not in officer.get(url).content.decode()


def test_a_visit_is_settled_once_and_follows_a_merger(officer):
    by = UserFactory()
    kept, gone = EnterpriseFactory(), EnterpriseFactory()
    merge_enterprises(kept=kept, gone=gone, choose={}, by=by, reason="same", on=dt.date(2026, 5, 1))
    assert conflicts(officer, gone, record_read_at="2026-06-01T07:00:00.000000+0000")[0] == "merged"
    visit = m.Visit.objects.get()
    assert visit.enterprise == gone
    queue = officer.get("/en/desk/queues/visits-to-settle/").content.decode()
    assert "Site visits to settle: 1" in queue
    assert officer.post(f"/visits/{visit.pk}/", {"how": " "}).status_code == 422
    assert (
        officer.post(f"/visits/{visit.pk}/", {"how": "compared", "follow": "1"}).status_code == 302
    )
    visit.refresh_from_db()
    assert (visit.enterprise, visit.settled_by, visit.settled_how) == (
        kept,
        officer.user,
        "compared",
    )
    assert not m.Visit.objects.to_settle().exists()
    assert officer.post(f"/visits/{visit.pk}/", {"how": "again"}).status_code == 422


def test_a_visit_moves_with_a_merger():
    visit, kept = VisitFactory(), EnterpriseFactory()
    merge_enterprises(
        kept=kept, gone=visit.enterprise, choose={}, by=UserFactory(), reason="r",
        on=dt.date(2026, 6, 2),
    )  # fmt: skip
    visit.refresh_from_db()
    assert visit.enterprise == kept


def test_a_visit_confirms_the_record_for_its_own_day(officer):
    visit = VisitFactory()
    assert officer.get(f"/visits/{visit.pk}/confirm/").status_code == 405
    officer.post(f"/visits/{visit.pk}/confirm/")
    visit.enterprise.refresh_from_db()
    assert visit.enterprise.last_confirmed_on == visit.on
    strange = VisitFactory(conflicts=["changed"])
    officer.post(f"/visits/{strange.pk}/confirm/")
    strange.enterprise.refresh_from_db()
    assert strange.enterprise.last_confirmed_on is None


def test_a_certificate_seen_is_decided_by_a_verifier_only(officer):
    certificate = CertificateFactory()
    visit = VisitFactory(enterprise=certificate.enterprise)
    visit.certificates.create(certificate=certificate)
    link = f"/desk/certificates/{certificate.pk}/verify/"
    assert link not in officer.get(f"/visits/{visit.pk}/").content.decode()
    officer.force_login(give_account(username="v", password="w", role=Role.VERIFIER, by=None))
    assert link in officer.get(f"/visits/{visit.pk}/").content.decode()
    assert not certificate.verifications.exists()


@pytest.mark.parametrize(
    ("asks", "roles"),
    [
        (can_read_visits, {"officer", "verifier", "manager", "auditor", "admin"}),
        (can_visit, {"officer", "verifier", "admin"}),
        (can_settle_visits, {"officer", "admin"}),
    ],
)
def test_who_may(asks, roles):
    found = {
        role.value
        for role in Role
        if asks(give_account(username=role.value, password="w", role=role, by=None))
    }
    assert found == roles
    assert not asks(AnonymousUser())


def test_settling_what_waits_for_nobody_is_refused():
    with pytest.raises(Exception, match="."):
        settle_visit(
            visit=VisitFactory(), follow=False, how="x", on=dt.date(2026, 6, 2), by=UserFactory()
        )


def test_lists_ask_the_same_number_of_queries_for_more_rows(officer):
    counts = []
    for size in (1, 3):
        for _ in range(size):
            VisitFactory(conflicts=["changed"])
        for path in ("/visits/", "/visits/?open=1"):
            with CaptureQueriesContext(connection) as queries:
                assert officer.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_the_worker_is_public_and_names_its_files(client):
    said = client.get("/visits/worker.js")
    assert said["Content-Type"].startswith("text/javascript")
    assert '"form": "/visits/new/"' in said.content.decode()
    assert '"form": "/en/visits/new/"' in client.get("/en/visits/worker.js").content.decode()


@pytest.mark.parametrize("query", ["page=x", "enterprise=%00", "open=2", "page=" + "9" * 40])
def test_odd_addresses(officer, query):
    assert officer.get(f"/visits/?{query}").status_code == 200
    assert officer.get("/visits/new/CNHT-0000000/").status_code == 404
    assert officer.get("/visits/new/%00/").status_code in (400, 404)


def test_what_works_offline_has_the_looks_of_every_page_and_keeps_no_list():
    base = Path(settings.BASE_DIR, "templates", "base.html").read_text(encoding="utf-8")
    styles = set(re.findall(r"css/[a-z-]+\.css", base))
    assert len(styles) > 5
    assert styles - set(OFFLINE) == set()
    script = Path(settings.BASE_DIR, "static", "js", "visits-worker.js").read_text(encoding="utf-8")
    assert "TOLD.home" not in script


def test_a_visit_of_which_nothing_was_chosen_is_not_as_recorded():
    form = VisitForm(data={"enterprise": "CNHT-0000001", "on": "2026-01-05", "purpose": "record",
                           "site_exists": "yes", "machines_seen": "yes", "processes_seen": "yes"}, person=1)  # fmt: skip
    assert {"result", "met"} <= form.errors.keys()
