"""Small lists as officers send them, made here: CSV text and the least XLSX there can be."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from registry.imports.columns import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)
HEADER = ("Tên doanh nghiệp", "Mã số thuế", "Địa chỉ")
HANOI = "Số 5 phố Thử, Hà Nội"


def tax_code(number: int) -> str:
    """The tax code that begins with these nine digits, or the next one that can be issued."""
    while True:
        digits = f"{number:09}"
        weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
        rest = sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
        if rest:
            return f"{digits}{10 - rest}"
        number += 1


def csv_bytes(*rows: Sequence[Any], separator: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def cell_xml(reference: str, value: Any) -> str:
    if value is None or value == "":
        return f'<c r="{reference}" s="0"/>'
    if isinstance(value, int | float):
        return f'<c r="{reference}"><v>{value}</v></c>'
    text = escape(str(value))
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def sheet_xml(rows: Iterable[Sequence[Any]], dimension: str = "A1") -> str:
    lines = []
    for number, cells in enumerate(rows, start=1):
        inside = "".join(cell_xml(f"{letters(p)}{number}", v) for p, v in enumerate(cells))
        lines.append(f'<row r="{number}">{inside}</row>')
    return (
        f'<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/>'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def xlsx_bytes(*rows: Sequence[Any], **others: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with one sheet ``List`` of these rows, and other sheets by name."""
    return workbook({"List": sheet_xml(rows)} | {n: sheet_xml(r) for n, r in others.items()})


def workbook(sheets: dict[str, str], more: dict[str, bytes] | None = None) -> bytes:
    """A workbook of ready XML by sheet name, with other parts beside it."""
    numbered = list(enumerate(sheets, start=1))
    entries = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _name in numbered
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{entries}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{targets}</Relationships>'
        ),
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": sheets[name] for n, name in numbered},
        **(more or {}),
    }
    return archive(parts)


def ods_row(text: str, *, rows: int = 1, columns: int = 1) -> str:
    """A row of cells that all hold the text, both repeated by a number."""
    inside = f"<text:p>{text}</text:p>" if text else ""
    kind = ' office:value-type="string"' if text else ""
    return (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell{kind} '
        f'table:number-columns-repeated="{columns}">{inside}</table:table-cell></table:table-row>'
    )


def ods_bytes(*rows: Sequence[str], more: str = "") -> bytes:
    """An OpenDocument workbook with one sheet of these rows."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(cell.format(escape(text)) for text in row)}</table:table-row>"
        for row in rows
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": (
                f"<office:document-content{spaces}><office:body><office:spreadsheet>"
                f'<table:table table:name="List">{lines}{more}</table:table>'
                "</office:spreadsheet></office:body></office:document-content>"
            ),
        }
    )


def archive(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def with_false_size(data: bytes, name: str, size: int) -> bytes:
    """The archive, whose directory now says another unpacked size for one part."""
    changed = bytearray(data)
    place = changed.index(b"PK\x01\x02")
    while changed[place + 46 : place + 46 + len(name)] != name.encode():
        place = changed.index(b"PK\x01\x02", place + 1)
    changed[place + 24 : place + 28] = size.to_bytes(4, "little")
    return bytes(changed)
