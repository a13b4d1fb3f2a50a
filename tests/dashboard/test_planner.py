"""The planner says what the register will say when the expected events are entered."""

from __future__ import annotations

import datetime as dt
import random

import pytest
import time_machine

from registry import models as m
from registry.dashboard.figures import figure
from registry.dashboard.planner import SHARE, TOTAL, Expected, TooMany, plan, start
from registry.plans.queries import rule_in_force
from tests.factories import CertificateFactory, EnterpriseFactory, SiteFactory
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db
YEAR_END = dt.date(TODAY.year, 12, 31)


def targets(low_total: int = 1200, operator: str = "=", high: int | None = 40) -> None:
    document = m.PlanDocument.objects.create(
        code="p", title="Chương trình", scope="hanoi",
        valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2030, 12, 31),
    )  # fmt: skip
    common = {"document": document, "due_on": document.valid_to, "period": "2030", "source": "s"}
    m.Target.objects.create(
        indicator=TOTAL, operator="~", low=low_total, unit="enterprises", **common
    )
    low = 35 if high else 40
    m.Target.objects.create(
        indicator=SHARE, operator=operator, low=low, high=high, unit="%", **common
    )


def counted(count: int, until: dt.date = dt.date(2027, 12, 31)) -> list[m.Certificate]:
    return [CertificateFactory(verified=True, valid_until=until) for _ in range(count)]


def test_it_is_the_figure_of_the_day_once_the_events_are_entered():
    small_register(50, seed=12)
    counted(6, dt.date(2026, 9, 30))
    rng = random.Random(2)
    rule = rule_in_force(TODAY)
    begun = start(TODAY, rule)
    assert begun.renewable >= 6
    expected = Expected(rng.randint(1, 9), 4, rng.randint(1, 6))
    made = plan(TODAY, rule, expected)
    EnterpriseFactory.create_batch(expected.registered, in_hanoi=True)
    falling = [
        one for one in m.Certificate.objects.filter(valid_until=dt.date(2026, 9, 30)).order_by("pk")
    ]
    for one in falling[: expected.renewed]:
        CertificateFactory(enterprise=one.enterprise, verified=True, issued_on=dt.date(2026, 9, 1))
    without = (
        m.Enterprise.objects.operating(YEAR_END)
        .in_hanoi(YEAR_END)
        .filter(certificates__isnull=True)
    )
    for row in without.order_by("pk")[: expected.gained]:
        CertificateFactory(enterprise=row, verified=True)
    total, share = figure(TOTAL, YEAR_END, rule=rule), figure(SHARE, YEAR_END, rule=rule)
    assert (made.total, made.meeting) == (total.value, share.numerator)
    assert made.share == share.value == made.placed[SHARE].figure.value


def test_with_nothing_expected_it_is_what_the_dates_say():
    counted(3)
    counted(2, dt.date(2026, 8, 1))
    leaving = counted(1, dt.date(2026, 8, 1))[0].enterprise
    leaving.closed_on = dt.date(2026, 10, 1)
    leaving.save()
    begun = start(TODAY, rule_in_force(TODAY))
    assert (begun.total, begun.meeting) == (6, 6)
    assert (begun.end_total, begun.end_meeting, begun.lost, begun.renewable) == (5, 3, 3, 2)
    made = plan(TODAY, rule_in_force(TODAY), Expected())
    assert (made.total, made.meeting) == (5, 3)


def test_what_is_needed_is_the_least_that_reaches_the_target():
    targets(low_total=1000)
    for _ in range(10):
        SiteFactory()
    [now, aim] = plan(TODAY, rule_in_force(TODAY), Expected()).needs
    assert (now.total, now.low, now.high) == (10, 4, 4)
    assert (aim.total, aim.low, aim.high) == (1000, 350, 400)


def test_over_asks_for_more_than_the_number():
    targets(operator=">", high=None)
    for _ in range(10):
        SiteFactory()
    [now, _aim] = plan(TODAY, rule_in_force(TODAY), Expected()).needs
    assert (now.low, now.high) == (5, None)  # 4 of 10 are 40 %, and that is not over 40 %


@pytest.mark.parametrize(
    ("expected", "name", "most"),
    [(Expected(renewed=3), "renewed", 2), (Expected(registered=1, gained=4), "gained", 3)],
)
def test_more_than_there_can_be_is_refused(expected, name, most):
    counted(1)
    counted(2, dt.date(2026, 8, 1))
    with pytest.raises(TooMany) as refused:
        plan(TODAY, rule_in_force(TODAY), expected)
    assert (refused.value.name, refused.value.most) == (name, most)


@time_machine.travel(dt.datetime(2026, 6, 30, 5, tzinfo=dt.UTC), tick=False)
def test_the_page_says_both_targets_and_what_is_needed(client):
    targets()
    counted(2)
    counted(2, dt.date(2026, 8, 1))
    for _ in range(6):
        SiteFactory()
    asked = {"registered": "10", "gained": "3", "renewed": "1"}
    response = client.get("/en/programme/planner/", asked)
    words = " ".join(response.content.decode().split())
    assert response.status_code == 200
    assert "Today 4 of 10 enterprises meet international standards." in words
    assert "2 of them fall out before the year ends; 2 can renew." in words
    assert "At 20 enterprises you need 7 to 8; you would have 6." in words
    assert "At 1,200 enterprises you need 420 to 480; you would have 6." in words
    assert response.context["plan"].share == 30


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"gained": "many"}, "is not a number of enterprises"),
        ({"gained": "-1"}, "is not a number of enterprises"),
        ({"registered": "1000000"}, "is not a number of enterprises"),
        ({"registered": "²"}, "is not a number of enterprises"),
        ({"renewed": "9"}, "can renew"),
        ({"gained": "9"}, "can gain a certificate"),
    ],
)
def test_wrong_input_is_said(client, asked, words):
    response = client.get("/en/programme/planner/", asked)
    assert response.status_code == 400 and words in response.content.decode()
    assert response.context["typed"] == {"registered": "0", "gained": "0", "renewed": "0", **asked}
    assert b"Then, at the end of the year" not in response.content


def test_a_rule_that_begins_before_the_year_ends_is_said(client):
    counted(1)
    person = m.User.objects.create_user("x")
    with time_machine.travel(dt.datetime(2026, 6, 30, 5, tzinfo=dt.UTC), tick=False):
        for version, begins in ((4, dt.date(2026, 12, 31)), (5, dt.date(2027, 1, 1))):
            m.CountingRule.objects.create(
                version=version, name=f"Bản {version}", valid_from=begins, reason="t",
                approved_by=person, approved_on=TODAY,
            )  # fmt: skip
        m.CountingRule.objects.create(
            version=6, name="Dự thảo", valid_from=dt.date(2026, 7, 1), reason="t"
        )
        asked = [client.get(f"/en/programme/{page}/").context for page in ("planner", "outlook")]
    assert [[rule.version for rule in one["to_come"]] for one in asked] == [[4], [4, 5]]


def test_queries_do_not_grow(client, django_assert_num_queries):
    counted(2)
    with django_assert_num_queries(9):
        client.get("/programme/planner/")
    counted(8)
    with django_assert_num_queries(9):
        client.get("/programme/planner/")
