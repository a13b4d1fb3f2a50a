"""Photos are read by what is in them and made anew: only pixels are kept.

What a camera writes beside them (place, device, owner, thumbnails) is dropped; the place
is read out for those who keep it on purpose.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MEGABYTE = 1024 * 1024
LARGEST_SENT = 20 * MEGABYTE
LARGEST_KEPT = 5 * MEGABYTE
MOST_PHOTOS = 6
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2_400
QUALITIES = (85, 70, 50)
FORMATS = ("JPEG", "PNG", "WEBP")
GPS_IFD = 0x8825
WORST = Decimal("0.000001")


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept: JPEG without anything beside its pixels."""

    content: bytes
    width: int
    height: int
    place: tuple[Decimal, Decimal] | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def photo_of(file: BinaryIO, size: int) -> Photo:
    """The photo in a file; raises ValidationError for all but JPEG, PNG and WebP."""
    if size > LARGEST_SENT:
        raise ValidationError(_("A photo of more than 20 MB is not taken."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(file, formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError(_("This photo has too many pixels."))
            place = _place(image)
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except UnidentifiedImageError as error:
        raise ValidationError(_("This is no photo that can be read: JPEG, PNG or WebP.")) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This photo is damaged or cut off.")) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return Photo(_encoded(upright), upright.width, upright.height, place)


def _encoded(image: Image.Image) -> bytes:
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    for quality in QUALITIES:
        out = io.BytesIO()
        clean.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= LARGEST_KEPT:
            break
    return out.getvalue()


def _place(image: Image.Image) -> tuple[Decimal, Decimal] | None:
    """Latitude and longitude in degrees, where the camera wrote both and they can be true."""
    try:
        gps = image.getexif().get_ifd(GPS_IFD)
        latitude = _degrees(gps[2]) * (-1 if gps[1] == "S" else 1)
        longitude = _degrees(gps[4]) * (-1 if gps[3] == "W" else 1)
    except (
        KeyError,
        ValueError,
        TypeError,
        ZeroDivisionError,
        ArithmeticError,
        SyntaxError,
        OSError,
    ):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _degrees(parts: tuple[float, float, float]) -> Decimal:
    hours, minutes, seconds = (Decimal(str(float(part))) for part in parts)
    return (hours + minutes / 60 + seconds / 3600).quantize(WORST)
