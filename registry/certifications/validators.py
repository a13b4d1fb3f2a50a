"""Checks of evidence files by what is in them; their names are never believed."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024
LARGEST_MEGABYTES = 20
LARGEST = LARGEST_MEGABYTES * MEGABYTE
MOST_UNPACKED = 64 * MEGABYTE

PDF, JPEG, PNG = "pdf", "jpg", "png"
CONTENT_TYPES = {PDF: "application/pdf", JPEG: "image/jpeg", PNG: "image/png"}

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
TAIL = 2048
# Names long enough not to stand by chance in the packed pixels of a scan.
ACTS = re.compile(
    rb"/(?:JavaScript|OpenAction|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm)\b"
)
LOCKED = re.compile(rb"/Encrypt\b")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[A-Za-z0-9]+)")


def kind_of_evidence(file: BinaryIO) -> str:
    """``pdf``, ``jpg`` or ``png`` of an open file of at most 20 MB; leaves it at its start.

    Raises ValidationError with what is wrong in words. A PDF that acts on its own when it
    is opened, carries other files or is locked is refused.
    """
    file.seek(0)
    content = file.read(LARGEST + 1)
    file.seek(0)
    if not content:
        raise ValidationError(_("The file is empty."), "empty")
    if len(content) > LARGEST:
        raise too_large()
    if content.startswith(b"%PDF-"):
        check_pdf(content)
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        check_jpeg(content)
        return JPEG
    if content.startswith(PNG_SIGNATURE):
        check_png(content)
        return PNG
    raise ValidationError(
        _("This is not a PDF, JPEG or PNG file, whatever its name says."), "not_evidence"
    )


def too_large() -> ValidationError:
    return ValidationError(
        _("The file is larger than %(most)s MB."), "too_large", {"most": LARGEST_MEGABYTES}
    )


def damaged() -> ValidationError:
    return ValidationError(_("The file is damaged or not complete."), "damaged")


def check_pdf(content: bytes) -> None:
    """Raises ValidationError for a PDF that is cut off, locked, or does something."""
    if b"%%EOF" not in content[-TAIL:] or b"startxref" not in content[-TAIL:]:
        raise damaged()
    left = MOST_UNPACKED
    for part in (content, *packed_objects(content)):
        if part is not content:
            left -= len(part)
        if left <= 0:
            raise damaged()
        plain = ESCAPED.sub(lambda hit: bytes([int(hit[1], 16)]), part)
        if LOCKED.search(plain):
            raise ValidationError(_("The PDF is locked with a password."), "locked")
        if ACTS.search(plain):
            raise ValidationError(
                _(
                    "The PDF holds a script, an action of its own or another file. "
                    "Print it to a new PDF or send a picture of it."
                ),
                "acts",
            )


def packed_objects(content: bytes) -> list[bytes]:
    """The contents of object streams, in which a PDF can pack its own structure."""
    unpacked, left = [], MOST_UNPACKED
    for mark in STREAM.finditer(content):
        before = content[max(0, mark.start() - TAIL) : mark.start()]
        head = ESCAPED.sub(lambda hit: bytes([int(hit[1], 16)]), before.rpartition(b"obj")[2])
        if b"/ObjStm" not in head:
            continue
        filters = FILTER.search(head)
        if filters is None:
            unpacked.append(content[mark.end() :].partition(b"endstream")[0])
            continue
        if re.findall(rb"/([A-Za-z0-9]+)", filters[1]) != [b"FlateDecode"]:
            raise damaged()
        try:
            part = zlib.decompressobj().decompress(content[mark.end() :], left)
        except zlib.error:
            raise damaged() from None
        left -= len(part)
        if left <= 0:
            raise damaged()
        unpacked.append(part)
    return unpacked


def check_jpeg(content: bytes) -> None:
    """Raises ValidationError unless the segments lead to a picture that has an end."""
    place = 2
    while True:
        if content[place : place + 1] != b"\xff" or place + 4 > len(content):
            raise damaged()
        marker = content[place + 1]
        if marker == 0xFF:  # padding
            place += 1
            continue
        if marker == 0xDA:  # the picture itself begins
            break
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if length < 2:
            raise damaged()
        place += 2 + length
    if b"\xff\xd9" not in content[-TAIL:]:
        raise damaged()


def check_png(content: bytes) -> None:
    """Raises ValidationError unless the chunks are whole, the first IHDR, the last IEND."""
    place, names = len(PNG_SIGNATURE), []
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        body = content[place + 4 : place + 8 + length]
        told = content[place + 8 + length : place + 12 + length]
        if len(told) != 4 or zlib.crc32(body) != int.from_bytes(told, "big"):
            raise damaged()
        names.append(body[:4])
        place += 12 + length
    if len(names) < 3 or names[0] != b"IHDR" or names[-1] != b"IEND":
        raise damaged()
