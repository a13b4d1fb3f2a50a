"""Repairs are offered, taken by somebody, checked, and put back; none makes itself."""

import pytest

from registry import models as m
from registry.imports import actions
from registry.imports.problems import BatchBusy
from registry.imports.repairs.kinds import Repair
from registry.imports.review import actions as review
from registry.imports.review.filters import RowFilter
from registry.imports.review.queries import bulk
from registry.imports.runs import actions as runs
from tests.factories import EnterpriseFactory, ProvinceFactory, SiteFactory, UserFactory
from tests.imports.every_repair import CODES, LAST_DAY, OFFERED, ROWS, every_repair, places
from tests.imports.sheets import HANOI, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db
SAID = {"encoding": "", "sheet": "", "header": 0, "mapping": {}}


def checked(content, name="list.csv"):
    batch = actions.keep_file(name=name, content=content, by=UserFactory())
    return actions.read_as(batch_id=batch.pk, **SAID)


def of(*row, header=("Tên doanh nghiệp", "MST", "Địa chỉ")):
    return checked(csv_bytes(header, row))


@pytest.fixture
def batch():
    places()
    return checked(every_repair())


def kinds(batch):
    rows = batch.rows.exclude(offers=[]).order_by("number")
    return {row.number: [one["kind"] for one in row.offers] for row in rows}


def choices(batch, number):
    [offer] = batch.rows.get(number=number).offers
    return offer["choices"], offer["is_sure"]


def take(batch, number, choice=None, by=None):
    [offer] = batch.rows.get(number=number).offers
    taken = [review.Taken(number, offer["mark"], choice)]
    count = review.take_repairs(batch_id=batch.pk, taken=taken, by=by or UserFactory())
    actions.check_again(batch_id=batch.pk)
    return count


def test_every_row_is_offered_its_repair_and_no_other(batch):
    assert kinds(batch) == OFFERED
    assert {kind for found in OFFERED.values() for kind in found} == set(Repair.values)


def test_nothing_is_repaired_by_itself(batch):
    for number, cells in ROWS.items():
        row = batch.rows.get(number=number)
        assert row.cells == dict(zip("ABCDEF", cells, strict=True))
        assert (row.edits, row.mended) == ({}, [])
    actions.write(batch_id=batch.pk, by=UserFactory())
    written = m.Enterprise.objects.get(tax_code=CODES[7])
    assert (written.sites.get().ward_id, written.name) == (None, "Công ty TNHH Cũ")
    assert m.Enterprise.objects.filter(name=ROWS[6][0]).exists()
    assert not m.Enterprise.objects.filter(name=ROWS[2][0]).exists()


@pytest.mark.parametrize(
    ("number", "choice", "letter", "text"),
    [
        (2, None, "C", CODES[0]),
        (4, None, "E", "31/12/2010"),
        (6, None, "A", "Công ty TNHH MTV Cơ khí ABC"),
        (9, None, "D", "Số 5, P. Trúc Bạch (nay là Phường Ba Đình), Q. Ba Đình, Hà Nội"),
        (10, 1, "D", "Số 5, P. Hàng Bài (nay là Phường Hoàn Kiếm), Q. Hoàn Kiếm, Hà Nội"),
        (12, 0, "D", "Số 5 phố X, Q. Hoàn Kiếm (nay là Phường Cửa Nam), Hà Nội"),
        (15, None, "F", "0912 345 678"),
    ],
)
def test_a_taken_repair_is_an_edit_that_settles_the_row(batch, number, choice, letter, text):
    by = UserFactory(username="lan")
    was = batch.rows.get(number=number).cells[letter]
    assert take(batch, number, choice, by=by) == 1
    row = batch.rows.get(number=number)
    assert (row.outcome, row.offers) == ("new", [])
    assert (row.cells[letter], row.edits) == (text, {letter: text})
    [mended] = row.mended
    assert (mended["was"], mended["who"], mended["kind"]) == (was, "lan", OFFERED[number][0])
    assert review.put_back(batch_id=batch.pk, number=number, letter=letter, by=by) == 1
    actions.check_again(batch_id=batch.pk)
    row = batch.rows.get(number=number)
    assert (row.cells[letter], row.edits, row.mended) == (was, {}, [])
    assert kinds(batch) == OFFERED
    kind, spans = OFFERED[number][0], [[number, number]]
    acts = m.ImportAct.objects.order_by("pk").values_list("kind", "repair", "rows", "by")
    assert list(acts) == [("mend", kind, spans, by.pk), ("put_back", kind, spans, by.pk)]


