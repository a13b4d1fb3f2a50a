"""Who is meant by a line in which somebody names an enterprise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from registry.core.models import Fold
from registry.core.text import fold, tidy
from registry.enterprises.models import Enterprise


@dataclass(frozen=True)
class NamedLine:
    """A line in which somebody names an enterprise, and who is meant.

    ``problem`` is ``unknown`` or ``several``, empty where exactly one is meant.
    """

    number: int
    text: str
    enterprise: Enterprise | None
    problem: str


PUBLIC_ID = re.compile(r"CNHT-[0-9]{7,12}", re.IGNORECASE)
TAX_CODE = re.compile(r"[0-9]{10}(-[0-9]{3})?|[0-9]{12}")


def named_enterprises(text: str) -> list[NamedLine]:
    """Who is meant by each line: a code of the register, a tax code, or the whole name.

    Names are compared without diacritics and case. A merged record stands for the one it
    went into. A fixed number of queries for any number of lines; empty lines are left out.
    """
    lines = [(n, tidy(line)) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    found = _by_any_name([line for _n, line in lines])
    named = []
    for number, line in lines:
        meant = found.get(fold(line), [])
        enterprise = meant[0] if len(meant) == 1 else None
        problem = "" if enterprise else ("several" if meant else "unknown")
        named.append(NamedLine(number, line, enterprise, problem))
    return named


def _by_any_name(lines: Sequence[str]) -> dict[str, list[Enterprise]]:
    codes = [line.upper() for line in lines if PUBLIC_ID.fullmatch(line)]
    tax_codes = [line for line in lines if TAX_CODE.fullmatch(line)]
    names = {fold(line) for line in lines}
    rows = (
        Enterprise.objects.annotate(folded_name=Fold(F("name")))
        .filter(Q(public_id__in=codes) | Q(tax_code__in=tax_codes) | Q(folded_name__in=names))
        .select_related("merged_into")
        .order_by("pk")
    )
    found: dict[str, list[Enterprise]] = defaultdict(list)
    for row in rows:
        meant = row.merged_into or row
        for key in {fold(row.public_id), fold(row.tax_code or ""), fold(row.name)} - {""}:
            if meant not in found[key]:
                found[key].append(meant)
    return found
