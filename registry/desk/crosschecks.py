"""Questions that the register raises about its own rows. A question never refuses a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from registry.desk import certificate_checks, enterprise_checks
from registry.desk.models import QuestionAnswer
from registry.desk.questions import KINDS, Question, fingerprint, shown

SOURCES = (certificate_checks, enterprise_checks)
"""The modules that hold the queries, in the order in which their kinds are shown."""


def asked(code: str, on: dt.date) -> Iterator[Question]:
    """All questions of a kind on that day, the explained ones too; one query."""
    kind = KINDS[code]
    facts = sorted(kind.find(on), key=lambda fact: (fact.enterprise_id, fact.table, fact.row))
    for fact in facts:
        yield Question(
            kind=code,
            table=fact.table,
            row=fact.row,
            enterprise_id=fact.enterprise_id,
            fingerprint=fingerprint(code, fact),
            sentence=kind.sentence,
            values={name: shown(value) for name, value in fact.values.items()},
        )


def open_questions(on: dt.date, codes: Iterable[str] = ()) -> list[Question]:
    """Questions that nobody has explained: one query for each kind and one for answers."""
    answered = set(QuestionAnswer.objects.values_list("kind", "fingerprint"))
    return [
        question
        for code in (codes or KINDS)
        for question in asked(code, on)
        if (code, question.fingerprint) not in answered
    ]
