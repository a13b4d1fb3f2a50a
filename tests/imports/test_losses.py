"""Letters that were lost before the file came: said by a stated rule, never made up."""

from __future__ import annotations

import io
import unicodedata

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.core.text import MARKS
from registry.imports import actions
from registry.imports.columns import Column, Meaning
from registry.imports.engine import plan_import
from registry.imports.losses import Losses
from registry.imports.problems import Unreadable
from tests.factories import UserFactory
from tests.imports.sheets import HANOI, HEADER, csv_bytes, tax_code

NAME = [Column(0, "Tên", Meaning.NAME)]
LOST = "No name of this list has diacritics: they were lost before the file came here"


def bare(text):
    """The text as a program leaves it that throws the marks away."""
    return MARKS.sub("", unicodedata.normalize("NFD", text)).translate(str.maketrans("đĐ", "dD"))


def found(*names):
    losses = Losses()
    for number, name in enumerate(names, start=2):
        losses.see(number, [name], NAME)
    return losses


def test_a_list_without_any_diacritics_is_told():
    [sentence] = found(
        "CONG TY TNHH CO KHI ANH DUONG", "HTX Binh Minh", "Cty Co phan A"
    ).sentences()
    assert sentence.startswith(LOST)


@pytest.mark.parametrize(
    "names",
    [
        ["Công ty TNHH Cơ khí Ánh Dương", "CÔNG TY CỔ PHẦN B"],
        ["Honda Vietnam Co., Ltd", "Canon Inc"],  # nothing Vietnamese: nothing lost
        ["Công ty TNHH ABC", "Honda Vietnam Co., Ltd"],
        ["Is this A?", "Công ty A? B"],  # questions, not letters
        [],
    ],
)
def test_nothing_is_said_where_nothing_was_lost(names):
    assert found(*names).sentences() == []


def test_single_names_without_diacritics_are_told_by_their_rows():
    losses = found("Công ty Cổ phần A", *["Cong ty TNHH B"] * 12)
    assert losses.sentences() == [
        "12 names are written without diacritics, others have theirs (rows 3, 4, 5, 6, 7, 8, 9, "
        "10, 11, 12 …). Compare them with the certificates before you take them over."
    ]


@pytest.mark.parametrize("name", ["C?ng ty TNHH Cơ khí", "C\ufffdng ty TNHH Cơ khí"])
def test_signs_in_the_place_of_letters_are_told(name):
    [sentence] = found("Công ty A", name).sentences()
    assert sentence.startswith("In 1 row a sign such as “?” stands where letters were (row 3)")


# In use


ROWS = [
    ("Công ty TNHH Cơ khí Ánh Dương", tax_code(10010910), HANOI),
    ("Công ty Cổ phần Điện tử Đông Anh", tax_code(10010920), HANOI),
]
BARE = csv_bytes(*([bare(cell) for cell in row] for row in (HEADER, *ROWS)))
ASKED = csv_bytes(HEADER, ("C?ng ty TNHH Co kh?", ROWS[0][1], HANOI), ROWS[1])


@pytest.mark.django_db
def test_the_pages_say_what_was_lost(client):
    give_account(username="officer", password="long-enough-1", role=Role.OFFICER, by=None)
    client.force_login(m.User.objects.get(username="officer"))
    columns = client.post("/en/imports/", {"file": SimpleUploadedFile("a.csv", BARE)}).url
    assert client.get(columns).content.decode().count(LOST) == 1
    rows = client.post(columns, {"header": "1"}).url
    assert client.get(rows).content.decode().count(LOST) == 1


@pytest.mark.django_db
def test_the_command_says_what_was_lost(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(BARE)
    out = io.StringIO()
    call_command("import_enterprises", str(file), stdout=out)
    assert f"! {LOST}" in out.getvalue()


@pytest.mark.django_db
def test_a_name_with_a_sign_for_a_letter_is_not_taken_over():
    batch = actions.keep_file(name="a.csv", content=ASKED, by=UserFactory())
    actions.check_again(batch_id=batch.pk)
    rows = batch.rows.order_by("number")
    assert list(rows.values_list("outcome", "decision")) == [
        ("doubtful", "leave"),
        ("new", "accept"),
    ]
    [problem] = rows[0].problems
    assert problem["message"] == "“?” stands in the name where a letter was. Write the name anew."


@pytest.mark.django_db
def test_headings_that_lost_their_letters_are_the_reason():
    content = csv_bytes(("T?n doanh nghi?p", "M? s? thu?"), ROWS[0][:2])
    plan = pytest.raises(Unreadable, plan_import, io.BytesIO(content), "a.csv", on=None)
    assert "because letters of the headings were lost" in str(plan.value)


# What still holds its letters reads the same from every variant


def variants():
    text = csv_bytes(HEADER, *ROWS).decode()
    yield "utf-8", text.encode()
    yield "bom", text.encode("utf-8-sig")
    yield "utf-16, tab", csv_bytes(HEADER, *ROWS, separator="\t").decode().encode("utf-16")
    yield "semicolon", csv_bytes(HEADER, *ROWS, separator=";")
    yield "carriage returns", text.replace("\r\n", "\r").encode()
    yield "decomposed", unicodedata.normalize("NFD", text).encode()
    yield "twice", text.encode().decode("latin-1").encode()


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "content"), list(variants()))
def test_every_variant_gives_the_same_rows(kind, content):
    batch = actions.keep_file(name="a.csv", content=content, by=UserFactory())
    actions.check_again(batch_id=batch.pk)
    kept = batch.rows.order_by("number").values_list("outcome", "cells__A", "cells__B", "cells__C")
    texts = [(o, *(unicodedata.normalize("NFC", t) for t in cells)) for o, *cells in kept]
    assert texts == [("new", *row) for row in ROWS]
    batch.refresh_from_db()
    assert not any("lost" in one["message"] for one in batch.notices)
