"""The planner: what the reader expects until the year ends, and both targets beside it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.dashboard.planner import SHARE, TOTAL, Expected, Need, Plan, TooMany, plan
from registry.dashboard.words import target_words
from registry.plans.queries import rule_in_force, rules_to_come
from registry.templatetags.registry_ui import number
from registry.web.shared.problems import PlainProblem

NAMES = ("registered", "gained", "renewed")
MOST = 100_000
LONGEST = 40


def planner(request: HttpRequest) -> HttpResponse:
    """``?registered=40&gained=25&renewed=30``; what is left out is 0.

    What cannot be is said on the form itself, which keeps all that was typed.
    """
    on = timezone.localdate()
    rule = rule_in_force(on)
    problem = ""
    try:
        made = plan(on, rule, Expected(**{name: _count(request.GET, name) for name in NAMES}))
    except TooMany as refused:
        problem = _too_many(refused)
    except PlainProblem as refused:
        problem = str(refused)
    if problem:
        made = plan(on, rule, Expected())
    context = {
        "on": on,
        "rule": rule,
        "to_come": rules_to_come(on, made.start.until),
        "plan": made,
        "start": made.start,
        "typed": {name: request.GET.get(name, "").strip()[:LONGEST] or "0" for name in NAMES},
        "problem": problem,
        "results": [
            {"standing": standing, "target": target_words(standing.target)}
            for standing in (made.placed[TOTAL], made.placed[SHARE])
        ],
        "needs": [_need_words(one, made) for one in made.needs],
        "most": MOST,
    }
    return render(request, "pages/planner.html", context, status=400 if problem else 200)


def _count(parameters: QueryDict, name: str) -> int:
    text = parameters.get(name, "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) <= MOST):
        raise PlainProblem(
            _("“%(text)s” is not a number of enterprises. Write a whole number from 0 to %(most)s.")
            % {"text": text[:40], "most": number(MOST)}
        )
    return int(text)


def _too_many(problem: TooMany) -> str:
    if problem.name == "renewed":
        words = _(
            "Only %(most)s enterprises can renew: no more fall out and still operate "
            "at the end of the year."
        )
    else:
        words = _(
            "Only %(most)s enterprises can gain a certificate: no more would be without "
            "one at the end of the year."
        )
    return words % {"most": number(problem.most)}


def _need_words(need: Need, made: Plan) -> str:
    """ "At 1,000 enterprises you need 350 to 400; you would have 331." """
    words = (
        _("At %(total)s enterprises you need %(low)s to %(high)s; you would have %(have)s.")
        if need.high is not None
        else _("At %(total)s enterprises you need at least %(low)s; you would have %(have)s.")
    )
    asked = {"total": need.total, "low": need.low, "high": need.high, "have": made.meeting}
    return words % {name: number(value) for name, value in asked.items()}
