"""Each clause of the counting rule flips one enterprise, and the words say which."""

from __future__ import annotations

import datetime as dt
import io

import pgtrigger
import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import Error, IntegrityError

from registry import models as m
from registry.dashboard.bridge import bridge
from registry.dashboard.figures import members
from registry.dashboard.points import Point
from registry.plans.actions import NotApprovable, approve_rule
from registry.plans.queries import (
    counted,
    explain,
    nested,
    rule_in_force,
)
from tests.factories import SchemeFactory
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
CODE = "enterprises_international_standard"


def rule(**fields) -> m.CountingRule:
    return m.CountingRule(**{"version": 9, "valid_from": TODAY, "reason": "t", **fields})


@pytest.fixture
def officer():
    return m.User.objects.create_user("officer")


@pytest.fixture
def firm(officer):
    """Counted under the broad rule: in Hanoi, one confirmed system certificate in force."""
    hanoi = m.Province.objects.create(code="01", name="Hà Nội")
    row = m.Enterprise.objects.create(name="A", registered_on=dt.date(2020, 1, 1), source="t")
    row.sites.create(kind="factory", address="x", province=hanoi)
    system = m.CertificationScheme.objects.create(
        code="sys", name="SYS", kind="system", is_international=True
    )
    held = m.Certificate.objects.create(
        enterprise=row, scheme=system, source="t",
        issued_on=dt.date(2025, 1, 1), valid_until=dt.date(2027, 12, 31),
    )  # fmt: skip
    held.verifications.create(
        by=officer, on=dt.date(2025, 2, 1), method="register", outcome="confirmed"
    )
    return row


def failing(firm, of: m.CountingRule) -> list[str]:
    return [clause.code for clause in explain(firm, of, TODAY) if not clause.holds]


def is_counted(firm, of: m.CountingRule) -> bool:
    found = members(CODE, TODAY, rule=of).filter(pk=firm.pk).exists()
    assert found == (not failing(firm, of))
    return found


def test_all_clauses_hold(firm):
    assert is_counted(firm, rule())


@pytest.mark.parametrize(
    ("change", "first_failing"),
    [
        (lambda f, o: m.Enterprise.objects.filter(pk=f.pk).update(closed_on=TODAY), "operating"),
        (lambda f, o: f.sites.update(until=TODAY), "in_hanoi"),
        (lambda f, o: f.certificates.update(valid_until=TODAY - dt.timedelta(days=1)), "valid"),
        (lambda f, o: f.certificates.update(withdrawn_on=TODAY), "valid"),
        (lambda f, o: f.certificates.update(suspended_on=TODAY), "valid"),
        (lambda f, o: m.CertificationScheme.objects.update(is_international=False), "stated"),
        (lambda f, o: f.certificates.update(issued_on=TODAY + dt.timedelta(days=1)), "stated"),
        (
            lambda f, o: f.certificates.get().verifications.create(
                by=o, on=TODAY, method="register", outcome="refuted"
            ),
            "confirmed",
        ),
    ],
)
def test_one_change_flips_one_clause(firm, officer, change, first_failing):
    change(firm, officer)
    assert not is_counted(firm, rule())
    assert failing(firm, rule())[0] == first_failing


def test_clauses_that_only_a_stricter_rule_asks(firm, officer):
    assert failing(firm, rule(verification_months=6)) == ["recent"]
    assert is_counted(firm, rule(verification_months=36))
    assert failing(firm, rule(needs_relation=True)) == ["supplying"]
    supplies = m.SupplyRelation.objects.create(
        enterprise=firm, buyer=m.Buyer.objects.create(code="b", name="B"), tier=2,
        since=dt.date(2026, 1, 1),
    )  # fmt: skip
    assert is_counted(firm, rule(needs_relation=True, needs_verification=False))
    assert failing(firm, rule(needs_relation=True)) == ["supplying"]
    supplies.verified_on, supplies.verified_by = TODAY, officer
    supplies.save()
    assert is_counted(firm, rule(needs_relation=True))
    assert failing(firm, rule(breadth="both")) == ["both"]
    product = m.CertificationScheme.objects.create(
        code="prod", name="PROD", kind="product", is_international=True
    )
    held = m.Certificate.objects.create(
        enterprise=firm, scheme=product, source="t",
        issued_on=dt.date(2025, 1, 1), valid_until=dt.date(2027, 12, 31),
    )  # fmt: skip
    assert failing(firm, rule(breadth="both")) == ["both"]
    held.verifications.create(by=officer, on=TODAY, method="site", outcome="confirmed")
    assert is_counted(firm, rule(breadth="both"))
    assert failing(firm, rule(schemes=["other"]))[0] == "stated"
    assert is_counted(firm, rule(schemes=["sys"]))
    m.VerificationStep.objects.all().delete()
    assert is_counted(firm, rule(needs_verification=False))


def test_the_words_and_the_count_agree_on_a_drawn_register():
    small_register(50, seed=17)
    for of in (
        rule(),
        rule(breadth="both"),
        rule(needs_relation=True),
        rule(verification_months=4),
    ):
        counts = set(members(CODE, TODAY, rule=of).values_list("pk", flat=True))
        for row in m.Enterprise.objects.order_by("pk"):
            assert (row.pk in counts) == all(c.holds for c in explain(row, of, TODAY))


