"""Writing a plan: all or nothing, once, with its source, and never over anybody's work."""

import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
from urllib.parse import quote

import pghistory.models
import pytest
from django.db import connection, transaction

from registry import models as m
from registry.enterprises.actions import Amendment, RegisterKindConflict, amend_many, start_register
from registry.imports.engine import LOCK, apply_import, plan_import
from registry.imports.problems import ImportBusy, RegisterChanged
from tests.architecture.source import ROOT
from tests.factories import (
    EnterpriseFactory,
    ProvinceFactory,
    SectorFactory,
    SiteFactory,
    UserFactory,
)
from tests.imports.sheets import HANOI, csv_bytes, tax_code, xlsx_bytes

ON = dt.date(2026, 11, 24)
CODE = tax_code(10010910)
FULL = (
    *("Tên doanh nghiệp", "MST", "Địa chỉ", "Số lao động 2025", "Sản phẩm", "Lĩnh vực"),
    *("Website", "Ghi chú", "Ngày thành lập"),
)
ROW = (
    *("Công ty TNHH Ánh Dương", CODE, HANOI, "120", "Bu lông; ốc vít", "components"),
    *("example.vn", "=1+1", "31/12/2010"),
)


def plan(*rows, header=FULL):
    return plan_import(io.BytesIO(csv_bytes(header, *rows)), "danh sách.csv", on=ON)


def apply(found):
    return apply_import(found, by=None, reason="test")


@pytest.fixture
def lists(db):
    ProvinceFactory()
    SectorFactory(code="components")


def test_what_is_written(lists):
    user = UserFactory()
    counts = apply_import(plan(ROW), by=user, reason="Danh sách quý 4")
    assert counts["new"] == 1
    enterprise = m.Enterprise.objects.get()
    assert (enterprise.name, enterprise.tax_code) == (ROW[0], CODE)
    assert (enterprise.source, enterprise.source_ref) == ("danh sách.csv", "row 2")
    assert (enterprise.registered_on, enterprise.founded_on) == (ON, dt.date(2010, 12, 31))
    assert (enterprise.website, enterprise.extra) == ("http://example.vn", {"Ghi chú": "=1+1"})
    assert list(enterprise.sites.values_list("address", "kind", "province__code")) == [
        (HANOI, "head_office", "01")
    ]
    assert set(enterprise.products.values_list("name", flat=True)) == {"Bu lông", "ốc vít"}
    assert list(enterprise.year_figures.values_list("year", "labour")) == [(2025, 120)]
    assert list(enterprise.sectors.values_list("sector__code", "is_primary")) == [
        ("components", True)
    ]
    assert m.Register.objects.get().kind == "real"
    [metadata] = pghistory.models.Context.objects.filter(
        metadata__reason="Danh sách quý 4"
    ).values_list("metadata", flat=True)
    assert metadata["user"] == user.pk


def test_twice_is_once(lists):
    rows = [ROW, ("Công ty B", "", "", "", "", "", "", "", "01/02/2003"), ("Công ty C",), ("",)]
    assert apply(plan(*rows))["new"] == 2
    events = pghistory.models.Events.objects.count()
    again = apply(plan(*rows))
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)
    assert pghistory.models.Events.objects.count() == events


def test_one_list_as_csv_and_as_workbook_is_the_same(lists):
    apply(plan(ROW))
    number_and_day = (*ROW[:3], 120, *ROW[4:8], "2010-12-31")
    workbook = xlsx_bytes(FULL, number_and_day)
    counts = plan_import(io.BytesIO(workbook), "list.xlsx", on=ON).counts()
    assert (counts["unchanged"], counts["rows"]) == (1, 1)


def test_what_is_changed(lists):
    apply(plan(ROW))
    SectorFactory(code="high_tech")
    changed = (
        *("Công ty TNHH Ánh Dương Mới", CODE, "Số 9 phố Thử, Hà Nội", "130", "đai ốc"),
        *("high_tech", "https://new.example.vn", "khác", ""),
    )
    counts = apply(plan(changed))
    assert (counts["changed"], counts["rows"]) == (1, 1)
    enterprise = m.Enterprise.objects.get()
    assert (enterprise.name, enterprise.extra) == (changed[0], {"Ghi chú": "khác"})
    assert enterprise.website == "https://new.example.vn"
    assert enterprise.founded_on == dt.date(2010, 12, 31)
    assert [site.address for site in enterprise.sites.all()] == ["Số 9 phố Thử, Hà Nội"]
    assert enterprise.year_figures.get().labour == 130
    assert enterprise.products.count() == 3
    assert set(enterprise.sectors.values_list("sector__code", "is_primary")) == {
        ("components", True),
        ("high_tech", False),
    }
    assert apply(plan(changed))["unchanged"] == 1


def test_capital_of_the_year_stays_when_employees_change(lists):
    apply(plan(ROW))
    m.YearFigure.objects.update(capital_vnd=5_000_000_000)
    apply(plan((*ROW[:3], "150", *ROW[4:])))
    assert m.YearFigure.objects.values_list("labour", "capital_vnd").get() == (150, 5_000_000_000)