def test_the_ward_of_today_is_written_and_the_former_district_stays(batch):
    for number, choice in ((9, None), (10, 0), (12, 1)):
        take(batch, number, choice)
    actions.write(batch_id=batch.pk, by=UserFactory())
    found = {
        site.enterprise.tax_code: (site.ward.name, site.district.name)
        for site in m.Site.objects.filter(district__isnull=False).select_related(
            "enterprise", "ward", "district"
        )
        if site.ward
    }
    assert found == {
        CODES[7]: ("Phường Ba Đình", "Quận Ba Đình"),
        CODES[8]: ("Phường Cửa Nam", "Quận Hoàn Kiếm"),
        CODES[10]: ("Phường Hoàn Kiếm", "Quận Hoàn Kiếm"),
    }
    today = m.Site.objects.get(enterprise__tax_code=CODES[9])
    assert (today.ward.name, today.district) == ("Phường Ba Đình", None)


def test_of_several_wards_none_is_chosen_for_the_officer(batch):
    texts, is_sure = choices(batch, 10)
    assert ([len(texts), is_sure]) == [2, False]
    assert choices(batch, 9)[1] is True
    assert take(batch, 10) == 0
    assert take(batch, 10, choice=9) == 0
    assert kinds(batch) == OFFERED


def test_one_heir_of_a_part_alone_is_not_sure():
    places()
    ward = m.LegacyWard.objects.create(
        code="half", name="Phường Nửa", valid_to=LAST_DAY, district=m.District.objects.first()
    )
    m.WardMapping.objects.create(legacy_ward=ward, ward=m.Ward.objects.first(), is_whole=False)
    texts, is_sure = choices(of("Công ty A", CODES[0], "Số 5, P. Nửa, Hà Nội"), 2)
    assert (len(texts), is_sure) == (1, False)


def test_all_of_a_kind_are_taken_and_put_back_at_once(batch):
    rows, by = RowFilter(), UserFactory()
    ask = {"batch_id": batch.pk, "rows": rows, "kind": "former-ward"}
    can = bulk(batch, rows).take
    mark = can["former-ward"].mark
    assert review.take_all(**ask, expected=mark, by=by) == 1  # the two that were divided stay
    actions.check_again(batch_id=batch.pk)
    assert set(kinds(batch)) == set(OFFERED) - {9}
    did = bulk(batch, rows).put_back
    assert review.put_all_back(**ask, expected=did["former-ward"].mark, by=by) == 1
    actions.check_again(batch_id=batch.pk)
    assert kinds(batch) == OFFERED


def test_other_rows_than_were_shown_are_not_touched(batch):
    with pytest.raises(review.RowsChanged) as changed:
        review.take_all(
            batch_id=batch.pk, rows=RowFilter(), kind="capitals", expected="37:0", by=UserFactory()
        )
    assert changed.value.count == 1
    assert not batch.rows.exclude(edits={}).exists()


def test_an_offer_that_is_no_longer_the_same_is_not_taken(batch):
    [offer] = batch.rows.get(number=6).offers
    actions.mend(batch_id=batch.pk, number=6, cells={"A": "CÔNG TY TNHH XYZ HÀ NỘI"})
    taken = [review.Taken(6, offer["mark"])]
    assert review.take_repairs(batch_id=batch.pk, taken=taken, by=UserFactory()) == 0
    assert batch.rows.get(number=6).cells["A"] == "CÔNG TY TNHH XYZ HÀ NỘI"


def test_hands_are_kept_off_while_a_worker_is_at_the_list(batch):
    runs.ask(batch_id=batch.pk, step="check", by=UserFactory())
    for act in (
        lambda: review.take_over(batch_id=batch.pk, by=UserFactory()),
        lambda: review.put_back(batch_id=batch.pk, number=6, letter="A", by=UserFactory()),
        lambda: review.decide_all(
            batch_id=batch.pk, rows=RowFilter(), accept=False, expected="", by=UserFactory()
        ),
        lambda: review.take_repairs(batch_id=batch.pk, taken=[], by=UserFactory()),
    ):
        with pytest.raises(BatchBusy):
            act()


# English names


def test_an_english_name_moves_and_the_vietnamese_one_is_asked_for(batch):
    assert choices(batch, 13)[1] is False  # it leaves the row refused: not for all at once
    take(batch, 13)
    row = batch.rows.get(number=13)
    assert (row.cells["A"], row.cells["B"]) == ("", "Canon Vietnam Co., Ltd")
    assert (row.outcome, len(row.mended)) == ("refused", 2)
    [problem] = row.problems
    assert problem["message"].startswith("Only the English name is there.")
    row = actions.mend(batch_id=batch.pk, number=13, cells={"A": "Công ty TNHH Canon Việt Nam"})
    review.decide(batch_id=batch.pk, numbers=[14], accept=False, by=UserFactory())
    assert row.outcome == "new"


