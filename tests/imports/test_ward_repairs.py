"""The ward of today beside a former one: the same address, whatever the register knows of it."""

import pytest

from registry import models as m
from registry.imports import actions
from registry.imports.review import actions as review
from tests.factories import EnterpriseFactory, ParkFactory, SiteFactory, UserFactory
from tests.imports.every_repair import CODES, places
from tests.imports.reviewing import reviewed

pytestmark = pytest.mark.django_db
FORMER = "12 Phố A, P. Trúc Bạch, Q. Ba Đình, Hà Nội"
HEADER = ("Tên doanh nghiệp", "MST", "Địa chỉ")


@pytest.fixture
def site():
    places()
    known = EnterpriseFactory(name="Công ty TNHH Cũ", tax_code=CODES[0])
    return SiteFactory(
        enterprise=known,
        address=FORMER,
        province=m.Province.objects.get(),
        park=ParkFactory(),
        latitude="21.040000",
        longitude="105.840000",
    )


def take(batch, number=2):
    [offer] = batch.rows.get(number=number).offers
    taken = [review.Taken(number, offer["mark"])]
    assert review.take_repairs(batch_id=batch.pk, taken=taken, by=UserFactory()) == 1
    actions.check_again(batch_id=batch.pk)


def test_the_ward_of_today_is_added_to_a_known_site_and_nothing_is_lost(site):
    batch = reviewed([HEADER, (site.enterprise.name, CODES[0], FORMER)])
    take(batch)
    actions.write(batch_id=batch.pk, by=UserFactory())
    was = (site.address, site.park_id, str(site.latitude), str(site.longitude))
    site.refresh_from_db()
    assert (site.address, site.park_id, str(site.latitude), str(site.longitude)) == was
    assert site.ward.name == "Phường Ba Đình"


def test_no_ward_is_offered_where_the_register_has_it(site):
    site.ward = m.Ward.objects.get(name="Phường Ba Đình")
    site.save()
    batch = reviewed([HEADER, (site.enterprise.name, CODES[0], FORMER)])
    assert batch.rows.get().offers == []


def test_two_wards_of_today_are_two_addresses(site):
    site.address = FORMER.replace("Bạch", "Bạch (nay là Phường Hoàn Kiếm)")
    site.save()
    other = FORMER.replace("Bạch", "Bạch (nay là Phường Ba Đình)")
    batch = reviewed([HEADER, (site.enterprise.name, CODES[0], other)])
    assert [one["new"] for one in batch.rows.get().changes] == [other]


def test_a_ward_in_a_cell_of_its_own_is_not_said_twice():
    places()
    header = ("Tên doanh nghiệp", "Địa chỉ", "Phường xã", "Quận huyện", "Tỉnh")
    rows = [
        ("Công ty TNHH A", FORMER, "P. Trúc Bạch", "Q. Ba Đình", "Hà Nội"),
        ("Công ty TNHH B", "Số 5", "Trúc Bạch", "Ba Đình", "Hà Nội"),
    ]
    batch = reviewed([header, *rows])
    take(batch, 2)
    take(batch, 3)
    actions.write(batch_id=batch.pk, by=UserFactory())
    found = m.Site.objects.order_by("enterprise__name").select_related("ward", "district")
    assert [(one.address, one.ward.name, one.district.name) for one in found] == [
        (FORMER, "Phường Ba Đình", "Quận Ba Đình"),
        (
            "Số 5, Trúc Bạch (nay là Phường Ba Đình), Ba Đình, Hà Nội",
            "Phường Ba Đình",
            "Quận Ba Đình",
        ),
    ]
