"""The form of a record, applications, life: what the pages do with what is typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.core.known import tracked_models
from registry.records.actions import submit_application
from tests.factories import (
    BuyerFactory,
    EnterpriseFactory,
    ProvinceFactory,
    SchemeFactory,
    SectorFactory,
    SiteFactory,
    SupplyRelationFactory,
    UserFactory,
    WardFactory,
)
from tests.records.test_actions import document, held

pytestmark = pytest.mark.django_db


def here(name: str, *args: Any) -> str:
    """The English address of a page, whatever language the last page was read in."""
    return "/en/" + reverse(name, args=args).removeprefix("/en").lstrip("/")


def person(role: Role = Role.OFFICER, name: str = "lan") -> m.User:
    return give_account(username=name, password="a word", role=role, by=None)


def signed_in(role: Role = Role.OFFICER, name: str = "lan") -> Client:
    client = Client()
    client.force_login(person(role, name))
    return client


def filled(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends for the forms of a page, with some fields changed."""
    data: dict[str, Any] = {}
    parts = [page.form, page.asked]
    for rows in page.sets.values():
        parts += [rows.management_form, *rows.forms]
    for part in parts:
        for bound in part:
            value = bound.value()
            if not (value is None or value is False or value == []):
                data[bound.html_name] = list(value) if isinstance(value, list | tuple) else value
    return {**data, **changes}


def opened(client: Client, url: str) -> tuple[Any, dict[str, Any]]:
    """A page and what a browser would send back unchanged."""
    answer = client.get(url)
    assert answer.status_code == 200
    extra = {"base": answer.context["base"]} if "base" in answer.context else {}
    return answer, filled(answer.context["page"], **extra)


def edit_url(row: m.Enterprise) -> str:
    return here("record-edit", row.public_id)


NEW = {"name": "Công ty TNHH Kim Phát", "source": "tờ khai ngày 01/03/2026"}


def test_an_enterprise_is_entered_sent_back_mended_and_registered():
    officer, verifier = signed_in(), signed_in(Role.VERIFIER, "minh")
    _answer, data = opened(officer, "/en/records/new/")
    ward = WardFactory()
    data |= NEW | {"sites-0-address": "Số 1", "sites-0-ward_id": str(ward.pk)}
    ProvinceFactory()
    answer = officer.post("/en/records/new/", data)
    application = m.Application.objects.get()
    url = here("application", application.pk)
    assert (answer.status_code, answer.url) == (302, url)
    assert officer.post(url, {"step": "register", "reason": "r"}).status_code == 422
    verifier.post(url, {"step": "send_back", "reason": "no tax code"})
    revise = here("application-revise", application.pk)
    assert verifier.get(revise).status_code == 403
    _answer, data = opened(officer, revise)
    officer.post(revise, {**data, "tax_code": "0100109106"})
    verifier.post(url, {"step": "register", "reason": "complete"})
    row = m.Enterprise.objects.get()
    assert (row.name, row.tax_code) == (NEW["name"], "0100109106")
    assert row.sites.get().province.code == "01"
    told = verifier.get(url).context["moves"]
    assert [(move.status, move.person, move.reason) for move in told] == [
        ("submitted", "lan", NEW["source"]),
        ("sent_back", "minh", "no tax code"),
        ("submitted", "lan", NEW["source"]),
        ("registered", "minh", "complete"),
    ]


def test_the_same_handed_in_twice_is_one_application():
    client = signed_in()
    _answer, data = opened(client, "/en/records/new/")
    answers = [client.post("/en/records/new/", data | NEW) for _ in range(2)]
    assert [one.url for one in answers] == [here("application", m.Application.objects.get().pk)] * 2
    assert client.post("/en/records/new/", data | NEW | {"name": "Another"}).status_code == 302
    other = signed_in(name="hoa")
    assert other.post("/en/records/new/", data | NEW).status_code == 302
    assert m.Application.objects.count() == 3


