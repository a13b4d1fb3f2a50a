"""Geometry of the charts: text with a point, within the drawing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from registry.templatetags.registry_ui import number, percent
from registry.web.shared.charts import bar_width, bullet, trend


@pytest.mark.parametrize("language", ["vi", "en"])
def test_coordinates_have_a_point_in_every_language(language):
    with translation.override(language):
        one = bullet(value=Decimal("34.5"), low=35, high=40, baseline=Decimal("35.6"), most=100)
    assert (one.bar, one.target, one.band, one.baseline) == ("103.5", "105.0", "15.0", "106.8")


def test_without_a_scale_the_greatest_value_fits():
    assert float(bullet(value=2000, low=1200).bar) < 300
    assert bullet(value=None, low=None) == bullet(value=None, low=None, high=None)
    assert bullet(value=0, low=None).bar == "0.0"


def test_a_count_above_zero_is_always_seen():
    assert bar_width(1, 100_000) == "2.0"
    assert bar_width(0, 10) == bar_width(0, 0) == "0"
    assert bar_width(10, 10) == "120.0"


def year(number):
    return dt.date(number, 12, 31)


def test_trend_is_to_scale_in_time_and_figure():
    drawn = trend([(year(2026), 100), (year(2022), 0), (year(2023), 50)], low=25, high=50, most=100)
    assert [point.day.year for point in drawn.points] == [2022, 2023, 2026]
    assert [point.x for point in drawn.points] == ["20.0", "129.9", "460.0"]  # 365 of 1,461 days
    assert [point.y for point in drawn.points] == ["136.0", "80.0", "24.0"]
    assert drawn.runs == ["20.0,136.0 129.9,80.0 460.0,24.0"]
    assert (drawn.target, drawn.band_top, drawn.band) == ("108.0", "80.0", "28.0")
    assert [(end.value, end.text_y, end.is_last) for end in drawn.ends] == [
        (0, "126.0", False),
        (100, "14.0", True),
    ]


def test_trend_is_broken_where_nothing_is_known():
    drawn = trend([(year(2020), 1), (year(2021), 2), (year(2022), None), (year(2023), 3)])
    assert len(drawn.runs) == 1
    assert drawn.runs[0].count(",") == 2
    assert [point.day.year for point in drawn.known] == [2020, 2021, 2023]
    assert drawn.points[2].y == ""
    assert (drawn.target, drawn.band) == ("", "")


def test_trend_of_little():
    assert trend([]).points == trend([]).runs == trend([]).ends == []
    alone = trend([(year(2026), Decimal(0))])
    assert (alone.points[0].x, alone.points[0].y, alone.runs) == ("240.0", "136.0", [])
    assert [end.is_last for end in alone.ends] == [False]
    assert trend([(year(2026), None)]).known == []
    # Beyond the scale it stays inside the drawing.
    assert trend([(year(2026), 120)], most=100).points[0].y == "24.0"


def test_trend_refuses_two_figures_of_one_day():
    with pytest.raises(ValueError, match="one day"):
        trend([(year(2026), 1), (year(2026), 2)])


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [(1234, "1.234", "1,234"), (Decimal("1234.5"), "1.234,5", "1,234.5"), (0, "0", "0"),
     (Decimal("1200.00"), "1.200", "1,200"), (None, "", "")],
)  # fmt: skip
def test_numbers_are_written_as_the_reader_does(value, vi, en):
    with translation.override("vi"):
        assert number(value) == vi
    with translation.override("en"):
        assert number(value) == en
        assert percent(40) == "40\u00a0%"
