"""One record becomes two and one again; what goes together, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.approvals.actions import approve, set_policy
from registry.core.known import tracked_models
from registry.records.splitting.actions import SplitRefused, split_enterprise, undo_split
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    EnterpriseSectorFactory,
    SectorFactory,
    SiteFactory,
    SupplyRelationFactory,
    UserFactory,
    VerificationStepFactory,
)
from tests.records.test_pages import here, signed_in

pytestmark = pytest.mark.django_db
ON = "2026-03-01"


def two_in_one() -> tuple[m.Enterprise, dict[str, list[int]]]:
    """A record that holds two enterprises, and the rows of the second one."""
    row = EnterpriseFactory(in_hanoi=True, name="Kim Phát và Đại Thành", tax_code="0100109106")
    EnterpriseSectorFactory(enterprise=row)
    second = EnterpriseSectorFactory(
        enterprise=row, sector=SectorFactory(code="high_tech"), is_primary=False
    )
    site = SiteFactory(enterprise=row, kind="factory")
    certificate = CertificateFactory(enterprise=row, number="B-2")
    CertificateFactory(enterprise=row, number="A-1")
    VerificationStepFactory(certificate=certificate)
    m.CertificateSite.objects.create(certificate=certificate, site=site)
    row.products.create(name="Vỏ máy")
    product = row.products.create(name="Khuôn dập")
    relation = SupplyRelationFactory(enterprise=row)
    return row, {
        "site": [site.pk],
        "certificate": [certificate.pk],
        "product": [product.pk],
        "supplyrelation": [relation.pk],
        "enterprisesector": [second.pk],
    }


def split(row: m.Enterprise, rows: dict[str, list[int]], **changes: Any) -> m.Splitting:
    values = {"name": "Đại Thành", "tax_code": None, "on": ON, "reason": "two firms", **changes}
    return split_enterprise(enterprise_id=row.pk, rows=rows, by=UserFactory(), **values)


def register_now() -> dict[str, list[dict[str, Any]]]:
    return {
        model.__name__: list(model._base_manager.order_by("pk").values())
        for model, _events in tracked_models()
        if model is not m.Splitting
    }


def test_chosen_rows_go_and_the_others_stay():
    row, rows = two_in_one()
    made = split(row, rows).made
    assert (made.name, made.registered_on) == ("Đại Thành", dt.date(2026, 3, 1))
    assert [one.name for one in made.products.all()] == ["Khuôn dập"]
    assert [one.name for one in row.products.all()] == ["Vỏ máy"]
    assert made.certificates.get().verifications.count() == 1
    assert row.certificates.get().number == "A-1"
    assert (made.sites.count(), row.sites.count()) == (1, 1)
    assert (made.supply_relations.count(), row.supply_relations.count()) == (1, 0)
    assert made.sectors.get().is_primary
    assert row.sectors.count() == 2
    today = timezone.localdate()
    assert m.Enterprise.objects.operating(today).count() == 2
    assert m.Enterprise.objects.operating(dt.date(2026, 2, 28)).count() == 1


def test_undoing_gives_the_first_record_back_byte_by_byte():
    row, rows = two_in_one()
    before = register_now()
    splitting = split(row, rows)
    undo_split(splitting_id=splitting.pk, reason="one firm after all", by=UserFactory())
    made, after = splitting.made, register_now()
    after["Enterprise"] = [one for one in after["Enterprise"] if one["id"] != made.pk]
    after["EnterpriseSector"] = [
        one for one in after["EnterpriseSector"] if one["enterprise_id"] != made.pk
    ]
    assert after == before
    made.refresh_from_db()
    assert made.merged_into == row
    for on in (dt.date(2026, 3, 1), timezone.localdate()):
        assert list(m.Enterprise.objects.registered(on)) == [row]


@pytest.mark.parametrize("what", ["row", "new", "record", "twice"])
def test_undoing_refuses_after_a_later_change(what):
    row, rows = two_in_one()
    splitting = split(row, rows)
    made = splitting.made
    if what == "row":
        made.products.update(capacity="100")
    if what == "new":
        made.machines.create(name="Máy tiện")
    if what == "record":
        m.Enterprise.objects.filter(pk=made.pk).update(short_name="ĐT")
    if what == "twice":
        undo_split(splitting_id=splitting.pk, reason="r", by=UserFactory())
    before = register_now()
    with pytest.raises(SplitRefused, match="changed"):
        undo_split(splitting_id=splitting.pk, reason="r", by=UserFactory())
    assert register_now() == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "reason"),
        ({"name": ""}, "name"),
        ({"on": "2019-12-31"}, "day"),
        ({"on": "2999-01-01"}, "day"),
        ({"on": "x"}, "day"),
        ({"tax_code": "0100109106"}, "tax_code"),
        ({"tax_code": "12"}, "refused"),
    ],
)
def test_a_splitting_is_refused_and_nothing_is_written(changes, code):
    row, rows = two_in_one()
    before = register_now()
    with pytest.raises(SplitRefused) as refused:
        split(row, rows, **changes)
    assert (refused.value.code, bool(refused.value.message)) == (code, True)
    assert register_now() == before


def test_rows_of_others_none_at_all_and_half_of_a_pair():
    row, rows = two_in_one()
    foreign = EnterpriseFactory().products.create(name="x")
    for wrong, code in (
        ({}, "nothing"),
        ({"product": [foreign.pk]}, "rows"),
        ({"user": [1]}, "rows"),
        ({"certificate": rows["certificate"]}, "sites"),
        ({"site": rows["site"]}, "sites"),
    ):
        with pytest.raises(SplitRefused) as refused:
            split(row, wrong)
        assert refused.value.code == code


def test_a_merged_record_is_not_split():
    row, rows = two_in_one()
    m.Enterprise.objects.filter(pk=row.pk).update(
        merged_on=dt.date(2026, 1, 1), merged_into=EnterpriseFactory()
    )
    with pytest.raises(SplitRefused, match="ended"):
        split(row, rows)


def test_a_second_person_splits_and_undoes_where_the_department_asks_for_one():
    row, rows = two_in_one()
    root = give_account(username="root", password="a word", role=Role.ADMIN, by=None)
    second = give_account(username="quan", password="a word", role=Role.OFFICER, by=None)
    for kind in ("split", "undo-split"):
        set_policy(kind=kind, is_required=True, reason="order 4", by=root)
    client, before = signed_in(), register_now()
    data = {"name": "Đại Thành", "on": ON, "reason": "two firms", **rows, "split": "1"}
    url = here("split", row.public_id)
    answer = client.post(url, data)
    proposal = m.Proposal.objects.get()
    assert answer.url == here("proposal", proposal.pk)
    after = register_now()
    assert [name for name in before if before[name] != after[name]] == ["Proposal"]
    assert client.post(url, data).status_code == 422  # the same waits once
    page = client.get(answer.url)
    assert ("Đại Thành" in page.context["proposal"].sentence, len(page.context["details"])) == (
        True, 6,
    )  # fmt: skip
    assert approve(proposal=proposal, reason="", by=second).outcome == "approved"
    splitting = m.Splitting.objects.get()
    assert (splitting.by, splitting.made.products.count()) == (second, 1)
    client.post(here("split-undo", splitting.pk), {"reason": "wrong"})
    splitting.refresh_from_db()
    assert splitting.undone_on is None
    approve(proposal=m.Proposal.objects.get(kind="undo-split"), reason="", by=second)
    assert row.products.count() == 2


def test_a_change_since_overtakes_a_proposed_splitting():
    row, rows = two_in_one()
    root = give_account(username="root", password="a word", role=Role.ADMIN, by=None)
    second = give_account(username="quan", password="a word", role=Role.OFFICER, by=None)
    set_policy(kind="split", is_required=True, reason="order 4", by=root)
    data = {"name": "Đại Thành", "on": ON, "reason": "two firms", **rows, "split": "1"}
    signed_in().post(here("split", row.public_id), data)
    row.products.create(name="Đồ gá")
    done = approve(proposal=m.Proposal.objects.get(), reason="", by=second)
    assert (done.outcome, m.Splitting.objects.count()) == ("overtaken", 0)


def test_the_page_shows_a_preview_splits_and_undoes():
    row, rows = two_in_one()
    row.contacts.create(full_name="Người Kín")
    client, url = signed_in(), here("split", row.public_id)
    assert "Người Kín" not in client.get(url).content.decode()
    data = {"name": "Đại Thành", "on": ON, "reason": "two firms", **rows}
    answer = client.post(url, {**data, "preview": "1"})
    sums = {table["code"]: (table["stays"], table["goes"]) for table in answer.context["tables"]}
    assert (answer.status_code, sums["product"], sums["enterprisesector"]) == (200, (1, 1), (2, 1))
    for wrong, place in (
        ({"site": []}, "__all__"),
        ({"tax_code": row.tax_code}, "tax_code"),
        ({"tax_code": "0100109107"}, "tax_code"),
        ({"on": "2019-01-01"}, "on"),
    ):
        answer = client.post(url, {**data, **wrong, "preview": "1"})
        assert (answer.status_code, answer.context["is_preview"]) == (422, False)
        assert list(answer.context["form"].errors) == [place]
        assert "below why the code is kept" not in answer.content.decode()
    assert m.Splitting.objects.count() == 0
    assert client.post(url, {**data, "name": "", "split": "1"}).status_code == 422
    assert client.post(url, {**data, "tax_code": "12", "split": "1"}).status_code == 422
    assert client.post(url, {**data, "site": [], "split": "1"}).status_code == 422
    assert client.post(url, {**data, "split": "1"}).status_code == 302
    splitting = m.Splitting.objects.get()
    undo = here("split-undo", splitting.pk)
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert client.post(undo, {"reason": "wrong"}).status_code == 302
    assert client.post(undo, {"reason": "wrong"}).status_code == 422
    assert client.get(here("splittings")).context["count"] == 1
