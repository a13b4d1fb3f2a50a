"""The outlook says only what the dates say."""

from __future__ import annotations

import datetime as dt

import pytest

from registry import models as m
from registry.dashboard.figures import figure, members
from registry.dashboard.indicators import meeting_international_standards
from registry.dashboard.outlook import month_ends, only_by_edition, outlook
from registry.plans.queries import rule_in_force, rules_to_come
from tests.factories import CertificateFactory, EnterpriseFactory, SchemeFactory
from tests.small_register import TODAY, small_register

pytestmark = pytest.mark.django_db


def test_the_floor_at_a_day_is_the_figure_of_that_day():
    small_register(60, seed=21)
    found = outlook(TODAY, rule_in_force(TODAY))
    assert len(found.months) >= 23
    for month in found.months:
        then = figure("share_international_standard", month.on)
        assert (month.floor, month.whole) == (then.numerator, then.denominator)
        assert month.floor <= month.ceiling <= month.whole


def test_the_floor_is_counted_by_a_rule_that_is_to_come():
    """Approved already and begun by then: no new event is needed for it to be in force."""
    small_register(60, seed=21)
    begins = month_ends(TODAY, 6)[-1]
    strict = m.CountingRule.objects.create(
        version=7, name="Chặt", valid_from=begins, schemes=["iatf16949"], reason="t",
        approved_by=m.User.objects.create_user("chief"), approved_on=TODAY,
    )  # fmt: skip
    found = outlook(TODAY, rule_in_force(TODAY), to_come=rules_to_come(TODAY, dt.date.max))
    for month in found.months:
        then = figure("share_international_standard", month.on)
        assert (month.floor, month.whole) == (then.numerator, then.denominator)
    alike = set(meeting_international_standards(TODAY, strict))
    first = next(month for month in found.months if month.on == begins)
    before = found.months[found.months.index(first) - 1]
    assert first.floor <= first.ceiling <= len(alike) < before.ceiling
    assert set(first.lost) == lost_between(before.on, begins) != set()


def lost_between(day: dt.date, next_day: dt.date) -> set[int]:
    """Who is counted on one day and no longer on the next, each by the rule of its day."""
    one, other = (
        set(members("enterprises_international_standard", on).values_list("pk", flat=True))
        for on in (day, next_day)
    )
    return one - other


def test_a_step_down_names_the_enterprises(django_assert_max_num_queries):
    small_register(40, seed=3)
    with django_assert_max_num_queries(4):
        found = outlook(TODAY, rule_in_force(TODAY))
    before = found.start.floor
    for month in found.months:
        assert before - len(month.lost) <= month.floor
        before = month.floor


def test_no_scenario_without_history():
    small_register(10, seed=3)
    found = outlook(TODAY, rule_in_force(TODAY))
    assert found.renewal_rate is None
    assert all(month.scenario is None for month in found.months)


def test_month_ends_are_last_days():
    assert month_ends(dt.date(2027, 12, 31), 3) == [dt.date(2028, 1, 31), dt.date(2028, 2, 29)]
    assert month_ends(dt.date(2026, 11, 24), 2) == [dt.date(2026, 11, 30), dt.date(2026, 12, 31)]


def test_edition_cliff_moves_exactly_those_with_no_other_certificate():
    hanoi = m.Province.objects.create(code="01", name="Hà Nội")
    officer = m.User.objects.create_user("o")
    scheme, other = (
        m.CertificationScheme.objects.create(
            code=code, name=code, kind="system", is_international=True
        )
        for code in ("iso9001", "iatf16949")
    )
    edition = m.SchemeEdition.objects.create(
        scheme=scheme, code="2015", withdrawn_on=dt.date(2027, 6, 1)
    )
    for name, extra in (("Only", False), ("Both", True)):
        row = m.Enterprise.objects.create(name=name, registered_on=dt.date(2020, 1, 1), source="t")
        row.sites.create(kind="factory", address="x", province=hanoi)
        kinds = [(scheme, edition), (other, None)] if extra else [(scheme, edition)]
        for kind, of in kinds:
            held = m.Certificate.objects.create(
                enterprise=row, scheme=kind, edition=of, source="t",
                issued_on=dt.date(2026, 1, 1), valid_until=dt.date(2028, 12, 31),
            )  # fmt: skip
            held.verifications.create(
                by=officer, on=dt.date(2026, 2, 1), method="register", outcome="confirmed"
            )
    rule = rule_in_force(TODAY)
    assert [row.name for row in only_by_edition(edition, TODAY, rule).order_by("pk")] == ["Only"]
    code = "enterprises_international_standard"
    assert figure(code, dt.date(2027, 5, 31)).value == 2
    assert figure(code, dt.date(2027, 6, 1)).value == 1


def test_editions_that_end_on_one_day_hold_nobody_up():
    """Whose two certificates end together falls out by both, and by the later of two days."""
    enterprise = EnterpriseFactory(in_hanoi=True)
    ends = {
        "iso9001": dt.date(2027, 6, 1),
        "iso14001": dt.date(2027, 6, 1),
        "x": dt.date(2028, 1, 1),
    }
    editions = {}
    for code, day in ends.items():
        scheme = SchemeFactory(code=code)
        editions[code] = m.SchemeEdition.objects.create(
            scheme=scheme, code="2015", withdrawn_on=day
        )
        if code != "x":
            CertificateFactory(
                enterprise=enterprise, scheme=scheme, edition=editions[code],
                valid_until=dt.date(2028, 12, 31), verified=True,
            )  # fmt: skip
    rule = rule_in_force(TODAY)

    def cliff() -> list[str]:
        return [code for code in ends if only_by_edition(editions[code], TODAY, rule).exists()]

    assert cliff() == ["iso9001", "iso14001"]
    CertificateFactory(
        enterprise=enterprise, scheme=editions["x"].scheme, edition=editions["x"],
        valid_until=dt.date(2028, 12, 31), verified=True,
    )  # fmt: skip
    assert cliff() == ["x"]
    code = "enterprises_international_standard"
    assert [figure(code, day).value for day in (dt.date(2027, 6, 1), ends["x"])] == [1, 0]


def test_edition_cliff_under_a_rule_that_asks_for_both_kinds():
    """Without its system certificate the product certificate alone is not enough."""
    hanoi = m.Province.objects.create(code="01", name="Hà Nội")
    officer = m.User.objects.create_user("o")
    row = m.Enterprise.objects.create(name="A", registered_on=dt.date(2020, 1, 1), source="t")
    row.sites.create(kind="factory", address="x", province=hanoi)
    editions = []
    for kind in ("system", "product"):
        scheme = m.CertificationScheme.objects.create(
            code=kind, name=kind, kind=kind, is_international=True
        )
        editions.append(m.SchemeEdition.objects.create(scheme=scheme, code="1"))
        held = m.Certificate.objects.create(
            enterprise=row, scheme=scheme, edition=editions[-1], source="t",
            issued_on=dt.date(2026, 1, 1), valid_until=dt.date(2028, 12, 31),
        )  # fmt: skip
        held.verifications.create(
            by=officer, on=dt.date(2026, 2, 1), method="register", outcome="confirmed"
        )
    strict = m.CountingRule(version=2, valid_from=TODAY, breadth="both", reason="t")
    broad = m.CountingRule(version=1, valid_from=TODAY, reason="t")
    for edition in editions:
        assert only_by_edition(edition, TODAY, strict).exists()
        assert not only_by_edition(edition, TODAY, broad).exists()
