"""The office: closed to others, each page answers, each decision is written once with its reason."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import axe_playwright_python
import pytest
from django.utils import timezone

from registry import models as m
from registry.accounts.actions import give_account
from registry.accounts.enums import Role
from registry.desk.actions import answer_question, decide_duplicate, merge_enterprises
from registry.desk.crosschecks import open_questions
from tests.factories import EnterpriseFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe.min.js"))
WORD = "a-long-word-for-tests"


@pytest.fixture
def officer(client):
    user = give_account(username="lan", password=WORD, role=Role.OFFICER, by=None)
    client.force_login(user)
    return user


@pytest.fixture
def suspects():
    """Two records of one firm; the first has a strange tax code and a changed name."""
    first = EnterpriseFactory(name="Kim Phát", tax_code="0101234560", in_hanoi=True)
    second = EnterpriseFactory(name="Công ty TNHH Kim Phát", in_hanoi=True)
    first.short_name = "KP"
    first.save()
    first.contacts.create(full_name="Người Kín", phone="0900000001")
    for row in (first, second):
        row.refresh_from_db()
    return first, second


def pages(first: m.Enterprise, second: m.Enterprise) -> list[str]:
    (question,) = open_questions(timezone.localdate())
    event = first.events.filter(pgh_label="update").latest("pgh_id").pgh_id
    return [
        "/office/questions/",
        f"/office/questions/{question.kind}/{question.fingerprint}/",
        "/office/duplicates/",
        f"/office/duplicates/{first.pk}/{second.pk}/",
        f"/office/enterprises/{first.public_id}/merge/{second.public_id}/",
        "/office/mergers/",
        "/office/log/",
        "/office/log/?table=enterprise",
        f"/office/enterprises/{first.public_id}/history/",
        f"/office/enterprises/{first.public_id}/history/?table=enterprise&row={first.pk}",
        f"/office/enterprises/{first.public_id}/contacts/",
        f"/office/changes/enterprise/{event}/",
    ]


def test_every_page_answers_an_officer_and_nobody_else(
    client, officer, suspects, django_user_model
):
    manager = give_account(username="hoa", password=WORD, role=Role.MANAGER, by=None)
    stranger = UserFactory()
    for path in pages(*suspects):
        client.force_login(officer)
        for language in ("", "/en"):
            assert client.get(language + path).status_code == 200, path
        client.force_login(stranger)
        assert client.get(path).status_code == 403, path
        client.force_login(manager)
        decides = any(part in path for part in ("/merge/", "/changes/", "/contacts/")) or (
            path.count("/") > 4 and "/history/" not in path
        )
        assert client.get(path).status_code == (403 if decides else 200), path
        client.logout()
        assert client.get(path).status_code == 302, path


def test_question_is_explained(client, officer, suspects):
    path = pages(*suspects)[1]
    assert client.post(path, {"reason": " "}).status_code == 422
    assert not m.QuestionAnswer.objects.exists()
    assert client.post(path, {"reason": "As on the licence"}).status_code == 302
    answer = m.QuestionAnswer.objects.get()
    assert (answer.reason, answer.by) == ("As on the licence", officer)
    listed = client.get("/office/questions/")
    assert listed.context["count"] == 0


def test_number_beside_a_kind_is_the_length_of_its_list(client, officer, suspects):
    EnterpriseFactory(ownership="private", foreign_share=80)
    for kind, count in client.get("/office/questions/").context["kinds"]:
        listed = client.get(f"/office/questions/?kind={kind.code}")
        assert listed.context["count"] == len(listed.context["rows"]) == count == 1


def test_same_leads_to_the_merger_and_the_old_address_redirects(client, officer, suspects):
    first, second = suspects
    path = f"/office/duplicates/{first.pk}/{second.pk}/"
    assert client.post(path, {"reason": "r"}).status_code == 422
    answer = client.post(path, {"reason": "r", "is_same": "yes"})
    merge = f"/office/enterprises/{first.public_id}/merge/{second.public_id}/"
    assert answer.url == merge
    assert client.get("/office/duplicates/").context["count"] == 0
    assert client.post(merge, {"take_name": "gone"}).status_code == 422
    assert client.post(merge, {"take_name": "gone", "reason": "r"}).status_code == 302
    first.refresh_from_db()
    assert first.name == "Công ty TNHH Kim Phát"
    moved = client.get(f"/suppliers/{second.public_id}/")
    assert (moved.status_code, moved.url) == (301, f"/suppliers/{first.public_id}/")
    again = client.post(merge, {"reason": "r"})
    assert again.status_code == 422
    assert m.Merger.objects.count() == 1


def test_not_the_same_is_remembered(client, officer, suspects):
    first, second = suspects
    client.post(f"/office/duplicates/{first.pk}/{second.pk}/", {"reason": "r", "is_same": "no"})
    assert m.DuplicateDecision.objects.get().is_same is False
    assert client.get("/office/duplicates/").context["count"] == 0


def test_what_a_colleague_decided_meanwhile_is_said_and_not_written_over(client, officer, suspects):
    first, second = suspects
    colleague = UserFactory(username="hoa")
    url = f"/en/office/duplicates/{first.pk}/{second.pk}/"
    seen = client.get(url).context["seen"]
    decide_duplicate(one=first, other=second, is_same=False, reason="two sites", by=colleague,
                     on=timezone.localdate())  # fmt: skip
    late = client.post(url, {"is_same": "yes", "reason": "my own words", "seen": seen})
    page = late.content.decode()
    assert late.status_code == 422
    assert (
        "hoa decided this while the page was open: “two sites”" in page and "my own words" in page
    )
    assert not m.DuplicateDecision.objects.get().is_same
    again = {"is_same": "yes", "reason": "my own words", "seen": late.context["seen"]}
    assert client.post(url, again).status_code == 302
    assert m.DuplicateDecision.objects.get().is_same


def test_an_explanation_from_a_page_left_open_is_told_of_the_first(client, officer, suspects):
    question = open_questions(timezone.localdate())[0]
    url = f"/en/office/questions/{question.kind}/{question.fingerprint}/"
    answer_question(question=question, reason="as on the licence", by=UserFactory(username="hoa"),
                    on=timezone.localdate())  # fmt: skip
    late = client.post(url, {"reason": "my own words"})
    page = late.content.decode()
    assert late.status_code == 422
    assert "hoa explained this while the page was open" in page and "my own words" in page
    assert m.QuestionAnswer.objects.get().reason == "as on the licence"
    m.Enterprise.objects.update(tax_code=None)
    gone = client.post(url, {"reason": "my own words"}, follow=True)
    assert gone.redirect_chain == [("/en/office/questions/", 302)]
    assert "put right meanwhile" in gone.content.decode()


def test_merger_is_undone_once(client, officer, suspects):
    kept, gone = suspects
    today = timezone.localdate()
    merger = merge_enterprises(
        kept=kept, gone=gone, choose={}, by=officer, reason="r", on=today
    ).merger
    path = f"/office/mergers/{merger.pk}/undo/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": "two firms"}).status_code == 302
    assert client.post(path, {"reason": "two firms"}).status_code == 422
    gone.refresh_from_db()
    assert gone.merged_into is None


def test_change_is_taken_back_from_its_page(client, officer, suspects):
    first, _second = suspects
    path = pages(*suspects)[-1]
    assert client.post(path, {}).status_code == 422
    answer = client.post(path, {"reason": "a slip", "how": "change"})
    assert answer.url == f"/office/enterprises/{first.public_id}/history/"
    first.refresh_from_db()
    assert first.short_name == ""
    assert client.post(path, {"reason": "a slip", "how": "change"}).status_code == 422


def test_contact_persons_are_shown_only_after_a_reason_that_is_kept(client, officer, suspects):
    first, _second = suspects
    path = f"/office/enterprises/{first.public_id}/contacts/"
    assert "Người Kín" not in client.get(path).content.decode()
    assert client.post(path, {"reason": ""}).status_code == 422
    assert not m.ContactRead.objects.exists()
    assert "Người Kín" in client.post(path, {"reason": "to call"}).content.decode()
    read = m.ContactRead.objects.get()
    assert (read.enterprise, read.by, read.reason) == (first, officer, "to call")
    for closed in ("/office/log/", f"/office/enterprises/{first.public_id}/history/"):
        assert "Người Kín" not in client.get(closed).content.decode()


def test_profile_shows_officers_no_more_than_consent(client, officer, suspects):
    first, _second = suspects
    html = client.get(f"/suppliers/{first.public_id}/").content.decode()
    assert "Người Kín" not in html
    assert f"/office/enterprises/{first.public_id}/contacts/" in html


def test_comparing_two_versions(client, officer, suspects):
    first, _second = suspects
    one, other = first.events.order_by("pgh_id").values_list("pgh_id", flat=True)[:2]
    path = f"/office/enterprises/{first.public_id}/history/?table=enterprise&row={first.pk}"
    shown = client.get(f"{path}&a={other}&b={one}").context["compared"]
    assert [(change.before, change.after) for change in shown] == [("", "KP")]


@pytest.mark.parametrize(
    "path",
    [
        "/office/questions/nothing/abc/",
        "/office/duplicates/1/1/",
        "/office/changes/verificationstep/1/",
        "/office/changes/enterprise/999999/",
        "/office/enterprises/CNHT-9999999/history/",
    ],
)
def test_what_is_not_there(client, officer, path):
    assert client.get(path).status_code == 404


def test_queries_do_not_grow(client, officer, suspects, django_assert_max_num_queries):
    paths = ("/office/questions/", "/office/duplicates/", "/office/log/")
    counts = {}
    for path in paths:
        client.get(path)
        with django_assert_max_num_queries(60) as few:
            client.get(path)
        counts[path] = len(few.captured_queries)
    for number in range(8):
        row = EnterpriseFactory(name="Kim Phát", tax_code=f"010123457{number}")
        SiteFactory(enterprise=row)
    for path in paths:
        with django_assert_max_num_queries(counts[path]):
            client.get(path)


def test_log_filter_that_is_no_day(client, officer):
    assert client.get("/office/log/?day=2026-02-30").status_code == 422
    assert client.get(f"/office/log/?day={dt.date(2026, 2, 28)}").context["count"] == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1366, 390])
def test_axe_finds_nothing_and_nothing_sticks_out(
    chromium, live_server, client, officer, suspects, width
):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=True
    )
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    for path in pages(*suspects):
        page.goto(live_server.url + path)
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run()")["violations"]
        assert not found, [(path, one["id"], one["nodes"][0]["html"]) for one in found]
        sticks_out = "document.documentElement.scrollWidth > window.innerWidth"
        assert not page.evaluate(sticks_out), f"{path} is wider than the screen"
    context.close()
