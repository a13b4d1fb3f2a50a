"""Free text: which enterprises match the words, and in which order."""

from __future__ import annotations

import re
import unicodedata

from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Lower

from registry.core.models import Fold
from registry.core.text import fold, tidy
from registry.enterprises.models import (
    Enterprise,
    EnterpriseMaterial,
    EnterpriseProcess,
    EnterpriseQuerySet,
    Product,
)
from registry.enterprises.naming import PUBLIC_ID

MOST_WORDS = 12
"""More words than this are ignored: a pasted paragraph is no search."""

EDGES = re.compile(r"^\W+|\W+$")


def words_of(text: str) -> list[str]:
    """The folded words of a search text, without the signs around them."""
    words = [EDGES.sub("", word) for word in fold(tidy(text)).split()]
    return [word for word in words if word][:MOST_WORDS]


def pattern(word: str) -> str:
    """A regular expression of PostgreSQL: a word that begins so.

    Digits are matched whole, so that "10" of "May 10" is not the beginning of a tax
    code; from nine digits on a number is a tax code being typed.
    """
    begin = r"\m" + re.escape(word)
    return begin + r"\M" if word.isdigit() and len(word) < 9 else begin


def matching(queryset: EnterpriseQuerySet, text: str) -> EnterpriseQuerySet:
    """Those in which every word is found: in names, products, processes, materials.

    A register number finds its enterprise, and that of a merged one finds who it went into.
    """
    for word in words_of(text):
        if PUBLIC_ID.fullmatch(word):
            queryset = queryset.filter(_numbered(word.upper()))
            continue
        found = pattern(word)
        queryset = queryset.filter(
            Q(folded__regex=found)
            | Exists(Product.objects.filter(enterprise=OuterRef("pk"), folded__regex=found))
            | Exists(
                EnterpriseProcess.objects.filter(
                    enterprise=OuterRef("pk"), process__folded__regex=found
                )
            )
            | Exists(
                EnterpriseMaterial.objects.filter(
                    enterprise=OuterRef("pk"), material__folded__regex=found
                )
            )
        )
    return queryset


def _numbered(number: str) -> Q:
    """The enterprise of the number, or the one it went into by however many mergers."""
    found: set[int] = set()
    one = Enterprise.objects.filter(public_id=number).first()
    while one and one.pk not in found:
        found.add(one.pk)
        one = one.merged_into
    return Q(pk__in=found)


def ranked(queryset: EnterpriseQuerySet, text: str) -> EnterpriseQuerySet:
    """Add ``rank``, 0 best: what was typed with its diacritics stands first."""
    typed = tidy(text).lower()
    plain = fold(typed)
    words = words_of(text)
    if not words:
        return queryset.annotate(rank=Value(0))
    whens = [
        When(plain_name=plain, then=Value(2)),
        When(folded__contains=plain, then=Value(4)),
        When(Q(*(Q(folded__regex=pattern(word)) for word in words)), then=Value(5)),
    ]
    if plain != typed:
        queryset = queryset.annotate(
            exact_name=_composed(Lower("name")),
            exact_name_en=_composed(Lower("name_en")),
            exact_short_name=_composed(Lower("short_name")),
        )
        whens = [
            When(exact_name=typed, then=Value(0)),
            When(
                Q(exact_name__contains=typed)
                | Q(exact_name_en__contains=typed)
                | Q(exact_short_name__contains=typed),
                then=Value(1),
            ),
            When(_product_typed(typed), then=Value(3)),
            *whens,
        ]
    return queryset.annotate(
        plain_name=Fold(F("name")),
        rank=Case(*whens, default=Value(6), output_field=IntegerField()),
    )


def _composed(expression: Lower) -> Func:
    """NFC in the database: rows may have been written decomposed."""
    return Func(expression, function="normalize", output_field=TextField())


def _product_typed(typed: str) -> Exists:
    decomposed = unicodedata.normalize("NFD", typed)
    return Exists(
        Product.objects.filter(
            Q(name__icontains=typed) | Q(name__icontains=decomposed), enterprise=OuterRef("pk")
        )
    )
