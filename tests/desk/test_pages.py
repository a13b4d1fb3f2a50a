"""The desk as each role meets it: who may do what, and what a look leaves behind."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.certifications.actions import attach_evidence, mark_of
from registry.desk.queues import QUEUES
from tests.factories import CertificateFactory, EnterpriseFactory, SchemeFactory
from tests.small_register import small_register
from tests.uploads import BAD, evidence_kept_in, files, pdf, png

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def root(tmp_path, monkeypatch):
    return evidence_kept_in(tmp_path / "evidence", monkeypatch)


def person(role):
    return give_account(username=role.value, password="a word", role=role, by=None)


@pytest.fixture
def sign_in(client):
    def signed_in(role):
        client.force_login(person(role))
        return client

    return signed_in


def current(**fields):
    """A certificate that is in force whenever the test runs."""
    days = {
        "issued_on": TODAY - dt.timedelta(days=300),
        "valid_until": TODAY.replace(month=12, day=28),
    }
    days["valid_until"] += dt.timedelta(days=400)
    return CertificateFactory(**{**days, **fields})


def look(**fields):
    return {
        "outcome": "confirmed", "method": "register", "source_seen": "https://body.example",
        "on": TODAY.isoformat(), "note": "", "reason": "new", "queue": "to-verify", **fields,
    }  # fmt: skip


WRITES = {"reason": "a call", **look()}
EVERYBODY = {"officer", "verifier", "manager", "auditor", "admin"}
MATRIX = [
    ("GET", "desk", EVERYBODY),
    ("GET", "desk-queue", EVERYBODY),
    ("GET", "desk-verify", EVERYBODY),
    ("POST", "desk-verify", {"verifier", "admin"}),
    ("GET", "desk-evidence", {"officer", "verifier", "admin"}),
    ("POST", "desk-evidence-add", {"officer", "verifier", "admin"}),
    ("GET", "desk-confirm", {"officer", "admin"}),
    ("POST", "desk-confirm", {"officer", "admin"}),
]


def arguments(name, certificate):
    if name in ("desk", "desk-queue"):
        return [] if name == "desk" else ["to-verify"]
    return [certificate.enterprise_id if name == "desk-confirm" else certificate.pk]


@pytest.mark.parametrize(("method", "name", "allowed"), MATRIX)
def test_each_role_may_do_this_and_no_more(root, method, name, allowed):
    certificate = current()
    attach_evidence(
        certificate=certificate, file=SimpleUploadedFile("a.pdf", pdf()),
        by=person(Role.ADMIN), reason="r",
    )  # fmt: skip
    url = reverse(name, args=arguments(name, certificate))
    nobody = Client().generic(method, url)
    assert nobody.status_code == 302 and "/login/" in nobody.url
    may = set()
    for role in Role:
        client = Client()
        client.force_login(person(role))
        data: dict[str, Any] = {}
        if method == "POST":
            mark = mark_of(m.Certificate.objects.get(pk=certificate.pk))
            data = {**WRITES, "mark": mark, "file": SimpleUploadedFile("a.png", png())}
        response = getattr(client, method.lower())(url, data)
        b"".join(response)  # a file is closed when it has been given out
        assert response.status_code in (200, 302, 403), response.status_code
        if response.status_code != 403:
            may.add(role.value)
    assert may == allowed


def test_home_shows_every_queue_with_the_count_of_its_list(sign_in):
    small_register(40, seed=5)
    client = sign_in(Role.OFFICER)
    home = client.get("/en/desk/")
    works = {one.code: one for one in home.context["works"]}
    for code, queue in QUEUES.items():
        listed = client.get(f"/en/desk/queues/{code}/")
        assert listed.context["count"] == works[code].count
        assert f"{queue.name}: " in listed.content.decode()
    assert home["Cache-Control"] == "private, no-store"
    assert client.get("/en/desk/queues/none/").status_code == 404


@pytest.mark.parametrize("code", QUEUES)
def test_queries_do_not_grow_with_the_rows(sign_in, code, django_assert_max_num_queries):
    client = sign_in(Role.OFFICER)
    counts = []
    for _ in range(2):
        for _ in range(4):
            current()
            EnterpriseFactory()
        with django_assert_max_num_queries(20) as seen:
            client.get(f"/en/desk/queues/{code}/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_look_is_saved_and_the_next_one_opens(sign_in):
    first = current(issued_on=TODAY - dt.timedelta(days=90))
    second = current(issued_on=TODAY - dt.timedelta(days=80))
    client = sign_in(Role.VERIFIER)
    response = client.post(f"/en/desk/certificates/{first.pk}/verify/", look(mark=mark_of(first)))
    assert response.url == f"/en/desk/certificates/{second.pk}/verify/?queue=to-verify"
    step = first.verifications.get()
    assert (step.by.username, step.outcome) == ("verifier", "confirmed")
    page = client.get(response.url).content.decode()
    assert f"Saved: {first.enterprise.name}" in page
    response = client.post(f"/en/desk/certificates/{second.pk}/verify/", look(mark=mark_of(second)))
    assert response.url == "/en/desk/queues/to-verify/"


def test_stay_keeps_the_page(sign_in):
    certificate = current()
    current()
    response = sign_in(Role.VERIFIER).post(
        f"/en/desk/certificates/{certificate.pk}/verify/", look(stay="1", mark=mark_of(certificate))
    )
    assert response.url.startswith(f"/en/desk/certificates/{certificate.pk}/verify/")


def test_a_look_from_a_page_left_open_writes_over_nothing(sign_in):
    certificate = current()
    url = f"/en/desk/certificates/{certificate.pk}/verify/"
    client = sign_in(Role.VERIFIER)
    mine = look(mark=dict(client.get(url).context["kept"])["mark"], reason="mine")
    theirs = look(
        mark=mark_of(certificate), outcome="refuted", note="the body knows no such number"
    )
    assert client.post(url, theirs).status_code == 302
    response = client.post(url, mine)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Somebody looked at this certificate" in page and 'value="mine"' in page
    assert [step.outcome for step in certificate.verifications.all()] == ["refuted"]
    mine["mark"] = dict(response.context["kept"])["mark"]
    assert client.post(url, mine).status_code == 302
    assert certificate.verifications.count() == 2


def test_a_look_pressed_twice_is_one_look(sign_in):
    certificate = current()
    client, said = sign_in(Role.VERIFIER), look(mark=mark_of(certificate))
    url = f"/en/desk/certificates/{certificate.pk}/verify/"
    assert [client.post(url, said).status_code for _ in range(2)] == [302, 302]
    assert certificate.verifications.count() == 1
    other = said | {"note": "seen once more"}
    assert client.post(url, other).status_code == 422
    m.Certificate.objects.filter(pk=certificate.pk).update(scope="other")
    assert client.post(url, said).status_code == 422
    assert certificate.verifications.count() == 1


def test_errors_are_said_on_top_and_at_the_field_and_nothing_is_saved(sign_in):
    certificate = current()
    response = sign_in(Role.VERIFIER).post(
        f"/en/desk/certificates/{certificate.pk}/verify/",
        look(source_seen="", reason="because", outcome="refuted", mark=mark_of(certificate)),
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("Name the register or the person asked") == 2
    assert '<a href="#id_note">' in page and 'value="because"' in page
    assert not certificate.verifications.exists()


def test_a_number_or_a_file_held_twice_is_a_question(sign_in, root):
    first, second = current(number="AB 1"), current(number="ab-1")
    for certificate in (first, second):
        attach_evidence(
            certificate=certificate, file=SimpleUploadedFile("a", pdf()),
            by=person(Role.ADMIN), reason="r",
        )  # fmt: skip
    page = sign_in(Role.VERIFIER).get(f"/en/desk/certificates/{first.pk}/verify/").content.decode()
    assert "Whose is it?" in page and "The very same file" in page
    third = current(scheme=SchemeFactory(code="other"), number="AB 1")
    page = Client()
    page.force_login(person(Role.VERIFIER))
    html = page.get(f"/en/desk/certificates/{third.pk}/verify/").content.decode()
    assert "Whose is it?" not in html and "The very same file" not in html


def test_a_file_is_given_out_so_that_nothing_can_run_or_keep_it(sign_in, root):
    certificate = current()
    client = sign_in(Role.OFFICER)
    url = f"/en/desk/certificates/{certificate.pk}/evidence/"
    assert client.get(url).status_code == 404
    sent = {"file": SimpleUploadedFile("../x<b>.pdf", pdf()), "reason": "by post"}
    assert client.post(url + "add/", sent).status_code == 302
    response = client.get(url)
    assert b"".join(response.streaming_content) == pdf()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f'attachment; filename="certificate-{certificate.pk}.pdf"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].endswith("sandbox")
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["nothing in it", "a program", "a drawing with a script",
                                  "a PDF with a script"])  # fmt: skip
def test_a_bad_file_is_refused_in_words(sign_in, root, name):
    certificate = current()
    response = sign_in(Role.OFFICER).post(
        f"/en/desk/certificates/{certificate.pk}/evidence/add/",
        {"file": SimpleUploadedFile("a.pdf", BAD[name][0]), "reason": "by post"},
    )
    assert response.status_code == 422 and response.context["problem"]
    assert "by post" in response.content.decode()
    assert files(root) == []


class Untouched(io.RawIOBase):
    """A body that must not be read."""

    def read(self, size=-1):
        raise AssertionError("the body was read")


def test_200_megabytes_are_refused_before_they_are_read(sign_in, root):
    certificate = current()
    response = sign_in(Role.OFFICER).generic(
        "POST",
        f"/en/desk/certificates/{certificate.pk}/evidence/add/",
        CONTENT_LENGTH=str(200 * 1024 * 1024),
        CONTENT_TYPE="multipart/form-data; boundary=x",
        **{"wsgi.input": Untouched()},
    )
    assert response.status_code == 413
    assert "larger than 20 MB" in response.content.decode()
    assert files(root) == []


def test_a_file_needs_the_token_of_its_page(root):
    certificate = current()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.OFFICER))
    response = client.post(
        f"/en/desk/certificates/{certificate.pk}/evidence/add/",
        {"file": SimpleUploadedFile("a.pdf", pdf()), "reason": "r"},
    )
    assert response.status_code == 403 and files(root) == []


def test_a_record_is_confirmed_once_a_day_and_its_reason_kept(sign_in):
    enterprise = EnterpriseFactory()
    client = sign_in(Role.OFFICER)
    url = f"/en/desk/enterprises/{enterprise.pk}/confirm/"
    assert client.post(url, {"reason": " "}).status_code == 422
    for _ in range(2):
        assert client.post(url, {"reason": "a call"}).status_code == 302
    enterprise.refresh_from_db()
    assert enterprise.last_confirmed_on == TODAY
    changes = enterprise.events.filter(pgh_label="update")
    assert [one.pgh_context.metadata["reason"] for one in changes.order_by("pgh_id")] == ["a call"]


def test_a_record_of_tomorrow_is_not_confirmed_for_today(sign_in):
    enterprise = EnterpriseFactory(registered_on=TODAY + dt.timedelta(days=3))
    response = sign_in(Role.OFFICER).post(
        f"/en/desk/enterprises/{enterprise.pk}/confirm/", {"reason": "a call"}
    )
    assert response.status_code == 422
    assert m.Enterprise.objects.get(pk=enterprise.pk).last_confirmed_on is None


def test_the_public_profile_shows_the_rung(client):
    certificate = current()
    url = f"/en/suppliers/{certificate.enterprise.public_id}/"
    assert "Claimed only" in client.get(url).content.decode()
    certificate.verifications.create(
        method="register", outcome="confirmed", on=TODAY, by=person(Role.VERIFIER)
    )
    assert "Confirmed with the body" in client.get(url).content.decode()