def test_a_list_without_a_column_for_english_names_gets_one():
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    batch = of("Canon Vietnam Co., Ltd", CODES[0], HANOI)
    headings = batch.headings
    take(batch, 2)
    batch.refresh_from_db()
    assert batch.rows.get().cells == {"A": "", "B": CODES[0], "C": HANOI,
                                      "D": "Canon Vietnam Co., Ltd"}  # fmt: skip
    assert [one.header for one in actions.shape(batch).columns][3] == "Tên tiếng Anh"
    actions.mend(batch_id=batch.pk, number=2, cells={"A": "Công ty TNHH Canon Việt Nam"})
    actions.say_how(batch_id=batch.pk, **SAID)
    batch.refresh_from_db()
    assert batch.headings == headings
    actions.check_again(batch_id=batch.pk)
    actions.write(batch_id=batch.pk, by=UserFactory())
    written = m.Enterprise.objects.get()
    assert (written.name, written.name_en) == (
        "Công ty TNHH Canon Việt Nam", "Canon Vietnam Co., Ltd"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "english", "offered"),
    [
        ("Canon Co., Ltd", "Công ty TNHH Canon", [{"A": "Công ty TNHH Canon", "B": "Canon Co., Ltd"}]),
        ("Canon Co., Ltd", "CANON CO., LTD", [{"A": "", "B": "CANON CO., LTD"}]),
        # Two English names: which of them is right is not for us to say.
        ("Canon Co., Ltd", "Nikon Co., Ltd", None),
    ],
)  # fmt: skip
def test_names_in_each_others_columns(name, english, offered):
    batch = of(name, english, header=("Tên doanh nghiệp", "Tên tiếng Anh"))
    found = [one["choices"] for one in batch.rows.get().offers if one["kind"] == "english-name"]
    assert found == ([offered] if offered else [])


def test_a_list_that_names_the_local_name_is_left_as_it_says():
    batch = of("Canon Co., Ltd", "Công ty TNHH Canon", header=("name", "name_local"))
    assert batch.rows.get().offers == []


# What the register knows already


def test_the_capitals_of_a_known_name_are_no_matter():
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    known = EnterpriseFactory(name="Công ty TNHH Cơ khí Hà Nội", tax_code=CODES[0])
    SiteFactory(enterprise=known, address=HANOI)
    batch = of("CÔNG TY TNHH CƠ KHÍ HÀ NỘI", CODES[0], HANOI)
    row = batch.rows.get()
    assert (row.outcome, row.offers) == ("unchanged", [])
    known.name = "Công ty TNHH Kim khí Hà Nội"
    known.save()
    actions.check_again(batch_id=batch.pk)
    row = batch.rows.get()
    assert (row.outcome, [one["kind"] for one in row.offers]) == ("changed", ["capitals"])


def test_days_of_a_column_in_another_order_are_said_once():
    header = ("Tên doanh nghiệp", "Ngày thành lập")
    rows = [("Công ty A", "12/31/2010"), ("Công ty B", "05/12/2010"), ("Công ty C", "06/06/2010")]
    batch = checked(csv_bytes(header, *rows))
    [said] = [one["message"] for one in batch.notices if one["column"] == "Ngày thành lập"]
    assert said.startswith("In 1 rows the day can only be month/day. 1 other rows can be read")
    batch = checked(csv_bytes(header, *rows[1:]))
    assert [one for one in batch.notices if one["column"] == "Ngày thành lập"] == []


def test_a_number_cell_is_offered_its_zero():
    content = xlsx_bytes(("Tên doanh nghiệp", "MST"), ("Công ty A", int(CODES[0])))
    batch = checked(content, name="list.xlsx")
    assert choices(batch, 2) == ([{"B": CODES[0]}], True)


def test_a_ward_in_a_cell_of_its_own_is_told_there():
    places()
    header = ("Tên doanh nghiệp", "Địa chỉ", "Phường xã", "Quận huyện", "Tỉnh")
    batch = of("Công ty A", "Số 5", "Trúc Bạch", "Ba Đình", "Hà Nội", header=header)
    assert choices(batch, 2) == ([{"C": "Trúc Bạch (nay là Phường Ba Đình)"}], True)
    take(batch, 2)
    row = batch.rows.get()
    assert row.offers == [] and row.outcome == "new"


def test_a_telephone_number_that_needs_a_zero_is_not_taken_with_the_others():
    header = ("Tên doanh nghiệp", "MST", "Địa chỉ", "Hotline")
    batch = of("Công ty TNHH A", CODES[0], HANOI, "985000000", header=header)
    assert choices(batch, 2) == ([{"D": "0985 000 000"}], False)
