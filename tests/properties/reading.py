"""Reads a page as a person would: which number stands on, or beside, which link."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from registry.dashboard.indicators import INDICATORS

WHOLE_NUMBER = re.compile(r"[+-]?\d[\d,]*")

Address = tuple[str, frozenset]
"""Path without language, and parameters in any order."""


def address(url: str) -> Address:
    parts = urlsplit(url)
    return parts.path.removeprefix("/en"), frozenset(parse_qsl(parts.query))


def first_number(text: str) -> int | None:
    """The number a text begins with: "12 / 40 (30 %)" is 12."""
    found = WHOLE_NUMBER.match(text.strip())
    return int(found.group().replace(",", "")) if found else None


@dataclass
class Cell:
    text: str = ""
    links: list[str] = field(default_factory=list)
    is_head: bool = False


class Page(HTMLParser):
    """Links with their words, tables as rows of cells, and lists of names by their length."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.tables: list[list[list[Cell]]] = []
        self.headings: dict[str, list[str]] = {"h1": [], "h2": []}
        self.lists: list[int] = []
        self._open: list[tuple[str, str]] = []
        self._cell: Cell | None = None
        self._heading = ""
        self._in_names = False
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        named = dict(attrs)
        if tag == "a":
            self._open.append((named.get("href") or "", ""))
            if self._cell:
                self._cell.links.append(named.get("href") or "")
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = Cell(is_head=tag == "th")
            self.tables[-1][-1].append(self._cell)
        elif tag in self.headings:
            self._heading = tag
            self.headings[tag].append("")
        elif tag == "ul" and named.get("class") == "names":
            self.lists.append(0)
            self._in_names = True
        elif tag == "li" and self._in_names:
            self.lists[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            href, text = self._open.pop()
            self.links.append((href, " ".join(text.split())))
        elif tag in ("td", "th"):
            self._cell = None
        elif tag == self._heading:
            self._heading = ""
        elif tag == "ul":
            self._in_names = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open:
            href, text = self._open[-1]
            self._open[-1] = (href, text + data)
        if self._cell:
            self._cell.text += data
        if self._heading:
            self.headings[self._heading][-1] += data

    def numbers(self) -> list[tuple[Address, int]]:
        """Each list of enterprises linked to, with the number said of it.

        Said by the link itself, or in the row that the link heads.
        """
        found = [
            (address(href), int(text.replace(",", "")))
            for href, text in self.links
            if WHOLE_NUMBER.fullmatch(text) and is_list(href)
        ]
        for row in (row for table in self.tables for row in table):
            heads = [cell.links[0] for cell in row if cell.is_head and cell.links]
            told = [first_number(cell.text) for cell in row if not cell.is_head]
            numbers = [number for number in told if number is not None]
            if heads and numbers and is_list(heads[0]):
                found.append((address(heads[0]), numbers[0]))
        return found


def is_list(href: str) -> bool:
    parts = urlsplit(href).path.removeprefix("/en").strip("/").split("/")
    return parts[0] == "programme" and len(parts) == 2 and parts[1] in INDICATORS


def csv_rows(body: bytes) -> list[list[str]]:
    """The lines of a CSV file without its header."""
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1:]
