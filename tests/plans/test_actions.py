"""Targets and baselines as published: every row, its operator, its band, its source."""

import csv
import datetime as dt
from decimal import Decimal

import pghistory
import pytest

from registry import models as m
from registry.plans import actions

pytestmark = pytest.mark.django_db

TARGETS = """\
HN-2020 enterprises_total ~ 900 - enterprise 2020
HN-2020 enterprises_international_standard ~ 400 - enterprise 2020
HN-2020 share_of_manufacturing_value ~ 18 - % 2020
HN-2020 si_industrial_index_growth > 12 - %/yr 2020
HN-2021 enterprises_total ~ 900 - enterprise 2021
HN-2021 enterprises_international_standard ~ 300 - enterprise 2021
HN-2021 share_of_manufacturing_value ~ 16 - % 2021
HN-2021 si_industrial_index_growth >= 11 - %/yr 2021
HN-2022 enterprises_total ~ 920 - enterprise 2022
HN-2022 enterprises_international_standard ~ 300 - enterprise 2022
HN-2022 share_of_manufacturing_value ~ 16 - % 2022
HN-2022 si_industrial_index_growth > 11 - %/yr 2022
HN-2023 enterprises_total ~ 950 - enterprise 2023
HN-2023 enterprises_international_standard ~ 300 350 enterprise 2023
HN-2023 share_of_manufacturing_value ~ 16 17 % 2023
HN-2023 si_industrial_index_growth > 11 12 %/yr 2023
HN-2023 fair_booths ~ 200 300 booth 2023
HN-2024 enterprises_total ~ 1000 - enterprise 2024
HN-2024 share_international_standard ~ 35 40 % 2024
HN-2025 enterprises_total > 1000 - enterprise 2025
HN-2025 share_international_standard = 40 - % 2025
HN-2025 si_industrial_index_growth = 12 - % 2025
HN-2025 fairs = 2 - fair 2025
HN-2025 fair_companies_each ~ 200 300 company 2025
HN-2316-2020 enterprises_total ~ 1000 - enterprise 2025
HN-6126-2025 enterprises_total ~ 1200 - enterprise 2030
HN-6126-2025 share_international_standard > 40 - % 2030
HN-6126-2025 enterprises_total ~ 1400 - enterprise 2035
VN-115-2020 demand_met = 45 - % 2025
VN-115-2020 share_of_industrial_value ~ 11 - % 2025
VN-115-2020 enterprises_direct_suppliers ~ 1000 - enterprise 2025
VN-115-2020 share_domestic_among_direct_suppliers ~ 30 - % 2025
VN-115-2020 demand_met = 70 - % 2030
VN-115-2020 share_of_industrial_value ~ 14 - % 2030
VN-115-2020 enterprises_direct_suppliers ~ 2000 - enterprise 2030"""

BASELINES = {
    ("nation", "enterprises_total", dt.date(2022, 12, 31), "~", 5000),
    ("nation", "tier1_enterprises", dt.date(2022, 12, 31), "~", 100),
    ("nation", "tier2_tier3_enterprises", dt.date(2022, 12, 31), "~", 700),
    ("hanoi", "enterprises_total", dt.date(2022, 12, 31), ">", 900),
    ("hanoi", "enterprises_international_standard", dt.date(2022, 12, 31), ">", 320),
    ("hanoi", "enterprises_total", dt.date(2023, 12, 31), "~", 960),
    ("hanoi", "enterprises_international_standard", dt.date(2023, 12, 31), ">", 320),
    ("hanoi", "enterprises_total", dt.date(2024, 10, 31), ">", 900),
}
DASHBOARD = {
    "enterprises_total",
    "enterprises_international_standard",
    "share_international_standard",
    "tier1_enterprises",
    "tier2_tier3_enterprises",
}


@pytest.fixture
def loaded(db):
    return actions.load_plans(by=None)


def in_force(on):
    return m.PlanDocument.objects.filter(scope="hanoi", valid_from__lte=on, valid_to__gte=on)


def test_every_published_target_is_kept_as_it_was_said(loaded):
    expected = set()
    for line in TARGETS.splitlines():
        document, indicator, operator, low, high, unit, year = line.split()
        band = None if high == "-" else Decimal(high)
        due = dt.date(int(year), 12, 31)
        expected.add((document, indicator, operator, Decimal(low), band, unit, due))
    columns = ("document__code", "indicator", "operator", "low", "high", "unit", "due_on")
    assert len(expected) == 35
    assert set(m.Target.objects.values_list(*columns)) == expected
    assert not m.Target.objects.filter(source="").exists()
    assert not m.Target.objects.filter(period="").exists()


def test_every_published_baseline_is_kept_with_its_source(loaded):
    columns = ("scope", "indicator", "as_of_on", "qualifier", "value")
    assert set(m.Baseline.objects.values_list(*columns)) == BASELINES
    assert not m.Baseline.objects.filter(source="").exists()


def test_indicators_of_the_programme_page_have_a_target_or_a_baseline(loaded):
    known = set(m.Target.objects.values_list("indicator", flat=True))
    known |= set(m.Baseline.objects.values_list("indicator", flat=True))
    assert known >= DASHBOARD
    shares = m.Target.objects.filter(indicator="share_international_standard")
    assert set(shares.values_list("unit", flat=True)) == {"%"}


