"""Taking work on, targets in working days, pauses by their dates, views and their owners."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry import models as m
from registry.accounts.enums import Role
from registry.core.days import latest_before, working_days
from registry.worklists import actions
from registry.worklists.actions import Refused, end_pause, give_back, pause_intake, take_on
from registry.worklists.queries import paused, targets
from tests.factories import CertificateFactory, EnterpriseFactory, SupplyRelationFactory, recorded
from tests.records.test_pages import filled
from tests.worklists.conftest import account, signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


def current(**fields):
    days = {"issued_on": TODAY - 300 * DAY, "valid_until": TODAY + 400 * DAY}
    return CertificateFactory(**{**days, **fields})


def test_working_days_are_counted_one_by_one():
    for start in range(14):
        since = dt.date(2026, 3, 2) + start * DAY
        for length in range(-2, 40):
            on = since + length * DAY
            between = [since + n * DAY for n in range(1, length + 1)]
            assert working_days(since, on) == sum(day.weekday() < 5 for day in between)


def test_late_begins_on_the_day_after_the_last_working_day():
    for start in range(14):
        on = dt.date(2026, 3, 2) + start * DAY
        for days in (1, 4, 7, 30):
            last = latest_before(on, days)
            assert working_days(last, on) > days >= working_days(last + DAY, on)


def test_taking_on_ends_what_another_had_and_keeps_it(lan, minh):
    certificate, enterprise = current(), EnterpriseFactory()
    rows = {"certificates": [certificate.pk], "enterprises": [enterprise.pk]}
    assert take_on(person=lan, on=TODAY - DAY, reason="r", by=lan, **rows) == 2
    assert take_on(person=lan, on=TODAY, reason="r", by=lan, **rows) == 0
    assert take_on(person=minh, on=TODAY, reason="r", by=minh, **rows) == 2
    kept = m.Assignment.objects.order_by("pk").values_list("person", "since", "until")
    assert list(kept) == [(lan.pk, TODAY - DAY, TODAY)] * 2 + [(minh.pk, TODAY, None)] * 2
    assert give_back(on=TODAY, reason="r", by=minh, **rows) == 2
    assert give_back(on=TODAY, reason="r", by=minh, **rows) == 0


def test_mine_on_the_queue_is_what_i_took_on_or_whose_enterprise_i_have(lan, minh):
    mine, through, other, free = (current(number=f"N{n}") for n in range(4))
    take_on(person=lan, certificates=[mine.pk], enterprises=[through.enterprise_id, other.enterprise_id],
            on=TODAY, reason="r", by=lan)  # fmt: skip
    take_on(person=minh, certificates=[other.pk], on=TODAY, reason="r", by=minh)
    client = signed_in(lan)
    page = client.get("/en/desk/queues/to-verify/?mine=1")
    assert {row["pk"] for row in page.context["rows"]} == {mine.pk, through.pk}
    assert page.context["count"] == 2
    every = client.get("/en/desk/queues/to-verify/").context["rows"]
    assert {row["pk"]: row["person_name"] for row in every} == {
        mine.pk: "lan", through.pk: "lan", other.pk: "minh", free.pk: "",
    }  # fmt: skip


def test_all_that_is_mine_can_be_given_back_also_what_waits_no_more(lan, minh):
    certificate, enterprise = current(), EnterpriseFactory()
    relation, verified = SupplyRelationFactory(), SupplyRelationFactory(verified=True)
    take_on(
        person=lan, certificates=[certificate.pk], enterprises=[enterprise.pk],
        relations=[relation.pk, verified.pk], on=TODAY, reason="r", by=lan,
    )  # fmt: skip
    take_on(person=minh, certificates=[current().pk], on=TODAY, reason="r", by=minh)
    client = signed_in(lan)
    page = client.get("/en/desk/mine/")
    waits = {
        (row["kind"], row["pk"]): [q.code for q in row["queues"]] for row in page.context["rows"]
    }
    assert waits.keys() == {
        ("certificate", certificate.pk), ("enterprise", enterprise.pk),
        ("relation", relation.pk), ("relation", verified.pk),
    }  # fmt: skip
    assert waits["certificate", certificate.pk] == ["to-verify"]
    assert waits["relation", relation.pk] == ["relations-to-verify"]
    assert waits["relation", verified.pk] == []
    assert "No queue: nothing is left to do" in page.content.decode()
    back = client.post(
        f"/en/desk/assign/relation/{verified.pk}/", {"do": "give-back", "back": "/en/desk/mine/"}
    )
    assert back.url == "/en/desk/mine/"
    assert client.get("/en/desk/mine/").context["count"] == 3


def test_who_holds_an_enterprise_is_told_what_of_it_waits(lan, minh):
    mine, theirs, done = current(), current(), EnterpriseFactory(in_hanoi=True)
    relation = SupplyRelationFactory(enterprise=mine.enterprise)
    current(enterprise=mine.enterprise, number="SECOND-1")
    take_on(person=lan, enterprises=[mine.enterprise_id, theirs.enterprise_id, done.pk],
            on=TODAY, reason="r", by=lan)  # fmt: skip
    take_on(person=minh, certificates=[theirs.pk], on=TODAY, reason="r", by=minh)
    client = signed_in(lan)
    page = client.get("/en/desk/mine/")
    waits = {row["pk"]: [one.code for one in row["queues"]] for row in page.context["rows"]}
    others = set(waits[done.pk])
    assert [code for code in waits[mine.enterprise_id] if code not in others] == [
        "to-verify", "relations-to-verify",
    ]  # fmt: skip
    assert set(waits[theirs.enterprise_id]) <= others
    link = "/en/desk/queues/relations-to-verify/?mine=1&amp;area=all"
    assert page.content.decode().count(link) == 1
    seen = client.get(link.replace("&amp;", "&")).context["rows"]
    assert [row["pk"] for row in seen] == [relation.pk]


def test_the_certificates_in_my_charge_are_as_many_as_their_list(lan):
    take_on(person=lan, certificates=[current().pk], enterprises=[EnterpriseFactory().pk],
            on=TODAY, reason="r", by=lan)  # fmt: skip
    client = signed_in(lan)
    home = client.get("/en/desk/")
    assert home.content.decode().count('href="/en/desk/mine/?kind=certificate"') == 1
    page = client.get("/en/desk/mine/?kind=certificate")
    assert home.context["mine"]["certificates"] == page.context["count"] == 1
    assert [row["kind"] for row in page.context["rows"]] == ["certificate"]
    assert "<h1>Certificates in my charge: 1</h1>" in page.content.decode()
    assert "<h1>In my charge: 2</h1>" in client.get("/en/desk/mine/?kind=x%00").content.decode()
    none = client.get("/en/desk/mine/?kind=relation").content.decode()
    assert "<h1>Supply relations in my charge: 0</h1>" in none
    assert "You have taken nothing on" not in none


def test_queries_of_what_is_mine_do_not_grow(lan):
    client, counts = signed_in(lan), []
    for rows in (1, 3):
        for _ in range(rows):
            take_on(
                person=lan, certificates=[current().pk], enterprises=[EnterpriseFactory().pk],
                relations=[SupplyRelationFactory().pk], on=TODAY, reason="r", by=lan,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            client.get("/en/desk/mine/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_buttons_of_a_row_take_it_on_and_give_it_back(lan):
    certificate = current()
    client = signed_in(lan)
    url = f"/en/desk/assign/certificate/{certificate.pk}/"
    response = client.post(url, {"do": "take", "back": "/en/desk/queues/to-verify/?mine=1"})
    assert response.url == "/en/desk/queues/to-verify/?mine=1"
    assert m.Assignment.objects.in_force().get().person == lan
    response = client.post(url, {"do": "give-back", "back": "https://evil.example/"})
    assert response.url == "/en/desk/"
    assert not m.Assignment.objects.in_force().exists()
    assert client.post("/en/desk/assign/person/1/").status_code == 404
    auditor = signed_in(account("thu", Role.AUDITOR))
    assert auditor.post(url, {"do": "take"}).status_code == 403


def test_home_says_what_is_late(lan, manager):
    long_ago, new = TODAY - 30 * DAY, TODAY - DAY
    recorded(current(issued_on=long_ago), long_ago)
    recorded(current(issued_on=new, number="new"), long_ago)
    recorded(current(issued_on=long_ago, number="late here"), new)
    client = signed_in(lan)

    def work():
        works = {one.code: one for one in client.get("/en/desk/").context["works"]}
        return (works["to-verify"].count, works["to-verify"].target, works["to-verify"].late)

    assert work() == (3, None, None)
    said = {"do": "target", "queue": "to-verify", "working_days": "7", "reason": "order 5"}
    assert signed_in(lan).post("/en/desk/service/", said).status_code == 403
    assert signed_in(manager).post("/en/desk/service/", said).status_code == 302
    assert (targets(), work()) == ({"to-verify": 7}, (3, 7, 1))
    page = client.get("/en/desk/queues/to-verify/").content.decode()
    assert page.count("> Late<") == 1
    signed_in(manager).post("/en/desk/service/", {**said, "working_days": ""})
    assert (targets(), m.ServiceTarget.objects.count()) == ({}, 2)


def test_every_heap_of_the_home_has_the_count_of_its_page(lan):
    EnterpriseFactory(name="Công ty TNHH Kim Phát", tax_code="0101234567")
    EnterpriseFactory(name="Kim Phát", tax_code="0101234567-001")
    client = signed_in(lan)
    works = {one.code: one for one in client.get("/en/desk/").context["works"]}
    for code, one in works.items():
        page = client.get(one.url)
        assert page.status_code == 200, code
        if code not in ("imports", "sent-back"):
            context = client.get(one.count_url).context if one.count_url else None
            total = page.context["total" if code == "questions" else "count"]
            assert total == (context["count"] if context else one.count), code
    assert client.get(works["duplicates"].count_url).context["count"] == 1
    assert client.get("/en/desk/counts/nothing/").status_code == 404


def test_home_opens_with_as_many_queries_whatever_waits(lan, django_assert_max_num_queries):
    client, counts = signed_in(lan), []
    for more in (1, 2):
        for _ in range(more):
            current(number=f"{more}"), EnterpriseFactory()
        with django_assert_max_num_queries(34) as seen:
            client.get("/en/desk/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


# Pauses of the intake


def notice(days=0, until=None, **said):
    return {
        "since": TODAY + days * DAY, "until": until, "notice": "Tạm dừng tiếp nhận",
        "notice_en": "No new records for now", "reason": "move of the office", **said,
    }  # fmt: skip


def test_a_pause_is_read_by_its_dates(manager):
    pause = pause_intake(by=manager, **notice(1, until=TODAY + 3 * DAY))
    days = [paused(TODAY + n * DAY) == pause for n in range(5)]
    assert days == [False, True, True, False, False]
    with pytest.raises(Refused):
        pause_intake(by=manager, **notice(2))
    with pytest.raises(Refused):
        pause_intake(by=manager, **notice(-1, until=TODAY))
    with pytest.raises(Refused):
        pause_intake(by=manager, **notice(9, until=TODAY + 9 * DAY))
    pause_intake(by=manager, **notice(3))  # open again and paused again on one day


def test_the_notice_stands_on_public_pages_and_doors_while_it_lasts(client, lan, manager):
    m.Register.objects.create(kind=m.Register.Kind.REAL)
    pause = pause_intake(by=manager, **notice())
    officer = signed_in(lan)
    for path in ("/en/suppliers/", "/en/programme/"):
        assert "No new records for now" in client.get(path).content.decode()
    assert "Tạm dừng tiếp nhận" in client.get("/suppliers/").content.decode()
    for path in ("/en/imports/", "/en/desk/"):
        assert "No new records for now" in officer.get(path).content.decode()
    url = f"/en/desk/service/pauses/{pause.pk}/end/"
    assert officer.post(url, {"reason": "r"}).status_code == 403
    signed_in(manager).post(url, {"reason": ""})
    pause.refresh_from_db()
    assert pause.until is None
    signed_in(manager).post(url, {"reason": "done"})
    assert "No new records for now" not in client.get("/en/suppliers/").content.decode()
    with pytest.raises(Refused):
        end_pause(pause=pause, on=TODAY, reason="r", by=manager)


def test_while_paused_the_public_reads_the_notice_and_officers_go_on(lan, manager):
    m.Register.objects.create(kind=m.Register.Kind.REAL)
    enterprise = EnterpriseFactory(in_hanoi=True)
    pause_intake(by=manager, **notice())
    public = Client()
    for url in ("/en/suppliers/", f"/en/suppliers/{enterprise.public_id}/", "/en/programme/"):
        page = public.get(url).content.decode()
        assert page.count(notice()["notice_en"]) == 1
        assert 'method="post"' not in page
    officer = signed_in(lan)
    page = officer.get("/en/records/new/")
    assert page.content.decode().count(notice()["notice_en"]) == 1
    said = filled(page.context["page"], name="Công ty Mới", source="giấy")
    assert officer.post("/en/records/new/", said).status_code == 302
    assert m.Application.objects.get().name == "Công ty Mới"


def test_a_wrong_pause_is_said_and_nothing_written(manager):
    client = signed_in(manager)
    said = {"do": "pause", "since": TODAY.isoformat(), "notice": "x", "reason": "r"}
    assert client.post("/en/desk/service/", {**said, "since": "2026-02-30"}).status_code == 422
    response = client.post("/en/desk/service/", {**said, "until": TODAY.isoformat()})
    assert "cannot open again before" in response.content.decode()
    assert not m.IntakePause.objects.exists()
    assert client.post("/en/desk/service/", {"do": "nothing"}).status_code == 200


# Views


def test_views_are_ones_own_or_shared(lan, minh):
    client, other = signed_in(lan), signed_in(minh)
    client.post("/en/desk/views/save/", {"name": "Mine", "query": "q=a&page=7&evil=1"})
    client.post("/en/desk/views/save/", {"name": "Ours", "query": "sort=-name", "shared": "1"})
    kept = m.SavedView.objects.order_by("pk").values_list("name", "query", "is_shared")
    assert list(kept) == [("Mine", "q=a", False), ("Ours", "sort=-name", True)]
    refused = client.post("/en/desk/views/save/", {"name": "Mine", "query": ""}, follow=True)
    assert 'name="name" maxlength="80" value="Mine"' in refused.content.decode()
    assert 'maxlength="80" value=""' in client.get("/en/desk/enterprises/").content.decode()
    client.post("/en/desk/views/save/", {"name": "  ", "query": ""})
    assert m.SavedView.objects.count() == 2
    seen = [view.name for view, _count in other.get("/en/desk/").context["views"]]
    assert seen == ["Ours"]
    ours = m.SavedView.objects.get(name="Ours")
    other.post(f"/en/desk/views/{ours.pk}/drop/")
    assert m.SavedView.objects.count() == 2
    client.post(f"/en/desk/views/{ours.pk}/drop/")
    assert m.SavedView.objects.get().name == "Mine"
    assert m.SavedViewEvent.objects.filter(pgh_label="delete").count() == 1


def test_nobody_elses_view_is_dropped(lan, minh):
    view = actions.save_view(name="x", query="", is_shared=True, by=lan)
    with pytest.raises(Refused):
        actions.drop_view(view=view, by=minh)