def test_nested_sets_lie_within_each_other():
    small_register(60, seed=18)
    everybody = m.Enterprise.objects.operating(TODAY).in_hanoi(TODAY)
    sets = [
        set(rows.values_list("pk", flat=True)) for rows in nested(everybody, rule(), TODAY).values()
    ]
    assert sets[0] >= sets[1] >= sets[2] >= sets[3]
    assert sets[2] == set(counted(everybody, rule(), TODAY).values_list("pk", flat=True))


def test_a_draft_is_not_in_force_until_another_person_approves_it(officer):
    call_command("load_reference", stdout=io.StringIO())
    assert rule_in_force(TODAY).version == 1
    draft = m.CountingRule.objects.create(
        version=7, name="Mới", valid_from=dt.date(2026, 1, 1), reason="t", author=officer
    )
    assert rule_in_force(TODAY).version == 1
    with pytest.raises(NotApprovable):
        approve_rule(rule=draft, by=officer, on=TODAY, reason="t")
    other = m.User.objects.create_user("other")
    approve_rule(rule=draft, by=other, on=TODAY, reason="t")
    assert rule_in_force(TODAY).version == 7
    assert rule_in_force(dt.date(2025, 12, 31)).version == 1
    with pytest.raises(NotApprovable):
        approve_rule(rule=draft, by=other, on=TODAY, reason="t")


def test_the_admin_approves_with_two_people(client):
    author = m.User.objects.create_superuser("author")
    draft = m.CountingRule.objects.create(
        version=7, name="Mới", valid_from=dt.date(2026, 1, 1), reason="t", author=author
    )
    url = "/en/admin/registry/countingrule/"
    asked = {"action": "approve", "_selected_action": [draft.pk]}
    client.force_login(author)
    said = [str(one) for one in get_messages(client.post(url, asked).wsgi_request)]
    assert said == ["Rule 7: Who wrote any of a rule cannot approve it."]
    client.force_login(m.User.objects.create_superuser("second"))
    client.post(url, asked)
    draft.refresh_from_db()
    assert draft.approved_by.username == "second"


@pytest.mark.parametrize("url", ["/en/programme/rules/", "/programme/rules/?on=2026-01-01"])
def test_the_page_of_rules_links_what_it_counts(client, url):
    small_register(30, seed=5)
    call_command("load_reference", stdout=io.StringIO())
    response = client.get(url)
    assert response.status_code == 200
    for one in [*response.context["rules"], *response.context["steps"]]:
        assert client.get(one["url"]).context["count"] == one["count"]


def test_a_rule_approved_later_is_no_part_of_what_was_known(officer):
    m.CountingRule.objects.create(
        version=1, name="Tạm", valid_from=dt.date(2000, 1, 1), is_provisional=True, reason="t"
    )
    m.CountingRule.objects.create(
        version=7, name="Của Sở", valid_from=dt.date(2026, 1, 1), breadth="both", reason="t",
        approved_by=officer, approved_on=dt.date(2026, 6, 1),
    )  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute("update registry_countingruleevent set pgh_created_at = '2026-06-01 08:00Z'")

    def version(known: dt.datetime | None) -> int:
        return Point(dt.date(2026, 3, 31), known=known).rule().version

    assert version(None) == 7
    assert version(dt.datetime(2026, 5, 31, 23, 0, tzinfo=dt.UTC)) == 1  # 1 June in Hanoi
    assert version(dt.datetime(2026, 6, 1, 7, 59, tzinfo=dt.UTC)) == 1
    assert version(dt.datetime(2026, 6, 1, 8, 0, tzinfo=dt.UTC)) == 7
    assert version(dt.datetime(2026, 6, 2, 0, 0, tzinfo=dt.UTC)) == 7