def test_what_is_sent_from_a_draft_that_is_gone_is_not_lost():
    client = signed_in()
    _answer, data = opened(client, "/en/records/new/")
    url = client.post("/en/records/new/", {**data, **NEW, "autosave": "1"}).json()["url"]
    answers = [client.post(url, data | NEW) for _ in range(2)]
    assert [one.url for one in answers] == [here("application", m.Application.objects.get().pk)] * 2
    kept = client.post(url, {**data, **NEW, "about": "typed after", "autosave": "1"})
    assert m.Draft.objects.get().data["about"] == ["typed after"]
    assert kept.json()["url"] != url and client.get(url).status_code == 404


def sent_back() -> tuple[Client, str, dict[str, Any]]:
    """An application that was sent back, opened to be mended by who entered it."""
    officer, verifier = signed_in(), signed_in(Role.VERIFIER, "minh")
    _answer, data = opened(officer, "/en/records/new/")
    officer.post("/en/records/new/", data | NEW)
    number = m.Application.objects.get().pk
    verifier.post(here("application", number), {"step": "send_back", "reason": "no tax code"})
    url = here("application-revise", number)
    _answer, data = opened(officer, url)
    return officer, url, data


def test_what_was_sent_back_and_handed_in_in_another_window_is_said_so():
    officer, url, data = sent_back()
    assert officer.post(url, {**data, "tax_code": "0100109106"}).status_code == 302
    late = officer.post(url, {**data, "about": "typed in the other window"})
    assert late.status_code == 422 and "typed in the other window" in late.content.decode()
    assert "decided or changed meanwhile" in late.content.decode()
    assert m.Application.objects.get().tax_code == "0100109106"


def test_no_draft_is_kept_over_what_is_handed_in_again():
    officer, url, data = sent_back()
    assert officer.post(url, {**data, "autosave": "1"}).status_code == 200
    assert m.Draft.objects.count() == 1
    assert officer.post(url, {**data, "tax_code": "0100109106"}).status_code == 302
    assert m.Draft.objects.count() == 0
    late = {**data, "about": "typed in the other window"}
    answer = officer.post(url, {**late, "autosave": "1"})
    assert answer.status_code == 409 and "decided or changed meanwhile" in answer.json()["said"]
    answer = officer.post(url, {**late, "draft": "1"})
    assert answer.status_code == 422 and "typed in the other window" in answer.content.decode()
    assert "decided or changed meanwhile" in answer.content.decode()
    assert m.Draft.objects.count() == 0


