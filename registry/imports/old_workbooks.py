"""What an XLS file says of itself that its reader does not tell: locks and hidden rows.

An XLS file is a container of streams ([MS-CFB]) in one of which the workbook lies as
records ([MS-XLS]): sheets (BOUNDSHEET8), rows with their height and whether they are
hidden (ROW), and FILEPASS where it is locked. Nothing here is larger than the file.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator

BOUND_SHEET, FILE_PASS, ROW, END_OF_PART = 0x0085, 0x002F, 0x0208, 0x000A
FIRST_SHARES = 109
LOWEST_MARK = 0xFFFFFFFA
"""Numbers of sectors end here; above are marks such as the end of a chain."""

BROKEN = (ValueError, struct.error, KeyError, IndexError)
LOCKED = "EncryptedPackage"
"""The stream in which a locked XLSX workbook lies within such a container."""


class Container:
    """The streams of a compound file; raises ValueError or struct.error where it is damaged."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << self._number("<H", 30)
        self.mini_size = 1 << self._number("<H", 32)
        if not 128 <= self.size <= 65_536 or not 16 <= self.mini_size <= self.size:
            raise ValueError("size of sectors")
        self.next = self._table(self._places_of_table())
        directory = list(self._directory())
        self.entries = dict(directory)
        self.within = directory[0][1][0]  # of the root: where the short streams lie

    def stream(self, name: str) -> bytes:
        start, length = self.entries[name]
        if length >= self._number("<I", 56):
            return self._chain(start)[:length]
        inside = self._chain(self.within)
        follows = self._words(self._chain(self._number("<I", 60)))
        pieces = [
            inside[place * self.mini_size : (place + 1) * self.mini_size]
            for place in walked(start, follows)
        ]
        return b"".join(pieces)[:length]

    def _number(self, kind: str, at: int) -> int:
        [found] = struct.unpack_from(kind, self.data, at)
        return int(found)

    def _sector(self, place: int) -> bytes:
        at = (place + 1) * self.size
        if at >= len(self.data):
            raise ValueError("sector beyond the end")
        return self.data[at : at + self.size]

    @staticmethod
    def _words(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def _places_of_table(self) -> list[int]:
        places = list(struct.unpack_from(f"<{FIRST_SHARES}I", self.data, 76))
        more, left = self._number("<I", 68), self._number("<I", 72)
        while more < LOWEST_MARK and left > 0:
            *further, more = self._words(self._sector(more))
            places += further
            left -= 1
            if len(places) * self.size > len(self.data) + FIRST_SHARES * self.size:
                raise ValueError("more than the file holds")
        return [place for place in places if place < LOWEST_MARK]

    def _table(self, places: list[int]) -> list[int]:
        return [word for place in places for word in self._words(self._sector(place))]

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(place) for place in walked(start, self.next))

    def _directory(self) -> Iterator[tuple[str, tuple[int, int]]]:
        data = self._chain(self._number("<I", 48))
        for at in range(0, len(data) - 127, 128):
            [length] = struct.unpack_from("<H", data, at + 64)
            name = data[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            yield name, struct.unpack_from("<II", data, at + 116)


def walked(start: int, follows: list[int]) -> Iterator[int]:
    """The places of a chain; raises ValueError where it leads back or out."""
    left = len(follows)
    while start < LOWEST_MARK:
        if start >= len(follows) or not left:
            raise ValueError("chain without an end")
        yield start
        start = follows[start]
        left -= 1


def is_locked(data: bytes) -> bool:
    """Whether a password is needed; False for what cannot be understood."""
    try:
        container = Container(data)
        if LOCKED in container.entries:
            return True
        kinds = (kind for kind, _content in records(workbook_in(container), 0))
        return FILE_PASS in kinds
    except BROKEN:
        return False


def hidden_rows(data: bytes) -> dict[str, tuple[int, ...]]:
    """Numbers of the hidden rows by the name of their sheet; none of what is not understood."""
    hidden: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    try:
        workbook = workbook_in(Container(data))
        for kind, content in records(workbook, 0):
            if kind == BOUND_SHEET:
                [at] = struct.unpack_from("<I", content)
                hidden[sheet_name(content)] = tuple(hidden_from(workbook, at))
    except BROKEN:
        return {}
    return dict(hidden)


def workbook_in(container: Container) -> bytes:
    """The stream of the records; raises KeyError where there is none."""
    return container.stream("Workbook" if "Workbook" in container.entries else "Book")


def records(workbook: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of a workbook, from its beginning to its end."""
    while at + 4 <= len(workbook):
        kind, length = struct.unpack_from("<HH", workbook, at)
        yield kind, workbook[at + 4 : at + 4 + length]
        if kind == END_OF_PART:
            return
        at += 4 + length


def hidden_from(workbook: bytes, at: int) -> Iterator[int]:
    for kind, content in records(workbook, at):
        if kind == ROW and len(content) >= 14 and content[12] & 0x20:
            yield int.from_bytes(content[:2], "little") + 1


def sheet_name(content: bytes) -> str:
    """The name in a BOUNDSHEET8 record: a length, a flag, letters of one or two bytes."""
    length, is_wide = content[6], content[7] & 1
    letters = content[8 : 8 + (2 * length if is_wide else length)]
    return letters.decode("utf-16-le" if is_wide else "latin-1")