def test_a_first_sector_becomes_the_primary_one(lists):
    EnterpriseFactory(name=ROW[0], tax_code=CODE)
    apply(plan(ROW))
    assert m.EnterpriseSector.objects.get().is_primary


def test_doubtful_and_refused_rows_are_not_written(lists):
    rows = [ROW, ("Công ty B", CODE.removeprefix("0")), ("Công ty C", "ABC"), (*ROW[:2], "x")]
    counts = apply(plan(*rows))
    assert (counts["new"], counts["doubtful"], counts["refused"]) == (1, 1, 2)
    assert m.Enterprise.objects.count() == 1


def test_nothing_to_write_starts_no_register(lists):
    apply(plan(("", "x")))
    assert not m.Register.objects.exists()


def test_a_sample_register_takes_no_real_list(lists):
    start_register(kind="sample", by=None)
    found = plan(ROW)
    assert "fictional sample register" in found.notices[0].message
    with pytest.raises(RegisterKindConflict):
        apply(found)
    assert not m.Enterprise.objects.exists()


@pytest.mark.parametrize("tax", [CODE, None])
def test_a_plan_that_is_out_of_date_writes_nothing(lists, tax):
    found = plan(ROW, ("Công ty B",))
    SiteFactory(enterprise=EnterpriseFactory(name=ROW[0], tax_code=tax), address=HANOI)
    with pytest.raises(RegisterChanged, match="look at the list again"):
        apply(found)
    assert m.Enterprise.objects.count() == 1


def test_a_change_made_after_the_plan_is_not_written_over(lists):
    apply(plan(ROW))
    found = plan((*ROW[:6], "other.example.vn", *ROW[7:]))
    m.Enterprise.objects.update(website="https://theirs.example.vn")
    with pytest.raises(RegisterChanged):
        apply(found)
    assert m.Enterprise.objects.get().website == "https://theirs.example.vn"


def test_two_imports_do_not_run_at_once(lists):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with pytest.raises(ImportBusy, match="Another import"):
            apply(plan(ROW))
    finally:
        other.close()
    assert not m.Enterprise.objects.exists()


def test_the_lock_ends_with_the_import(lists):
    apply(plan(ROW))
    apply(plan(("Công ty B", "", HANOI)))
    assert m.Enterprise.objects.count() == 2


def test_a_site_of_another_enterprise_cannot_be_amended(lists):
    site = SiteFactory()
    amendment = Amendment(
        enterprise_id=EnterpriseFactory().pk, site_fields={site.pk: {"address": "x"}}
    )
    with pytest.raises(ValueError, match="is not of enterprise"):
        amend_many(amendments=[amendment], reason="test", by=None)


def database_url():
    told = connection.settings_dict
    who = ":".join(quote(part, safe="") for part in (told["USER"], told["PASSWORD"]) if part)
    host = quote(str(told["HOST"]), safe="")
    port = f":{told['PORT']}" if told["PORT"] else ""
    return f"postgres://{who}@{host}{port}/{told['NAME']}"


def wait_until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def writers_waiting():
    """Server processes that wait to write sites."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'registry_site'::regclass"
        )
        return [pid for (pid,) in cursor.fetchall()]


def is_alive(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
        return cursor.fetchone() == (1,)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_import_killed_while_it_writes_leaves_nothing(tmp_path):
    """The program is held by a lock between its first and second table, then killed."""
    ProvinceFactory()
    path = tmp_path / "list.csv"
    rows = [(f"Công ty Thử {n}", tax_code(300_100_000 + 20 * n), HANOI) for n in range(300)]
    path.write_bytes(csv_bytes(FULL[:3], *rows))
    command = [sys.executable, "manage.py", "import_enterprises", str(path), "--apply"]
    environment = os.environ | {"DATABASE_URL": database_url()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE registry_site IN EXCLUSIVE MODE")
        program = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        try:
            wait_until(lambda: writers_waiting() or program.poll() is not None)
            [server] = writers_waiting()
        finally:
            program.send_signal(signal.SIGKILL)
            output, _nothing = program.communicate()
        assert program.returncode == -signal.SIGKILL, output
    wait_until(lambda: not is_alive(server))
    for model in (m.Enterprise, m.Site, m.Register):
        assert model.objects.count() == 0, model
    assert pghistory.models.Events.objects.count() == 0
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert (m.Enterprise.objects.count(), m.Site.objects.count()) == (300, 300)


@pytest.mark.slow
def test_five_thousand_rows_change_nothing_the_second_time(lists):
    rows = [
        (f"Công ty TNHH Thử số {n}", tax_code(300_100_000 + 20 * n), HANOI, str(n), f"Vật {n}")
        for n in range(5_000)
    ]
    data = xlsx_bytes(FULL[:5], *rows)
    found = plan_import(io.BytesIO(data), "list.xlsx", on=ON)
    assert found.counts()["new"] == 5_000
    apply(found)
    again = plan_import(io.BytesIO(data), "list.xlsx", on=ON)
    assert again.counts()["unchanged"] == 5_000