def test_one_hanoi_document_stands_from_2026_and_the_year_plan_is_nearest_before(loaded):
    for year in range(2026, 2031):
        for day in (dt.date(year, 1, 1), dt.date(year, 12, 31)):
            assert [d.code for d in in_force(day)] == ["HN-6126-2025"]
    for year in range(2021, 2026):
        for day in (dt.date(year, 1, 1), dt.date(year, 12, 31)):
            assert in_force(day).order_by("-valid_from").first().code == f"HN-{year}"
            assert in_force(day).count() == 2
    programme = m.PlanDocument.objects.get(code="HN-6126-2025")
    assert programme.supersedes.code == "HN-2316-2020"
    assert m.PlanDocument.objects.get(scope="nation").code == "VN-115-2020"


def test_rows_are_written_in_the_order_of_their_file(loaded):
    with (actions.DATA / "targets.csv").open(encoding="utf-8", newline="") as file:
        rows = [(r["document"], r["indicator"], r["due_on"]) for r in csv.DictReader(file)]
    kept = m.Target.objects.order_by("pk").values_list("document__code", "indicator", "due_on")
    assert [(code, name, str(on)) for code, name, on in kept] == rows


def test_second_run_changes_nothing_and_leaves_no_history(loaded):
    events = [
        m.PlanDocument.pgh_event_model,
        m.Target.pgh_event_model,
        m.Baseline.pgh_event_model,
    ]
    before = [model.objects.count() for model in events]
    assert before == [9, 35, 8]
    assert actions.load_plans(by=None) == loaded
    assert [model.objects.count() for model in events] == before


def test_a_changed_target_is_mended_with_its_reason_in_the_history(loaded):
    target = m.Target.objects.get(document__code="HN-2024", indicator="enterprises_total")
    m.Target.objects.filter(pk=target.pk).update(low=1)
    user = m.User.objects.create(username="officer")
    actions.load_plans(by=user)
    target.refresh_from_db()
    assert target.low == 1000
    last = m.Target.pgh_event_model.objects.filter(pgh_obj_id=target.pk).latest("pgh_id")
    assert last.pgh_label == "update"
    assert last.pgh_context.metadata == {"user": user.pk, "reason": "load plans"}


def test_what_somebody_wrote_is_not_set_back(loaded, caplog):
    of_2024 = m.Target.objects.filter(document__code="HN-2024")
    moved = of_2024.get(indicator="enterprises_total")
    with pghistory.context(user=m.User.objects.create(username="admin").pk, reason="plan 31"):
        m.Target.objects.filter(pk=moved.pk).update(low=990, due_on=dt.date(2025, 3, 31))
        m.Baseline.objects.filter(pk=m.Baseline.objects.earliest("pk").pk).update(value=901)
    before = m.Target.pgh_event_model.objects.count(), m.Baseline.pgh_event_model.objects.count()
    for _again in range(2):
        assert actions.load_plans(by=None) == loaded
    assert sum("left as people wrote them" in one for one in caplog.messages) == 4
    moved.refresh_from_db()
    assert (moved.low, m.Target.objects.count()) == (990, 35)
    assert m.Baseline.objects.filter(value=901).count() == 1
    after = m.Target.pgh_event_model.objects.count(), m.Baseline.pgh_event_model.objects.count()
    assert after == before


def test_a_plan_edited_in_the_admin_keeps_its_code_and_its_words(loaded, client):
    client.force_login(m.User.objects.create_superuser("admin"))
    plan = m.PlanDocument.objects.get(code="HN-2024")
    fields = {
        "code": "HN-2024-A", "title": "Kế hoạch khác", "scope": "hanoi", "change_reason": "x",
        "valid_from": plan.valid_from.isoformat(), "valid_to": plan.valid_to.isoformat(),
    }  # fmt: skip
    url = f"/en/admin/registry/plandocument/{plan.pk}/change/"
    assert client.post(url, fields).status_code == 302
    assert actions.load_plans(by=None) == loaded
    plan.refresh_from_db()
    assert (plan.code, plan.title) == ("HN-2024", "Kế hoạch khác")


def test_the_admin_offers_the_indicators_that_pages_show(loaded, client):
    client.force_login(m.User.objects.create_superuser("admin"))
    form = client.get("/en/admin/registry/target/add/").context["adminform"].form
    offered = {code for code, _label in form.fields["indicator"].choices if code}
    assert offered >= set(m.Target.objects.values_list("indicator", flat=True))
    assert offered >= set(m.Baseline.objects.values_list("indicator", flat=True))
    fields = {
        "document": m.PlanDocument.objects.get(code="HN-2024").pk, "operator": "~", "low": 5,
        "unit": "enterprise", "due_on": "2026-12-31", "period": "2026", "source": "31/KH",
        "change_reason": "plan 31",
    }  # fmt: skip
    url = "/en/admin/registry/target/add/"
    assert client.post(url, {**fields, "indicator": "enterprises_totl"}).status_code == 200
    assert client.post(url, {**fields, "indicator": "enterprises_total"}).status_code == 302
    assert m.Target.objects.count() == 36


def test_no_two_rows_of_the_file_fall_together():
    with (actions.DATA / "targets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(r["document"], r["indicator"], r["due_on"]) for r in rows}) == len(rows) == 35
