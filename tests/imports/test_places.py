"""Places named in addresses: found where there is no doubt, and only there."""

import datetime as dt

import pytest

from registry import models as m
from registry.imports.places import load_places
from tests.factories import ProvinceFactory, WardFactory

pytestmark = pytest.mark.django_db
LAST_DAY = dt.date(2025, 6, 30)


@pytest.fixture
def provinces():
    named = {
        "01": ("Hà Nội", "Hanoi"), "24": ("Bắc Ninh", "Bac Ninh"), "38": ("Thanh Hoá", ""),
        "46": ("Huế", "Hue"), "79": ("Hồ Chí Minh", "Ho Chi Minh"), "11": ("Điện Biên", ""),
    }  # fmt: skip
    for code, (name, name_en) in named.items():
        ProvinceFactory(code=code, name=name, name_en=name_en)
    return dict(m.Province.objects.values_list("pk", "code"))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("Số 5, phường Cửa Nam, TP. Hà Nội", "01"),
        ("Số 5, phường Cửa Nam, TP Ha\u0300 No\u0323\u0302i, Việt Nam", "01"),
        ("LOT 3, DONG ANH DIST., HANOI CITY, VIETNAM", "01"),
        ("Lot 3 - Dong Anh - Ha Noi City - Vietnam", "01"),
        ("Lot 3, Hanoi 100000, Vietnam.", "01"),
        ("Thôn 9, Thạch Thất, Hà Tây", "01"),
        ("628C Võ Nguyên Giáp, P. An Phú,TP. Hồ Chí Minh, Việt Nam", "79"),
        ("Quận 1, TP.HCM", "79"),
        ("TP. Thuận An,Bình Dương, Việt Nam", "79"),
        ("Xã A Ngo, Huyện A Lưới, Tỉnh Thừa Thiên Huế, Việt Nam", "46"),
        ("Quang Chau IP Viet Yen District Bac Giang Vietnam", "24"),
        ("Thanh Hai Commune Bac Ninh Province Vietnam", "24"),
        ("12 Lê Lợi, thành phố Thanh Hóa", "38"),
        ("Hà Nội", "01"),
        # A street named after a place, and a place that the list does not have.
        ("12 Nguyễn Huệ", None),
        ("12 Phố Huế", None),
        ("25 đường Điện Biên", None),
        ("Guangdong, China", None),
        ("Việt Nam", None),
        ("", None),
    ],
)
def test_province_of(provinces, address, code):
    assert provinces.get(load_places().province_of(address)) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [("Hà Nội", "01"), ("Tp Hà Nội", "01"), ("HN", "01"), ("tỉnh Bắc Giang", "24"),
     ("HaNoi", "01"), ("Bà Rịa - Vũng Tàu", "79"), ("Paris", None)],
)  # fmt: skip
def test_province_named(provinces, cell, code):
    assert provinces.get(load_places().province_named(cell)) == code


def test_empty_lists_find_nothing():
    places = load_places()
    assert places.province_of("Hà Nội") is None
    assert places.ward_of("Phường Cửa Nam, Hà Nội").ward_id is None


@pytest.fixture
def wards():
    """New and old wards: one whole, one divided, one name in two districts, one moved."""
    new = {
        name: WardFactory(name=f"Phường {name}", name_en=f"{name} Ward")
        for name in ("Cửa Nam", "Hoàn Kiếm", "Ba Đình", "Ngọc Hà")
    }
    old = [
        ("Trúc Bạch", "Ba Đình", ["Ba Đình"]),
        ("Hàng Bài", "Hoàn Kiếm", ["Cửa Nam", "Hoàn Kiếm"]),
        ("Vĩnh Phúc", "Ba Đình", ["Ngọc Hà"]),
        ("Vĩnh Phúc", "Hoàn Kiếm", ["Cửa Nam"]),
        ("Cửa Nam", "Hoàn Kiếm", ["Hoàn Kiếm"]),
        ("Ngọc Hà", "Ba Đình", ["Ngọc Hà"]),
    ]
    districts = {
        name: m.District.objects.create(code=name, name=f"Quận {name}", name_en=f"{name} District")
        for name in ("Ba Đình", "Hoàn Kiếm")
    }
    for number, (name, district, became) in enumerate(old):
        ward = m.LegacyWard.objects.create(
            code=f"old{number}",
            name=f"Phường {name}",
            name_en=f"{name} Ward",
            district=districts[district],
            valid_to=LAST_DAY,
        )
        for part in became:
            m.WardMapping.objects.create(
                legacy_ward=ward, ward=new[part], is_whole=len(became) == 1
            )
    return new


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Số 5, phường Ba Đình, Hà Nội", "Ba Đình"),
        ("No. 5, Ba Dinh Ward, Hanoi", "Ba Đình"),
        ("Số 5, phường Ngọc Hà, Hà Nội", "Ngọc Hà"),
        # An old district beside a ward that is only a new one.
        ("Số 5, phường Hoàn Kiếm, quận Hoàn Kiếm, Hà Nội", "Hoàn Kiếm"),
        # The ward of today is said beside the former one.
        ("Số 5, P. Trúc Bạch (nay là phường Ba Đình), Q. Ba Đình, Hà Nội", "Ba Đình"),
        ("Số 5, phường Hàng Bài, hiện nay thuộc P. Cửa Nam, Hà Nội", "Cửa Nam"),
        ("Số 5, phường Cửa Nam, quận Hoàn Kiếm (nay là Cửa Nam), Hà Nội", "Cửa Nam"),
    ],
)
def test_ward_of(wards, address, name):
    assert load_places().ward_of(address).ward_id == wards[name].pk


