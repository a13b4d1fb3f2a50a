"""Figures as JSON, for machines: read-only, the same shape as ``manage.py figures --json``."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import translation
from django.views.decorators.http import require_safe

from registry.dashboard.figures import all_figures
from registry.dashboard.points import Point
from registry.dashboard.wire import as_json
from registry.plans.queries import UnknownRule
from registry.web.programme.asked import parameters_of, point_asked, slices_asked
from registry.web.shared.problems import PlainProblem, address, no_such_rule

PLAIN = {"ensure_ascii": False}


def point_named(values: dict[str, str | None]) -> Point:
    """The point of ``on``, ``known``, ``rule`` given as text; raises :class:`PlainProblem`."""
    asked = QueryDict(mutable=True)
    for name, value in values.items():
        if value:
            asked[name] = value
    return point_asked(asked)


@require_safe
def figures_api(request: HttpRequest) -> JsonResponse:
    """``?on=2026-06-30&known=2026-07-05&rule=2&sector=components``; a bad address is
    answered with 400. A value of a slice narrows every figure, as it narrows the lists."""
    try:
        point = point_asked(request.GET)
        chosen = slices_asked(request.GET)
        with point.looked_from() as rule:
            figures = all_figures(point.on, rule=rule, slices=chosen)
    except UnknownRule as problem:
        error = {"error": no_such_rule(problem)}
        return JsonResponse(error, status=400, json_dumps_params=PLAIN)
    except PlainProblem as problem:
        return JsonResponse({"error": str(problem)}, status=400, json_dumps_params=PLAIN)
    query = address(parameters_of(point), **chosen).removeprefix("?")
    with translation.override(settings.LANGUAGE_CODE):
        rows = [as_json(one, query) for one in figures]
    return JsonResponse(rows, safe=False, json_dumps_params=PLAIN)
