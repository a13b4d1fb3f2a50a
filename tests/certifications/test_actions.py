"""Looks and files: what is taken in, what is refused, and that nothing is left behind."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from registry import models as m
from registry.certifications import actions
from registry.certifications.validators import LARGEST, kind_of_evidence
from tests.factories import CertificateFactory, UserFactory
from tests.uploads import BAD, evidence_kept_in, files, jpeg, object_stream, pdf, png

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path, monkeypatch):
    return evidence_kept_in(tmp_path / "evidence", monkeypatch)


def attach(certificate, content, name="a.pdf"):
    return actions.attach_evidence(
        certificate=certificate,
        file=SimpleUploadedFile(name, content),
        by=UserFactory(),
        reason="sent by the holder",
    )


@pytest.mark.parametrize(("content", "kind"), [(pdf(), "pdf"), (jpeg(), "jpg"), (png(), "png")])
def test_a_file_is_kept_under_a_random_name_with_its_sum(root, content, kind):
    certificate = attach(CertificateFactory(), content, "../../Nguyễn Văn A.exe")
    (path,) = files(root)
    assert path.parent == root / "certificates" and path.suffix == f".{kind}"
    assert len(path.stem) == 32 and "Nguy" not in path.name
    assert path.read_bytes() == content
    kept = m.Certificate.objects.get(pk=certificate.pk)
    assert kept.evidence_sha256 == hashlib.sha256(content).hexdigest()
    assert not Path(settings.EVIDENCE_ROOT).is_relative_to(settings.STATIC_ROOT)


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_is_refused_and_nothing_is_stored(root, name):
    content, code = BAD[name]
    certificate = CertificateFactory()
    with pytest.raises(ValidationError) as refused:
        attach(certificate, content, "certificate.pdf")
    assert refused.value.code == code
    assert files(root) == []
    assert not m.Certificate.objects.get(pk=certificate.pk).evidence


def test_a_file_of_the_largest_size_is_read_and_a_byte_more_is_not(root):
    padding = b"%" * (LARGEST - len(pdf()))
    assert kind_of_evidence(io.BytesIO(pdf(padding))) == "pdf"
    with pytest.raises(ValidationError) as refused:
        attach(CertificateFactory(), pdf(padding + b"%"))
    assert refused.value.code == "too_large" and files(root) == []


def test_the_file_goes_again_where_the_record_cannot_be_written(root):
    certificate = CertificateFactory()
    m.Certificate.objects.filter(pk=certificate.pk).delete()
    with pytest.raises(m.Certificate.DoesNotExist):
        attach(certificate, pdf())
    assert files(root) == []


def test_a_harmless_object_stream_is_let_through(root):
    attach(CertificateFactory(), object_stream(zlib.compress(b"1 0 << /Type /Catalog >>")))
    assert len(files(root)) == 1


def record(certificate, **changes):
    told = {
        "method": "register",
        "outcome": "confirmed",
        "source_seen": "https://body.example/register",
        "note": "",
        "on": timezone.localdate(),
        "by": UserFactory(),
        "reason": "yearly look",
    }
    return actions.record_verification(certificate=certificate, **{**told, **changes})


def test_a_look_is_kept_with_who_and_why():
    step = record(CertificateFactory())
    context = step.events.get().pgh_context
    assert context.metadata == {"user": step.by_id, "reason": "yearly look"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"method": "dream"}, "method"),
        ({"outcome": "maybe"}, "outcome"),
        ({"source_seen": " "}, "source_seen"),
        ({"method": "document", "outcome": "not_found"}, "method"),
        ({"outcome": "refuted"}, "note"),
        ({"on": timezone.localdate() + dt.timedelta(days=2)}, "on"),
        ({"on": dt.date(2024, 12, 31)}, "on"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_a_look_that_cannot_be_is_refused(changes, field):
    certificate = CertificateFactory()
    with pytest.raises(actions.LookRefused) as refused:
        record(certificate, **changes)
    assert set(refused.value.problems) == {field}
    assert not certificate.verifications.exists()
