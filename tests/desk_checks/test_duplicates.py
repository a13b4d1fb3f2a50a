"""Pairs are found by what they share, explained, decided once; mergers and their undoing."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from registry import models as m
from registry.core.known import tracked_models
from registry.desk.actions import (
    CannotMerge,
    ChangedSince,
    DecidedMeanwhile,
    decide_duplicate,
    merge_enterprises,
)
from registry.desk.actions import undo_merge as undo
from registry.desk.duplicates import candidates, candidates_of, name_key
from registry.desk.records import CHILDREN
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    EnterpriseSectorFactory,
    SchemeFactory,
    SectorFactory,
    SiteFactory,
    SupplyRelationFactory,
    UserFactory,
    VerificationStepFactory,
)

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 30)


@pytest.mark.parametrize(
    "name",
    [
        "Công ty TNHH Cơ khí Hoàng Long",
        "CÔNG TY CỔ PHẦN CƠ KHÍ HOÀNG LONG",
        "Cty CP Cơ Khí Hoàng-Long",
        "Công ty TNHH MTV Sản xuất và Thương mại Cơ khí Hoàng Long Việt Nam",
        "Co khi Hoang Long Co., Ltd",
        "Cơ khí Hoàng Long JSC",
    ],
)
def test_legal_words_do_not_make_a_name_another(name):
    assert name_key(name) == "cokhihoanglong"


def test_a_name_of_nothing_but_legal_words_keeps_them():
    assert name_key("Công ty Cổ phần Việt Nam") == "congtycophanvietnam"


def found() -> list[tuple[int, int, set[str]]]:
    return [(one.first, one.second, {clue.code for clue in one.clues}) for one in candidates()]


@pytest.mark.parametrize(
    ("one", "other", "clues"),
    [
        ({"tax_code": "0101234567"}, {"tax_code": "0101234567-001"}, {"tax_root"}),
        ({"name": "Công ty TNHH Kim Phát"}, {"name": "Kim Phat JSC"}, {"name"}),
        ({"phone": "+84 24 3765 4321"}, {"phone": "024.3765.4321"}, set()),
    ],
)
def test_pairs_are_found_by(one, other, clues):
    pair = []
    for number, fields in enumerate((one, other)):
        fields = {"name": f"{'ABC'[number] * 9}", **fields}
        phone = fields.pop("phone", "")
        row = EnterpriseFactory(**fields)
        row.contacts.create(full_name="x", phone=phone)
        pair.append(row.pk)
    assert found() == ([(*pair, clues)] if clues else [])


def test_phone_and_address_together_are_asked_about():
    pair = [EnterpriseFactory(name="Kim Phát"), EnterpriseFactory(name="Đại Thành")]
    for row in pair:
        row.contacts.create(full_name="x", phone="024.3765.4321")
        SiteFactory(enterprise=row, address="Số 12, đường Nguyễn Trãi")
    ((first, second, clues),) = found()
    assert (first, second, clues) == (pair[0].pk, pair[1].pk, {"phone", "address"})


def test_names_spelled_almost_alike_and_the_same_telephone():
    for name in ("Cơ khí chính xác Hoàng Long", "Cơ khí chính xác Hòang Lông A"):
        EnterpriseFactory(name=name).contacts.create(full_name="x", phone="024 3765 4321")
    assert [clues for _one, _other, clues in found()] == [{"similar_name", "phone"}]


def test_numbered_names_are_no_duplicates():
    EnterpriseFactory(name="Cơ khí Thử nghiệm số 1")
    EnterpriseFactory(name="Cơ khí Thử nghiệm số 2")
    assert found() == []
    assert candidates_of(name="Cơ khí Thử nghiệm số 3") == []


def test_what_is_being_typed_finds_its_like():
    row = EnterpriseFactory(name="Công ty TNHH Kim Phát", tax_code="0101234567")
    assert [one.second for one in candidates_of(name="Kim Phat JSC")] == [row.pk]
    assert [one.second for one in candidates_of(tax_code="0101234567-002")] == [row.pk]


@pytest.mark.parametrize("is_same", [True, False])
def test_decided_pair_is_never_asked_again(is_same):
    one, other = EnterpriseFactory(name="Kim Phát"), EnterpriseFactory(name="Kim Phát JSC")
    assert len(candidates()) == 1
    decide_duplicate(one=other, other=one, is_same=is_same, reason="asked", by=UserFactory(), on=ON)
    assert candidates() == []
    decision = m.DuplicateDecision.objects.get()
    assert (decision.first, decision.second, decision.is_same) == (one, other, is_same)


def test_queries_do_not_grow(django_assert_num_queries):
    for _ in range(4):
        EnterpriseFactory(name="Kim Phát")
    with django_assert_num_queries(4):
        assert len(candidates()) == 6


def pair_with_rows() -> tuple[m.Enterprise, m.Enterprise]:
    kept = EnterpriseFactory(name="Kim Phát", tax_code="0100000001")
    gone = EnterpriseFactory(
        name="Công ty Kim Phát", tax_code="0100000002", website="https://kp.example"
    )
    for row in (kept, gone):
        EnterpriseSectorFactory(enterprise=row, sector=SectorFactory(code="components"))
        row.products.create(name="Vỏ máy")
        row.year_figures.create(year=2025, labour=30)
    EnterpriseSectorFactory(
        enterprise=gone, sector=SectorFactory(code="high_tech"), is_primary=False
    )
    gone.products.create(name="Khuôn dập")
    gone.contacts.create(full_name="Người Kín", phone="0900000001")
    same = {"scheme": SchemeFactory(), "number": "A-1"}
    CertificateFactory(enterprise=kept, **same)
    VerificationStepFactory(certificate=CertificateFactory(enterprise=gone, **same))
    CertificateFactory(enterprise=gone, number="B-2")
    SupplyRelationFactory(enterprise=gone)
    return kept, gone


def register_now() -> dict[str, list[dict[str, Any]]]:
    """Every row of every tracked table but the decisions themselves."""
    return {
        model.__name__: list(model._base_manager.order_by("pk").values())
        for model, _events in tracked_models()
        if model is not m.Merger
    }


def merged(kept: m.Enterprise, gone: m.Enterprise, **choose: str):
    return merge_enterprises(
        kept=kept, gone=gone, choose=choose, by=UserFactory(), reason="one firm", on=ON
    )


def test_merge_moves_rows_without_copies_and_deletes_nothing():
    kept, gone = pair_with_rows()
    before = {name: len(rows) for name, rows in register_now().items()}
    result = merged(kept, gone, website="gone", name="kept")
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.name, kept.website) == ("Kim Phát", "https://kp.example")
    assert (gone.merged_into, gone.merged_on) == (kept, ON)
    assert sorted(kept.products.values_list("name", flat=True)) == ["Khuôn dập", "Vỏ máy"]
    assert kept.sectors.filter(is_primary=True).count() == 1
    assert kept.sectors.count() == 2
    assert kept.contacts.count() == kept.supply_relations.count() == 1
    assert sorted(kept.certificates.values_list("number", flat=True)) == ["A-1", "B-2"]
    assert kept.certificates.get(number="A-1").verifications.count() == 1
    assert {name: len(rows) for name, rows in register_now().items()} == before
    assert (result.moved, result.left) == (5, 4)


@pytest.mark.parametrize("choose", [{}, {"website": "gone"}, {"tax_code": "gone", "name": "gone"}])
def test_undo_restores_every_row_byte_for_byte(choose):
    kept, gone = pair_with_rows()
    before = register_now()
    merger = merged(kept, gone, **choose).merger
    assert register_now() != before
    undo(merger=merger, by=UserFactory(), reason="two firms after all", on=ON)
    assert register_now() == before
    assert m.Merger.objects.get().undone_on == ON


LOOK_DAYS = {"ours": dt.date(2026, 3, 1), "theirs": dt.date(2026, 4, 1)}


def looked_at(side: str, outcome: str) -> dict[str, Any]:
    if not outcome:
        return {}
    if outcome == "verified":
        return {"verified_on": LOOK_DAYS[side], "verified_by": UserFactory(), "proof_seen": side}
    said = {"unverified_on": LOOK_DAYS[side], "unverified_because": side}
    return {**said, "unverified_by": UserFactory()}


@pytest.mark.parametrize(("ours", "theirs", "is_verified", "words"), [
    ("", "verified", True, "theirs"), ("in vain", "verified", True, "theirs"),
    ("verified", "verified", True, "ours"), ("verified", "in vain", True, "ours"),
    ("verified", "", True, "ours"), ("", "in vain", False, "theirs"), ("", "", False, ""),
])  # fmt: skip
def test_a_relation_recorded_twice_keeps_its_verification(ours, theirs, is_verified, words):
    kept, gone = pair_with_rows()
    there = gone.supply_relations.get()
    m.SupplyRelation.objects.filter(pk=there.pk).update(**looked_at("theirs", theirs))
    SupplyRelationFactory(enterprise=kept, buyer=there.buyer, **looked_at("ours", ours))
    before = register_now()
    merger = merged(kept, gone).merger
    row = kept.supply_relations.get()
    assert (row.verified_on is not None) is is_verified
    assert row.proof_seen + row.unverified_because == words
    undo(merger=merger, by=UserFactory(), reason="two firms after all", on=ON)
    assert register_now() == before


def test_a_later_look_in_vain_stands_above_an_earlier_verification():
    kept, gone = pair_with_rows()
    there = gone.supply_relations.get()
    m.SupplyRelation.objects.filter(pk=there.pk).update(**looked_at("ours", "verified"))
    SupplyRelationFactory(enterprise=kept, buyer=there.buyer, **looked_at("theirs", "in vain"))
    merged(kept, gone)
    assert kept.supply_relations.get().verified_on is None


def test_tax_codes_change_places_when_the_other_is_chosen():
    kept, gone = pair_with_rows()
    merged(kept, gone, tax_code="gone")
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.tax_code, gone.tax_code) == ("0100000002", "0100000001")


def test_an_empty_value_can_be_chosen():
    kept = EnterpriseFactory(tax_code="0100000001")
    gone = EnterpriseFactory()
    before = register_now()
    merger = merged(kept, gone, tax_code="gone").merger
    kept.refresh_from_db()
    assert kept.tax_code is None
    undo(merger=merger, by=UserFactory(), reason="no", on=ON)
    assert register_now() == before


def test_undo_is_refused_when_a_row_was_changed_since():
    kept, gone = pair_with_rows()
    merger = merged(kept, gone).merger
    m.Product.objects.filter(name="Khuôn dập").update(capacity="10 000")
    after = register_now()
    with pytest.raises(ChangedSince):
        undo(merger=merger, by=UserFactory(), reason="no", on=ON)
    assert register_now() == after
    assert m.Merger.objects.get().undone_on is None


def test_clashing_certificates_are_said_and_nothing_is_written():
    kept, gone = pair_with_rows()
    CertificateFactory(enterprise=kept, number="C-3")
    CertificateFactory(enterprise=gone, number="C-3", issued_on=dt.date(2025, 2, 1))
    before = register_now()
    with pytest.raises(CannotMerge, match="certificates"), transaction.atomic():
        merged(kept, gone)
    assert register_now() == before
    assert not m.Merger.objects.exists()


def test_merged_record_cannot_be_merged_again():
    kept, gone = pair_with_rows()
    merged(kept, gone)
    for pair in ((kept, gone), (gone, kept), (EnterpriseFactory(), gone)):
        with pytest.raises(CannotMerge, match="ended"):
            merged(*pair)
    late = EnterpriseFactory(registered_on=dt.date(2026, 7, 1))
    with pytest.raises(CannotMerge, match="too_early"):
        merged(kept, late)


def test_every_table_below_the_enterprise_is_moved():
    rooms = ("enterprises", "certifications", "supply", "support", "visits")
    below = {
        field.related_model
        for field in m.Enterprise._meta.get_fields()
        if field.one_to_many and field.related_model.__module__.split(".")[1] in rooms
    }
    # The life of the record given up stays its own.
    assert {model for model in below if not hasattr(model, "pgh_tracked_model")} - {
        m.Enterprise,
        m.Spell,
    } == set(CHILDREN)


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_two_first_decisions_about_a_pair_do_not_overwrite_each_other():
    """The second officer presses while the first one's decision is being written."""
    one, other = EnterpriseFactory(), EnterpriseFactory()
    first, second = UserFactory(), UserFactory()

    def decide(by, is_same):
        try:
            decide_duplicate(
                one=one, other=other, is_same=is_same, reason="r", by=by, on=ON, seen=""
            )
        except DecidedMeanwhile:
            return "meanwhile"
        return "written"

    def in_another_connection():
        try:
            return decide(second, False)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert decide(first, True) == "written"
            waiting = pool.submit(in_another_connection)
            while not (somebody_waits() or waiting.done()):
                time.sleep(0.02)
        assert waiting.result() == "meanwhile"
    held = m.DuplicateDecision.objects.get()
    assert (held.is_same, held.by) == (True, first)
