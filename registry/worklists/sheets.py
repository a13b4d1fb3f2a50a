"""The officers' list: one state of it is one query string, and nothing else.

The page, its exports, a saved view's count and a bulk change all read the same ``Sheet``, so
that they cannot differ.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import Max
from django.utils.datastructures import MultiValueDict

from registry.core.known import tracked_models
from registry.core.text import whole_number
from registry.enterprises.models import Enterprise, EnterpriseQuerySet
from registry.search.criteria import Chosen
from registry.search.filters import EnterpriseFilter
from registry.search.queries import found, public_register
from registry.worklists.columns import Column, columns_of, in_order_of, with_sums
from registry.worklists.models import Assignment

FILTERS = tuple(EnterpriseFilter.base_filters)
PERSON, COLUMN, SORT = "person", "column", "sort"
KEPT = (*FILTERS, PERSON, COLUMN, SORT)
"""What of an address makes the state of the list; the page number does not."""

NOBODY = "nobody"
MOST_FIELDS = 300


@dc.dataclass(frozen=True)
class Sheet:
    """A state of the list on a day. ``rows`` are unordered and without cells."""

    on: dt.date
    query: str
    form: Any
    chosen: Chosen
    person: str
    columns: list[Column]
    sort: str
    rows: EnterpriseQuerySet

    def ordered(self) -> EnterpriseQuerySet:
        """The rows in their order, with what the columns read of the row itself."""
        return in_order_of(with_sums(self.rows, self.on), self.sort)


def kept(query: str) -> list[tuple[str, str]]:
    """Names and values of a query string that make the state, in the order of ``KEPT``."""
    try:
        pairs = parse_qsl(query, max_num_fields=MOST_FIELDS)
    except ValueError:  # more fields than anybody chooses
        return []
    return [(name, value) for known in KEPT for name, value in pairs if name == known]


def sheet(query: str, on: dt.date) -> Sheet:
    """The list that a query string stands for; what cannot be read finds nothing."""
    pairs = kept(query)
    asked: MultiValueDict[str, str] = MultiValueDict()
    for name, value in pairs:
        asked.appendlist(name, value)
    everybody = public_register(on)
    criteria = EnterpriseFilter(asked, queryset=everybody, on=on)
    chosen = criteria.chosen
    rows = everybody.none() if criteria.form.errors else found(everybody, chosen, on)
    person = asked.get(PERSON, "") or ""
    return Sheet(
        on=on,
        query=urlencode(pairs),
        form=criteria.form,
        chosen=chosen,
        person=person,
        columns=columns_of(asked.getlist(COLUMN)),
        sort=asked.get(SORT, "") or "",
        rows=_taken_on(rows, person),
    )


def _taken_on(rows: EnterpriseQuerySet, person: str) -> EnterpriseQuerySet:
    """Those that this person has taken on (an identity), or nobody has."""
    taken = Assignment.objects.in_force().filter(enterprise__isnull=False)
    if person == NOBODY:
        return rows.exclude(pk__in=taken.values("enterprise"))
    if not person:
        return rows
    return rows.filter(pk__in=taken.filter(person=whole_number(person)).values("enterprise"))


def mark_of(rows: EnterpriseQuerySet) -> str:
    """The same as long as the set holds the same records with nothing recorded since."""
    ids = sorted(rows.order_by().values_list("pk", flat=True))
    total = hashlib.sha256(",".join(map(str, ids)).encode())
    for model, events in tracked_models():
        of_one = "pgh_obj_id__in" if model is Enterprise else "enterprise_id__in"
        if model is Enterprise or any(f.name == "enterprise" for f in events._meta.fields):
            last = events._base_manager.filter(**{of_one: ids}).aggregate(n=Max("pgh_id"))["n"]
            total.update(f"|{model._meta.model_name} {last or 0}".encode())
    return total.hexdigest()
