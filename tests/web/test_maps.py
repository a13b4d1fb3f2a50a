"""The map of wards: areas to scale, every dot a link, nobody left out."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from django.utils import translation

from registry.web.shared.maps import KM_OF_A_DEGREE, LARGEST, WIDTH, Place, dot_map
from tests.factories import CertificateFactory, EnterpriseFactory, SiteFactory, WardFactory
from tests.small_register import small_register

TOTAL = "enterprises_total"
SHARE = "share_international_standard"


def at(latitude: str, longitude: str) -> tuple[Decimal, Decimal]:
    return Decimal(latitude), Decimal(longitude)


FRAME = [at("20.6", "105.4"), at("21.3", "105.4"), at("20.9", "106.0")]


def place(count: int, centre: tuple[Decimal, Decimal], whole: int | None = None) -> Place:
    return Place(f"Xã {count}", "?", centre, count, count if whole is None else whole)


def test_the_area_is_the_count_to_scale():
    drawn = dot_map(FRAME, [place(1, FRAME[0]), place(100, FRAME[1]), place(25, FRAME[2])])
    assert [(dot.inner, dot.radius) for dot in drawn.dots] == [
        (100, "30.00"),
        (25, "15.00"),
        (1, "3.00"),
    ]
    assert LARGEST == 30
    assert [(key.number, key.radius) for key in drawn.keys] == [
        (1, "3.00"),
        (25, "15.00"),
        (100, "30.00"),
    ]


def test_a_share_is_a_dot_in_its_ring():
    (dot,) = dot_map(FRAME, [place(9, FRAME[0], whole=36)]).dots
    assert (dot.radius, dot.ring) == ("15.00", "30.00")
    (dot,) = dot_map(FRAME, [place(9, FRAME[0])]).dots
    assert (dot.radius, dot.ring) == ("30.00", "")


def test_everything_is_inside_and_to_scale():
    drawn = dot_map(FRAME, [place(5, centre) for centre in FRAME])
    for x, y in drawn.points:
        assert LARGEST <= float(x) <= WIDTH - LARGEST
        assert LARGEST <= float(y) <= float(drawn.height) - LARGEST
    north, south = (float(y) for _x, y in (drawn.points[1], drawn.points[0]))
    kilometres = 0.7 * KM_OF_A_DEGREE
    assert math.isclose((south - north) / kilometres, float(drawn.bar) / 10, rel_tol=0.01)
    west, east = (float(x) for x, _y in (drawn.points[0], drawn.points[2]))
    across = 0.6 * KM_OF_A_DEGREE * math.cos(math.radians(20.95))
    assert math.isclose((east - west) / across, float(drawn.bar) / 10, rel_tol=0.01)


def test_names_hide_neither_dots_nor_names():
    close = [at("20.90", f"105.{70 + step}") for step in range(12)]
    drawn = dot_map(FRAME, [place(90 - step, centre) for step, centre in enumerate(close)])
    assert len(drawn.dots) == 12
    assert 0 < len(drawn.labels) < 12


@pytest.mark.parametrize("language", ["vi", "en"])
def test_coordinates_have_a_point_in_every_language(language):
    with translation.override(language):
        drawn = dot_map(FRAME, [place(3, FRAME[2], whole=7)])
    texts = [drawn.bar, drawn.bar_place, drawn.height, drawn.dots[0].radius, drawn.dots[0].x]
    assert not any("," in text for text in texts)


def test_a_map_of_nothing():
    assert dot_map([], []).dots == dot_map(FRAME, []).keys == []
    assert dot_map(FRAME[:1], [place(2, FRAME[0])]).dots[0].radius == "30.00"


def here(code: str, count: int, **fields) -> None:
    ward = WardFactory(code=code, name=f"Xã {code}", name_en=f"{code} Commune", **fields)
    for _ in range(count):
        SiteFactory(ward=ward)


@pytest.mark.django_db
def test_dots_table_and_whole(client):
    here("north", 3, latitude="21.1", longitude="105.8")
    here("south", 1, latitude="20.8", longitude="105.8")
    here("nowhere", 2)
    EnterpriseFactory(in_hanoi=True)
    response = client.get(f"/en/programme/{TOTAL}/map/")
    html = response.content.decode()
    assert [(dot.label, dot.inner) for dot in response.context["map"].dots] == [
        ("north Commune", 3),
        ("south Commune", 1),
    ]
    rows = [(str(row["label"]), row["cell"]["count"].count) for row in response.context["rows"]]
    assert rows == [
        ("north Commune", 3),
        ("nowhere Commune", 2),
        ("south Commune", 1),
        ("Not stated", 1),
        ("Total", 7),
    ]
    for row in response.context["rows"]:
        assert client.get(row["cell"]["url"]).context["count"] == row["cell"]["count"].count
    for dot in response.context["map"].dots:
        assert client.get(dot.url).context["count"] == dot.inner
        assert dot.url.replace("&", "&amp;") in html
    assert html.count("not on the map") == 2
    assert "No centre point known, not on the map: nowhere Commune" in " ".join(html.split())


@pytest.mark.django_db
def test_a_share_shows_both(client):
    here("north", 1, latitude="21.1", longitude="105.8")
    held = CertificateFactory(verified=True)
    held.enterprise.sites.update(ward=WardFactory(code="north").pk)
    response = client.get(f"/en/programme/{SHARE}/map/")
    (dot,) = response.context["map"].dots
    assert (dot.inner, dot.outer) == (1, 2)
    assert "1 / 2 enterprises" in response.content.decode()


@pytest.mark.django_db
def test_slices_and_points_are_kept(client):
    small_register(30, seed=5)
    asked = {"on": "2026-03-31", "ownership": "foreign", "rule": "0"}
    assert client.get(f"/en/programme/{TOTAL}/map/", asked).status_code == 400
    del asked["rule"]
    response = client.get(f"/en/programme/{TOTAL}/map/", asked)
    whole = client.get(f"/en/programme/{TOTAL}/", asked).context["count"]
    assert response.context["found"].total.count == whole
    for row in response.context["rows"]:
        assert "on=2026-03-31" in row["cell"]["url"] and "ownership=foreign" in row["cell"]["url"]
    assert 'name="ownership" value="foreign"' in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "status"),
    [
        (f"/programme/{TOTAL}/map/?on=2026-02-30", 400),
        (f"/programme/{TOTAL}/map/?sector=%00", 400),
        (f"/programme/{TOTAL}/map/?ward=no-such", 400),
        (f"/programme/{TOTAL}/by/?rows=ward&columns=scheme&scheme=iso9001", 400),
        (f"/programme/{TOTAL}/by/?district=%00", 400),
        ("/api/v1/figures/?ward=%00", 400),
        ("/programme/no-such/map/", 404),
    ],
)
def test_odd_addresses(client, url, status):
    assert client.get(url).status_code == status


@pytest.mark.django_db
def test_queries_do_not_grow(client, django_assert_num_queries):
    here("north", 1, latitude="21.1", longitude="105.8")
    with django_assert_num_queries(4):
        client.get(f"/en/programme/{TOTAL}/map/")
    here("south", 2, latitude="20.8", longitude="105.8")
    with django_assert_num_queries(4):
        client.get(f"/en/programme/{TOTAL}/map/")
