"""A person's area limits what they write and never what they read."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.approvals import actions as approvals
from registry.areas.actions import set_area
from registry.areas.queries import area_of
from registry.certifications import actions as certifications
from registry.desk import actions as desk
from registry.desk.crosschecks import open_questions
from registry.enterprises import actions as enterprises
from registry.enterprises.editing import actions as editing
from registry.enterprises.life import actions as life
from registry.enterprises.permissions import OutsideArea, can_write_enterprise, in_area
from registry.records import actions as records
from registry.records.splitting import actions as splitting
from registry.supply import actions as supply
from registry.support import actions as support
from registry.visits import actions as visits
from registry.worklists import actions as worklists
from tests.factories import (
    BuyerFactory,
    CertificateFactory,
    EnterpriseFactory,
    EnterpriseSectorFactory,
    IncentiveCertificateFactory,
    ParticipationFactory,
    SchemeFactory,
    SectorFactory,
    SiteFactory,
    SupplyRelationFactory,
    SupportActivityFactory,
    SupportMeasureFactory,
    WardFactory,
)
from tests.records.test_actions import document
from tests.uploads import evidence_kept_in, pdf

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.date(2024, 3, 1)


def account(role=Role.ADMIN, name="lan"):
    return give_account(username=name, password="a word", role=role, by=None)


def limited(*, wards=(), sectors=(), role=Role.ADMIN):
    """A person of that role whose area are these wards and sectors."""
    person = account(role)
    set_area(
        person=person, wards=[row.pk for row in wards], sectors=[row.pk for row in sectors],
        reason="split", by=person,
    )  # fmt: skip
    return person


@pytest.fixture
def ward():
    return WardFactory()


@pytest.fixture
def inside(ward):
    enterprise = EnterpriseFactory(name="Trong vùng", tax_code="0101234560")
    SiteFactory(enterprise=enterprise, ward=ward)
    return enterprise


@pytest.fixture
def outside():
    enterprise = EnterpriseFactory(name="Ngoài vùng")
    SiteFactory(enterprise=enterprise, ward=WardFactory())
    return enterprise


def test_without_an_area_everything_is_inside(inside, outside):
    assert set(in_area(account())) == {inside, outside}


def test_by_ward(ward, inside, outside):
    assert list(in_area(limited(wards=[ward]))) == [inside]


def test_a_ward_that_was_left_counts_no_longer(ward, inside, outside):
    inside.sites.update(until=TODAY - dt.timedelta(days=1))
    assert list(in_area(limited(wards=[ward]))) == []


def test_by_sector_and_its_branches(inside, outside):
    sector = SectorFactory(code="electronics")
    branch = SectorFactory(code="boards", parent=sector)
    EnterpriseSectorFactory(enterprise=outside, sector=branch)
    EnterpriseSectorFactory(enterprise=inside, sector=SectorFactory(code="textile"))
    assert list(in_area(limited(sectors=[sector]))) == [outside]
    assert list(in_area(limited(sectors=[branch]))) == [outside]


def test_a_ward_and_a_sector_are_one_or_the_other(ward, inside, outside):
    sector = SectorFactory(code="electronics")
    EnterpriseSectorFactory(enterprise=outside, sector=sector)
    assert set(in_area(limited(wards=[ward], sectors=[sector]))) == {inside, outside}


def test_right_and_area_are_both_needed(ward, inside, outside):
    officer = limited(wards=[ward], role=Role.OFFICER)
    assert can_write_enterprise(officer, inside)
    assert not can_write_enterprise(officer, outside)
    auditor = account(Role.AUDITOR, "hoa")
    assert not can_write_enterprise(auditor, inside)


def test_setting_the_same_area_again_leaves_no_trace(ward):
    person = limited(wards=[ward])
    count = m.AreaPart.pgh_event_model.objects.count()
    assert not set_area(person=person, wards=[ward.pk], sectors=[], reason="again", by=person)
    assert m.AreaPart.pgh_event_model.objects.count() == count
    assert set_area(person=person, wards=[], sectors=[], reason="all", by=person)
    assert area_of(person).is_everything
    event = m.AreaPart.pgh_event_model.objects.latest("pgh_id")
    assert (event.pgh_label, event.ward_id) == ("delete", ward.pk)
    assert event.pgh_context.metadata["reason"] == "all"


# Every action that writes a record, inside and outside of the area of who does it


def confirm(enterprise, by):
    enterprises.confirm_record(enterprise=enterprise, by=by, on=TODAY, reason="r")


def amend(enterprise, by):
    change = enterprises.Amendment(enterprise.pk, {"about": "mới"})
    enterprises.amend_many(amendments=[change], reason="r", by=by)


def register(enterprise, by):
    site = enterprise.sites.get()
    draft = enterprises.EnterpriseDraft(
        name="Mới", registered_on=TODAY, source="t",
        sites=(enterprises.SiteDraft("x", ward_id=site.ward_id),),
    )  # fmt: skip
    enterprises.register_many(drafts=[draft], reason="r", by=by)


def certify(enterprise, by):
    draft = certifications.CertificateDraft(enterprise.pk, SchemeFactory().pk, "t")
    certifications.record_certificates(drafts=[draft], reason="r", by=by)


def verify(enterprise, by):
    certifications.record_verification(
        certificate=CertificateFactory(enterprise=enterprise), method="register",
        outcome="confirmed", source_seen="https://x.example", note="", on=TODAY, by=by, reason="r",
    )  # fmt: skip


def attach(enterprise, by):
    certifications.attach_evidence(
        certificate=CertificateFactory(enterprise=enterprise),
        file=SimpleUploadedFile("a.pdf", pdf()), by=by, reason="r",
    )  # fmt: skip


def relate(enterprise, by):
    draft = supply.RelationDraft(enterprise.pk, BuyerFactory().pk, 1)
    supply.record_relations(drafts=[draft], reason="r", by=by)


def verify_relation(enterprise, by):
    look = supply.ProofLook(on=TODAY, is_verified=True, proof="contract", seen="HĐ 1")
    relation = SupplyRelationFactory(enterprise=enterprise)
    supply.record_proof(
        relation=relation, look=look, mark=supply.mark_of(relation), by=by, reason="r"
    )


def merge(enterprise, by):
    other = EnterpriseFactory()
    SiteFactory(enterprise=other, ward=enterprise.sites.get().ward)
    desk.merge_enterprises(kept=enterprise, gone=other, choose={}, by=by, reason="r", on=TODAY)


def undo(enterprise, by):
    gone, root = EnterpriseFactory(), account(name="root")
    result = desk.merge_enterprises(
        kept=enterprise, gone=gone, choose={}, by=root, reason="r", on=TODAY
    )
    desk.undo_merge(merger=result.merger, by=by, reason="r", on=TODAY)


def decide(enterprise, by):
    other = EnterpriseFactory()
    SiteFactory(enterprise=other, ward=enterprise.sites.get().ward)
    desk.decide_duplicate(one=enterprise, other=other, is_same=False, reason="r", by=by, on=TODAY)


def apart(enterprise, by):
    other = EnterpriseFactory()
    SiteFactory(enterprise=other, ward=enterprise.sites.get().ward)
    desk.keep_apart(
        one=enterprise.pk, others=[other.pk], reason="r", on=TODAY, decided_by=by.pk, by=by
    )


def explain(enterprise, by):
    m.Enterprise.objects.update(tax_code=None)
    m.Enterprise.objects.filter(pk=enterprise.pk).update(tax_code="0101234560")
    question = next(q for q in open_questions(TODAY) if q.enterprise_id == enterprise.pk)
    desk.answer_question(question=question, reason="r", by=by, on=TODAY)


def changed(enterprise):
    site = enterprise.sites.get()
    site.address = "Số 2"
    site.save()
    return site.events.latest("pgh_id").pgh_id


def take_back(enterprise, by):
    desk.take_back(table="site", event_id=changed(enterprise), reason="r", by=by)


def restore(enterprise, by):
    changed(enterprise)
    first = enterprise.sites.get().events.earliest("pgh_id").pgh_id
    desk.restore_version(table="site", event_id=first, reason="r", by=by)


def give_consent(enterprise, by):
    contact = enterprise.contacts.create(full_name="x")
    days = dict.fromkeys(enterprises.CONSENTS) | {"name_consent_on": TODAY}
    mark = enterprises.consent_mark(contact)
    enterprises.set_consent(contact=contact, days=days, how="a call", mark=mark, by=by)


def confirm_many(enterprise, by):
    enterprises.confirm_records(enterprise_ids=[enterprise.pk], by=by, on=TODAY, reason="r")


def withdraw(enterprise, by):
    certifications.withdraw_certificate(
        certificate=CertificateFactory(enterprise=enterprise), on=TODAY, by=by, reason="r"
    )


def ask_again(enterprise, by):
    certifications.ask_to_look_again(enterprise_ids=[enterprise.pk], by=by, reason="r")


def amend_relation(enterprise, by):
    relation = SupplyRelationFactory(enterprise=enterprise)
    supply.amend_relations(
        enterprise_id=enterprise.pk, changes={relation.pk: {"tier": 2}}, reason="r", by=by
    )


def measure(enterprise, by):
    values = {"name": "Tỷ lệ lỗi", "unit": "ppm", "before": 9, "before_on": DAY,
              "measured": "stated", "source": "t"}  # fmt: skip
    support.record_measure(
        participation=ParticipationFactory(enterprise=enterprise), values=values, reason="r", by=by
    )


def correct_measure(enterprise, by):
    row = SupportMeasureFactory(participation__enterprise=enterprise)
    seen = support.version_of(row)
    support.change_measure(measure=row, values={"before": 8}, seen=seen, reason="r", by=by)


def incentive(enterprise, by):
    values = {"number": "1/GXN", "issuer": "moit", "issued_on": DAY, "project": "x", "source": "t"}
    support.record_incentive(enterprise=enterprise, values=values, groups=[], reason="r", by=by)


def correct_incentive(enterprise, by):
    row = IncentiveCertificateFactory(enterprise=enterprise)
    support.change_incentive(
        certificate=row, values={"project": "y"}, groups=[], seen=support.version_of(row),
        reason="r", by=by,
    )  # fmt: skip


def amend_incentive(enterprise, by):
    row = IncentiveCertificateFactory(enterprise=enterprise)
    support.amend_incentive(
        certificate=row, on=TODAY, document="2/QĐ", what="name", reason="r", by=by
    )


def revoke(enterprise, by):
    row = IncentiveCertificateFactory(enterprise=enterprise)
    support.revoke_incentive(certificate=row, on=TODAY, document="3/QĐ", reason="r", by=by)


def report(enterprise, by):
    row = IncentiveCertificateFactory(enterprise=enterprise)
    support.receive_report(
        certificate=row, year=2025, received_on=TODAY, reference="4", reason="r", by=by
    )


def visit(enterprise, by, on=TODAY):
    draft = visits.VisitDraft(
        uuid=uuid.uuid4(), enterprise=enterprise, on=on, purpose="record", site_exists="yes",
        machines_seen="yes", processes_seen="yes", met="director", result="as_recorded",
    )  # fmt: skip
    return visits.record_visit(draft=draft, photos=[], reason="r", by=by)[0]


def settle(enterprise, by):
    root = account(name="root")
    visit(enterprise, root, DAY)
    waits = visit(enterprise, root, DAY)
    visits.settle_visit(visit=waits, follow=False, how="told apart", on=TODAY, by=by)


def split(enterprise, by):
    product = enterprise.products.create(name=f"Khuôn {enterprise.pk}")
    splitting.split_enterprise(
        enterprise_id=enterprise.pk, name=f"Mới {enterprise.pk}", tax_code=None, on=TODAY,
        rows={"product": [product.pk]}, reason="r", by=by,
    )  # fmt: skip


def preview_split(enterprise, by):
    product = enterprise.products.create(name=f"Khuôn {enterprise.pk}")
    splitting.examine_split(
        enterprise_id=enterprise.pk, name="Mới", tax_code=None, on=TODAY,
        rows={"product": [product.pk]}, reason="r", by=by,
    )  # fmt: skip


def undo_split(enterprise, by):
    split(enterprise, account(name="root"))
    row = m.Splitting.objects.get(source=enterprise, undone_on__isnull=True)
    splitting.undo_split(splitting_id=row.pk, reason="r", by=by)


def edit(enterprise, by):
    changes = editing.RecordChanges(fields={"about": "mới"})
    editing.write_changes(enterprise=enterprise, changes=changes, reason="r", by=by)


def suspend(enterprise, by):
    life.suspend_enterprise(enterprise_id=enterprise.pk, on=TODAY, reason="r", by=by)


def take(enterprise, by):
    certificate = CertificateFactory(enterprise=enterprise)
    worklists.take_on(person=by, certificates=[certificate.pk], on=TODAY, reason="r", by=by)


def take_part(enterprise, by):
    support.add_participants(
        activity=SupportActivityFactory(), enterprises=[enterprise], role="beneficiary",
        attended_from=None, reason="r", by=by,
    )  # fmt: skip


def correct_part(enterprise, by):
    row = ParticipationFactory(enterprise=enterprise)
    seen = support.version_of(row)
    support.change_participation(
        participation=row, values={"note": "x"}, seen=seen, reason="r", by=by
    )


def take_out(enterprise, by):
    row = ParticipationFactory(enterprise=enterprise)
    support.remove_participation(participation=row, reason="r", by=by)


def send_back(enterprise, by):
    content = document()
    site = {"id": None, "kind": "factory", "address": "Số 1", "province_id": None,
            "ward_id": enterprise.sites.get().ward_id, "park_id": None, "since": None,
            "until": None}  # fmt: skip
    content["rows"]["sites"] = [site]
    row = records.submit_application(content=content, by=account(name="root"))
    records.send_back_application(application_id=row.pk, reason="r", by=by)


def refuse_proposal(enterprise, by):
    approvals.refuse(proposal=waiting_look(enterprise, by), reason="r", by=by)


def close_as_overtaken(enterprise, by):
    waiting = waiting_look(enterprise, by)
    m.Certificate.objects.filter(enterprise=enterprise).update(number="CHANGED-1")
    approvals.approve(proposal=waiting, reason="r", by=by)


def waiting_look(enterprise, by):
    approvals.set_policy(kind="verify", is_required=True, reason="r", by=by)
    certificate = CertificateFactory(enterprise=enterprise)
    payload = {"certificate": certificate.pk, "outcome": "confirmed", "method": "document",
               "source_seen": "", "note": "", "on": TODAY.isoformat()}  # fmt: skip
    root = account(name="root")
    return approvals.ask(kind="verify", payload=payload, reason="r", by=root).proposal


WRITERS = [take, take_part, correct_part, take_out, send_back, refuse_proposal, close_as_overtaken, confirm, amend, register, certify, verify, attach, relate, verify_relation, merge, undo, decide, explain,
           take_back, restore, give_consent, confirm_many, withdraw, ask_again, apart, amend_relation, measure,
           correct_measure, incentive, correct_incentive, amend_incentive, revoke, report, visit,
           settle, split, preview_split, undo_split, edit, suspend]  # fmt: skip
ASKED_ELSEWHERE = {
    "decide_new": "a row of a list in review: tests/imports/test_decisions.py",
    "decide_fields": "a row of a list in review: tests/imports/test_decisions.py",
    "decide_same": "a row of a list in review: tests/imports/test_decisions.py",
    "undo_decision": "a row of a list in review: tests/imports/test_decisions.py",
}


def test_every_action_that_asks_for_the_area_is_tried_here():
    """By the text of the actions: a public one that asks, itself or by a part of its own."""
    asking = set()
    for path in Path(settings.BASE_DIR, "registry").rglob("actions.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        parts = {
            node.name: ast.dump(node) for node in module.body if isinstance(node, ast.FunctionDef)
        }
        asks = {
            name for name, text in parts.items() if "refuse_" in text and "outside_area" in text
        }
        own = {name for name in asks if name.startswith("_")}
        asks |= {name for name, text in parts.items() if any(f"'{part}'" in text for part in own)}
        asking |= {name for name in asks if not name.startswith("_")}
    tried = " ".join(inspect.getsource(write) for write in WRITERS)
    alike = {"resume_enterprise", "close_enterprise", "move_away_enterprise", "reopen_enterprise",
             "name_successor"}  # fmt: skip
    missing = {name for name in asking if f"{name}(" not in tried}
    assert missing - alike == set(ASKED_ELSEWHERE)


NO_RECORD_OF_AN_ENTERPRISE = {
    "accounts": {"give_account", "enter", "create_person", "change_details", "change_role", "set_open",
                 "reset_second_factor", "set_directory_identifier", "end_sessions"},
    "approvals": {"ask", "withdraw", "set_policy"},  # the action itself asks
    "areas": {"set_area"},
    "desk": {"read_contacts"},
    "enterprises": {"start_register"},
    # A list in review is no record yet; ``write`` has its rows asked about one by one.
    "imports": {"ask", "check_again", "decide", "decide_all", "edit", "keep_file", "keep_unseen",
                "mend", "note", "put_all_back", "put_back", "remove", "say_how", "take_all",
                "take_over", "take_repairs", "take_ticked", "write", "write_cells"},
    "plans": {"approve_rule", "load_plans"},
    "records": {"save_draft", "drop_drafts", "withdraw_application"},  # one's own
    "reference": {"load_reference"},
    "releases": {"prepare_release", "approve_release", "withdraw_release"},
    "sample": {"load_sample"},
    "statistics": {"enter_value", "correct_value", "withdraw_value"},
    "support": {"record_programme", "change_programme", "record_activity", "change_activity"},
    "worklists": {"give_back", "set_target", "pause_intake", "end_pause", "save_view", "drop_view"},
}  # fmt: skip
ASKS_BY_WHAT_IT_CALLS = {
    "register_application", "edit_record", "change_all", "close_enterprise", "move_away_enterprise",
}  # fmt: skip


def test_an_action_that_does_not_ask_for_the_area_is_named_here_with_its_room():
    """What is done to a list in review writes no record yet; the writing asks, row by row."""
    silent: dict[str, set[str]] = {}
    for path in Path(settings.BASE_DIR, "registry").rglob("actions.py"):
        room = path.relative_to(settings.BASE_DIR).parts[1]
        module = ast.parse(path.read_text(encoding="utf-8"))
        parts = {
            node.name: ast.dump(node) for node in module.body if isinstance(node, ast.FunctionDef)
        }
        asks = {name for name, text in parts.items() if "outside_area" in text}
        asks |= {name for name, text in parts.items() if any(f"'{part}'" in text for part in asks)}
        for name, text in parts.items():
            if not name.startswith("_") and "arg='by'" in text and name not in asks:
                silent.setdefault(room, set()).add(name)
    found = {room: names - ASKS_BY_WHAT_IT_CALLS for room, names in silent.items()}
    assert found == NO_RECORD_OF_AN_ENTERPRISE


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_an_action_writes_inside_of_the_area_only(
    tmp_path, monkeypatch, write, ward, inside, outside
):
    evidence_kept_in(tmp_path / "evidence", monkeypatch)
    person = limited(wards=[ward])
    with pytest.raises(OutsideArea):
        write(outside, person)
    write(inside, person)


@pytest.mark.parametrize("pair", ["kept", "gone"])
def test_both_records_of_a_merger_must_be_inside(ward, inside, outside, pair):
    records = {"kept": inside, "gone": outside}
    if pair == "kept":
        records = {"kept": outside, "gone": inside}
    with pytest.raises(OutsideArea):
        desk.merge_enterprises(**records, choose={}, by=limited(wards=[ward]), reason="r", on=TODAY)


def test_pages_show_what_is_outside_and_say_why_it_is_not_written(client, ward, inside, outside):
    client.force_login(limited(wards=[ward], role=Role.OFFICER))
    assert client.get(f"/en/desk/enterprises/{inside.pk}/confirm/").status_code == 200
    refused = client.post(f"/en/desk/enterprises/{outside.pk}/confirm/", {"reason": "a call"})
    assert refused.status_code == 403
    assert "Outside of your area: Ngoài vùng." in refused.content.decode()
    outside.refresh_from_db()
    assert outside.last_confirmed_on is None
    certificate = CertificateFactory(enterprise=outside)
    shown = client.get(reverse("desk-verify", args=[certificate.pk]))
    assert shown.status_code == 200
    assert not shown.context["may_verify"]


@pytest.mark.parametrize("model", ["enterprise", "certificate", "supplyrelation"])
def test_the_admin_writes_inside_of_the_area_only(client, ward, inside, outside, model):
    client.force_login(limited(wards=[ward]))
    rows = {}
    for enterprise in (inside, outside):
        rows[enterprise] = {
            "enterprise": lambda e: e,
            "certificate": lambda e: CertificateFactory(enterprise=e),
            "supplyrelation": lambda e: m.SupplyRelation.objects.create(
                enterprise=e, buyer=BuyerFactory(), tier=1
            ),
        }[model](enterprise)
    offered = {
        enterprise: client.get(f"/en/admin/registry/{model}/{row.pk}/change/").context[
            "has_change_permission"
        ]
        for enterprise, row in rows.items()
    }
    assert offered == {inside: True, outside: False}


def test_a_certificate_cannot_be_moved_out_of_the_area_by_the_admin(client, ward, inside, outside):
    client.force_login(limited(wards=[ward]))
    held = CertificateFactory(enterprise=inside)
    data = {
        "enterprise": outside.pk, "scheme": held.scheme_id, "source": "t", "change_reason": "r",
        "verifications-TOTAL_FORMS": "0", "verifications-INITIAL_FORMS": "0",
    }  # fmt: skip
    response = client.post(f"/en/admin/registry/certificate/{held.pk}/change/", data)
    assert response.status_code == 403
    held.refresh_from_db()
    assert held.enterprise == inside
