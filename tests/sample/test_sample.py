"""The sample of a thousand that ``make demo`` loads, looked at as a reader would."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db.models import Count, F, Q

from registry import models as m
from registry.dashboard.figures import figure
from registry.enterprises.validators import clean_tax_code
from registry.sample.actions import OFFICER, Written, load_sample
from registry.sample.codes import Codes
from tests.sample.conftest import ON

pytestmark = pytest.mark.slow

SIZE = 1_000


@pytest.fixture(scope="module", autouse=True)
def written(lists: Codes) -> Iterator[Written]:
    yield load_sample(size=SIZE, seed=1, on=ON, by=None)


def test_it_says_what_it_wrote(written: Written) -> None:
    assert written == Written(
        enterprises=m.Enterprise.objects.count(),
        certificates=m.Certificate.objects.count(),
        relations=m.SupplyRelation.objects.count(),
    )
    assert written.enterprises == SIZE


def test_shares_of_the_field() -> None:
    assert 955 <= figure("enterprises_total", ON).numerator <= 985
    share = figure("share_international_standard", ON).value
    assert Decimal(33) <= Decimal(share or 0) <= Decimal(36)
    one, two_three = (figure(code, ON) for code in ("tier1_enterprises", "tier2_tier3_enterprises"))
    assert 80 <= (one.stated or 0) <= 120
    assert 170 <= (two_three.stated or 0) <= 250
    for tier in (one, two_three):
        assert 0.4 < tier.numerator / (tier.stated or 1) < 0.8


def test_sectors_are_skewed_as_the_field_is() -> None:
    slices = figure("enterprises_total", ON, with_slices=True).slices["sector"]
    counts = {one.code: one.count for one in slices}
    assert 540 <= counts["components"] <= 600
    assert 170 <= counts["textile_leather"] <= 210
    assert 170 <= counts["high_tech"] <= 210
    assert counts["not_stated"] > 0


def test_most_are_small_or_micro() -> None:
    sizes = Counter(m.Enterprise.objects.with_size(ON).values_list("size", flat=True))
    assert set(sizes) == {"micro", "small", "medium", "large", None}
    assert sizes["micro"] + sizes["small"] > SIZE / 2
    assert sizes["medium"] > sizes["large"]


def test_figures_grow_over_three_years() -> None:
    days = [ON - dt.timedelta(days=days) for days in (1_095, 730, 365, 0)]
    for code in ("enterprises_total", "enterprises_international_standard", "tier1_enterprises"):
        counts = [figure(code, day).numerator for day in days]
        assert counts == sorted(set(counts)), code
        # Looks at relations came later than the relations: the first year has few verified.
        least = 0 if code == "tier1_enterprises" else counts[-1] / 3
        assert counts[0] > least, code


def test_every_state_of_the_life_cycle() -> None:
    states = Counter(row.state_on(ON) for row in m.Enterprise.objects.order_by("pk"))
    assert set(states) == {"operating", "suspended", "closed", "moved_away", "merged"}
    assert m.Enterprise.objects.filter(resumed_on__lte=ON).exists()
    abroad = m.Enterprise.objects.operating(ON).exclude(
        pk__in=m.Enterprise.objects.in_hanoi(ON).values("pk")
    )
    assert abroad.exists()


def test_every_state_of_a_certificate() -> None:
    rows = m.Certificate.objects.select_related("edition").order_by("pk")
    states = Counter(row.state_on(ON) for row in rows)
    assert set(states) == {
        "valid",
        "expired",
        "suspended",
        "withdrawn",
        "not_yet",
        "unknown",
        "edition_withdrawn",
    }
    assert m.Certificate.objects.filter(reinstated_on__lte=ON).exists()
    assert m.Certificate.objects.filter(issued_on=None).exists()
    assert m.Certificate.objects.filter(valid_until=None).exists()


def test_every_outcome_of_a_look() -> None:
    outcomes = m.Certificate.objects.with_last_look(ON).values_list("last_outcome", flat=True)
    assert set(outcomes) == {"confirmed", "not_found", "refuted", None}


def test_iso_9001_leads_and_domestic_schemes_are_there() -> None:
    by_scheme = Counter(m.Certificate.objects.values_list("scheme__code", flat=True))
    order = [code for code, _count in by_scheme.most_common(3)]
    assert order[:2] == ["iso9001", "iso14001"]
    assert {"iatf16949", "iso45001", "ul", "tcvn", "hanoi-key-product"} <= set(by_scheme)


def test_certificates_name_sites_of_their_own_enterprise() -> None:
    rows = m.CertificateSite.objects.all()
    assert rows.exists()
    assert not rows.exclude(site__enterprise=F("certificate__enterprise")).exists()


def test_relations_of_every_kind() -> None:
    rows = m.SupplyRelation.objects.all()
    live = rows.live(ON)
    assert set(live.values_list("tier", flat=True)) == {1, 2, 3, 4}
    assert 0 < live.filter(is_confidential=True).count() < live.count() / 3
    assert rows.filter(until__lte=ON).exists()
    assert rows.filter(since=None).exists()
    assert rows.filter(verified_on=None).exists() and rows.verified(ON).exists()
    assert not rows.filter(plant__isnull=False).exclude(plant__buyer=F("buyer")).exists()


def test_tax_codes_are_valid_and_some_are_not_stated() -> None:
    codes = list(m.Enterprise.objects.values_list("tax_code", flat=True))
    stated = [code for code in codes if code]
    assert 0 < len(codes) - len(stated) < 60
    assert len(set(stated)) == len(stated)
    assert all(clean_tax_code(code) == code for code in stated)
    assert any("-" in code for code in stated)


def test_what_is_not_known_is_there_too() -> None:
    enterprises = m.Enterprise.objects.all()
    assert enterprises.filter(sectors=None).exists()
    assert enterprises.filter(ownership="").exists()
    assert enterprises.filter(founded_on=None).exists()
    assert enterprises.filter(last_confirmed_on=None).exists()
    assert enterprises.filter(products=None).exists()
    assert m.Site.objects.filter(province__code="01", ward=None).exists()
    reasons = [
        reason for row in enterprises.order_by("pk") for reason in row.blank_reasons.values()
    ]
    assert set(reasons) == {"unknown", "not_applicable"}


def test_reasons_are_given_for_blank_fields_only() -> None:
    blanks = {
        "tax_code": Q(tax_code=None),
        "website": Q(website=""),
        "ownership": Q(ownership=""),
        "founded_on": Q(founded_on=None),
        "sectors": Q(sectors=None),
        "products": Q(products=None),
        "machines": Q(machines=None),
        "certificates": Q(certificates=None),
    }
    for name, is_blank in blanks.items():
        explained = m.Enterprise.objects.filter(blank_reasons__has_key=name)
        assert explained.exists(), name
        assert not explained.exclude(is_blank).exists(), name


def test_contacts_with_and_without_consent() -> None:
    none = Q(name_consent_on=None, phone_consent_on=None, email_consent_on=None)
    contacts = m.Contact.objects.all()
    without = contacts.filter(none).count()
    assert SIZE / 4 < without < contacts.count() - SIZE / 4
    assert contacts.filter(name_consent_on__isnull=False, phone_consent_on=None).exists()
    assert not contacts.exclude(email="").exclude(email__endswith=".example").exists()
    assert not contacts.exclude(phone="").exclude(phone__startswith="024 0000 ").exists()


def test_a_ward_is_the_one_of_its_park() -> None:
    sites = m.Site.objects.filter(ward__isnull=False)
    assert sites.filter(park__ward__isnull=False).exists()
    assert not sites.filter(park__ward__isnull=False).exclude(ward=F("park__ward")).exists()
    assert not sites.exclude(province__code="01").exists()


def test_every_row_passes_the_rules_of_its_fields() -> None:
    models = [
        m.Enterprise, m.Site, m.Contact, m.YearFigure, m.EnterpriseSector, m.EnterpriseVsic,
        m.Product, m.EnterpriseProcess, m.EnterpriseMaterial, m.Machine, m.Certificate,
        m.VerificationStep, m.SupplyRelation,
    ]  # fmt: skip
    for model in models:
        assert model.objects.count() > SIZE / 10, model
        for row in model.objects.order_by("pk"):
            row.clean_fields(exclude=_foreign_keys(model))


def _foreign_keys(model: type) -> set[str]:
    """The database looks at these itself; here each would be a query."""
    return {field.name for field in model._meta.fields if field.is_relation}


def test_an_enterprise_has_three_years_and_one_primary_sector() -> None:
    years = m.Enterprise.objects.annotate(n=Count("year_figures")).values_list("n", flat=True)
    assert max(years) == 3
    primary = m.EnterpriseSector.objects.filter(is_primary=True)
    assert primary.filter(sector__parent=None).count() == primary.count()


def test_history_says_why() -> None:
    events = m.Enterprise.pgh_event_model.objects
    inserts = events.filter(pgh_label="insert")
    assert inserts.count() == SIZE
    assert set(inserts.values_list("pgh_context__metadata__reason", flat=True)) == {
        "sample register, seed 1"
    }
    merged = m.Enterprise.objects.filter(merged_on__lte=ON).count()
    assert events.filter(pgh_label="update").count() == merged > 0


def test_nobody_can_sign_in_as_the_officer_of_the_sample() -> None:
    officer = m.User.objects.get(username=OFFICER)
    assert not officer.is_active and not officer.has_usable_password()
    assert set(m.VerificationStep.objects.values_list("by", flat=True)) == {officer.pk}
