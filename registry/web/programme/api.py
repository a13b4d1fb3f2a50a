"""Figures as JSON, for machines: read-only, the same shape as ``manage.py figures --json``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import translation
from django.views.decorators.http import require_safe

from registry.dashboard.by import Parts, parts_of
from registry.dashboard.figures import Figure, all_figures
from registry.dashboard.points import Point
from registry.dashboard.wire import as_json
from registry.plans.queries import UnknownRule
from registry.web.programme.asked import parameters_of, point_asked, slices_asked, ways_asked
from registry.web.shared.problems import PlainProblem, address, no_such_rule

PLAIN = {"ensure_ascii": False}


@dataclass(frozen=True)
class Answer:
    """The figures of a point, each by the ways asked for."""

    point: Point
    slices: dict[str, str]
    figures: list[Figure]
    parts: list[Parts | None]

    def as_rows(self) -> list[dict[str, Any]]:
        """The JSON of each figure; addresses without a language: the reader's choice decides."""
        query = address(parameters_of(self.point), **self.slices).removeprefix("?")
        with translation.override(settings.LANGUAGE_CODE):
            return [
                as_json(one, query, self.point.known, parts)
                for one, parts in zip(self.figures, self.parts, strict=True)
            ]


def answer_to(values: dict[str, str | None]) -> Answer:
    """The answer to parameters given as text, as a command has them."""
    asked = QueryDict(mutable=True)
    asked.update({name: value for name, value in values.items() if value})
    return answer(asked)


def answer(asked: QueryDict) -> Answer:
    """What ``on``, ``known``, ``rule``, values of slices and ``by`` ask for.

    Raises :class:`PlainProblem` and ``UnknownRule``.
    """
    point, chosen = point_asked(asked), slices_asked(asked)
    ways = ways_asked(asked, chosen)
    with point.looked_from() as rule:
        figures = all_figures(point.on, rule=rule, slices=chosen)
        parts = [
            parts_of(one.indicator.code, point.on, rule, ways, chosen) if ways else None
            for one in figures
        ]
    return Answer(point, chosen, figures, parts)


@require_safe
def figures_api(request: HttpRequest) -> JsonResponse:
    """``?on=2026-06-30&known=2026-07-05&rule=2&by=sector,size&tier=1``; a bad address is a 400.

    A value of a slice narrows every figure, as it narrows the lists.
    """
    try:
        found = answer(request.GET)
    except UnknownRule as problem:
        error = {"error": no_such_rule(problem)}
        return JsonResponse(error, status=400, json_dumps_params=PLAIN)
    except PlainProblem as problem:
        return JsonResponse({"error": str(problem)}, status=400, json_dumps_params=PLAIN)
    return JsonResponse(found.as_rows(), safe=False, json_dumps_params=PLAIN)
