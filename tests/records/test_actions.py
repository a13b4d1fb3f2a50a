"""Applications, their steps, and a record edited as a whole."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from registry import models as m
from registry.core.known import tracked_models
from registry.records.actions import (
    WHY_NOT,
    RecordChanged,
    RecordRefused,
    edit_record,
    register_application,
    save_draft,
    send_back_application,
    submit_application,
    withdraw_application,
)
from registry.records.content import content_of, empty_content
from registry.records.differences import clashes, merged
from tests.factories import (
    BuyerFactory,
    EnterpriseFactory,
    EnterpriseSectorFactory,
    ProcessFactory,
    ProvinceFactory,
    SchemeFactory,
    SectorFactory,
    SiteFactory,
    SupplyRelationFactory,
    UserFactory,
    WardFactory,
)

pytestmark = pytest.mark.django_db


def document(**fields: Any) -> dict[str, Any]:
    content = empty_content()
    content["fields"] |= {"name": "Công ty TNHH Kim Phát", "source": "tờ khai", **fields}
    return content


def whole_document() -> dict[str, Any]:
    """A document with a row in every table."""
    hanoi, ward = ProvinceFactory(), WardFactory()
    content = document(
        tax_code="0101234567", tax_code_note="như trên giấy", founded_on="2010-05-01"
    )
    sectors = [SectorFactory(code="components").pk, SectorFactory(code="high_tech").pk]
    content["fields"]["primary_sector"] = sectors[1]
    content["codes"] = {"sectors": sectors, "processes": [ProcessFactory().pk], "materials": []}
    content["blank"] = {"website": "not_applicable"}
    content["rows"] |= {
        "sites": [{
            "id": None, "kind": "factory", "address": "Số 1", "province_id": hanoi.pk,
            "ward_id": ward.pk, "park_id": None, "since": "2011-01-01", "until": None,
        }],
        "products": [{"id": None, "name": "Vỏ máy", "name_en": "", "group_id": None, "hs_id": None,
                      "capacity": ""}],
        "machines": [{"id": None, "name": "Máy phay", "maker": "", "spec": "", "count": 3}],
        "year_figures": [{"id": None, "year": 2025, "labour": 60, "capital_vnd": None,
                          "revenue_vnd": 40_000_000_000}],
        "contacts": [{"id": None, "full_name": "Người Kín", "role": "", "phone": "0900000001",
                      "email": "", "name_consent_on": "2026-01-01", "phone_consent_on": None,
                      "email_consent_on": None}],
        "relations": [{"id": None, "buyer_id": BuyerFactory().pk, "plant_id": None, "tier": 2,
                       "product": "", "since": "2024-01-01", "until": None, "evidence": "",
                       "is_confidential": True}],
        "certificates": [{"id": None, "scheme_id": SchemeFactory().pk, "edition_id": None,
                          "number": "Q-1", "body_id": None, "accreditation_body_id": None,
                          "scope": "", "issued_on": "2025-01-01", "valid_until": "2027-12-31"}],
    }  # fmt: skip
    return content


def events() -> int:
    return sum(model._base_manager.count() for _model, model in tracked_models())


# Applications


def test_an_application_becomes_a_record_with_everything_it_says():
    officer, verifier, content = UserFactory(), UserFactory(), whole_document()
    row = submit_application(content=content, by=officer)
    assert not m.Enterprise.objects.exists()
    made = register_application(
        application_id=row.pk, reason="complete", on="2026-03-01", by=verifier
    )
    assert (made.registered_on, made.source) == (dt.date(2026, 3, 1), "tờ khai")
    written = content_of(made)
    for part in ("fields", "blank", "codes"):
        expected = {name: value for name, value in content[part].items() if name != "source"}
        assert written[part] == expected
    for table, rows in written["rows"].items():
        assert [{**row, "id": None} for row in rows] == content["rows"][table]
    assert made.contacts.get().name_consent_on == dt.date(2026, 1, 1)
    assert made.certificates.get().verifications.count() == 0
    row.refresh_from_db()
    assert (row.status, row.enterprise, row.decided_by) == ("registered", made, verifier)


def test_who_submitted_does_not_decide():
    officer = UserFactory()
    row = submit_application(content=document(), by=officer)
    for act in (register_application, send_back_application):
        with pytest.raises(RecordRefused, match="same_person"):
            act(application_id=row.pk, reason="r", by=officer)
    with (
        pytest.raises(IntegrityError, match="application_decided_by_another"),
        transaction.atomic(),
    ):
        m.Application.objects.filter(pk=row.pk).update(
            status="sent_back", reason="r", decided_by=officer, decided_at=timezone.now()
        )


def test_sent_back_mended_and_registered():
    officer, verifier = UserFactory(), UserFactory()
    row = submit_application(content=document(name="Kim Phat"), by=officer)
    send_back_application(application_id=row.pk, reason="the name is cut", by=verifier)
    with pytest.raises(RecordRefused, match="status"):
        register_application(application_id=row.pk, reason="r", by=verifier)
    with pytest.raises(RecordRefused, match="not_yours"):
        submit_application(content=document(), application_id=row.pk, by=verifier)
    submit_application(content=document(), application_id=row.pk, by=officer)
    made = register_application(application_id=row.pk, reason="now right", by=verifier)
    assert made.name == "Công ty TNHH Kim Phát"
    labels = list(row.events.order_by("pgh_id").values_list("status", flat=True))
    assert labels == ["submitted", "sent_back", "submitted", "registered"]


def test_withdrawn_is_the_end():
    officer, verifier = UserFactory(), UserFactory()
    row = submit_application(content=document(), by=officer)
    with pytest.raises(RecordRefused, match="not_yours"):
        withdraw_application(application_id=row.pk, reason="r", by=verifier)
    send_back_application(application_id=row.pk, reason="no tax code", by=verifier)
    save_draft(data={"name": ["Dở dang"]}, application_id=row.pk, by=officer)
    withdraw_application(application_id=row.pk, reason="twice", by=officer)
    assert m.Draft.objects.count() == 0  # it may hold contact persons, and leads nowhere
    with pytest.raises(RecordRefused, match="status"):
        register_application(application_id=row.pk, reason="r", by=verifier)


def test_a_tax_code_that_stands_already_registers_nothing():
    EnterpriseFactory(tax_code="0101234567")
    row = submit_application(content=whole_document(), by=UserFactory())
    with pytest.raises(RecordRefused, match="tax_code"):
        register_application(application_id=row.pk, reason="r", by=UserFactory())
    assert m.Enterprise.objects.count() == 1
    row.refresh_from_db()
    assert row.status == "submitted"


ALLOWED = {
    ("submitted", "sent_back"), ("submitted", "registered"), ("submitted", "withdrawn"),
    ("sent_back", "submitted"), ("sent_back", "withdrawn"),
}  # fmt: skip


def in_status(status: str, officer: m.User, verifier: m.User) -> m.Application:
    row = submit_application(content=document(), by=officer)
    if status == "sent_back":
        send_back_application(application_id=row.pk, reason="r", by=verifier)
    if status == "registered":
        register_application(application_id=row.pk, reason="r", by=verifier)
    if status == "withdrawn":
        withdraw_application(application_id=row.pk, reason="r", by=officer)
    return row


@pytest.mark.parametrize("before", m.Status.values)
@pytest.mark.parametrize("after", m.Status.values)
def test_the_database_knows_every_step(before, after):
    officer, verifier = UserFactory(), UserFactory()
    row = in_status(before, officer, verifier)
    values = {
        "status": after,
        "reason": "r",
        "decided_by": None,
        "decided_at": None,
        "enterprise": None,
    }
    if after in ("sent_back", "registered"):
        values |= {"decided_by": verifier, "decided_at": timezone.now()}
    if after == "registered":
        values["enterprise"] = EnterpriseFactory()
    try:
        with transaction.atomic():
            m.Application.objects.filter(pk=row.pk).update(**values)
        is_taken = True
    except DatabaseError:
        is_taken = False
    assert is_taken == (before == after or (before, after) in ALLOWED)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE registry_application SET content = '{}'",
        "UPDATE registry_application SET submitted_at = now() - interval '1 day'",
        "DELETE FROM registry_application",
        "INSERT INTO registry_application (name, tax_code, content, status, submitted_by_id,"
        " submitted_at, reason) SELECT name, '', '{}', 'withdrawn', submitted_by_id, now(), ''"
        " FROM registry_application",
    ],
)
def test_what_waits_stands_still_by_plain_sql(sql):
    submit_application(content=document(), by=UserFactory())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# Editing


def held() -> m.Enterprise:
    """A record with rows; written with blanks that a form would tidy away."""
    row = EnterpriseFactory(name="Cơ  khí Hoàng Long ", foreign_share=30, about="Một\r\nhai ")
    EnterpriseSectorFactory(enterprise=row)
    SiteFactory(enterprise=row)
    row.products.create(name="Vỏ máy")
    row.products.create(name="Khuôn dập")
    row.year_figures.create(year=2025, labour=30)
    SupplyRelationFactory(enterprise=row, verified=True)
    return row


def edited(row: m.Enterprise, content: dict[str, Any], base: dict[str, Any] | None = None) -> Any:
    return edit_record(
        enterprise_id=row.pk, content=content, base=base or content_of(row), reason="r", by=UserFactory()
    )  # fmt: skip


def test_saving_without_a_change_leaves_no_trace():
    row = held()
    before, confirmed = events(), row.last_confirmed_on
    saved = edited(row, content_of(row))
    row.refresh_from_db()
    assert (events(), row.last_confirmed_on) == (before, confirmed)
    assert saved.is_nothing


def test_only_what_changed_is_written():
    row = held()
    UserFactory()
    content = content_of(row)
    content["rows"]["products"][1]["capacity"] = "100/năm"
    before = events()
    saved = edited(row, content)
    assert [one.path for one in saved.changed] == [
        ("rows", "products", str(row.products.get(name="Khuôn dập").pk), "capacity")
    ]
    assert events() == before + 1


def test_rows_keep_their_identity():
    row = held()
    content = content_of(row)
    kept, gone = (one["id"] for one in content["rows"]["products"])
    content["rows"]["products"] = [
        {**content["rows"]["products"][0], "name": "Vỏ máy bơm"},
        {
            "id": None,
            "name": "Trục",
            "name_en": "",
            "group_id": None,
            "hs_id": None,
            "capacity": "",
        },
    ]
    edited(row, content)
    rows = dict(row.products.values_list("pk", "name"))
    assert rows[kept] == "Vỏ máy bơm"
    assert gone not in rows
    assert sorted(rows.values()) == ["Trục", "Vỏ máy bơm"]


def test_primary_sector_changes_places():
    row, other = held(), SectorFactory(code="textile")
    content = content_of(row)
    content["codes"]["sectors"] = sorted([*content["codes"]["sectors"], other.pk])
    content["fields"]["primary_sector"] = other.pk
    edited(row, content)
    assert row.sectors.get(is_primary=True).sector == other
    assert row.sectors.count() == 2


def test_a_changed_relation_is_verified_no_more():
    row = held()
    content = content_of(row)
    content["rows"]["relations"][0]["until"] = "2026-01-01"
    edited(row, content)
    assert row.supply_relations.get().verified_on
    content = content_of(row)
    content["rows"]["relations"][0]["tier"] = 3
    edited(row, content)
    relation = row.supply_relations.get()
    assert (relation.tier, relation.verified_on, relation.verified_by) == (3, None, None)


def test_a_reason_is_asked_for_and_a_rule_of_the_database_said_in_words():
    row = held()
    EnterpriseFactory(tax_code="0101234567")
    content = content_of(row)
    content["fields"]["tax_code"] = "0101234567"
    before = events()
    with pytest.raises(RecordRefused, match="tax_code") as refused:
        edited(row, content)
    assert refused.value.message == WHY_NOT["tax_code"]
    with pytest.raises(RecordRefused, match="reason"):
        edit_record(
            enterprise_id=row.pk, content=content, base=content_of(row), reason=" ", by=row_user()
        )
    assert events() == before


def row_user() -> m.User:
    return m.User.objects.first() or UserFactory()


def two_edits() -> tuple[m.Enterprise, dict, dict, dict]:
    """A record opened by two: as it was, mine not saved yet, theirs saved."""
    row = held()
    base = content_of(row)
    mine, theirs = copy.deepcopy(base), copy.deepcopy(base)
    mine["fields"] |= {"short_name": "HL của tôi", "website": "https://hl.example"}
    theirs["fields"] |= {"short_name": "HL của họ", "name_en": "Hoang Long"}
    edited(row, theirs, base)
    row.refresh_from_db()
    return row, base, mine, content_of(row)


def test_the_second_of_two_overwrites_nothing():
    row, base, mine, theirs = two_edits()
    before = events()
    with pytest.raises(RecordChanged) as changed:
        edited(row, mine, base)
    assert changed.value.theirs == theirs
    assert events() - before == 0
    assert content_of(row) == theirs


def test_what_both_changed_is_a_clash_and_the_rest_comes_together():
    _row, base, mine, theirs = two_edits()
    (clash,) = clashes(base, mine, theirs)
    assert (clash.path, clash.before, clash.mine, clash.theirs) == (
        ("fields", "short_name"), "", "HL của tôi", "HL của họ",
    )  # fmt: skip
    together = merged(base, mine, theirs)["fields"]
    assert (together["short_name"], together["website"], together["name_en"]) == (
        "HL của tôi", "https://hl.example", "Hoang Long",
    )  # fmt: skip
    left = merged(base, mine, theirs, {("fields", "short_name")})["fields"]
    assert (left["short_name"], left["website"]) == ("HL của họ", "https://hl.example")


def test_a_row_that_one_took_out_and_the_other_changed_is_a_clash():
    row = held()
    base = content_of(row)
    mine, theirs = copy.deepcopy(base), copy.deepcopy(base)
    pk = base["rows"]["products"][0]["id"]
    mine["rows"]["products"][0]["name"] = "Vỏ máy bơm"
    theirs["rows"]["products"] = theirs["rows"]["products"][1:]
    path = ("rows", "products", str(pk))
    (clash,) = clashes(base, mine, theirs)
    assert (clash.path, clash.mine, clash.theirs) == (path, True, None)
    again = merged(base, mine, theirs)["rows"]["products"]
    assert [(one["id"], one["name"]) for one in again][-1] == (None, "Vỏ máy bơm")
    assert merged(base, mine, theirs, {path})["rows"] == theirs["rows"]
    (clash,) = clashes(base, theirs, mine)
    assert (clash.path, clash.mine, clash.theirs) == (path, None, True)
    assert merged(base, theirs, mine)["rows"] == theirs["rows"]
    assert merged(base, theirs, mine, {path})["rows"] == mine["rows"]


def test_new_rows_of_both_stay():
    row = held()
    base = content_of(row)
    new = {"id": None, "name": "Máy tiện", "maker": "", "spec": "", "count": None}
    theirs, mine = copy.deepcopy(base), copy.deepcopy(base)
    theirs["rows"]["machines"].append({**new, "name": "Máy bào"})
    edited(row, theirs, base)
    mine["rows"]["machines"].append(new)
    now = content_of(row)
    edited(row, merged(base, mine, now), now)
    assert sorted(row.machines.values_list("name", flat=True)) == ["Máy bào", "Máy tiện"]
