"""The code lists as data: whole, resolved, described, and loaded without a second effect."""

import csv
import datetime as dt
import re
import unicodedata

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext

from registry import models as m
from registry.reference import actions

pytestmark = pytest.mark.django_db

ROWS = {
    "sectors": 11,
    "product_groups": 60,
    "vsic_codes": 1_428,
    "hs_codes": 6_939,
    "provinces": 34,
    "wards": 126,
    "districts": 30,
    "legacy_wards": 526,
    "ward_mappings": 794,
    "parks": 28,
    "processes": 55,
    "materials": 41,
    "certification_schemes": 36,
    "scheme_editions": 28,
    "accreditation_bodies": 17,
    "certification_bodies": 26,
    "buyers": 22,
    "buyer_plants": 24,
    "support_kinds": 13,
}


@pytest.fixture
def loaded(db):
    return actions.load_reference(by=None)


def test_every_row_of_every_file_is_in_the_database(loaded):
    assert loaded == ROWS
    assert {c.name: c.model.objects.count() for c in actions.CODE_LISTS} == ROWS


def statements_that_write(captured):
    """Anywhere in the text: the history's context is set in front of the statement."""
    return [q["sql"] for q in captured if re.search(r"\b(INSERT INTO|UPDATE|DELETE)\b", q["sql"])]


def test_second_run_writes_nothing(db):
    with CaptureQueriesContext(connection) as first:
        actions.load_reference(by=None)
    assert len(statements_that_write(first)) >= 2 * len(ROWS)
    with CaptureQueriesContext(connection) as second:
        assert actions.load_reference(by=None) == ROWS
    assert statements_that_write(second) == []


def test_a_row_that_differs_is_mended_and_one_beside_the_file_stays(loaded):
    m.Province.objects.filter(code="01").update(name="Thăng Long")
    m.Park.objects.create(code="added-later", name="KCN thêm sau")
    before = m.ReferenceSet.objects.get(name="provinces").loaded_at
    parks_before = m.ReferenceSet.objects.get(name="parks").loaded_at
    actions.load_reference(by=None)
    assert m.Province.objects.get(code="01").name == "Hà Nội"
    assert m.Park.objects.filter(code="added-later").exists()
    assert m.ReferenceSet.objects.get(name="provinces").loaded_at > before
    assert m.ReferenceSet.objects.get(name="parks").loaded_at == parks_before


def test_every_list_names_its_source_licence_and_state(loaded):
    sets = {row.name: row for row in m.ReferenceSet.objects.all()}
    assert {name: row.row_count for name, row in sets.items()} == ROWS
    assert all(row.version and row.source and row.licence for row in sets.values())
    drafts = {name for name, row in sets.items() if row.is_draft}
    assert drafts == {
        "product_groups",
        "parks",
        "processes",
        "materials",
        "certification_schemes",
        "scheme_editions",
        "accreditation_bodies",
        "certification_bodies",
        "buyers",
        "buyer_plants",
        "support_kinds",
    }
    assert not m.ProductGroup.objects.filter(is_draft=False).exists()