@pytest.mark.parametrize(
    ("address", "could_be"),
    [
        ("Số 5, phường Vĩnh Phúc, Hà Nội", ("Phường Cửa Nam", "Phường Ngọc Hà")),
        ("Số 5, phường Cửa Nam, Hà Nội", ("Phường Cửa Nam", "Phường Hoàn Kiếm")),
        ("Số 5, P. Hàng Bài, Hoàn Kiếm, Hà Nội", ("Phường Cửa Nam", "Phường Hoàn Kiếm")),
        ("Số 5 phố Hàng Bài, Hà Nội", ()),
    ],
)
def test_an_uncertain_ward_is_not_chosen(wards, address, could_be):
    reading = load_places().ward_of(address)
    assert (reading.ward_id, reading.could_be) == (None, could_be)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Số 5, P. Trúc Bạch, Q. Ba Đình, Hà Nội", "Ba Đình"),
        ("Số 5, Truc Bach Ward, Hanoi", "Ba Đình"),
        ("Số 5, phường Vĩnh Phúc, quận Ba Đình, Hà Nội", "Ngọc Hà"),
        ("Số 5, phường Vĩnh Phúc, quận Hoàn Kiếm, Hà Nội", "Cửa Nam"),
        # The old ward of the name went to another one than the ward that has it now.
        ("Số 5, phường Cửa Nam, quận Hoàn Kiếm, Hà Nội", "Hoàn Kiếm"),
    ],
)
def test_what_became_of_a_former_ward_is_offered_and_not_told(wards, address, name):
    reading = load_places().ward_of(address)
    assert (reading.ward_id, reading.is_sure) == (None, True)
    assert reading.heirs == (wards[name].pk,)


def test_of_a_former_district_alone_all_its_wards_are_candidates(wards):
    reading = load_places().ward_of("Số 5 phố X, quận Hoàn Kiếm, Hà Nội")
    assert (reading.ward_id, reading.is_sure, reading.could_be) == (None, False, ())
    assert reading.heirs == (wards["Cửa Nam"].pk, wards["Hoàn Kiếm"].pk)
    assert load_places().ward_of("Số 5 phố X, Hà Nội").heirs == ()


def test_ward_and_district_in_cells_of_their_own(wards):
    reading = load_places().ward_of("Số 5", ward="Vĩnh Phúc", district="Ba Đình")
    assert (reading.heirs, reading.is_sure) == ((wards["Ngọc Hà"].pk,), True)
    reading = load_places().ward_of("Số 5", ward="Ngọc Hà", district="Ba Đình")
    assert reading.ward_id == wards["Ngọc Hà"].pk


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Số 5, phường Hàng Bài, quận Hoàn Kiếm, Hà Nội", "Hoàn Kiếm"),
        ("Số 5, Q. Ba Đình, Hà Nội", "Ba Đình"),
        # Only a former ward has this name, and only in one district.
        ("Số 5, phường Trúc Bạch, Hà Nội", "Ba Đình"),
        ("Số 5, phường Vĩnh Phúc, Hà Nội", None),
        # A ward of today: the address names no former district.
        ("Số 5, phường Ngọc Hà, Hà Nội", None),
        ("Số 5, quận Ba Đình, quận Hoàn Kiếm, Hà Nội", None),
        ("Số 5 đường Ba Đình, Hà Nội", None),
        # What it is now does not hide what it was.
        ("Số 5, P. Trúc Bạch (nay là Phường Ba Đình), Hà Nội", "Ba Đình"),
    ],
)
def test_former_district_of_an_address(wards, address, name):
    found = load_places().district_named(address)
    assert m.District.objects.filter(pk=found).values_list("name", flat=True).first() == (
        name and f"Quận {name}"
    )


def test_former_district_in_a_cell_of_its_own(wards):
    places = load_places()
    cells = {"ward": "Vĩnh Phúc", "district": "Hoàn Kiếm"}
    assert (
        places.district_named("Số 5", **cells) == m.District.objects.get(name="Quận Hoàn Kiếm").pk
    )
    assert places.district_named("Số 5", ward="Trúc Bạch") == (
        m.District.objects.get(name="Quận Ba Đình").pk
    )
