"""Former wards and districts, with what they are today beside them.

The old words stay: they tell the former district. ``P. Trúc Bạch`` becomes ``P. Trúc Bạch
(nay là Phường Ba Đình)``, as such addresses are written on paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from registry.imports.places import SEGMENTS, Places

AT = re.compile(f"({SEGMENTS.pattern})")


def with_ward_of_today(text: str, ward: str) -> str:
    """A cell of its own with the ward of today behind what it says."""
    return f"{text} (nay là {ward})"


def address_with_ward_of_today(address: str, ward: str, places: Places) -> str | None:
    """An address with the ward of today behind the former ward, else behind the former
    district; None where it has neither as a part between commas."""
    pieces = AT.split(address)
    place = _first_ward(pieces, places)
    if place is None:
        return None
    text = pieces[place].rstrip()
    blank = pieces[place][len(text) :]
    return "".join([*pieces[:place], with_ward_of_today(text, ward), blank, *pieces[place + 1 :]])


def _first_ward(pieces: Sequence[str], places: Places) -> int | None:
    """Where the former ward stands; a ward comes before its district."""
    found = (place for place in range(0, len(pieces), 2) if places.is_former(pieces[place]))
    return next(found, None)
