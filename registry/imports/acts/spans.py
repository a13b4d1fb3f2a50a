"""Numbers of rows as spans, so that an act on 100,000 rows takes as little room as one on two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Spans = list[list[int]]


def spans_of(numbers: Iterable[int]) -> Spans:
    """``{2, 3, 4, 7}`` → ``[[2, 4], [7, 7]]``."""
    found: Spans = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def holds(spans: Iterable[Sequence[int]], number: int) -> bool:
    return any(first <= number <= last for first, last in spans)


def count_of(spans: Iterable[Sequence[int]]) -> int:
    return sum(last - first + 1 for first, last in spans)
