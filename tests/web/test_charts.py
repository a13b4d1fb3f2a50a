"""Geometry of the charts: text with a point, within the drawing."""

from decimal import Decimal

import pytest
from django.utils import translation

from registry.templatetags.registry_ui import number, percent
from registry.web.shared.charts import bar_width, bullet


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
