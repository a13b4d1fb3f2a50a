"""The least compound files and XLS workbooks there can be, made here byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
GLOBALS, WORKSHEET = 0x0005, 0x0010


def container(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams; short ones are filled up to the 4,096 bytes from
    which streams lie in sectors of their own."""
    sectors: list[bytes] = []
    table: list[int] = []

    def add(data: bytes) -> int:
        start, count = len(sectors), max(-(-len(data) // SECTOR), 1)
        data = data.ljust(count * SECTOR, b"\0")
        sectors.extend(data[at : at + SECTOR] for at in range(0, len(data), SECTOR))
        table.extend([*range(start + 1, start + count), END])
        return start

    entries = [entry("Root Entry", 5, END, 0)]
    for name, data in streams.items():
        filled = data.ljust(4096, b"\0")
        entries.append(entry(name, 2, add(filled), len(filled)))
    directory = add(b"".join(entries))
    table.append(TABLE)
    assert len(table) <= SECTOR // 4
    words = [*table, *[FREE] * (SECTOR // 4 - len(table))]
    sectors.append(struct.pack(f"<{len(words)}I", *words))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory, 0, 4096,
                        END, 0, END, 0)  # fmt: skip
    shares = [len(sectors) - 1, *[FREE] * 108]
    return head + struct.pack("<109I", *shares) + b"".join(sectors)


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    wide = name.encode("utf-16-le")
    head = wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide) + 2, kind, 1)
    return (
        head + struct.pack("<III", FREE, FREE, FREE) + bytes(36) + struct.pack("<IQ", start, size)
    )


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def beginning(of: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, of, 0x0DBB, 0x07CC, 0, 6))


def label(row: int, column: int, text: str) -> bytes:
    letters = text.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + letters)


def sheet(rows: Sequence[Sequence[str]], hidden: Sequence[int] = ()) -> bytes:
    """Rows of texts; ``hidden`` are numbers of rows as a spreadsheet program counts them."""
    width = max((len(row) for row in rows), default=0)
    parts = [beginning(WORKSHEET), record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))]
    for at, cells in enumerate(rows):
        flags = 0x0100 | (0x20 if at + 1 in hidden else 0)
        parts.append(record(0x0208, struct.pack("<HHHHHHHH", at, 0, width, 255, 0, 0, flags, 15)))
        parts += [label(at, place, text) for place, text in enumerate(cells)]
    return b"".join([*parts, record(0x000A)])


def xls_bytes(
    *rows: Sequence[str],
    hidden: Sequence[int] = (),
    secret: Sequence[Sequence[str]] = (),
    is_locked: bool = False,
) -> bytes:
    """An XLS workbook with a sheet ``List``, and a hidden one ``Secret`` where it has rows."""
    sheets = {"List": (sheet(rows, hidden), 0)}
    if secret:
        sheets["Secret"] = (sheet(secret), 1)
    lock = record(0x002F, bytes(54)) if is_locked else b""
    names = {name: name.encode("latin-1") for name in sheets}
    length = len(beginning(GLOBALS) + lock) + sum(12 + len(name) for name in names.values()) + 4
    bounds, bodies = b"", b""
    for name, (body, state) in sheets.items():
        at = length + len(bodies)
        short = struct.pack("<BB", len(name), 0) + names[name]
        bounds += record(0x0085, struct.pack("<IBB", at, state, 0) + short)
        bodies += body
    return container({"Workbook": beginning(GLOBALS) + lock + bounds + record(0x000A) + bodies})


def locked_xlsx() -> bytes:
    """How Excel keeps an XLSX workbook with a password ([MS-OFFCRYPTO] 2.3)."""
    return container(
        {"EncryptionInfo": b"\4\0\4\0\x40\0\0\0<encryption/>", "EncryptedPackage": bytes(5000)}
    )