def test_a_decision_from_a_page_left_open_is_told_what_was_decided():
    officer = signed_in()
    first, second = signed_in(Role.VERIFIER, "minh"), signed_in(Role.VERIFIER, "ha")
    _answer, data = opened(officer, "/en/records/new/")
    url = officer.post("/en/records/new/", data | NEW).url
    assert first.post(url, {"step": "send_back", "reason": "no tax code"}).status_code == 302
    late = second.post(url, {"step": "register", "reason": "all is there"})
    page = late.content.decode()
    assert late.status_code == 422 and "decided or changed meanwhile" in page
    assert "What you had written" in page and "all is there" in page
    assert not m.Enterprise.objects.exists()
    third = signed_in(Role.AUDITOR, "thu")
    assert third.post(url, {"step": "register", "reason": "r"}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"name": ""}, "id_name"),
        ({"source": ""}, "id_source"),
        ({"tax_code": "01012345"}, "id_tax_code"),
        ({"tax_code": "0101234567"}, "id_tax_code"),
        ({"foreign_share": "101"}, "id_foreign_share"),
        ({"founded_on": "2026-02-30"}, "id_founded_on"),
        ({"founded_on": (timezone.localdate() + dt.timedelta(days=1)).isoformat()}, "id_founded_on"),
        ({"founded_on": "0202-01-01"}, "id_founded_on"),
        ({"year_figures-0-year": str(timezone.localdate().year + 1)}, "id_year_figures-0-year"),
        ({"year_figures-0-year": "25", "year_figures-0-labour": "x"}, "id_year_figures-0-year"),
        ({"year_figures-0-year": "2025", "year_figures-0-labour": "9" * 30}, "id_year_figures-0-labour"),
        ({"products-0-name": "Vỏ", "products-0-hs": "9999"}, "id_products-0-hs"),
        ({"sites-0-kind": "factory"}, "id_sites-0-address"),
        ({"sites-0-address": "x", "sites-0-ward_id": "99999999"}, "id_sites-0-ward_id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_on_top_and_at_the_field_and_nothing_is_lost(changes, anchor):
    client = signed_in()
    _answer, data = opened(client, "/en/records/new/")
    answer = client.post("/en/records/new/", {**data, **NEW, "about": "giữ lại", **changes})
    assert answer.status_code == 422
    assert anchor in [place for place, _text in answer.context["problems"]]
    text = answer.content.decode()
    assert f'href="#{anchor}"' in text
    assert f'id="{anchor}_error"' in text
    assert "giữ lại" in text
    assert not m.Application.objects.exists()


def test_a_failing_tax_code_is_kept_with_its_reason():
    client = signed_in()
    _answer, data = opened(client, "/en/records/new/")
    data |= NEW | {"tax_code": "0101234567", "tax_code_note": "so on the certificate"}
    answer = client.post("/en/records/new/", data)
    assert (answer.status_code, answer.context and answer.context["problems"]) == (302, None)
    assert m.Application.objects.get().tax_code == "0101234567"


def test_a_row_is_added_without_script_and_empty_rows_are_no_rows():
    client = signed_in()
    _answer, data = opened(client, "/en/records/new/")
    answer = client.post("/en/records/new/", {**data, **NEW, "name": "", "add_relations": "1"})
    assert answer.status_code == 200
    assert answer.context["problems"] == []
    data = filled(answer.context["page"], **NEW)
    assert data["relations-TOTAL_FORMS"] == 1
    client.post("/en/records/new/", data)
    assert m.Application.objects.get().content["rows"]["relations"] == []


def test_drafts_are_kept_as_typed_and_nobody_elses():
    client, other = signed_in(), signed_in(name="thu")
    _answer, data = opened(client, "/en/records/new/")
    half = {**data, "name": "Nửa\x00 chừng", "founded_on": "20", "products-0-name": "Vỏ"}
    kept = client.post("/en/records/new/", {**half, "autosave": "1"}).json()
    assert set(kept) == {"url", "said"}
    assert other.get(kept["url"]).status_code == 404
    assert m.Draft.objects.get().data["name"] == ["Nửa chừng"]
    client.post(kept["url"], {**half, "founded_on": "2010", "autosave": "1"})
    _answer, data = opened(client, kept["url"])
    assert (data["founded_on"], data["products-0-name"]) == ("2010", "Vỏ")
    assert other.post(here("record-draft-drop", m.Draft.objects.get().pk)).status_code == 302
    assert m.Draft.objects.count() == 1
    client.post(kept["url"], {**data, **NEW, "founded_on": "2010-01-01"})
    assert m.Draft.objects.count() == 0
    assert m.Application.objects.get().content["rows"]["products"][0]["name"] == "Vỏ"


def test_drafts_and_applications_are_not_in_the_register():
    client = signed_in()
    submit_application(content=document(), by=UserFactory())
    _answer, data = opened(client, "/en/records/new/")
    client.post("/en/records/new/", {**data, **NEW, "autosave": "1"})
    public = Client()
    assert public.get("/en/suppliers/", {"q": "Kim"}).context["results"].total == 0
    assert public.get("/en/records/applications/").status_code == 302
    assert m.Enterprise.objects.count() == 0


def test_what_looks_alike_is_shown_while_typing():
    row = EnterpriseFactory(name="Công ty TNHH Kim Phát", tax_code="0100109106")
    SiteFactory(enterprise=row, address="Số 12, đường Nguyễn Trãi")
    row.contacts.create(full_name="x", phone="024.3765.4321")
    waiting = submit_application(content=document(name="CTCP Kim Phát"), by=UserFactory())
    client, url = signed_in(), here("record-likeness")

    def found(**data: str) -> tuple[list[int], list[int]]:
        context = client.post(url, data).context
        alike = [one["enterprise"].pk for one in context["alike"]]
        return alike, [one.pk for one in context["waiting"]]

    assert found(name="KIM PHAT Co., Ltd") == ([row.pk], [waiting.pk])
    assert found(name="x", tax_code="0100109106-001") == ([row.pk], [])
    by_place = {
        "contacts-0-phone": "+84 24 3765 4321",
        "sites-0-address": "số 12 đường nguyễn trãi",
    }
    assert found(**by_place) == ([row.pk], [])
    assert found(name="Kim Phát", enterprise_id=str(row.pk)) == ([], [waiting.pk])
    assert found(name="Đại Thành") == ([], [])
    assert client.get(url).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_form_do_not_grow(rows, django_assert_num_queries):
    row = EnterpriseFactory(in_hanoi=True)
    for number in range(rows):
        row.products.create(name=f"P{number}")
        row.machines.create(name=f"M{number}")
        row.year_figures.create(year=2020 + number)
        SiteFactory(enterprise=row)
        SupplyRelationFactory(enterprise=row)
    client, url = signed_in(), edit_url(row)
    client.get(url)
    with django_assert_num_queries(31):
        client.get(url)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_list_of_applications_do_not_grow(rows, django_assert_num_queries):
    for _ in range(rows):
        submit_application(content=document(), by=UserFactory())
    client = signed_in()
    client.get("/en/records/applications/")
    with django_assert_num_queries(10):
        client.get("/en/records/applications/")


# Editing


def events() -> int:
    return sum(model._base_manager.count() for _model, model in tracked_models())


def test_a_form_sent_back_unchanged_leaves_no_trace():
    row, client = held(), signed_in()
    _answer, data = opened(client, edit_url(row))
    typed = {**data, "about": "half a sentence", "draft": ""}
    client.post(edit_url(row), typed)
    before = events()
    for reason in ("looked at it", ""):
        answer = client.post(edit_url(row), {**data, "reason": reason})
        assert answer.status_code == 302
    assert events() == before
    assert m.Draft.objects.get().data["about"] == ["half a sentence"]
    assert client.post(edit_url(row), {**data, "about": "x", "reason": ""}).status_code == 422


def test_a_change_is_written_with_its_reason_and_its_person():
    row, client = held(), signed_in()
    _answer, data = opened(client, edit_url(row))
    client.post(edit_url(row), {**data, "website": "hl.example", "reason": "their call"})
    row.refresh_from_db()
    assert row.website == "https://hl.example"
    event = row.events.order_by("pgh_id").last()
    assert event.pgh_context.metadata["reason"] == "their call"
    assert event.pgh_context.metadata["user"] == m.User.objects.get(username="lan").pk


def test_why_a_field_is_blank_is_kept_and_goes_when_it_is_filled():
    row, client = held(), signed_in()
    _answer, data = opened(client, edit_url(row))
    client.post(edit_url(row), {**data, "blank_website": "not_applicable", "reason": "r"})
    row.refresh_from_db()
    assert row.blank_reasons == {"website": "not_applicable"}
    _answer, data = opened(client, edit_url(row))
    client.post(edit_url(row), {**data, "website": "https://hl.example", "reason": "r"})
    row.refresh_from_db()
    assert row.blank_reasons == {}


def all_of_yesterday() -> None:
    """The test is one transaction, and so one moment: what is recorded so far was earlier."""
    for _model, recorded in tracked_models():
        earlier = F("pgh_created_at") - dt.timedelta(days=1)
        recorded._base_manager.update(pgh_created_at=earlier)


def test_two_officers_at_one_record():
    row, one, other = held(), signed_in(name="lan"), signed_in(name="thu")
    _answer, mine = opened(one, edit_url(row))
    _answer, theirs = opened(other, edit_url(row))
    all_of_yesterday()
    other.post(edit_url(row), {**theirs, "short_name": "Của Thu", "name_en": "HL", "reason": "r"})
    answer = one.post(
        edit_url(row), {**mine, "short_name": "Của Lan", "website": "https://hl.example", "reason": "r"}
    )  # fmt: skip
    assert answer.status_code == 409
    (clash,) = answer.context["clashes"]
    assert (clash["before"], clash["mine"], clash["theirs"]) == ("—", "Của Lan", "Của Thu")
    assert [one["theirs"] for one in answer.context["meanwhile"]] == ["HL"]
    assert answer.context["writers"] == ["thu"]
    row.refresh_from_db()
    assert (row.short_name, row.website) == ("Của Thu", "")
    again = filled(
        answer.context["page"], base=answer.context["base"], clashes=answer.context["carried"]
    )
    assert (again["reason"], again["short_name"], again["name_en"]) == ("r", "Của Lan", "HL")
    assert one.post(edit_url(row), again).status_code == 422
    one.post(edit_url(row), {**again, "take-0": "theirs"})
    row.refresh_from_db()
    assert (row.short_name, row.website, row.name_en) == ("Của Thu", "https://hl.example", "HL")


def test_a_draft_over_a_record_writes_nothing_to_it():
    row, client = held(), signed_in()
    _answer, data = opened(client, edit_url(row))
    before = events()
    client.post(edit_url(row), {**data, "short_name": "nháp", "autosave": "1"})
    assert events() == before
    answer = client.get(edit_url(row))
    assert answer.context["waiting"].data["short_name"] == ["nháp"]
    assert filled(answer.context["page"]).get("short_name", "") == ""
    _answer, data = opened(client, edit_url(row) + "?draft=1")
    assert data["short_name"] == "nháp"
    client.post(here("record-edit-drop", row.public_id))
    assert not m.Draft.objects.exists()


def test_contact_persons_are_added_and_never_shown():
    row, client = held(), signed_in()
    row.contacts.create(full_name="Người Kín", phone="0900000001")
    answer, data = opened(client, edit_url(row))
    assert "Người Kín" not in answer.content.decode()
    assert "0900000001" not in answer.content.decode()
    data = filled(
        client.post(edit_url(row), {**data, "add_contacts": "1"}).context["page"], base=data["base"]
    )
    client.post(edit_url(row), {**data, "contacts-0-full_name": "Người Mới", "reason": "r"})
    assert sorted(row.contacts.values_list("full_name", flat=True)) == ["Người Kín", "Người Mới"]


def test_certificates_are_added_as_claimed():
    row, client, scheme = held(), signed_in(), SchemeFactory()
    _answer, data = opened(client, edit_url(row))
    data = filled(
        client.post(edit_url(row), {**data, "add_certificates": "1"}).context["page"],
        base=data["base"],
    )
    data |= {"certificates-0-scheme_id": str(scheme.pk), "certificates-0-number": "Q-9",
             "certificates-0-issued_on": "2025-01-01", "certificates-0-valid_until": "2024-01-01"}  # fmt: skip
    assert client.post(edit_url(row), {**data, "reason": "r"}).status_code == 422
    data["certificates-0-valid_until"] = "2027-12-31"
    assert client.post(edit_url(row), {**data, "reason": "r"}).status_code == 302
    assert row.certificates.get().verifications.count() == 0


@pytest.mark.parametrize("base", ["", "x", "eyJ4IjoxfQ:1:2"])
def test_a_form_that_did_not_come_from_here_is_refused_in_words(base):
    row, client = held(), signed_in()
    assert client.post(edit_url(row), {"base": base, "name": "x"}).status_code == 400


def test_the_base_of_another_record_is_refused():
    row, other, client = held(), EnterpriseFactory(), signed_in()
    _answer, data = opened(client, edit_url(other))
    assert client.post(edit_url(row), data).status_code == 400


def test_rows_of_other_records_cannot_be_named():
    row, client = held(), signed_in()
    foreign = EnterpriseFactory().products.create(name="Của người khác")
    _answer, data = opened(client, edit_url(row))
    client.post(
        edit_url(row),
        {**data, "products-0-id": foreign.pk, "products-0-name": "Mới", "reason": "r"},
    )
    foreign.refresh_from_db()
    assert foreign.name == "Của người khác"


def test_a_merged_record_leads_to_the_kept_one():
    kept, gone, client = EnterpriseFactory(), EnterpriseFactory(), signed_in()
    m.Enterprise.objects.filter(pk=gone.pk).update(merged_on="2026-01-01", merged_into=kept)
    assert client.get(edit_url(gone)).url == edit_url(kept)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OFFICER, 200), (Role.ADMIN, 200), (Role.VERIFIER, 403), (Role.MANAGER, 403), (Role.AUDITOR, 403)],
)  # fmt: skip
def test_who_may_enter_and_edit(role, status):
    client = signed_in(role)
    assert client.get("/en/records/new/").status_code == status
    assert client.get(edit_url(EnterpriseFactory())).status_code == status


