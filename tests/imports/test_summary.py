"""The summary of a list: its numbers are the rows of the review, its words the same everywhere."""

from __future__ import annotations

import ast
import hashlib
import inspect
import io
import re
from collections import Counter

import docx
import pytest
from django.utils import translation

from registry import models as m
from registry.imports import actions, checking, comparing, matching, tax_codes, values
from registry.imports.decisions.actions import decide_new
from registry.imports.review import actions as review
from registry.imports.summary.queries import summary_of
from registry.imports.summary.reasons import PARTS, REASONS, reason_of, retold, words_of
from registry.imports.summary.telling import tell
from registry.reports.list_letter import list_docx
from tests.factories import EnterpriseFactory, ProvinceFactory, SiteFactory, UserFactory
from tests.imports.reviewing import asked, decide, reviewed, written
from tests.imports.sheets import HANOI, csv_bytes, tax_code

pytestmark = pytest.mark.django_db
CODE, OTHER = tax_code(10010910), tax_code(10010920)
NAME = "Công ty TNHH Cơ khí Ánh Dương"
HEADER = (
    "Tên doanh nghiệp",
    "MST",
    "Địa chỉ",
    "Website",
    "Hình thức sở hữu",
    "Ghi chú",
    "Điện thoại",
)
LINES = [
    HEADER,
    ("Công ty TNHH Bình Minh", tax_code(10010930), HANOI, "", "Liên doanh", "x", "0912345678"),
    ("Công ty TNHH Hoàng Hôn", tax_code(10010950), HANOI, "", "Liên hợp", "", ""),
    (NAME, CODE, HANOI, "https://moi.vn", "", "", ""),
    (NAME.upper(), OTHER, HANOI, "", "", "", ""),
    ("Công ty C", "12", HANOI, "", "", "", ""),
    ("Công ty D", "123", HANOI, "", "", "", ""),
    ("Công ty E", "A1234", HANOI, "", "", "", ""),
    ("", "", HANOI, "", "", "", ""),
]


@pytest.fixture
def known():
    hanoi = ProvinceFactory(code="01", name="Thành phố Hà Nội")
    enterprise = EnterpriseFactory(name=NAME, tax_code=CODE)
    SiteFactory(enterprise=enterprise, address=HANOI, province=hanoi)
    return enterprise


@pytest.fixture
def batch(known):
    return reviewed(LINES)


def summed(batch):
    batch = m.ImportBatch.objects.get(pk=batch.pk)
    return summary_of(batch, actions.shape(batch))


def test_numbers_are_the_rows_of_the_review(batch):
    review.decide(batch_id=batch.pk, numbers=[3], accept=False, by=UserFactory())
    found = summed(batch)
    rows = list(batch.rows.all())
    assert found.total == len(rows) == len(LINES) - 1
    by_outcome = Counter(row.outcome for row in rows)
    assert {k: n for k, n in found.outcomes.items() if n} == dict(by_outcome)
    assert found.outcomes == {
        "new": 2, "changed": 1, "unchanged": 0, "doubtful": 1, "conflict": 0, "refused": 4,
    }  # fmt: skip
    taken = Counter(row.outcome for row in rows if row.decision == "accept")
    assert (found.accepted, found.left) == (dict(taken), {"new": 1, "changed": 0})
    assert found.total == sum(found.outcomes.values())


def test_reasons_are_grouped_and_counted_by_row(batch):
    assert [(one.outcome, one.column, one.reason, one.rows) for one in summed(batch).why] == [
        ("doubtful", "Tên doanh nghiệp", "Name and place of a row above", 1),
        ("refused", "MST", "Tax code with a wrong number of digits", 2),
        ("refused", "MST", "Tax code with other signs than digits", 1),
        ("refused", "Tên doanh nghiệp", "No name", 1),
    ]
    assert [(one.reason, one.rows) for one in summed(batch).remarks] == [
        ("Ownership kept as text", 2)
    ]


def test_reasons_are_in_the_readers_language_whoever_checked(batch):
    with translation.override("vi"):
        actions.check_again(batch_id=batch.pk)
        found = summed(batch)
        assert "Mã số thuế sai số chữ số" in [one.reason for one in found.why]
    assert [one.reason for one in found.why] == [one.reason for one in summed(batch).why]
    assert "Tax code with a wrong number of digits" in [one.reason for one in summed(batch).why]


def test_every_reason_is_found_by_its_message():
    for template, label in REASONS.items():
        for language in ("vi", "en"):
            with translation.override(language):
                message = translation.gettext(template)
                values = {name: "“x” (y) 5" for name in _names(template)}
                assert words_of(reason_of(message % values)) == str(label)


@pytest.mark.parametrize(("said_in", "read_in"), [("vi", "en"), ("en", "vi"), ("vi", "vi")])
def test_what_was_said_of_a_row_is_told_in_the_readers_language(said_in, read_in):
    for template in (*REASONS, *PARTS):
        values = {name: f"“{name}” (y) 5" for name in _names(template)}
        told = []
        for language in (said_in, read_in):
            with translation.override(language):
                if "problem" in values:
                    values["problem"] = translation.gettext(PARTS[0]) % {"text": "x.y"}
                told.append(translation.gettext(template) % values)
        with translation.override(read_in):
            assert retold(told[0]) == told[1]
    assert retold("Something new.") == "Something new."


