"""The log sees every way of writing; versions are compared; changes are taken back."""

from __future__ import annotations

import datetime as dt

import pghistory
import pytest
from django.db import connection
from django.utils import timezone, translation

from registry import models as m
from registry.desk.actions import (
    CannotTakeBack,
    ChangedSince,
    merge_enterprises,
    read_contacts,
    restore_version,
    take_back,
)
from registry.desk.log import HIDDEN, LogFilter, compare, entries, name_of, versions
from registry.desk.models import DuplicateDecision
from registry.desk.records import tracked_by_code
from registry.supply.actions import NEVER_LOOKED_AT
from tests.factories import (
    BuyerFactory,
    CertificateFactory,
    EnterpriseFactory,
    SiteFactory,
    SupplyRelationFactory,
    UserFactory,
    VerificationStepFactory,
)

pytestmark = pytest.mark.django_db


def page(**asked) -> list:
    return entries(LogFilter(**asked), offset=0, limit=50)[0]


def changes(entry) -> dict[str, tuple[str, str]]:
    return {change.label: (change.before, change.after) for change in entry.changes}


def event_of(row, label: str) -> int:
    return row.events.filter(pgh_label=label).latest("pgh_id").pgh_id


def renamed(row: m.Enterprise, name: str, **context) -> int:
    with pghistory.context(**context):
        row.name = name
        row.save()
    return event_of(row, "update")


def test_before_after_who_and_why():
    user = UserFactory(first_name="Lan", last_name="Trần")
    row = EnterpriseFactory(name="Cũ")
    renamed(row, "Mới", user=user.pk, reason="new licence")
    entry = page(table="enterprise")[0]
    assert changes(entry) == {str(m.Enterprise._meta.get_field("name").verbose_name): ("Cũ", "Mới")}
    assert (entry.person, entry.reason, entry.label) == (
        user.get_full_name(),
        "new licence",
        "update",
    )


def test_plain_sql_is_in_the_log_without_a_person():
    row = EnterpriseFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_enterprise SET short_name = 'x' WHERE id = %s", [row.pk])
    assert (page(table="enterprise")[0].person, page(table="enterprise")[0].label) == ("", "update")


def test_filters_by_table_person_and_day():
    user = UserFactory()
    row = EnterpriseFactory()
    SiteFactory(enterprise=row)
    renamed(row, "Mới", user=user.pk, reason="r")
    today = timezone.localdate()
    assert [one.table for one in page(person=user.pk)] == ["enterprise"]
    assert {one.table for one in page(table="site")} == {"site"}
    assert len(page(day=today)) == 3
    assert page(day=today - dt.timedelta(days=1)) == []
    assert entries(LogFilter(), offset=1, limit=1)[1] == 3


def test_history_of_a_record_holds_its_children_and_nobody_elses():
    certificate = CertificateFactory()
    VerificationStepFactory(certificate=certificate)
    CertificateFactory()
    mine = page(enterprise=certificate.enterprise_id)
    assert {one.table for one in mine} == {
        "enterprise", "site", "certificate", "verificationstep",
    }  # fmt: skip
    assert len(mine) == 4


def test_contact_persons_are_never_spelled_out():
    row = EnterpriseFactory()
    row.contacts.create(full_name="Người Kín", phone="0900000001")
    (entry,) = page(table="contact")
    shown = [text for pair in changes(entry).values() for text in pair]
    assert HIDDEN in shown
    assert not any("Kín" in text or "0900" in text for text in shown)


def test_removed_row_is_shown_as_it_was():
    site = SiteFactory(address="Số 9")
    m.Site.objects.filter(pk=site.pk).delete()
    entry = page(table="site")[0]
    assert entry.label == "delete"
    assert ("Số 9", "") in changes(entry).values()


def test_queries_do_not_grow_with_entries(django_assert_max_num_queries):
    for number in range(20):
        SiteFactory(address=str(number))
    with django_assert_max_num_queries(7) as few:
        page(table="site")
    SiteFactory.create_batch(20)
    with django_assert_max_num_queries(len(few.captured_queries)):
        page(table="site")


def test_any_two_versions_are_compared():
    row = EnterpriseFactory(name="Một")
    renamed(row, "Hai")
    renamed(row, "Ba")
    last, _middle, first = (one.event for one in versions("enterprise", row.pk))
    ((change),) = compare("enterprise", row.pk, first, last)
    assert (change.before, change.after) == ("Một", "Ba")
    assert compare("enterprise", row.pk, first, first + 1_000_000) is None


