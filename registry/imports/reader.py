"""The program that opens a file apart from everything that has to go on.

Spreadsheet readers are native code that is fed whatever people send. This process may use
so much memory and time and no more; where it breaks, only one file was not read. It takes
the file on its input, answers with what kind of file it is and the first rows of each
sheet, is told a sheet, and gives that one's rows in portions.

Run by ``registry.imports.apart``, which sends how to read as JSON in the only argument.
"""

from __future__ import annotations

import dataclasses as dc
import itertools
import json
import pickle
import resource
import sys
from typing import Any

import django
from django.conf import settings
from django.utils import translation

from registry.imports.problems import Unreadable
from registry.imports.reading import Reading, Restored, open_file, spoiled

PORTION = 500
FAR_TOO_MUCH = 3
"""Address space for each megabyte of data: programs and libraries take some of it."""


def main() -> None:
    said = json.loads(sys.argv[1])
    settings.configure(
        USE_I18N=True,
        LANGUAGE_CODE=said["language"],
        LOCALE_PATHS=said["locale_paths"],
    )
    django.setup()
    translation.activate(said["language"])
    limit(megabytes=said["megabytes"], seconds=said["seconds"])
    try:
        answer(said["encoding"], said["first"])
    except Unreadable as error:
        send("unreadable", str(error))
    except MemoryError:
        send("memory", None)
    sys.stdin.buffer.read()  # until it is let go, so that it can be seen what it held


def limit(*, megabytes: int, seconds: int) -> None:
    """What goes beyond ends this process, not the machine."""
    data = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (data, data))
    resource.setrlimit(resource.RLIMIT_AS, (FAR_TOO_MUCH * data, FAR_TOO_MUCH * data))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(encoding: str, first: int) -> None:
    length = int.from_bytes(sys.stdin.buffer.read(8))
    reading = open_file(sys.stdin.buffer.read(length), encoding=encoding)
    try:
        send("reading", beginning(reading, first))
        place = sys.stdin.buffer.read(4)
        if not place:
            return  # the first rows were all that was wanted
        rows = iter(reading.sheets[int.from_bytes(place)].rows)
        while portion := list(itertools.islice(rows, PORTION)):
            send("rows", portion)
    except Restored.Lost:
        raise spoiled(reading.encoding) from None
    send("end", None)


def beginning(reading: Reading, first: int) -> Reading:
    """The reading with only the first rows of each sheet."""
    sheets = []
    for sheet in reading.sheets:
        height, width = sheet.far()
        rows = list(itertools.islice(sheet.rows, first))
        sheets.append(dc.replace(sheet, rows=rows, height=height, width=width))
    return dc.replace(reading, sheets=sheets)


def send(kind: str, what: Any) -> None:
    pickle.dump((kind, what), sys.stdout.buffer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
