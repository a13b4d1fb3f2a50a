"""``manage.py import_enterprises``: a thin shell over the two calls."""

import csv
import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from registry import models as m
from registry.enterprises.actions import start_register
from tests.factories import EnterpriseFactory, ProvinceFactory, SiteFactory, UserFactory
from tests.imports.sheets import HANOI, HEADER, csv_bytes, tax_code

pytestmark = pytest.mark.django_db
CODE = tax_code(10010910)
COUNTS = ("rows", "new", "changed", "unchanged", "doubtful", "refused", "conflict")


@pytest.fixture
def path(tmp_path):
    ProvinceFactory()
    known = EnterpriseFactory(name="Công ty Cũ", tax_code=tax_code(500_100_000))
    SiteFactory(enterprise=known, address=HANOI)
    file = tmp_path / "danh sách.csv"
    file.write_bytes(
        csv_bytes(
            (*HEADER, "Tên viết tắt"),
            ("Công ty Mới", tax_code(400_100_000), HANOI, ""),
            ("Công ty Cũ", known.tax_code, HANOI, "CŨ"),
            ("Công ty Nghi", CODE.removeprefix("0"), HANOI, ""),
            ("Công ty Sai", "ABC", HANOI, ""),
        )
    )
    return file


def run(*arguments):
    out = io.StringIO()
    call_command("import_enterprises", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_json(path):
    found = json.loads(run(path, "--json"))
    assert [found[name] for name in COUNTS] == [4, 1, 1, 0, 1, 1, 0]
    assert set(found) == {*COUNTS, "columns", "problems"}
    assert found["columns"][1] == {
        "column": "Mã số thuế", "meaning": "tax_code", "label": "tax code", "year": None,
    }  # fmt: skip
    assert found["problems"][0]["message"].startswith(
        "Repairs could be offered in 1 row (Lost zero of a tax code: 1)."
    )
    assert [(one["row"], one["column"]) for one in found["problems"]] == [
        (None, None),
        (3, "Tên viết tắt"),
        (4, "Mã số thuế"),
        (5, "Mã số thuế"),
    ]
    assert set(found["problems"][0]) == {"row", "column", "message"}


@pytest.mark.parametrize("how", [[], ["--dry-run"]])
def test_only_looking_writes_nothing(path, how):
    said = run(path, *how)
    assert m.Enterprise.objects.count() == 1
    assert not m.Register.objects.exists()
    assert "Mã số thuế: tax code" in said
    assert "2\tNew\tCông ty Mới" in said
    assert "\tTên viết tắt: “CŨ” is added." in said
    assert f"write {CODE}" in said
    assert "Nothing was written." in said


def test_apply(path):
    said = run(path, "--apply", "--user", UserFactory(username="officer").username)
    assert "The new and changed rows were written." in said
    assert m.Enterprise.objects.get(name="Công ty Mới").source == "danh sách.csv"
    assert m.Enterprise.objects.get(name="Công ty Cũ").short_name == "CŨ"
    assert m.Enterprise.objects.count() == 2


def test_applied_twice(path):
    run(path, "--apply")
    found = json.loads(run(path, "--apply", "--json"))
    assert [found[name] for name in COUNTS] == [4, 0, 0, 2, 1, 1, 0]


@pytest.mark.parametrize("options", [[], ["--json"], ["--apply"], ["--apply", "--json"]])
def test_a_file_that_cannot_be_read(tmp_path, options):
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"%PDF-1.7 and so on")
    out = io.StringIO()
    with pytest.raises(CommandError, match="of kind PDF") as error:
        call_command("import_enterprises", str(file), *options, stdout=out)
    assert error.value.returncode == 1
    if "--json" in options:
        found = json.loads(out.getvalue())
        assert [found[name] for name in COUNTS] == [0] * 7
        [problem] = found["problems"]
        assert (problem["row"], problem["column"]) == (None, None)
        assert "of kind PDF" in problem["message"]


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_no_file(tmp_path, name):
    with pytest.raises(CommandError, match="cannot be opened"):
        run(tmp_path / name)


def test_a_sample_register_says_so(path):
    start_register(kind="sample", by=None)
    assert "fictional sample register" in run(path)
    with pytest.raises(CommandError, match="fictional sample register"):
        run(path, "--apply")
    assert m.Enterprise.objects.count() == 1


def test_an_unknown_account(path):
    with pytest.raises(CommandError, match="no account of the name nobody"):
        run(path, "--apply", "--user", "nobody")
    assert m.Enterprise.objects.count() == 1


def test_a_mapping_says_what_columns_mean(path, tmp_path):
    path.write_bytes(csv_bytes(("Nhà thầu", "Mã"), ("Công ty A", tax_code(400_100_000))))
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"Nhà thầu": "name", "B": "tax_code"}', encoding="utf-8")
    found = json.loads(run(path, "--mapping", mapping, "--json"))
    assert [one["meaning"] for one in found["columns"]] == ["name", "tax_code"]
    assert found["new"] == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "cannot be read"), ('["name"]', "no object"), ('{"A": "x"}', "no meaning of a column")],
)
def test_a_mapping_that_is_none_is_said(path, tmp_path, text, words):
    mapping = tmp_path / "mapping.json"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        run(path, "--mapping", mapping)


def test_the_report_has_the_rows_that_are_not_written(path, tmp_path):
    report = tmp_path / "report.csv"
    run(path, "--report", report)
    text = io.StringIO(report.read_text(encoding="utf-8-sig"))
    header, doubtful, refused = list(csv.reader(text))
    assert header == [*HEADER, "Tên viết tắt", "Reason not written"]
    assert doubtful[0] == "Công ty Nghi"
    assert "lost its first zero" in doubtful[-1]
    assert refused[0] == "Công ty Sai"
    assert refused[-1].startswith("Row 5 of the file: Mã số thuế: “ABC” holds")


def test_a_report_that_cannot_be_written_is_said(path, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        run(path, "--report", tmp_path)
