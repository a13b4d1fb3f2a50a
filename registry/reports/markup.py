"""What python-docx has no words for: footnotes, short rules, languages, heads that repeat."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn

FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
FOOTNOTES_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r>'
    "<w:continuationSeparator/></w:r></w:p></w:footnote>"
)
FOOTNOTE = (
    '<w:footnote w:id="{id}"><w:p><w:pPr><w:jc w:val="both"/></w:pPr>'
    '<w:r><w:rPr><w:sz w:val="20"/><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    '<w:r><w:rPr><w:sz w:val="20"/></w:rPr><w:t xml:space="preserve"> {text}</w:t></w:r>'
    "</w:p></w:footnote>"
)


def element(name: str, **attributes: Any) -> Any:
    """An element with attributes, all of WordprocessingML."""
    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), str(value))
    return made


def add_footnotes(document: Document, notes: list[str]) -> None:
    """The notes, numbered from 1; ``refer`` points to them."""
    written = "".join(
        FOOTNOTE.format(id=n, text=escape(text)) for n, text in enumerate(notes, start=1)
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f"<w:footnotes {nsdecls('w')}>{SEPARATORS}{written}</w:footnotes>"
    )
    name = PackURI("/word/footnotes.xml")
    part = Part(name, FOOTNOTES_TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, FOOTNOTES_RELATION)


def refer(paragraph: Any, note: int) -> None:
    """A raised number at the end of the paragraph that leads to the footnote."""
    run = paragraph.add_run()
    run.font.superscript = True
    run._r.append(element("footnoteReference", id=note))


def rule_beneath(paragraph: Any) -> None:
    """A thin line under the paragraph, between its indents."""
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz=6, space=1, color="auto"))
    # The schema has an order: what may follow borders, as far as it is used here.
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def head_repeats(row: Any) -> None:
    """The row stands again on every page of its table, and is its head for readers."""
    row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def stays_whole(row: Any) -> None:
    """No page break within the row."""
    row._tr.get_or_add_trPr().append(element("cantSplit", val="true"))


def speaks(style: Any, language: str) -> None:
    """The language that spelling and readers use; the font for every script."""
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), style.font.name)
    for script in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{script}"), None)  # a font of the theme would win
    properties.append(element("lang", val=language, eastAsia=language))


def mark_language(body: Any, after: int, language: str) -> None:
    """The language of all words that follow the first ``after`` parts of the body."""
    for part in list(body)[after:]:
        for run in part.iter(qn("w:r")):
            run.get_or_add_rPr().append(element("lang", val=language))


def describe(picture: Any, text: str) -> None:
    """The words for those who do not see the picture."""
    picture._inline.docPr.set("descr", text)


def add_page_number(paragraph: Any) -> None:
    """The number of the page, as a field."""
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        if kind:
            run._r.append(element("fldChar", fldCharType=kind))
        else:
            instruction = element("instrText")
            instruction.text = text
            run._r.append(instruction)