@pytest.mark.parametrize(
    ("role", "steps"),
    [(Role.OFFICER, []), (Role.ADMIN, ["register", "send_back"]),
     (Role.VERIFIER, ["register", "send_back"]), (Role.MANAGER, []), (Role.AUDITOR, [])],
)  # fmt: skip
def test_who_may_decide(role, steps):
    row = submit_application(content=document(), by=UserFactory())
    client, url = signed_in(role), here("application", row.pk)
    form = client.get(url).context["form"]
    assert ([value for value, _label in form.fields["step"].choices] if form else []) == steps
    status = client.post(url, {"step": "register", "reason": "r"}).status_code
    assert status == (302 if steps else 403)


# Life


def test_steps_of_life_on_the_page():
    row, other, client = EnterpriseFactory(), EnterpriseFactory(tax_code="0100109106"), signed_in()
    url = here("life", row.public_id)
    assert client.post(url, {"step": "close", "on": "2999-01-01", "reason": "r"}).status_code == 422
    assert client.post(url, {"step": "close", "on": "2026-02-30", "reason": "r"}).status_code == 422
    assert (
        client.post(url, {"step": "reopen", "on": "2026-01-01", "reason": "r"}).status_code == 422
    )
    done = client.post(
        url, {"step": "close", "on": "2026-01-01", "reason": "decision 12", "successor": "0100109106"}
    )  # fmt: skip
    assert done.status_code == 302
    row.refresh_from_db()
    assert row.successor == other
    answer = client.get(url)
    told = [(step.kind, step.reason, step.person) for _words, step in answer.context["steps"]]
    assert told[-1] == ("closed", "decision 12", "lan")
    choices = [value for value, _label in answer.context["form"].fields["step"].choices]
    assert choices == ["reopen", "succeed"]


