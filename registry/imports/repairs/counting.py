"""How many rows of a list a repair would be offered for, for who reads no review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import ngettext

from registry.imports.checking import CheckedRow, Source
from registry.imports.engine import Onlooker
from registry.imports.matching import PlannedRow
from registry.imports.problems import Problem
from registry.imports.repairs.kinds import Repair
from registry.imports.repairs.offers import offers_of
from registry.templatetags.registry_ui import number


class OffersCounted(Onlooker):
    """Counts rows, each once, and rows by the kind of repair."""

    def __init__(self) -> None:
        self.rows = 0
        self.kinds: Counter[Repair] = Counter()

    def see(
        self, source: Source, row: PlannedRow, checked: CheckedRow, cells: Sequence[Any]
    ) -> None:
        offers = offers_of(source, row, checked, cells)
        self.rows += bool(offers)
        self.kinds.update({offer.kind for offer in offers})

    def notices(self) -> list[Problem]:
        if not self.rows:
            return []
        kinds = "; ".join(
            f"{kind.label}: {number(self.kinds[kind])}" for kind in Repair if self.kinds[kind]
        )
        message = ngettext(
            "Repairs could be offered in %(count)s row (%(kinds)s). Load the list at /imports/ "
            "to see and take them; this command repairs nothing.",
            "Repairs could be offered in %(count)s rows (%(kinds)s). Load the list at /imports/ "
            "to see and take them; this command repairs nothing.",
            self.rows,
        )
        return [Problem(message % {"count": number(self.rows), "kinds": kinds})]
