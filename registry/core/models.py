"""Database functions and abstract bases shared by every room."""

from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import get_language


def tracked(model):
    """Record every insert, update and delete by database triggers."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
    )(model)


class Fold(models.Func):
    """Vietnamese folding in the database: lower case, no diacritics, đ = d.

    Calls ``vn_fold`` (migration 0001), which is IMMUTABLE, so that it can stand in a
    generated column; it treats NFC and NFD alike and keeps digits.
    """

    function = "vn_fold"
    output_field = models.TextField()


class SortKey(models.Func):
    """Vietnamese dictionary order as bytes (``vn_sortkey``, migration 0001)."""

    function = "vn_sortkey"
    output_field = models.TextField()


class DateRange(models.Func):
    """Closed range of days ``[from, until]``; an unknown end is unbounded."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"
    output_field = DateRangeField()


class Among(models.Lookup):
    """``column = ANY(array)``: one parameter, where ``__in`` sends one for each number."""

    def __init__(self, column: models.F, numbers: list[int]) -> None:
        super().__init__(column, numbers)

    def get_prep_lookup(self) -> str:
        return "{" + ",".join(map(str, self.rhs)) + "}"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", (*params, self.rhs)


class BilingualName(models.Model):
    """A list entry named in Vietnamese (``name``) and English (``name_en``)."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language; Vietnamese where English is missing."""
        if (get_language() or "vi").startswith("en") and self.name_en:
            return self.name_en
        return self.name
