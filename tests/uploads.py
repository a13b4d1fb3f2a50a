"""Files to attach: harmless ones, and one of each kind that is refused."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from registry import models as m


def evidence_kept_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Evidence goes into this folder for the time of a test; returns the folder."""
    storage = m.Certificate._meta.get_field("evidence").storage
    monkeypatch.setattr(storage, "location", str(folder))
    return folder


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + inside + TRAILER


TRAILER = b"\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def object_stream(packed: bytes, dictionary: bytes = b"/Filter /FlateDecode") -> bytes:
    head = b"2 0 obj\n<< /Type /ObjStm /N 1 " + dictionary + b" >>\nstream\n"
    return pdf(head + packed + b"\nendstream\nendobj\n")


def jpeg() -> bytes:
    frame = b"\xff\xe0" + struct.pack(">H", 4) + b"JF"
    return b"\xff\xd8" + frame + b"\xff\xda\x00\x02" + b"\x11" * 40 + b"\xff\xd9"


def chunk(name: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)


def png() -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\x00\xff"))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
BAD: dict[str, tuple[bytes, str]] = {
    "nothing in it": (b"", "empty"),
    "a program": (b"MZ\x90\x00" + b"\x00" * 200, "not_evidence"),
    "a drawing with a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
                                "not_evidence"),
    "a page": (b"<!doctype html><script>1</script>", "not_evidence"),
    "a PDF with a script": (pdf(SCRIPT), "acts"),
    "a PDF with its script spelled otherwise": (pdf(b"<< /S /Java#53cript >>"), "acts"),
    "a PDF with its script packed": (object_stream(zlib.compress(SCRIPT)), "acts"),
    "a PDF with its script in a plain stream": (object_stream(SCRIPT, b""), "acts"),
    "a PDF packed in a way that is not looked into": (
        object_stream(b"x", b"/Filter [/ASCIIHexDecode /FlateDecode]"), "damaged"),
    "a PDF that says packed and is not": (object_stream(b"x"), "damaged"),
    "a PDF that unpacks without end": (
        object_stream(zlib.compress(b"\x00" * (65 * 1024 * 1024))), "damaged"),
    "a PDF that acts when opened": (pdf(b"<< /OpenAction 3 0 R >>"), "acts"),
    "a PDF that starts a program": (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "acts"),
    "a PDF with a file in it": (pdf(b"<< /Type /EmbeddedFile >>"), "acts"),
    "a PDF with files in it": (pdf(b"<< /EmbeddedFiles 4 0 R >>"), "acts"),
    "a locked PDF": (pdf(b"<< /Encrypt 5 0 R >>"), "locked"),
    "a PDF cut off": (pdf()[:-8], "damaged"),
    "a picture cut off": (jpeg()[:-2], "damaged"),
    "only the head of a JPEG": (b"\xff\xd8\xff\xe0\x00\x10JF", "damaged"),
    "a PNG with a wrong sum": (png()[:-1] + b"\x00", "damaged"),
    "a PNG with a program behind it": (png() + b"MZ" + b"\x00" * 30, "damaged"),
}  # fmt: skip
