"""Tags of the pages: icons, numbers and days as the reader writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from registry.enterprises.enums import SizeClass
from registry.enterprises.models import Site

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.filter
def number(value: Any) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; no decimals where there are none."""
    if value is None or value == "":
        return ""
    amount = Decimal(str(value)).normalize()
    places = 0 if amount == amount.to_integral_value() else 1
    return formats.number_format(
        amount.quantize(Decimal(1).scaleb(-places)), places, use_l10n=True, force_grouping=True
    )


@register.filter
def percent(value: Any) -> str:
    """34,5 % in Vietnamese, 34.5 % in English; one decimal unless it is whole."""
    return "" if value is None or value == "" else f"{number(value)}\u00a0%"


def day_words(value: dt.date) -> str:
    """30/06/2026 in Vietnamese, 30 Jun 2026 in English."""
    english = (get_language() or "vi").startswith("en")
    return formats.date_format(value, "j M Y" if english else "d/m/Y")


@register.filter(expects_localtime=True)
def day(value: dt.date | None) -> SafeString | str:
    """:func:`day_words`, for people and for machines."""
    if value is None:
        return ""
    stamp = value.isoformat()[:10]
    return format_html('<time datetime="{}">{}</time>', stamp, day_words(value))


@register.filter
def moment(value: dt.datetime | None) -> SafeString | str:
    """The day and the minute, in the register's own time; the day alone for its very end."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    if local.time() == dt.time.max:
        return day(local)
    return format_html("{} {}", f"{local:%H:%M}", day(local))


@register.filter
def month(value: dt.date | None) -> str:
    """09/2027 in Vietnamese, Sep 2027 in English: how long a certificate lasts."""
    if value is None:
        return ""
    english = (get_language() or "vi").startswith("en")
    return formats.date_format(value, "M Y" if english else "m/Y")


@register.simple_tag
def bilingual(name: str, name_en: str) -> str:
    """A name in the reader's language; the Vietnamese one where English is missing."""
    return name_en if (get_language() or "vi").startswith("en") and name_en else name


@register.simple_tag
def place_label(sites: list[Site]) -> str:
    """Where the first site is, as narrowly as the lists know; nothing without a site."""
    if not sites:
        return ""
    place = sites[0].park or sites[0].ward or sites[0].province
    return place.label if place else sites[0].address


@register.simple_tag
def size_label(code: str) -> Any:
    """The name of a size class of Decree 80/2021."""
    return SizeClass(code).label
