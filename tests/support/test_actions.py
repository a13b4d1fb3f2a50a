"""What is written of support, what is refused, and that nothing is written for nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from registry import models as m
from registry.enterprises.naming import named_enterprises
from registry.support import actions
from registry.support.queries import (
    cap_question,
    report_years,
    reports_missing,
    support_received,
)
from tests.factories import (
    EnterpriseFactory,
    IncentiveCertificateFactory,
    ParticipationFactory,
    ProductGroupFactory,
    SupportActivityFactory,
    SupportKindFactory,
    SupportMeasureFactory,
    SupportProgrammeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 3, 1)


def told(by=None, reason="letter 12"):
    return {"reason": reason, "by": by or UserFactory()}


def test_who_when_and_why_are_kept():
    by = UserFactory()
    values = {"name": "Chương trình", "funder": "city", "begins_on": DAY}
    row = actions.record_programme(values=values, **told(by))
    event = m.SupportProgramme.pgh_event_model.objects.get(pgh_obj_id=row.pk)
    assert event.pgh_context.metadata == {"user": by.pk, "reason": "letter 12"}


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_written_without_a_reason(reason):
    with pytest.raises(ValidationError) as refused:
        actions.record_programme(
            values={"name": "x", "funder": "city", "begins_on": DAY}, **told(reason=reason)
        )
    assert set(refused.value.message_dict) == {"reason"}
    assert not m.SupportProgramme.objects.exists()


def test_saving_the_same_leaves_no_trace():
    row = SupportActivityFactory(city_vnd=5)
    events, seen = row.events.count(), actions.version_of(row)
    values = {"name": row.name, "city_vnd": 5, "kind": row.kind}
    assert not actions.change_activity(activity=row, values=values, seen=seen, **told())
    assert row.events.count() == events
    assert actions.change_activity(activity=row, values={"city_vnd": 6}, seen=seen, **told())
    assert row.events.count() == events + 1


def test_what_was_changed_meanwhile_is_not_written_over():
    row = SupportProgrammeFactory()
    seen = actions.version_of(row)
    assert actions.change_programme(programme=row, values={"name": "a"}, seen=seen, **told())
    with pytest.raises(actions.ChangedMeanwhile):
        actions.change_programme(programme=row, values={"name": "b"}, seen=seen, **told())
    row.refresh_from_db()
    assert row.name == "a"


def test_an_activity_is_within_the_days_of_its_programme():
    programme = SupportProgrammeFactory(begins_on=DAY, ends_on=dt.date(2024, 12, 31))
    values = {"name": "x", "kind": SupportKindFactory(), "source": "s"}
    for day in (dt.date(2024, 2, 29), dt.date(2025, 1, 1)):
        with pytest.raises(ValidationError) as refused:
            actions.record_activity(
                programme=programme, values={**values, "begins_on": day}, **told()
            )
        assert set(refused.value.message_dict) == {"begins_on"}
    actions.record_activity(programme=programme, values={**values, "begins_on": DAY}, **told())


def test_the_same_activity_twice_is_refused_in_words():
    row = SupportActivityFactory()
    values = {"name": row.name, "kind": row.kind, "source": "s", "begins_on": row.begins_on}
    with pytest.raises(ValidationError) as refused:
        actions.record_activity(programme=row.programme, values=values, **told())
    assert "already" in str(refused.value) or "đã" in str(refused.value)
    assert m.SupportActivity.objects.get() == row


def test_participants_are_added_once():
    activity, (one, two) = SupportActivityFactory(), EnterpriseFactory.create_batch(2)
    ParticipationFactory(activity=activity, enterprise=one, role="trainee")
    result = actions.add_participants(
        activity=activity, enterprises=[one, two, two], role="beneficiary", attended_from=None,
        **told(),
    )  # fmt: skip
    assert result == (1, 1)
    rows = activity.participations.order_by("pk").values_list("enterprise", "role", "attended_from")
    assert list(rows) == [
        (one.pk, "trainee", activity.begins_on),
        (two.pk, "beneficiary", activity.begins_on),
    ]


def test_a_participant_with_figures_stays():
    measure = SupportMeasureFactory()
    with pytest.raises(ValidationError):
        actions.remove_participation(participation=measure.participation, **told())
    assert m.Participation.objects.count() == 1
    other = ParticipationFactory()
    actions.remove_participation(participation=other, **told())
    labels = m.Participation.pgh_event_model.objects.filter(pgh_obj_id=other.pk)
    assert list(labels.order_by("pgh_id").values_list("pgh_label", flat=True)) == [
        "insert",
        "delete",
    ]


@pytest.mark.parametrize(
    ("city", "own", "other", "cap", "is_asked"),
    [
        (50, 50, 0, 50, False),
        (51, 49, 0, 50, True),
        (70, 20, 10, 70, False),
        (71, 29, 0, 70, True),
        (100, 0, 0, None, False),
        (100, None, 0, 50, False),
        (0, 0, 0, 50, False),
    ],
)
def test_the_cap_is_a_question_and_refuses_nothing(city, own, other, cap, is_asked):
    kind = SupportKindFactory(code=f"cap{cap}", cap_percent=cap)
    row = SupportActivityFactory(kind=kind, city_vnd=city, own_vnd=own, other_vnd=other)
    assert (cap_question(row) is not None) == is_asked


def test_lines_name_enterprises_by_code_tax_code_or_name():
    by_code = EnterpriseFactory(name="Công ty Một")
    by_tax = EnterpriseFactory(tax_code="0101243150")
    by_name = EnterpriseFactory(name="Công ty TNHH Đúc Hà Nội")
    gone = EnterpriseFactory(merged_into=by_tax, merged_on=DAY)
    for row in (by_code, gone):
        row.refresh_from_db()
    twins = EnterpriseFactory.create_batch(2, name="Công ty Trùng tên")
    text = f"{by_code.public_id.lower()}\n\n 0101243150 \ncong ty tnhh  duc ha noi\n{gone.public_id}\nCông ty Trùng tên\nkhông có\nCNHT-9999999"
    found = named_enterprises(text)
    assert [(line.number, line.enterprise, line.problem) for line in found] == [
        (1, by_code, ""),
        (3, by_tax, ""),
        (4, by_name, ""),
        (5, by_tax, ""),
        (6, None, "several"),
        (7, None, "unknown"),
        (8, None, "unknown"),
    ]
    assert len(twins) == 2


def test_lines_are_looked_up_in_one_query(django_assert_num_queries):
    for count in (1, 30):
        with django_assert_num_queries(1):
            named_enterprises("\n".join(f"0101{n:06}" for n in range(count)))


def test_what_is_public_is_kinds_and_years_of_what_was_received():
    row = ParticipationFactory()
    again = SupportActivityFactory(kind=row.activity.kind, begins_on=dt.date(2025, 5, 1))
    ParticipationFactory(activity=again, enterprise=row.enterprise)
    ParticipationFactory(enterprise=row.enterprise, role="partner")
    on = dt.date(2026, 1, 1)
    assert [(one.kind, one.years) for one in support_received(row.enterprise, on)] == [
        (row.activity.kind, (2024, 2025))
    ]
    assert [one.years for one in support_received(row.enterprise, dt.date(2024, 3, 1))] == [(2024,)]
    assert support_received(row.enterprise, dt.date(2024, 2, 29)) == []


def due_by(on):
    return dict(reports_missing(on).values_list("pk", "due"))


def test_reports_are_asked_by_15_april_of_the_year_after():
    old = IncentiveCertificateFactory(issued_on=dt.date(2019, 5, 5))
    new = IncentiveCertificateFactory(issued_on=dt.date(2026, 2, 1))
    assert due_by(dt.date(2026, 2, 13)) == {}
    assert due_by(dt.date(2026, 2, 14)) == {old.pk: dt.date(2026, 4, 15)}
    assert due_by(dt.date(2027, 4, 16)) == {
        old.pk: dt.date(2026, 4, 15),
        new.pk: dt.date(2027, 4, 15),
    }
    actions.receive_report(
        certificate=old, year=2025, received_on=dt.date(2026, 5, 1), reference="", **told()
    )
    assert due_by(dt.date(2026, 4, 30)) == {old.pk: dt.date(2026, 4, 15)}  # not there yet
    assert due_by(dt.date(2026, 5, 1)) == {}


def test_nothing_falls_due_after_a_revocation():
    row = IncentiveCertificateFactory(issued_on=DAY)
    actions.revoke_incentive(certificate=row, on=dt.date(2026, 4, 15), document="QĐ 1", **told())
    row.refresh_from_db()
    assert due_by(dt.date(2026, 4, 14)) == {row.pk: dt.date(2026, 4, 15)}
    assert due_by(dt.date(2026, 4, 15)) == {}
    assert report_years(row, [], dt.date(2027, 1, 1)) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_queue_and_the_page_of_one_certificate_agree(seed):
    """Each certificate's own list of years gives the day by which the queue is ordered."""
    on = dt.date(2029, 3, 1 + seed)
    for n in range(6):
        row = IncentiveCertificateFactory(issued_on=dt.date(2023 + n % 4, 1 + n, 1))
        for year in range(row.issued_on.year + n % 2, 2026 + (n + seed) % 3):
            if year >= 2025:
                row.reports.create(year=year, received_on=dt.date(year + 1, 1 + seed * 5, 3))
    expected = {}
    for row in m.IncentiveCertificate.objects.order_by("pk"):
        years = report_years(row, row.reports.order_by("pk"), on)
        missing = [one.due_on for one in years if one.report is None]
        if missing and min(missing) <= on + dt.timedelta(days=60):
            expected[row.pk] = min(missing)
    assert expected
    assert due_by(on) == expected


