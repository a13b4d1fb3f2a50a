"""A list in review: kept, decided, mended, written whole, taken back unless changed since."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from registry import models as m
from registry.enterprises.actions import (
    Amendment,
    RegisterKindConflict,
    amend_many,
    start_register,
)
from registry.imports import actions
from registry.imports.problems import RegisterChanged, Unreadable
from registry.imports.review import actions as review
from tests.factories import EnterpriseFactory, ProvinceFactory, SiteFactory, UserFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code, xlsx_bytes

pytestmark = pytest.mark.django_db
CODE, OTHER = tax_code(10010910), tax_code(10010920)
HEADER = ("Tên doanh nghiệp", "MST", "Địa chỉ", "Website", "Người liên hệ")


def keep(*rows, header=HEADER, name="list.csv"):
    return actions.keep_file(name=name, content=csv_bytes(header, *rows), by=UserFactory())


def checked(*rows, **options):
    batch = keep(*rows, **options)
    said = {"encoding": "", "sheet": "", "header": 0, "mapping": {}}
    return actions.read_as(batch_id=batch.pk, **said)


def outcomes(batch):
    return list(batch.rows.order_by("number").values_list("number", "outcome", "decision"))


@pytest.fixture
def known():
    """An enterprise of the register whose list would add a website."""
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    enterprise = EnterpriseFactory(name="Công ty TNHH Cơ khí Ánh Dương", tax_code=CODE)
    SiteFactory(enterprise=enterprise, address=HANOI)
    return enterprise


NEW = ("Công ty TNHH Bình Minh", OTHER, HANOI, "", "Nguyễn Văn A")
CHANGED = ("Công ty TNHH Cơ khí Ánh Dương", CODE, HANOI, "https://example.vn", "")
REFUSED = ("Công ty C", "12", HANOI, "", "")


def test_rows_stand_with_their_outcome_and_are_accepted_where_they_can_be(known):
    batch = checked(NEW, CHANGED, REFUSED)
    assert outcomes(batch) == [
        (2, "new", "accept"),
        (3, "changed", "accept"),
        (4, "refused", "leave"),
    ]
    changes = batch.rows.get(number=3).changes
    assert {"column": "Website", "old": "", "new": "https://example.vn"} in changes


def test_contact_persons_are_not_kept_beside_the_file():
    row = checked(NEW).rows.get()
    assert row.cells == {"A": NEW[0], "B": OTHER, "C": HANOI, "D": ""}


def test_an_unreadable_file_is_not_kept():
    with pytest.raises(Unreadable):
        actions.keep_file(name="a.pdf", content=b"%PDF-1.7", by=UserFactory())
    assert not m.ImportBatch.objects.exists()


def test_accepted_rows_are_written_and_only_these(known):
    batch = checked(NEW, CHANGED, ("Công ty D", tax_code(10010940), HANOI, "", ""))
    assert review.decide(batch_id=batch.pk, numbers=[4], accept=False, by=UserFactory()) == 1
    by = UserFactory()
    assert actions.write(batch_id=batch.pk, by=by) == 2
    known.refresh_from_db()
    assert known.website == "https://example.vn"
    new = m.Enterprise.objects.exclude(pk=known.pk).get()
    assert (new.tax_code, new.source, new.source_ref) == (OTHER, "list.csv", "row 2")
    batch.refresh_from_db()
    assert (batch.status, batch.applied_by) == ("applied", by)


def test_only_rows_that_could_be_written_are_decided_and_it_is_kept_who_did(known):
    batch, by = checked(NEW, CHANGED, REFUSED), UserFactory()
    decide = {"batch_id": batch.pk, "by": by}
    assert review.decide(**decide, numbers=[2, 4], accept=False) == 1
    assert review.decide(**decide, numbers=[2], accept=False) == 0
    assert review.decide(**decide, numbers=[4], accept=True) == 0
    assert [decision for *_row, decision in outcomes(batch)] == ["leave", "accept", "leave"]
    assert review.decide(**decide, numbers=[2, 3, 4], accept=True) == 1
    acts = m.ImportAct.objects.order_by("pk").values_list("kind", "rows", "by")
    assert list(acts) == [("leave", [[2, 2]], by.pk), ("accept", [[2, 2]], by.pk)]


def test_a_mended_cell_is_checked_and_written():
    batch = checked(REFUSED)
    row = actions.mend(batch_id=batch.pk, number=2, cells={"B": OTHER})
    assert (row.outcome, row.decision, row.cells["B"]) == ("new", "accept", OTHER)
    actions.write(batch_id=batch.pk, by=UserFactory())
    assert m.Enterprise.objects.get().tax_code == OTHER


def test_what_was_left_out_stays_so_when_checked_again():
    batch = checked(NEW, REFUSED)
    review.decide(batch_id=batch.pk, numbers=[2], accept=False, by=UserFactory())
    actions.check_again(batch_id=batch.pk)
    assert outcomes(batch) == [(2, "new", "leave"), (3, "refused", "leave")]


def test_a_mapping_is_remembered_for_the_same_headings():
    batch = keep(("A", "Công ty A"), header=("Ghi chú", "Nhà thầu"))
    with pytest.raises(Unreadable, match="No column with the names"):
        actions.check_again(batch_id=batch.pk)
    actions.read_as(batch_id=batch.pk, encoding="", sheet="", header=0, mapping={"B": "name"})
    again = keep(("B", "Công ty B"), header=("Ghi chú", "Nhà thầu"))
    assert again.mapping == {"B": "name"}
    other = keep(("B", "Công ty B"), header=("Ghi chú", "Đơn vị thầu"))
    assert other.mapping == {}


def test_another_sheet_and_header_row_can_be_chosen():
    sheets = {"Khác": [("Biểu 2",), ("Ngày in",), ("Tên doanh nghiệp",), ("Công ty B",)]}
    content = xlsx_bytes(("Tên doanh nghiệp",), ("Công ty A",), **sheets)
    batch = actions.keep_file(name="x.xlsx", content=content, by=UserFactory())
    said = {"encoding": "", "sheet": "Khác", "header": 3, "mapping": {}}
    actions.read_as(batch_id=batch.pk, **said)
    assert [row.name for row in batch.rows.all()] == ["Công ty B"]


def test_nothing_is_written_where_the_register_changed_since(known):
    batch = checked(NEW, CHANGED)
    amend(known, website="https://other.vn")
    with pytest.raises(RegisterChanged):
        actions.write(batch_id=batch.pk, by=UserFactory())
    assert m.Enterprise.objects.count() == 1
    batch.refresh_from_db()
    assert batch.status == "planned"


def test_a_later_day_is_no_change_of_the_register():
    batch = checked(NEW)
    with actions._opened(batch, dt.date(2020, 1, 1)) as found:
        [[(row, _checked, _cells)]] = found.portions()
    assert actions.digest(row) == batch.rows.get().digest
    actions.write(batch_id=batch.pk, by=UserFactory())
    assert m.Enterprise.objects.get().registered_on == timezone.localdate()


def test_a_sample_register_takes_no_list():
    start_register(kind="sample", by=None)
    batch = checked(NEW)
    with pytest.raises(RegisterKindConflict):
        actions.write(batch_id=batch.pk, by=UserFactory())
    assert not m.Enterprise.objects.exists()


def test_a_written_list_is_over():
    batch = checked(NEW)
    actions.write(batch_id=batch.pk, by=UserFactory())
    with pytest.raises(actions.WrongStep):
        actions.write(batch_id=batch.pk, by=UserFactory())
    with pytest.raises(actions.WrongStep):
        actions.mend(batch_id=batch.pk, number=2, cells={"A": "x"})


# Taking back


def amend(enterprise, **fields):
    amend_many(
        amendments=[Amendment(enterprise_id=enterprise.pk, fields=fields)], reason="test", by=None
    )


def everything():
    """The register as it stands, by table."""
    models = [m.Enterprise, m.Site, m.Product, m.YearFigure, m.EnterpriseSector]
    return {model.__name__: sorted(model.objects.values_list(), key=str) for model in models}


def test_an_import_is_taken_back_whole(known):
    before = everything()
    header = (*HEADER, "Sản phẩm", "Số lao động 2025")
    batch = checked((*NEW, "Bu lông", "9"), (*CHANGED, "Ốc vít", "12"), header=header)
    actions.write(batch_id=batch.pk, by=UserFactory())
    assert len(everything()["Enterprise"]) == 2
    by = UserFactory()
    assert actions.take_back(batch_id=batch.pk, by=by) > 2
    assert everything() == before
    batch.refresh_from_db()
    assert (batch.status, batch.reversed_by) == ("reversed", by)
    with pytest.raises(actions.WrongStep):
        actions.take_back(batch_id=batch.pk, by=by)


def test_what_was_changed_since_is_named_and_nothing_is_taken_back(known):
    batch = checked(NEW, CHANGED)
    actions.write(batch_id=batch.pk, by=UserFactory())
    amend(known, about="Đã xác minh")
    with pytest.raises(actions.CannotTakeBack) as problem:
        actions.take_back(batch_id=batch.pk, by=UserFactory())
    assert problem.value.names == [known.name]
    assert m.Enterprise.objects.count() == 2


class Rival:
    """Somebody else who lays hands on records while a list is taken back."""

    def __init__(self, connection):
        self.connection = connection
        self.tried = []

    def tell(self, step, done=0, total=0):
        if step != "looking":
            return
        for table in ("enterprise", "site", "yearfigure"):
            sql = f"SELECT id FROM registry_{table} ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
            with self.connection.cursor() as cursor:
                cursor.execute(sql)
                self.tried.append((table, len(cursor.fetchall())))


@pytest.mark.django_db(transaction=True)
def test_nobody_writes_to_records_between_the_look_at_them_and_the_taking_back(known):
    apart = EnterpriseFactory()
    header = (*HEADER, "Số lao động 2025")
    batch = checked((*NEW, "9"), (*CHANGED, "12"), header=header)
    actions.write(batch_id=batch.pk, by=UserFactory())
    counts = [model.objects.count() for model in (m.Enterprise, m.Site, m.YearFigure)]
    assert counts == [3, 2, 2]
    outside = connection.copy()
    rival = Rival(outside)
    try:
        actions.take_back(batch_id=batch.pk, progress=rival, by=UserFactory())
    finally:
        outside.close()
    assert rival.tried == [("enterprise", 1), ("site", 1), ("yearfigure", 0)]
    assert set(m.Enterprise.objects.all()) == {known, apart}


@pytest.mark.django_db(transaction=True)  # each writing has a context of its own
def test_lists_are_taken_back_one_after_the_other():
    header = (*HEADER, "Sản phẩm")
    first = checked((*NEW, "Bu lông"), header=header)
    actions.write(batch_id=first.pk, by=UserFactory())
    second = checked((*NEW[:3], "https://example.vn", "", "Ốc vít"), header=header)
    assert outcomes(second) == [(2, "changed", "accept")]
    actions.write(batch_id=second.pk, by=UserFactory())
    with pytest.raises(actions.CannotTakeBack):
        actions.take_back(batch_id=first.pk, by=UserFactory())
    actions.take_back(batch_id=second.pk, by=UserFactory())
    assert [one.name for one in m.Product.objects.all()] == ["Bu lông"]
    actions.take_back(batch_id=first.pk, by=UserFactory())
    assert not m.Enterprise.objects.exists()


@pytest.mark.django_db(transaction=True)  # the history's key lasts as long as the transaction
def test_a_new_enterprise_that_was_given_a_site_stays():
    batch = checked(NEW)
    actions.write(batch_id=batch.pk, by=UserFactory())
    SiteFactory(enterprise=m.Enterprise.objects.get())
    with pytest.raises(actions.CannotTakeBack) as problem:
        actions.take_back(batch_id=batch.pk, by=UserFactory())
    assert problem.value.names == [NEW[0]]


def test_loaded_again_after_taking_back(known):
    batch = checked(NEW, CHANGED)
    actions.write(batch_id=batch.pk, by=UserFactory())
    actions.take_back(batch_id=batch.pk, by=UserFactory())
    again = checked(NEW, CHANGED)
    assert [outcome for _n, outcome, _d in outcomes(again)] == ["new", "changed"]
    assert actions.write(batch_id=again.pk, by=UserFactory()) == 2
    third = checked(NEW, CHANGED)
    assert [outcome for _n, outcome, _d in outcomes(third)] == ["unchanged", "unchanged"]
