"""Each kind of question is raised by a seeded case, answered once, and rare in a clean set."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from registry import models as m
from registry.desk.actions import DecidedMeanwhile, answer_question
from registry.desk.crosschecks import KINDS, asked, open_questions
from registry.reference.actions import load_reference
from registry.sample.actions import load_sample
from tests.factories import (
    BuyerFactory,
    CertificateFactory,
    EnterpriseFactory,
    EnterpriseSectorFactory,
    ProvinceFactory,
    SchemeFactory,
    SectorFactory,
    SiteFactory,
    SupplyRelationFactory,
    UserFactory,
    VerificationStepFactory,
)

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 30)
DAY = dt.date(2025, 1, 1)


def body(code: str, **fields: Any) -> m.CertificationBody:
    return m.CertificationBody.objects.create(code=code, name=code.upper(), **fields)


def accreditation(code: str) -> m.AccreditationBody:
    return m.AccreditationBody.objects.create(code=code, name=code.upper())


def edition(**fields: Any) -> m.SchemeEdition:
    return m.SchemeEdition.objects.create(scheme=SchemeFactory(), code="2008", **fields)


def number_twice() -> int:
    CertificateFactory(number="AB-12")
    return CertificateFactory(number="ab 12").enterprise_id


def file_twice() -> int:
    for name in ("one", "other"):
        certificate = CertificateFactory(
            evidence=f"certificates/{name}.pdf", evidence_sha256="a" * 64
        )
    return certificate.enterprise_id


def body_not_accredited() -> int:
    return CertificateFactory(body=body("kna", country="VN")).enterprise_id


def accreditation_differs() -> int:
    certifier = body("bsi", accreditation_body=accreditation("ukas"))
    return CertificateFactory(body=certifier, accreditation_body=accreditation("boa")).enterprise_id


def body_not_recognised() -> int:
    scheme = SchemeFactory(code="iatf16949")
    return CertificateFactory(scheme=scheme, body=body("vinacert")).enterprise_id


def issued_before_founded() -> int:
    return CertificateFactory(enterprise__founded_on=dt.date(2025, 6, 1)).enterprise_id


def issued_after_end() -> int:
    return CertificateFactory(enterprise__closed_on=dt.date(2024, 12, 1)).enterprise_id


def cycle() -> int:
    scheme = SchemeFactory(validity_months=36)
    return CertificateFactory(scheme=scheme, valid_until=dt.date(2030, 1, 1)).enterprise_id


def edition_withdrawn() -> int:
    old = edition(withdrawn_on=dt.date(2018, 9, 15))
    return CertificateFactory(scheme=old.scheme, edition=old).enterprise_id


def edition_unpublished() -> int:
    new = edition(published_on=dt.date(2025, 9, 15))
    return CertificateFactory(scheme=new.scheme, edition=new).enterprise_id


def site_unknown() -> int:
    certificate = CertificateFactory()
    m.CertificateSite.objects.create(certificate=certificate, site=SiteFactory())
    return certificate.enterprise_id


def scheme_far() -> int:
    row = EnterpriseSectorFactory(sector=SectorFactory(code="textile_leather"))
    CertificateFactory(enterprise=row.enterprise, scheme=SchemeFactory(code="iatf16949"))
    return row.enterprise_id


def looked_before_issue() -> int:
    return VerificationStepFactory(on=dt.date(2024, 12, 1)).certificate.enterprise_id


def looked_in_future() -> int:
    return VerificationStepFactory(on=dt.date(2100, 1, 1)).certificate.enterprise_id


def relation_before_founded() -> int:
    return SupplyRelationFactory(enterprise__founded_on=dt.date(2021, 1, 1)).enterprise_id


def relation_twice() -> int:
    first = SupplyRelationFactory(product="Vỏ máy in")
    gone = EnterpriseFactory(merged_on=DAY, merged_into=first.enterprise)
    SupplyRelationFactory(enterprise=gone, buyer=first.buyer, product="vỏ máy in")
    return first.enterprise_id


def tax_code_unexplained() -> int:
    return EnterpriseFactory(tax_code="0101234560").pk


def labour_jump() -> int:
    row = EnterpriseFactory()
    m.YearFigure.objects.create(enterprise=row, year=2024, labour=30)
    m.YearFigure.objects.create(enterprise=row, year=2025, labour=300)
    return row.pk


def not_in_hanoi() -> int:
    return SiteFactory(province=ProvinceFactory(code="24")).enterprise_id


def ownership_differs() -> int:
    return EnterpriseFactory(ownership="private", foreign_share=80).pk


def figures_before_founded() -> int:
    row = EnterpriseFactory(founded_on=dt.date(2020, 5, 1))
    m.YearFigure.objects.create(enterprise=row, year=2019, labour=30)
    return row.pk


SEEDED: dict[str, Callable[[], int]] = {
    one.__name__: one
    for one in (
        number_twice, file_twice, body_not_accredited, accreditation_differs,
        body_not_recognised, issued_before_founded, issued_after_end, cycle, edition_withdrawn,
        edition_unpublished, site_unknown, scheme_far, looked_before_issue, looked_in_future,
        relation_before_founded, relation_twice, tax_code_unexplained, labour_jump,
        not_in_hanoi, ownership_differs, figures_before_founded,
    )
}  # fmt: skip


def test_every_kind_has_a_seeded_case():
    assert set(SEEDED) == set(KINDS)
    assert len(KINDS) >= 12


@pytest.mark.parametrize("code", sorted(SEEDED))
def test_seeded_case_is_asked_about_and_nothing_else_is(code):
    suspect = SEEDED[code]()
    questions = open_questions(ON)
    assert {question.kind for question in questions} == {code}
    assert suspect in {question.enterprise_id for question in questions}
    with override("en"):
        assert all("%" not in one.text.replace(" %.", "") for one in questions)


@pytest.mark.parametrize("code", sorted(SEEDED))
def test_harmless_rows_raise_no_question(code):
    """Nearly the same rows as the seeded ones, without what is strange about them."""
    CertificateFactory(
        verified=True, scheme=SchemeFactory(validity_months=36), enterprise__founded_on=DAY
    )
    SupplyRelationFactory(enterprise__founded_on=dt.date(2019, 1, 1), buyer=BuyerFactory())
    EnterpriseFactory(tax_code="0101234560", tax_code_note="as on the licence")
    CertificateFactory(scheme=SchemeFactory(code="iso14001"), number="AB-12")
    CertificateFactory(scheme=SchemeFactory(code="iso45001"), number="AB-12")
    assert list(asked(code, ON)) == []


def test_answered_question_is_not_asked_again_until_its_facts_change():
    row = EnterpriseFactory(tax_code="0101234560")
    (question,) = open_questions(ON)
    answer_question(question=question, reason="As on the licence", by=UserFactory(), on=ON)
    assert open_questions(ON) == []
    assert m.QuestionAnswer.objects.get().sentence == question.sentence_vi
    row.tax_code = "0101234561"
    row.save()
    assert [one.values for one in open_questions(ON)] == [{"tax_code": "0101234561"}]


def test_answering_twice_keeps_the_first_answer():
    EnterpriseFactory(tax_code="0101234560")
    (question,) = open_questions(ON)
    user = UserFactory()
    first = answer_question(question=question, reason="first", by=user, on=ON)
    assert answer_question(question=question, reason="first", by=user, on=ON) == first
    with pytest.raises(DecidedMeanwhile) as quicker:
        answer_question(question=question, reason="second", by=user, on=ON)
    assert quicker.value.theirs == first
    assert m.QuestionAnswer.objects.get().reason == "first"


def test_queries_do_not_grow_with_rows(django_assert_num_queries):
    for _ in range(3):
        number_twice()
    with django_assert_num_queries(len(KINDS) + 1):
        open_questions(ON)


@pytest.mark.slow
def test_a_clean_register_raises_few_questions():
    """The sample: true to life, with expired and refuted certificates, but no fraud."""
    with transaction.atomic():
        load_reference(by=None)
        load_sample(size=1_000, seed=1, on=ON, by=None)
    questions = open_questions(ON)
    strange = {question.enterprise_id for question in questions}
    assert len(strange) <= 20, Counter(question.kind for question in questions)