def test_late_is_said_of_what_came_late_and_of_what_is_missing():
    row = IncentiveCertificateFactory(issued_on=DAY)
    row.reports.create(year=2025, received_on=dt.date(2026, 4, 16))
    row.reports.create(year=2026, received_on=dt.date(2027, 4, 15))
    years = report_years(row, row.reports.order_by("pk"), dt.date(2028, 4, 15))
    assert [(one.year, one.state) for one in years] == [
        (2027, "waiting"),
        (2026, "received"),
        (2025, "late"),
    ]
    assert report_years(row, [], dt.date(2028, 4, 16))[0].state == "late"


def test_a_certificate_of_incentives_and_its_steps():
    holder, (one, two) = EnterpriseFactory(), ProductGroupFactory.create_batch(2)
    values = {"number": "7/GXN", "issuer": "moit", "issued_on": DAY, "project": "P", "source": "s"}
    row = actions.record_incentive(enterprise=holder, values=values, groups=[one], **told())
    seen, events = actions.version_of(row), row.events.count()
    same = {"certificate": row, "values": values, "seen": seen}
    assert not actions.change_incentive(**same, groups=[one], **told())
    assert row.events.count() == events
    assert actions.change_incentive(**same, groups=[two], **told())
    assert list(row.products.values_list("group", flat=True)) == [two.pk]
    step = {"certificate": row, "document": "QĐ 2"}
    actions.amend_incentive(**step, on=dt.date(2025, 1, 1), what="capacity", **told())
    actions.revoke_incentive(**step, on=dt.date(2025, 6, 1), **told())
    row.refresh_from_db()
    states = [row.state_on(day) for day in (dt.date(2024, 2, 1), DAY, dt.date(2025, 6, 1))]
    assert states == ["not_yet", "in_force", "revoked"]
    with pytest.raises(ValidationError):
        actions.revoke_incentive(**step, on=dt.date(2025, 7, 1), **told())
    with pytest.raises(ValidationError):
        actions.amend_incentive(**step, on=dt.date(2025, 7, 1), what="x", **told())


def test_days_to_come_are_refused():
    row, later = IncentiveCertificateFactory(), dt.date(2100, 1, 1)
    with pytest.raises(ValidationError):
        actions.revoke_incentive(certificate=row, on=later, document="d", **told())
    with pytest.raises(ValidationError):
        actions.receive_report(
            certificate=row, year=2025, received_on=later, reference="", **told()
        )
