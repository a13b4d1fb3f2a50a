"""Photos are read by what is in them; only pixels are kept."""

from __future__ import annotations

import io
import struct
import zlib
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from registry.visits.validators import LARGEST_KEPT, LARGEST_SENT, photo_of
from tests.uploads import chunk

GPS = {1: "N", 2: (21.0, 1.0, 42.6), 3: "E", 4: (105.0, 51.0, 15.0)}


def picture(form="JPEG", size=(60, 40), exif=None, colour="red"):
    image, out = Image.new("RGB", size, colour), io.BytesIO()
    image.save(out, form, **({"exif": exif} if exif else {}))
    return out.getvalue()


def exif(gps=None, orientation=None):
    found = Image.Exif()
    found[0x010F] = "Maker of the phone"
    found[0x9003] = "2026:06:01 10:00:00"
    if orientation:
        found[0x0112] = orientation
    if gps:
        found[0x8825] = gps
    return found


def read(content):
    return photo_of(io.BytesIO(content), len(content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_are_taken_and_kept_as_jpeg(form):
    kept = read(picture(form, exif=exif(GPS)))
    again = Image.open(io.BytesIO(kept.content))
    assert (again.format, again.size) == ("JPEG", (60, 40))
    assert dict(again.getexif()) == {}
    assert b"Maker of the phone" not in kept.content
    assert b"Exif" not in kept.content


def test_the_place_is_read_out_but_not_left_in():
    kept = read(picture(exif=exif(GPS)))
    assert kept.place == (Decimal("21.028500"), Decimal("105.854167"))
    south = read(picture(exif=exif(GPS | {1: "S", 3: "W"})))
    assert south.place == (Decimal("-21.028500"), Decimal("-105.854167"))


@pytest.mark.parametrize("gps", [None, {1: "N"}, {**GPS, 2: (200.0, 0.0, 0.0)}, {2: GPS[2]}])
def test_a_place_that_cannot_be_is_none(gps):
    assert read(picture(exif=exif(gps))).place is None


def test_a_photo_stands_upright():
    kept = read(picture(exif=exif(orientation=6)))
    assert (kept.width, kept.height) == (40, 60)


def test_a_large_photo_becomes_small():
    noise = Image.effect_noise((5_000, 3_000), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=80)
    kept = read(out.getvalue())
    assert max(kept.width, kept.height) == 2_400
    assert len(kept.content) <= LARGEST_KEPT


def many_pixels():
    """A PNG that says it is 40,000 by 40,000 and holds almost nothing."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\x00" * 1_000))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


def gif():
    out = io.BytesIO()
    Image.new("P", (5, 5)).save(out, "GIF")
    return out.getvalue()


BAD = {
    "empty": b"",
    "a program": b"MZ\x90\x00" + b"\x00" * 200,
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "a PDF": b"%PDF-1.7\n%%EOF",
    "a GIF": gif(),
    "cut off": picture(size=(600, 400), colour="blue")[:400],
    "only a head": picture()[:20],
    "too many pixels": many_pixels(),
}


@pytest.mark.parametrize("content", BAD.values(), ids=list(BAD))
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(ValidationError) as refused:
        read(content)
    assert refused.value.messages[0]


def test_what_is_far_too_large_is_not_even_opened():
    with pytest.raises(ValidationError):
        photo_of(io.BytesIO(b"x"), LARGEST_SENT + 1)


def test_a_program_behind_the_pixels_is_not_kept():
    kept = read(picture() + b"MZ<script>alert(1)</script>")
    assert b"script" not in kept.content
