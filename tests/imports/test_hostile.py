"""Files that hurt their reader end in words a clerk understands: on the page and in the
command, opened by a process of its own, with nothing kept."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from tests.imports.old_files import locked_xlsx, xls_bytes
from tests.imports.sheets import archive, ods_bytes, sheet_xml, workbook, xlsx_bytes

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROWS = [("Tên doanh nghiệp", "Địa chỉ"), ("Công ty A", "Hà Nội")]
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
DAMAGED = "The workbook is damaged or not a workbook at all."
LOCKED = "The workbook is locked with a password."


def laughs(inside):
    """Ten times ten times … : a few hundred bytes of XML that stand for gigabytes."""
    names = "abcdefghij"
    lines = [f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in itertools.pairwise(names)]
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">{"".join(lines)}]>{inside}'


def far_cell():
    cell = '<c r="XFD1048576"><v>1</v></c>'
    return workbook(
        {"L": f'<worksheet><sheetData><row r="1048576">{cell}</row></sheetData></worksheet>'}
    )


def laughing_xlsx():
    cell = '<c r="A1" t="inlineStr"><is><t>&j;</t></is></c>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    inside = (
        f'<worksheet xmlns="{space}"><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    )
    return workbook({"L": laughs(inside)})


def laughing_ods():
    content = laughs("<office:document-content>&j;</office:document-content>")
    parts = {"mimetype": ODS_KIND, "META-INF/manifest.xml": "<m/>", "content.xml": content}
    return archive(parts)


FILES = Path(__file__).parent / "files"


def cut(data):
    return data[: len(data) * 2 // 3]


HOSTILE = {
    "far cell.xlsx": (far_cell, "reaches to row 1048576 and column 16384"),
    "bomb.xlsx": (
        lambda: workbook({"L": sheet_xml(ROWS) + " " * 60_000_000}),
        "would unpack to 57 MB, far more than a list needs",
    ),
    "laughs.xlsx": (laughing_xlsx, DAMAGED),
    "laughs.ods": (laughing_ods, DAMAGED),
    "locked.xlsx": (locked_xlsx, LOCKED),
    "locked.xls": (lambda: xls_bytes(*ROWS, is_locked=True), LOCKED),
    "really locked.xlsx": ((FILES / "locked.xlsx").read_bytes, LOCKED),
    "really locked.xls": ((FILES / "locked.xls").read_bytes, LOCKED),
    "really locked.ods": ((FILES / "locked.ods").read_bytes, LOCKED),
    "cut.xlsx": (lambda: cut(xlsx_bytes(*ROWS)), DAMAGED),
    "cut.xls": (lambda: cut(xls_bytes(*ROWS)), DAMAGED),
    "cut.ods": (lambda: cut(ods_bytes(*ROWS)), DAMAGED),
    "letter.xlsx": (lambda: b"%PDF-1.7\n" + bytes(99), "This is a file of kind PDF, not a list"),
    "picture.csv": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "This is a file of kind PNG"),
    "text.xls": (lambda: archive({"word/document.xml": "<w/>"}), "a file of kind Word"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_words(client, settings, tmp_path, name):
    settings.IMPORTS_READ_APART = True
    user = give_account(username="officer", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(user)
    make, words = HOSTILE[name]
    content = make()
    answer = client.post("/en/imports/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not m.ImportBatch.objects.exists()
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(CommandError, match=words.split(".")[0]):
        call_command("import_enterprises", str(file))


def test_a_list_is_read_whatever_its_name_says(client, settings):
    user = give_account(username="officer", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(user)
    for name, content in (("a.csv", xls_bytes(*ROWS)), ("a.xlsx", "Tên\nCông ty A".encode())):
        columns = client.post("/en/imports/", {"file": SimpleUploadedFile(name, content)}).url
        client.post(columns, {"header": "1"})
        assert m.ImportRow.objects.latest("pk").name == "Công ty A"
