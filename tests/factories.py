"""One factory per record; a bare one makes the smallest row the rules allow.

``CertificateFactory(verified=True)`` is a current certificate whose last look confirmed
it; ``EnterpriseFactory(in_hanoi=True)`` has a head office in Hanoi.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from registry import models as m
from registry.reference.enums import HANOI_CODE

REGISTERED = dt.date(2020, 1, 1)
ISSUED = dt.date(2025, 1, 1)
VALID_UNTIL = dt.date(2027, 12, 31)
LOOKED = dt.date(2025, 2, 1)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = m.User

    username = factory.Sequence(lambda n: f"person{n}")

    @classmethod
    def _create(cls, model_class: type[m.User], *args: Any, **kwargs: Any) -> m.User:
        return model_class.objects.create_user(*args, **kwargs)


class CodeFactory(DjangoModelFactory):
    """Entries of code lists are told apart by ``code``: the same code is the same row."""

    class Meta:
        abstract = True
        django_get_or_create = ("code",)

    name = factory.LazyAttribute(lambda row: f"Tên {row.code}")
    name_en = factory.LazyAttribute(lambda row: f"Name {row.code}")


class ProvinceFactory(CodeFactory):
    class Meta:
        model = m.Province

    code = HANOI_CODE
    name = "Hà Nội"
    name_en = "Hanoi"


class WardFactory(CodeFactory):
    class Meta:
        model = m.Ward

    code = factory.Sequence(lambda n: f"ward{n}")
    kind = m.Ward.Kind.WARD
    valid_from = dt.date(2025, 7, 1)


class ParkFactory(CodeFactory):
    class Meta:
        model = m.Park

    code = factory.Sequence(lambda n: f"park{n}")


class SectorFactory(CodeFactory):
    class Meta:
        model = m.Sector

    code = "components"


class ProcessFactory(CodeFactory):
    class Meta:
        model = m.Process

    code = factory.Sequence(lambda n: f"process{n}")


class BuyerFactory(CodeFactory):
    class Meta:
        model = m.Buyer

    code = factory.Sequence(lambda n: f"buyer{n}")


class SchemeFactory(CodeFactory):
    class Meta:
        model = m.CertificationScheme

    code = "iso9001"
    kind = m.CertificationScheme.Kind.SYSTEM
    is_international = True


class EnterpriseFactory(DjangoModelFactory):
    class Meta:
        model = m.Enterprise
        skip_postgeneration_save = True

    class Params:
        in_hanoi = factory.Trait(
            site=factory.RelatedFactory("tests.factories.SiteFactory", "enterprise")
        )

    name = factory.Sequence(lambda n: f"Công ty TNHH Cơ khí Thử nghiệm {n}")
    registered_on = REGISTERED
    source = "test"


class SiteFactory(DjangoModelFactory):
    """A head office in Hanoi that has always stood."""

    class Meta:
        model = m.Site

    enterprise = factory.SubFactory(EnterpriseFactory)
    kind = "head_office"
    address = "Số 1 đường Thử, Hà Nội"
    province = factory.SubFactory(ProvinceFactory)


class EnterpriseSectorFactory(DjangoModelFactory):
    class Meta:
        model = m.EnterpriseSector

    enterprise = factory.SubFactory(EnterpriseFactory)
    sector = factory.SubFactory(SectorFactory)
    is_primary = True


class CertificateFactory(DjangoModelFactory):
    """A certificate of an international scheme, valid from 2025 to the end of 2027."""

    class Meta:
        model = m.Certificate
        skip_postgeneration_save = True

    class Params:
        verified = factory.Trait(
            look=factory.RelatedFactory("tests.factories.VerificationStepFactory", "certificate")
        )

    enterprise = factory.SubFactory(EnterpriseFactory, in_hanoi=True)
    scheme = factory.SubFactory(SchemeFactory)
    number = factory.Sequence(lambda n: f"QMS-{n:05}")
    issued_on = ISSUED
    valid_until = VALID_UNTIL
    source = "test"


class VerificationStepFactory(DjangoModelFactory):
    """A look in the body's register that confirmed the certificate."""

    class Meta:
        model = m.VerificationStep

    certificate = factory.SubFactory(CertificateFactory)
    by = factory.SubFactory(UserFactory)
    on = LOOKED
    method = m.VerificationStep.Method.BODY_REGISTER
    outcome = m.VerificationStep.Outcome.CONFIRMED