def test_auditors_read_the_life_and_take_no_step():
    row, client = EnterpriseFactory(), signed_in(Role.AUDITOR)
    url = here("life", row.public_id)
    assert client.get(url).context["form"] is None
    assert client.post(url, {"step": "close", "on": "2026-01-01", "reason": "r"}).status_code == 403


def test_the_log_never_tells_what_an_application_holds():
    content = document()
    content["rows"]["contacts"] = [{"id": None, "full_name": "Người Kín"}]
    submit_application(content=content, by=UserFactory())
    text = signed_in(Role.ADMIN).get("/en/office/log/").content.decode()
    assert "Người Kín" not in text
    assert "•••" in text


def test_sectors_and_buyers_come_into_the_form():
    SectorFactory(code="components")
    BuyerFactory(name="Toyota")
    answer, _data = opened(signed_in(), "/en/records/new/")
    assert [label for _pk, label in answer.context["page"].lists.sectors] == ["Name components"]


def test_of_several_sectors_the_main_one_is_chosen_by_a_person():
    client = signed_in()
    sectors = [SectorFactory().pk, SectorFactory().pk]
    _answer, data = opened(client, "/en/records/new/")
    answer = client.post("/en/records/new/", {**data, **NEW, "sectors": sectors})
    assert answer.status_code == 422
    assert [place for place, _text in answer.context["problems"]] == ["id_primary_sector"]
    sent = {**data, **NEW, "sectors": sectors, "primary_sector": sectors[1]}
    assert client.post("/en/records/new/", sent).status_code == 302
    assert m.Application.objects.get().content["fields"]["primary_sector"] == sectors[1]


def test_an_application_does_not_look_like_itself():
    lan = person()
    mine = submit_application(content=document(), by=lan)
    other = submit_application(content=document(), by=UserFactory())
    client = Client()
    client.force_login(lan)
    typed = {"name": document()["fields"]["name"], "application_id": str(mine.pk)}
    found = client.post(here("record-likeness"), typed).context["waiting"]
    assert [one.pk for one in found] == [other.pk]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.VERIFIER])
def test_only_those_who_enter_records_are_told_what_looks_alike(role):
    client = signed_in(role, "xem")
    assert client.post(here("record-likeness"), {"name": "Kim Phát"}).status_code == 403
