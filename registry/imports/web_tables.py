"""Tables of HTML pages: many offices' programs save them under the name ``.xls``."""

from __future__ import annotations

from html.parser import HTMLParser

from registry.imports.workbooks import Sheet

MAX_SPAN = 200


class TableParser(HTMLParser):
    """Gathers the cells of every table; a table within a cell belongs to the outer one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.depth = 0
        self.cell: list[str] | None = None
        self.span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append([])
        elif self.depth == 1 and tag == "tr":
            self.close_cell()
            self.tables[-1].append([])
        elif self.depth == 1 and tag in ("td", "th"):
            self.close_cell()
            if not self.tables[-1]:
                self.tables[-1].append([])
            span = dict(attrs).get("colspan") or "1"
            self.span = min(int(span), MAX_SPAN) if span.isascii() and span.isdigit() else 1
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr") and self.depth == 1:
            self.close_cell()
        elif tag == "table" and self.depth:
            self.close_cell()
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def close_cell(self) -> None:
        if self.cell is not None:
            # A cell over several columns is written in the first of them only.
            self.tables[-1][-1] += ["".join(self.cell).strip(), *[""] * (self.span - 1)]
            self.cell = None


def read_tables(text: str) -> list[Sheet]:
    """Each table as a sheet; none where the page has no rows."""
    parser = TableParser()
    parser.feed(text)
    parser.close()
    parser.close_cell()
    tables = [rows for rows in parser.tables if any(any(row) for row in rows)]
    names = [""] if len(tables) == 1 else [str(n) for n in range(1, len(tables) + 1)]
    return [Sheet(name, rows) for name, rows in zip(names, tables, strict=True)]