def test_sources_page_tells_of_every_list():
    text = (actions.DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert [name for name in ROWS if name not in text] == []


def test_sectors_of_the_plan_and_their_branches(loaded):
    top = m.Sector.objects.filter(parent=None).order_by("position")
    assert list(top.values_list("code", flat=True)) == [
        "components",
        "textile_leather",
        "high_tech",
    ]
    assert top[0].name == "Linh kiện, phụ tùng"
    assert set(m.Sector.objects.exclude(parent=None).values_list("parent__code", flat=True)) == {
        "components",
        "textile_leather",
        "high_tech",
    }
    assert not m.ProductGroup.objects.filter(sector=None).exists()
    assert not m.Sector.objects.filter(parent__parent__isnull=False).exists()


def test_wards_of_hanoi_and_where_the_old_ones_went(loaded):
    kinds = dict(m.Ward.objects.values_list("kind").annotate(n=Count("pk")))
    assert kinds == {"ward": 51, "commune": 75}
    assert not m.Ward.objects.filter(
        Q(latitude=None) | Q(longitude=None) | Q(area_km2=None)
    ).exists()
    assert set(m.Ward.objects.values_list("valid_from", flat=True)) == {dt.date(2025, 7, 1)}
    # Hanoi's area is about 3,360 km²: a misplaced column would not add up to it.
    assert 3_300 < sum(m.Ward.objects.values_list("area_km2", flat=True)) < 3_420
    assert not m.Ward.objects.exclude(
        latitude__range=("20.5", "21.5"), longitude__range=("105.2", "106.1")
    ).exists()
    parts = m.LegacyWard.objects.annotate(
        parts=Count("mappings"), whole=Count("mappings", filter=Q(mappings__is_whole=True))
    )
    assert parts.filter(parts__gte=2, whole=0).count() == 199
    assert parts.filter(parts=1, whole=1).count() == 526 - 199
    assert not m.Ward.objects.filter(mappings=None).exists()
    assert not m.LegacyWard.objects.filter(district=None).exists()


def test_a_park_in_a_split_commune_names_no_ward(loaded):
    wards = dict(m.Park.objects.values_list("code", "ward__code"))
    assert wards["quang-minh"] == "08974"
    assert wards["thang-long"] == "00493"
    assert wards["lien-ha"] is None
    assert wards["hoa-lac-htp"] is None


def test_classifications_are_whole_trees(loaded):
    codes = set(m.VsicCode.objects.values_list("code", flat=True))
    parents = set(m.VsicCode.objects.filter(level__gt=1).values_list("parent_code", flat=True))
    assert parents <= codes
    assert not m.VsicCode.objects.filter(level=1).exclude(parent_code="").exists()
    assert set(m.VsicCode.objects.values_list("version", flat=True)) == {"2018"}
    hs = set(m.HsCode.objects.filter(version="2022").values_list("code", flat=True))
    assert {len(code) for code in hs} == {2, 4, 6}
    assert {code[:-2] for code in hs if len(code) > 2} <= hs
    assert "0101" in hs, "a leading zero is part of the code"


def test_schemes_say_what_counts(loaded):
    schemes = {row.code: row for row in m.CertificationScheme.objects.all()}
    assert schemes["iso9001"].is_international and schemes["iso9001"].validity_months == 36
    assert schemes["iatf16949"].counting_statuses == ["valid", "suspended"]
    assert {c for c, s in schemes.items() if "suspended" in s.counting_statuses} == {"iatf16949"}
    assert not schemes["hvnclc"].is_international
    assert schemes["oekotex100"].validity_months == 12
    assert {row.kind for row in schemes.values()} == set(m.CertificationScheme.Kind.values)
    for code in ("rohs-reach", "bsci", "smeta", "qcvn-cr", "5s"):
        assert not schemes[code].is_international


@pytest.mark.parametrize(
    ("scheme", "edition", "first_day_without"),
    [
        ("iso9001", "2008", dt.date(2018, 9, 15)),
        ("iso9001", "2015", None),
        ("iso9001", "2026", None),
        ("iso27001", "2013", dt.date(2025, 11, 1)),
        ("iso45001", "OHSAS 18001:2007", dt.date(2021, 10, 1)),
        ("iso50001", "2011", None),
    ],
)
def test_editions_end_on_the_day_their_certificates_stop(
    loaded, scheme, edition, first_day_without
):
    row = m.SchemeEdition.objects.get(scheme__code=scheme, code=edition)
    assert row.withdrawn_on == first_day_without


def test_bodies_buyers_and_plants_are_tied_together(loaded):
    assert m.CertificationBody.objects.get(code="quacert").accreditation_body.code == "boa"
    plants = m.BuyerPlant.objects.select_related("buyer", "province")
    assert {(p.buyer.code, p.province.code) for p in plants if p.code == "samsung-sev"} == {
        ("samsung", "24")
    }
    assert not m.BuyerPlant.objects.filter(Q(source="") | Q(province=None)).exists()
    assert not m.Buyer.objects.filter(Q(source="") | Q(country="")).exists()


def test_names_are_nfc_and_in_both_languages(loaded):
    for code_list in actions.CODE_LISTS:
        for row in code_list.model.objects.all():
            for name in ("name", "name_en"):
                text = getattr(row, name, "")
                assert text == unicodedata.normalize("NFC", text)
    bilingual = [c for c in actions.CODE_LISTS if c.key == ("code",)]
    assert len(bilingual) == 15
    for code_list in bilingual:
        assert not code_list.model.objects.filter(Q(name="") | Q(name_en="")).exists()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the files that a test may spoil."""
    for path in actions.DATA.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(actions, "DATA", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "line", "complaint"),
    [
        ("buyer_plants", "x,X,X,nobody,01,t", "buyer_plants.csv, row 26, buyer: 'nobody'"),
        ("wards", "9,X,X,village,21,105,1,2025-07-01", "wards.csv, row 128, kind: 'village'"),
        ("wards", "9,X,X,ward,21,105,1,2025-02-30", "wards.csv, row 128, valid_from"),
        ("ward_mappings", "00001,00097,yes", "ward_mappings.csv, row 796, is_whole: 'yes'"),
        ("provinces", "01,Again,Again", "provinces.csv, row 36: the key ('01',)"),
        ("provinces", "99,Too,many,cells", "provinces.csv, row 36: 4 cells, not 3"),
        ("sectors", "a,A,A,b,1\nb,B,B,a,2", "sectors.csv: rows point at each other in a ring"),
    ],
)
def test_a_file_that_does_not_fit_loads_nothing(folder, name, line, complaint):
    path = folder / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(actions.BadList) as refusal:
        actions.load_reference(by=None)
    assert complaint in str(refusal.value)
    assert not m.Province.objects.exists()
    assert not m.ReferenceSet.objects.exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "provinces.csv has no rows"),
        ("code,name,name_en\n", "provinces.csv has no rows"),
        ("code,name,capital\n01,A,B\n", "provinces.csv: its table has no column 'capital'"),
    ],
    ids=["empty", "header only", "unknown column"],
)
def test_a_file_of_another_shape_is_refused(folder, content, complaint):
    (folder / "provinces.csv").write_text(content, encoding="utf-8")
    with pytest.raises(actions.BadList) as refusal:
        actions.load_reference(by=None)
    assert str(refusal.value) == complaint


def test_a_list_without_a_described_source_is_refused(folder):
    path = folder / "reference_sets.csv"
    rows = [
        row
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines())
        if row[0] != "parks"
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(actions.BadList, match="says nothing of parks"):
        actions.load_reference(by=None)


def test_decomposed_text_in_a_file_is_composed_in_the_database(folder):
    path = folder / "provinces.csv"
    path.write_text(
        unicodedata.normalize("NFD", path.read_text(encoding="utf-8")), encoding="utf-8"
    )
    actions.load_reference(by=None)
    assert m.Province.objects.get(code="08").name == unicodedata.normalize("NFC", "Tuyên Quang")


def test_command_prints_what_it_loaded_and_fails_plainly(folder, capsys):
    call_command("load_reference")
    lines = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert lines["wards"] == "126"
    plans = {"plan_documents", "targets", "baselines", "counting_rules"}
    assert set(lines) == set(ROWS) | plans
    (folder / "provinces.csv").write_text("code,name,name_en\n01,Only\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Nothing was loaded. provinces.csv, row 2"):
        call_command("load_reference")


@pytest.mark.parametrize(
    ("legacy", "now"),
    [
        ("00001", {("00097", True)}),
        ("08989", {("08974", True)}),
        ("00466", {("00466", False), ("00475", False)}),
    ],
    ids=["Phúc Xá to Hồng Hà", "Quang Minh township to its commune", "Nguyên Khê split in two"],
)
def test_old_wards_lead_to_those_of_today(loaded, legacy, now):
    mappings = m.WardMapping.objects.filter(legacy_ward__code=legacy)
    assert set(mappings.values_list("ward__code", "is_whole")) == now