def test_change_is_taken_back_and_later_ones_stay():
    user = UserFactory()
    row = EnterpriseFactory(name="Đúng", short_name="a")
    event = renamed(row, "Sai")
    row.short_name = "b"
    row.save()
    take_back(table="enterprise", event_id=event, reason="a slip", by=user)
    row.refresh_from_db()
    assert (row.name, row.short_name) == ("Đúng", "b")
    entry = page(table="enterprise")[0]
    assert (entry.reason, entry.person) == ("a slip", user.get_username())


def test_change_that_was_changed_again_is_not_taken_back():
    row = EnterpriseFactory(name="Một")
    event = renamed(row, "Hai")
    renamed(row, "Ba")
    with pytest.raises(ChangedSince):
        take_back(table="enterprise", event_id=event, reason="r", by=UserFactory())


def test_removed_row_comes_back_as_it_was():
    site = SiteFactory(address="Số 9")
    before = m.Site.objects.filter(pk=site.pk).values().get()
    m.Site.objects.filter(pk=site.pk).delete()
    event = m.Site.pgh_event_model.objects.get(pgh_label="delete").pgh_id
    take_back(table="site", event_id=event, reason="r", by=UserFactory())
    assert m.Site.objects.filter(pk=site.pk).values().get() == before
    with pytest.raises(ChangedSince):
        take_back(table="site", event_id=event, reason="r", by=UserFactory())


def test_row_is_written_as_it_stood_in_a_version():
    row = EnterpriseFactory(name="Một", short_name="a")
    first = event_of(row, "insert")
    row.short_name = "b"
    renamed(row, "Hai")
    restore_version(table="enterprise", event_id=first, reason="r", by=UserFactory())
    row.refresh_from_db()
    assert (row.name, row.short_name) == ("Một", "a")
    with pytest.raises(CannotTakeBack):
        restore_version(table="enterprise", event_id=first, reason="r", by=UserFactory())


def test_what_cannot_be_taken_back():
    kept, gone = EnterpriseFactory(), EnterpriseFactory()
    user, on = UserFactory(), dt.date(2026, 6, 30)
    merge_enterprises(kept=kept, gone=gone, choose={}, by=user, reason="r", on=on)
    step = VerificationStepFactory()
    for table, event in (
        ("enterprise", event_of(gone, "update")),
        ("enterprise", event_of(kept, "insert")),
        ("verificationstep", event_of(step, "insert")),
        ("user", 1),
        ("enterprise", 1_000_000),
    ):
        with pytest.raises(CannotTakeBack):
            take_back(table=table, event_id=event, reason="r", by=user)


def test_a_rule_of_the_database_stands_above_taking_back():
    row = EnterpriseFactory(tax_code="0100000001")
    row.tax_code = None
    row.save()
    EnterpriseFactory(tax_code="0100000001")
    with pytest.raises(CannotTakeBack):
        take_back(
            table="enterprise", event_id=event_of(row, "update"), reason="r", by=UserFactory()
        )


VERIFIED = {"verified_on": dt.date(2026, 2, 1), "proof": "contract", "proof_seen": "HĐ 1"}
IN_VAIN = {"unverified_on": dt.date(2026, 3, 1), "unverified_because": "the buyer says no"}


def written(row, **values) -> int:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return event_of(row, "update")


def verified(row) -> None:
    written(row, **VERIFIED, verified_by=UserFactory())


def looked_at_in_vain(row) -> int:
    before_the_look = {name.removesuffix("_id"): value for name, value in NEVER_LOOKED_AT.items()}
    return written(row, **{**before_the_look, **IN_VAIN, "unverified_by": UserFactory()})


def look_of(row) -> dict:
    return m.SupplyRelation.objects.filter(pk=row.pk).values(*NEVER_LOOKED_AT).get()


@pytest.mark.parametrize("name", ["tier", "product", "since", "buyer", "until"])
@pytest.mark.parametrize("how", [take_back, restore_version])
def test_a_look_does_not_pass_to_what_a_change_taken_back_makes_of_its_relation(name, how):
    row = SupplyRelationFactory(tier=2, product="a")
    first = event_of(row, "insert")
    news = {"tier": 1, "product": "b", "since": dt.date(2021, 1, 1), "until": dt.date(2026, 6, 1)}
    value = news.get(name) or BuyerFactory(code="other")
    old = getattr(row, name)
    event = written(row, **{name: value})
    verified(row)
    wanted = event if how is take_back else first
    how(table="supplyrelation", event_id=wanted, reason="r", by=UserFactory())
    row.refresh_from_db()
    assert (getattr(row, name), look_of(row)) == (old, NEVER_LOOKED_AT)


def test_a_look_stays_where_what_it_spoke_of_does():
    row = SupplyRelationFactory(evidence="a")
    first = event_of(row, "insert")
    event = written(row, evidence="b")
    verified(row)
    look = look_of(row)
    take_back(table="supplyrelation", event_id=event, reason="r", by=UserFactory())
    written(row, evidence="c")
    restore_version(table="supplyrelation", event_id=first, reason="r", by=UserFactory())
    row.refresh_from_db()
    assert (row.evidence, look_of(row)) == ("a", look)


