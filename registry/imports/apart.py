"""Opens files in a process of their own (``registry.imports.reader``), row by row.

Where the setting ``IMPORTS_READ_APART`` is off, as in the tests, the same is done here.
"""

from __future__ import annotations

import itertools
import json
import logging
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.core.memory import most_memory
from registry.imports.problems import Unreadable
from registry.imports.reader import beginning
from registry.imports.reading import Reading, Restored, open_file, spoiled

logger = logging.getLogger(__name__)

MEGABYTES = 320
"""What opening one file may hold; 100,000 rows by 12 columns need 150."""

SECONDS = 120
"""Processor seconds for one file; 100,000 rows need 10."""

SECONDS_AT_ONCE = 10
"""Processor seconds for a file that somebody waits for with a page open."""

BYTES_AT_ONCE = 1024 * 1024
"""Larger files, from about 7,000 rows on, are looked at by the worker."""

FIRST = 250
"""Rows by which letters, header and columns are told."""


class OpenFile:
    """A file as it was found to be, with the first rows of each sheet; then all rows."""

    reading: Reading

    def rows(self, place: int) -> Iterator[list[Any]]:
        """Every row of the sheet at this place of ``reading.sheets``; once only."""
        raise NotImplementedError


@contextmanager
def opened(
    data: bytes, *, encoding: str = "", first: int = FIRST, seconds: int | None = None
) -> Iterator[OpenFile]:
    """The file of these bytes while it is looked at.

    Raises :class:`Unreadable`, also from ``rows``, whatever the file does to its reader.
    """
    if not settings.IMPORTS_READ_APART:
        yield Here(data, encoding, first)
        return
    said = {
        "encoding": encoding,
        "first": first,
        "language": get_language() or settings.LANGUAGE_CODE,
        "locale_paths": [str(path) for path in settings.LOCALE_PATHS],
        "megabytes": MEGABYTES,
        "seconds": min(seconds or SECONDS, SECONDS),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "registry.imports.reader", json.dumps(said)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            file = Apart(process, data)
            del data  # the reader has it; here it would be held as long as rows are read
            yield file
        finally:
            if logger.isEnabledFor(logging.DEBUG):
                logger.debug("The reader held %s bytes at most.", most_memory(process.pid))
            process.kill()
            with suppress(BrokenPipeError):
                process.stdin.close()  # type: ignore[union-attr]


class Here(OpenFile):
    """A file that is opened in this process."""

    def __init__(self, data: bytes, encoding: str, first: int) -> None:
        self.whole = open_file(data, encoding=encoding)
        with self.letters_are_there():
            self.reading = beginning(self.whole, first)

    def rows(self, place: int) -> Iterator[list[Any]]:
        with self.letters_are_there():
            yield from self.whole.sheets[place].rows

    @contextmanager
    def letters_are_there(self) -> Iterator[None]:
        try:
            yield
        except Restored.Lost:
            raise spoiled(self.whole.encoding) from None


class Apart(OpenFile):
    """A file that is opened by another process, which may break."""

    def __init__(self, process: subprocess.Popen, data: bytes) -> None:
        self.process = process
        self.send(len(data).to_bytes(8))
        self.send(data)
        _kind, self.reading = self.receive()

    def rows(self, place: int) -> Iterator[list[Any]]:
        self.send(place.to_bytes(4))
        while True:
            kind, rows = self.receive()
            if kind == "end":
                return
            yield from rows

    def send(self, data: bytes) -> None:
        assert self.process.stdin
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError:
            raise broken(self.process.wait()) from None

    def receive(self) -> tuple[str, Any]:
        assert self.process.stdout
        try:
            # Only what our own program wrote is unpickled.
            kind, what = pickle.load(self.process.stdout)
        except (EOFError, pickle.UnpicklingError):
            raise broken(self.process.wait()) from None
        if kind == "unreadable":
            raise Unreadable(what)
        if kind == "memory":
            raise too_large()
        return kind, what


def broken(code: int) -> Unreadable:
    """What is to be said where the reader ended without an answer."""
    if code == -signal.SIGXCPU:
        return Unreadable(
            _(
                "The file takes longer to open than any list does, and was let go. Copy the "
                "rows of the list into a new workbook and save that one."
            )
        )
    if code == -signal.SIGABRT:  # how the native reader ends without memory
        return too_large()
    return Unreadable(
        _(
            "The file broke the program that opens it; nothing else was touched. Open it in a "
            "spreadsheet program and save it again as XLSX."
        )
    )


def too_large() -> Unreadable:
    return Unreadable(
        _(
            "The file needs more memory to open than any list does, and was let go. Copy the "
            "rows of the list into a new workbook and save that one."
        )
    )


def first_rows(header: int) -> int:
    """How many rows are needed where an officer says in which row the headings are."""
    return max(FIRST, header + 2)


def portions(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """The rows in lists of this length."""
    while portion := list(itertools.islice(rows, size)):
        yield portion