def _names(template):
    return re.findall(r"%\((\w+)\)s", template)


def test_what_has_no_short_reason_keeps_its_words():
    assert reason_of("Something new.") == "Something new."


def test_who_and_when_and_what_was_written(batch):
    loader = m.ImportBatch.objects.get(pk=batch.pk).uploaded_by
    told = tell(summed(batch))
    facts = dict(told.facts)
    assert facts["File"] == "list.csv"
    assert facts["SHA-256"] == hashlib.sha256(csv_bytes(*LINES)).hexdigest()
    assert facts["Loaded"].endswith(f", {loader}")
    assert "Written" not in facts
    assert told.intro == (
        "The list has 8 rows: 2 new, 1 changed, 0 unchanged, 1 doubtful, 0 in conflict, "
        "4 refused. Nothing has been written yet. Accepted so far: 2 new and 1 changed; left "
        "out: 0."
    )
    writer = UserFactory()
    assert written(batch, by=writer) == 3
    told = tell(summed(batch))
    assert dict(told.facts)["Written"].endswith(f", {writer}")
    assert told.intro.endswith(
        "Written into the register: 2 new and 1 changed; left out by decision: 0."
    )
    actions.take_back(batch_id=batch.pk, by=writer)
    assert "have been taken back" in tell(summed(batch)).intro


def test_what_was_guessed_mended_and_decided_is_said(batch):
    actions.mend(batch_id=batch.pk, number=6, cells={"B": tax_code(10010970)})
    clash = (NAME, tax_code(10010990), HANOI, "", "", "", "")
    other = reviewed([HEADER, clash])
    decide(other, 2, new=True)
    remarks = tell(summed(batch)).remarks
    assert remarks[:3] == (
        "Columns understood: Tên doanh nghiệp → legal name; MST → tax code; Địa chỉ → address "
        "of the head office; Website → website; Hình thức sở hữu → ownership.",
        "Columns not understood, kept beside the records: Ghi chú.",
        "Columns of contact persons, not read: Điện thoại.",
    )
    assert "Cells mended in the review: 1, in 1 rows." in remarks
    assert "Decided by an officer: A new record (1)." in tell(summed(other)).remarks


def test_the_letter_says_what_the_page_says(batch):
    document = docx.Document(io.BytesIO(list_docx(summed(batch))))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    with translation.override("vi"):
        told = tell(summed(batch))
    assert told.title in text and told.intro in text
    for label, said in told.facts:
        assert f"- {label}: {said}" in text
    for remark in told.remarks:
        assert f"- {remark}" in text
    tables = [
        [[cell.text for cell in row.cells] for row in table.rows] for table in document.tables
    ]
    assert tables[1:-1] == [
        [list(line) for line in (table.head, *table.lines)] for table in told.tables
    ]
    above = "\n".join(cell.text for cell in document.tables[0].rows[0].cells)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in above
    section = document.sections[0]
    margins = (section.top_margin.mm, section.bottom_margin.mm, section.left_margin.mm)
    assert [round(one) for one in margins] == [20, 20, 30]


def test_the_text_to_copy_says_each_number_with_its_word(batch):
    lines = tell(summed(batch)).as_text().splitlines()
    at = lines.index("Rows read")
    assert lines[at + 1 : at + 4] == [
        "- New: 2 (accepted 2, left out 0)",
        "- Changed: 1 (accepted 1, left out 0)",
        "- Unchanged: 0",
    ]
    assert "- Refused, MST, Tax code with a wrong number of digits: 2" in lines


def test_a_decision_counts_when_the_rows_were_checked_with_it(known):
    batch = reviewed([HEADER, (NAME, tax_code(10010990), HANOI, "", "", "", "")])
    mark = asked(batch, 2).mark()
    decide_new(batch_id=batch.pk, number=2, mark=mark, by=UserFactory())
    assert summed(batch).decided == {}
    actions.check_again(batch_id=batch.pk)
    assert summed(batch).decided == {"new": 1}


def test_no_contact_person_is_in_the_summary(batch):
    assert "0912345678" not in tell(summed(batch)).as_text()


def test_an_empty_list_is_told_too(known):
    batch = reviewed([HEADER])
    assert summed(batch).total == 0
    assert tell(summed(batch)).intro.startswith("The list has 0 rows")


def test_signs_that_a_word_document_cannot_hold_are_left_out(known):
    header = (*HEADER[:5], "Ghi chú\x01 A", "Điện thoại")
    batch = reviewed([header, ("Công ty\x02 C", "12", HANOI, "", "", "x\x0b", "")])
    document = docx.Document(io.BytesIO(list_docx(summed(batch))))
    assert "Ghi chú A" in "\n".join(paragraph.text for paragraph in document.paragraphs)


CHECKS = (checking, comparing, matching, tax_codes, values)
NO_PROBLEMS = {
    "“%(old)s” becomes “%(new)s”.",
    "“%(new)s” is added.",
    "place of %(address)s",
    # Said as a part of "%(problem)s It is kept as text."
    "“%(text)s” is not one web address.",
    "“%(text)s” is no coordinate in Viet Nam (decimal degrees %(from)s to %(to)s).",
}


def test_whatever_is_said_of_a_row_has_its_reason():
    said = {
        call.args[0].value
        for module in CHECKS
        for call in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "_"
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(said) > 30
    assert said - NO_PROBLEMS - set(REASONS) == set()