class SupplyRelationFactory(DjangoModelFactory):
    """A live, public tier-1 relation that nobody has verified yet."""

    class Meta:
        model = m.SupplyRelation

    class Params:
        verified = factory.Trait(verified_by=factory.SubFactory(UserFactory), verified_on=LOOKED)

    enterprise = factory.SubFactory(EnterpriseFactory, in_hanoi=True)
    buyer = factory.SubFactory(BuyerFactory)
    tier = m.SupplyRelation.Tier.ONE
    since = REGISTERED
    is_confidential = False


class ProductGroupFactory(CodeFactory):
    class Meta:
        model = m.ProductGroup

    code = factory.Sequence(lambda n: f"group{n}")


class SupportKindFactory(CodeFactory):
    class Meta:
        model = m.SupportKind

    code = "training"


class SupportProgrammeFactory(DjangoModelFactory):
    """A programme of the city from 2021 on."""

    class Meta:
        model = m.SupportProgramme

    name = factory.Sequence(lambda n: f"Chương trình thử nghiệm {n}")
    funder = "city"
    begins_on = dt.date(2021, 1, 1)


class SupportActivityFactory(DjangoModelFactory):
    class Meta:
        model = m.SupportActivity

    programme = factory.SubFactory(SupportProgrammeFactory)
    kind = factory.SubFactory(SupportKindFactory)
    name = factory.Sequence(lambda n: f"Lớp đào tạo thử nghiệm {n}")
    begins_on = dt.date(2024, 3, 1)
    source = "test"


class ParticipationFactory(DjangoModelFactory):
    """An enterprise of Hanoi receives support from 1 March 2024 on."""

    class Meta:
        model = m.Participation

    activity = factory.SubFactory(SupportActivityFactory)
    enterprise = factory.SubFactory(EnterpriseFactory, in_hanoi=True)
    role = "beneficiary"
    attended_from = factory.SelfAttribute("activity.begins_on")


class SupportMeasureFactory(DjangoModelFactory):
    class Meta:
        model = m.SupportMeasure

    participation = factory.SubFactory(ParticipationFactory)
    name = factory.Sequence(lambda n: f"Tỷ lệ lỗi {n}")
    unit = "ppm"
    before = 900
    before_on = dt.date(2024, 3, 1)
    measured = "stated"
    source = "test"


class IncentiveCertificateFactory(DjangoModelFactory):
    """Issued by the ministry in March 2024, for one project."""

    class Meta:
        model = m.IncentiveCertificate

    enterprise = factory.SubFactory(EnterpriseFactory, in_hanoi=True)
    number = factory.Sequence(lambda n: f"{n}/GXN-BCT")
    issuer = "moit"
    issued_on = dt.date(2024, 3, 1)
    project = "Dự án thử nghiệm"
    source = "test"


class VisitFactory(DjangoModelFactory):
    """An officer found everything as recorded."""

    class Meta:
        model = m.Visit

    uuid = factory.Faker("uuid4")
    enterprise = factory.SubFactory(EnterpriseFactory, in_hanoi=True)
    on = dt.date(2026, 6, 1)
    by = factory.SubFactory(UserFactory)
    purpose = "record"
    site_exists = machines_seen = processes_seen = "yes"
    met = "manager"
    result = "as_recorded"


def recorded(row, day):
    """As if its whole history had been written down at noon of that day."""
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
    row.events.update(pgh_created_at=at)
    return row