def test_the_bridge_between_two_moments_tells_the_rule_approved_between(firm, officer):
    m.CountingRule.objects.create(
        version=1, name="Tạm", valid_from=dt.date(2000, 1, 1), is_provisional=True, reason="t"
    )
    with connection.cursor() as cursor:  # recorded long ago
        for table in ("enterprise", "site", "certificate", "verificationstep"):
            cursor.execute(f"update registry_{table}event set pgh_created_at = '2026-01-01Z'")
    m.CountingRule.objects.create(
        version=7, name="Của Sở", valid_from=dt.date(2026, 1, 1), breadth="both", reason="t",
        approved_by=officer, approved_on=dt.date(2026, 6, 1),
    )  # fmt: skip
    then = Point(TODAY, known=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    found = bridge(CODE, then, Point(TODAY))
    assert (found.start, found.end) == (1, 0)
    assert [(term.sign, term.code) for term in found.terms] == [(-1, "rule")]


def test_who_rewrites_a_draft_is_its_author(client):
    first, second = (m.User.objects.create_superuser(name) for name in ("first", "second"))
    draft = m.CountingRule.objects.create(
        version=7, name="Mới", valid_from=dt.date(2026, 1, 1), reason="t", author=first
    )
    client.force_login(second)
    fields = {
        "version": 7, "name": "Khác", "valid_from": "2026-01-01",
        "breadth": "both", "needs_verification": "on", "reason": "t", "change_reason": "x",
    }  # fmt: skip
    url = f"/en/admin/registry/countingrule/{draft.pk}/change/"
    assert client.post(url, fields).status_code == 302
    draft.refresh_from_db()
    assert (draft.name, draft.author) == ("Khác", second)
    for writer in (first, second):  # the first as well, though another's name stands there now
        with pytest.raises(NotApprovable):
            approve_rule(rule=draft, by=writer, on=TODAY, reason="t")
    approve_rule(rule=draft, by=m.User.objects.create_user("third"), on=TODAY, reason="t")


@pytest.mark.parametrize("schemes", [["iso-9001x"], [], "iso-9001", [9001], [None], {}])
def test_a_rule_counts_only_schemes_that_there_are(schemes):
    SchemeFactory(code="iso-9001")
    kept = rule(schemes=["iso-9001"])
    kept.save()
    kept.schemes = schemes
    for one in (kept, rule(version=8, schemes=schemes)):
        with pytest.raises(IntegrityError, match="schemes_are_known"), transaction.atomic():
            one.save()


def test_the_admin_offers_the_schemes_to_tick(client):
    SchemeFactory(code="iso-9001")
    client.force_login(m.User.objects.create_superuser("admin"))
    url = "/en/admin/registry/countingrule/add/"
    fields = {
        "version": 7, "name": "Mới", "valid_from": "2026-01-01", "breadth": "both",
        "needs_verification": "on", "reason": "t", "change_reason": "x",
    }  # fmt: skip
    assert client.post(url, {**fields, "schemes": ["iso-9001x"]}).status_code == 200
    client.post(url, {**fields, "schemes": ["iso-9001"]})
    client.post(url, {**fields, "version": 8})
    kept = m.CountingRule.objects.order_by("version").values_list("version", "schemes")
    assert list(kept) == [(7, ["iso-9001"]), (8, None)]
    change = f"/en/admin/registry/countingrule/{m.CountingRule.objects.get(version=7).pk}/change/"
    page = client.get(change).context["adminform"].form
    assert page["schemes"].value() == ["iso-9001"]
    client.post(change, {**fields, "name": "Khác", "schemes": page["schemes"].value()})
    row = m.CountingRule.objects.get(version=7)
    assert (row.name, row.schemes) == ("Khác", ["iso-9001"])


def test_a_scheme_that_is_gone_is_neither_approved_nor_left_out_in_silence(client, officer):
    with pgtrigger.ignore("registry.CountingRule:schemes_are_known"):
        draft = rule(version=7, name="Mới", schemes=["iso-9001x"])
        draft.save()
    with pytest.raises(NotApprovable, match="schemes"):
        approve_rule(rule=draft, by=officer, on=TODAY, reason="t")
    with pytest.raises(IntegrityError, match="schemes_are_known"), transaction.atomic():
        m.CountingRule.objects.update(approved_by=officer, approved_on=TODAY)
    client.force_login(m.User.objects.create_superuser("admin"))
    url = f"/en/admin/registry/countingrule/{draft.pk}/change/"
    form = client.get(url).context["adminform"].form
    assert form["schemes"].value() == ["iso-9001x"]
    fields = {
        "version": 7, "name": "Mới", "valid_from": "2026-01-01", "breadth": "both",
        "needs_verification": "on", "reason": "t", "change_reason": "x",
        "schemes": form["schemes"].value(),
    }  # fmt: skip
    answer = client.post(url, fields)
    assert "There is no such scheme: iso-9001x." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.schemes == ["iso-9001x"]


@pytest.mark.parametrize("is_approved", [False, True])
def test_the_file_of_rules_changes_none_that_people_wrote(officer, is_approved):
    call_command("load_reference", stdout=io.StringIO())
    m.CountingRule.objects.filter(version=2).update(name="Của Sở", author=officer)
    m.CountingRule.objects.filter(version=3).update(name="?")
    if is_approved:
        other = m.User.objects.create_user("other")
        approve_rule(rule=m.CountingRule.objects.get(version=2), by=other, on=TODAY, reason="t")
    call_command("load_reference", stdout=io.StringIO())
    names = dict(m.CountingRule.objects.values_list("version", "name"))
    assert names[2] == "Của Sở"
    assert names[3].startswith("Chặt và đang cung ứng")


@pytest.mark.parametrize(
    "sql",
    [
        "update registry_countingrule set breadth = 'both'",
        "update registry_countingrule set approved_on = null, approved_by_id = null",
        "delete from registry_countingrule",
    ],
)
def test_an_approved_rule_resists_plain_sql(officer, sql):
    m.CountingRule.objects.create(
        version=7, name="Của Sở", valid_from=dt.date(2026, 1, 1), reason="t",
        approved_by=officer, approved_on=dt.date(2026, 6, 1),
    )  # fmt: skip
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert m.CountingRule.objects.get().breadth == "either"
