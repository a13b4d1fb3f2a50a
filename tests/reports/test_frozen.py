"""The report of a release says what was frozen, whatever happened since."""

from __future__ import annotations

import copy
import datetime as dt
import io

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import translation

from registry import models as m
from registry.dashboard.points import Point
from registry.releases.actions import approve_release, prepare_release
from registry.reports.content import Report, cell, report_at
from registry.reports.frozen import report_of
from registry.reports.letter import docx as as_docx
from registry.reports.paper import pdf as as_pdf
from registry.reports.workbook import xlsx as as_xlsx
from registry.templatetags.registry_ui import day_words
from tests.reports.test_report import text_of_docx, text_of_pdf
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def officer(username: str, name: str) -> m.User:
    user = m.User.objects.create_user(username, first_name=name, last_name="Trần")
    codes = ("add_release", "approve_release")
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return user


@pytest.fixture
def release():
    """A prepared release of a small register with a plan, a target and a published figure."""
    small_register(40, seed=3)
    plan = m.PlanDocument.objects.create(
        code="p", title="Chương trình thử", number="6126/QĐ-UBND", scope="hanoi",
        valid_from=TODAY - dt.timedelta(days=900), valid_to=dt.date(2030, 12, 31),
    )  # fmt: skip
    m.Target.objects.create(
        document=plan, indicator="share_international_standard", operator="=", low=35, high=40,
        unit="%", due_on=plan.valid_to, period="2026-2030", source="nguồn của mục tiêu",
    )  # fmt: skip
    m.Baseline.objects.create(
        scope="hanoi", indicator="enterprises_total", as_of="end-2022", qualifier=">", value=20,
        as_of_on=dt.date(2022, 12, 31), source="báo",
    )  # fmt: skip
    m.CountingRule.objects.create(
        version=1, name="Tạm thời", valid_from=dt.date(2000, 1, 1), is_provisional=True, reason="x"
    )
    made = prepare_release(
        on=TODAY, known=None, version=None, period="Quý II/2026", by=officer("lap-01", "Lan")
    )
    made.refresh_from_db()  # as the database keeps it
    return made


def said(report: Report) -> dict:
    """All words and numbers of a report but its notes, which name where it comes from."""
    return {
        language: {
            "title": part.title,
            "basis": part.basis,
            "lines": [
                (one.name, one.value, one.target, one.state, one.baseline, one.remark, one.scale)
                for one in part.lines
            ],
            "tables": [
                (
                    table.heading,
                    [
                        (row.label, [cell(row, line.figure) for line in part.lines])
                        for row in table.rows
                    ],
                )
                for table in part.tables
            ],
            "sources": part.sources,
        }
        for language, part in report.parts.items()
    }


def test_it_is_the_report_of_its_point(release):
    assert said(report_of(release)) == said(report_at(Point(on=TODAY)))


def test_nothing_that_happens_later_changes_it(release):
    before = said(report_of(release))
    m.Enterprise.objects.operating(TODAY).update(closed_on=TODAY)
    m.Target.objects.update(low=1, high=2)
    m.Ward.objects.update(name="Tên mới")
    m.Sector.objects.update(name="Tên mới", name_en="New")
    m.PlanDocument.objects.update(title="Khác")
    release.refresh_from_db()
    assert said(report_of(release)) == before
    assert said(report_at(Point(on=TODAY))) != before


def test_the_payload_is_the_only_source(release):
    """What is frozen is printed even where it does not add up: nothing is worked out anew."""
    release.payload["figures"][2]["value"] = "99.9"
    assert report_of(release).parts["en"].lines[2].value.startswith("99.9")


@pytest.mark.parametrize(
    ("words", "day"), [("end-2022", dt.date(2022, 12, 31)), ("2024-10", dt.date(2024, 10, 31))]
)
def test_the_first_format_has_the_day_of_a_published_figure_in_words(release, words, day):
    for one in release.payload["figures"]:
        if one["baseline"]:
            del one["baseline"]["as_of_on"]
            one["baseline"]["as_of"] = words
    with translation.override("en"):
        written = day_words(day)
    first = report_of(release).parts["en"].lines[0]
    assert first.baseline.endswith(f"({written})")


def test_a_release_of_the_first_format_has_the_same_figures(release):
    expected = said(report_of(release))
    old = copy.deepcopy(release.payload)
    for name in ("sample", "plan", "labels"):
        del old[name]
    for one in old["figures"]:
        for name in ("wholes", "stated"):
            del one[name]
        for name in ("number", "period", "source"):
            (one["target"] or {}).pop(name, None)
        (one["baseline"] or {}).pop("as_of_on", None)
    release.payload = old
    found = said(report_of(release))
    for language, part in found.items():
        assert part["tables"] == expected[language]["tables"]
        for mine, theirs in zip(part["lines"], expected[language]["lines"], strict=True):
            assert (mine[0], mine[1], mine[3], mine[4]) == (
                theirs[0],
                theirs[1],
                theirs[3],
                theirs[4],
            )


def test_the_note_names_release_hash_rule_dates_and_people(release):
    approve_release(release=release, by=officer("duyet-02", "Minh"))
    release.refresh_from_db()
    report = report_of(release)
    for text in (text_of_docx(as_docx(report)), text_of_pdf(as_pdf(report)).replace("- ", "")):
        plain = "".join(text.split())
        for word in (
            "Quý II/2026", release.sha256, "Quy tắc tính số 1", "30/06/2026", "Trần Lan",
            "Trần Minh", "Chương trình thử",
        ):  # fmt: skip
            assert "".join(word.split()) in plain, word
        assert "lap-01" not in text and "duyet-02" not in text
        assert "CHƯA ĐƯỢC PHÊ DUYỆT" not in text
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(report)))
    assert release.sha256 in str(book["Ghi chú"]["A1"].value)


def test_what_nobody_approved_says_so_under_its_title(release):
    report = report_of(release)
    for text in (text_of_docx(as_docx(report)), text_of_pdf(as_pdf(report))):
        assert "CHƯA ĐƯỢC PHÊ DUYỆT" in text and "PREPARED, NOT APPROVED" in text


@pytest.mark.parametrize(("kind", "magic"), [("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_it_is_public_once_approved(client, release, kind, magic):
    url = f"/en/releases/{release.pk}/report.{kind}"
    assert client.get(url).status_code == 404
    approve_release(release=release, by=officer("duyet-02", "Minh"))
    response = client.get(url)
    assert response.content.startswith(magic)
    name = f"bao-cao-cnht-{TODAY}-{release.sha256[:12]}.{kind}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert url in client.get(f"/en/releases/{release.pk}/").content.decode()
    assert client.get(f"/en/releases/{release.pk}/report.exe").status_code == 404


def test_no_enterprise_is_asked_for(release):
    asked: list[str] = []

    def watch(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        report_of(release)
    tables = ("registry_enterprise", "registry_certificate", "registry_supplyrelation")
    assert [sql for sql in asked if any(f'"{table}"' in sql for table in tables)] == []
