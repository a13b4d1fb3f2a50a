"""A list with a row for every repair, each beside one that looks like it and must get none."""

from __future__ import annotations

import datetime as dt

from registry import models as m
from tests.factories import ProvinceFactory, WardFactory
from tests.imports.sheets import HANOI, csv_bytes, tax_code

HEADER = (
    "Tên doanh nghiệp", "Tên tiếng Anh", "MST", "Địa chỉ", "Ngày thành lập", "Hotline công ty"
)  # fmt: skip
LAST_DAY = dt.date(2025, 6, 30)
CODES = [tax_code(10_010_910 + 1_000 * n) for n in range(20)]


def row(name, *, english="", code="", address=HANOI, founded="", phone=""):
    return (name, english, code, address, founded, phone)


ROWS = {
    2: row("Công ty TNHH Mất Số", code=CODES[0][1:]),
    3: row("Công ty TNHH Sai Số", code=f"{CODES[1][1:9]}{(int(CODES[1][9]) + 1) % 10}"),
    4: row("Công ty TNHH Ngày Mỹ", code=CODES[2], founded="12/31/2010"),
    5: row("Công ty TNHH Ngày Ta", code=CODES[3], founded="05/12/2010"),
    6: row("CÔNG TY TNHH MTV CƠ KHÍ ABC", code=CODES[4]),
    7: row("Công ty TNHH ABC", code=CODES[5]),
    8: row("Công ty TNHH Trúc Bạch", code=CODES[6], address="5 P. Trúc Bạch, Hà Nội"),
    9: row("Công ty TNHH Cũ", code=CODES[7], address="Số 5, P. Trúc Bạch, Q. Ba Đình, Hà Nội"),
    10: row("Công ty TNHH Chia", code=CODES[8], address="Số 5, P. Hàng Bài, Q. Hoàn Kiếm, Hà Nội"),
    11: row("Công ty TNHH Nay", code=CODES[9], address="Số 5, phường Ba Đình, Hà Nội"),
    12: row("Công ty TNHH Quận", code=CODES[10], address="Số 5 phố X, Q. Hoàn Kiếm, Hà Nội"),
    13: row("Canon Vietnam Co., Ltd", code=CODES[11]),
    14: row("Công ty TNHH Canon Việt Nam", english="Canon Vietnam Co., Ltd", code=CODES[12]),
    15: row("Công ty TNHH Gọi", code=CODES[13], phone="+84 912.345.678"),
    16: row("Công ty TNHH Gọi Số", code=CODES[14], phone="0912 345 678"),
}
OFFERED = {
    2: ["lost-zero"], 4: ["swapped-day"], 6: ["capitals"], 9: ["former-ward"],
    10: ["former-ward"], 12: ["former-ward"], 13: ["english-name"], 15: ["phone"],
}  # fmt: skip


def every_repair() -> bytes:
    return csv_bytes(HEADER, *ROWS.values())


def places() -> None:
    """Hanoi with wards of today, one former ward that went whole and one that was divided."""
    ProvinceFactory(code="01", name="Thành phố Hà Nội")
    wards = {
        name: WardFactory(name=f"Phường {name}", name_en=f"{name} Ward")
        for name in ("Ba Đình", "Hoàn Kiếm", "Cửa Nam")
    }
    became = {
        ("Trúc Bạch", "Ba Đình"): ["Ba Đình"],
        ("Hàng Bài", "Hoàn Kiếm"): ["Hoàn Kiếm", "Cửa Nam"],
    }
    for (name, district), parts in became.items():
        of = m.District.objects.create(code=district, name=f"Quận {district}", name_en=district)
        ward = m.LegacyWard.objects.create(
            code=name, name=f"Phường {name}", district=of, valid_to=LAST_DAY
        )
        for part in parts:
            m.WardMapping.objects.create(
                legacy_ward=ward, ward=wards[part], is_whole=len(parts) == 1
            )