def test_what_came_of_a_look_is_changed_by_a_look_only():
    row, by = SupplyRelationFactory(), UserFactory()
    first = event_of(row, "insert")
    verified(row)
    second = event_of(row, "update")
    in_vain = looked_at_in_vain(row)
    look = look_of(row)
    with pytest.raises(CannotTakeBack, match="look"):
        take_back(table="supplyrelation", event_id=in_vain, reason="r", by=by)
    for version in (first, second):
        with pytest.raises(CannotTakeBack, match="look"):
            restore_version(table="supplyrelation", event_id=version, reason="r", by=by)
    assert look_of(row) == look


def test_only_the_last_removal_of_a_row_is_taken_back():
    row, by = SupplyRelationFactory(), UserFactory()
    verified(row)
    pk = row.pk
    row.delete()
    removal = m.SupplyRelation.pgh_event_model.objects.get(pgh_label="delete").pgh_id
    take_back(table="supplyrelation", event_id=removal, reason="r", by=by)
    looked_at_in_vain(back := m.SupplyRelation.objects.get(pk=pk))
    back.delete()
    with pytest.raises(ChangedSince):
        take_back(table="supplyrelation", event_id=removal, reason="r", by=by)
    assert not m.SupplyRelation.objects.exists()


AGREED = {"name_consent_on": dt.date(2026, 2, 1), "phone_consent_on": dt.date(2026, 2, 1)}


def agreed_of(contact) -> tuple:
    contact.refresh_from_db()
    return contact.name_consent_on, contact.phone_consent_on


def test_consent_withdrawn_never_comes_back_with_an_old_version():
    contact = EnterpriseFactory().contacts.create(full_name="x", phone="1", role="a", **AGREED)
    first, by = event_of(contact, "insert"), UserFactory()
    withdrawn = written(contact, name_consent_on=None, phone_consent_on=None)
    with pytest.raises(CannotTakeBack, match="consent"):
        take_back(table="contact", event_id=withdrawn, reason="r", by=by)
    with pytest.raises(CannotTakeBack, match="consent"):
        restore_version(table="contact", event_id=first, reason="r", by=by)
    written(contact, role="b")
    restore_version(table="contact", event_id=first, reason="r", by=by)
    assert (agreed_of(contact), contact.role) == ((None, None), "a")


def test_consent_to_show_a_number_does_not_pass_to_another():
    contact = EnterpriseFactory().contacts.create(full_name="x", phone="1")
    corrected, by = written(contact, phone="2"), UserFactory()
    written(contact, **AGREED)
    take_back(table="contact", event_id=corrected, reason="r", by=by)
    assert (agreed_of(contact), contact.phone) == ((AGREED["name_consent_on"], None), "1")


def test_a_person_who_was_removed_comes_back_without_consent():
    contact = EnterpriseFactory().contacts.create(full_name="x", phone="1", **AGREED)
    pk = contact.pk
    contact.delete()
    removal = m.Contact.pgh_event_model.objects.get(pgh_label="delete").pgh_id
    take_back(table="contact", event_id=removal, reason="r", by=UserFactory())
    assert agreed_of(m.Contact.objects.get(pk=pk)) == (None, None)


def test_reading_contact_persons_is_recorded():
    row, user = EnterpriseFactory(), UserFactory()
    read_contacts(enterprise=row, reason="to call about a certificate", by=user)
    (entry,) = page(table="contactread", enterprise=row.pk)
    assert (entry.person, entry.reason) == (user.get_username(), "to call about a certificate")


def test_a_look_names_its_certificate_and_a_decision_says_yes_or_no():
    step = VerificationStepFactory(certificate__number="FM 1")
    (entry,) = page(table="verificationstep")
    certificate = step.certificate
    assert ("", f"{certificate.scheme.label} FM 1") in changes(entry).values()
    DuplicateDecision.objects.create(
        first=EnterpriseFactory(), second=EnterpriseFactory(), is_same=False, reason="r",
        by=step.by, on=timezone.localdate(),
    )  # fmt: skip
    (entry,) = page(table="duplicatedecision")
    assert ("", "no") in [(before, after) for before, after in changes(entry).values()] or (
        "", "không",
    ) in changes(entry).values()  # fmt: skip


def test_tables_without_a_name_of_their_own_are_named_in_vietnamese():
    with translation.override("vi"):
        named = {code: name_of(model._meta) for code, (model, _e) in tracked_by_code().items()}
    assert [code for code, name in named.items() if name.isascii()] == []
