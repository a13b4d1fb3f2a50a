"""Questions of the cross-checks: the list, and the page on which one is explained."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.desk.actions import DecidedMeanwhile, answer_question
from registry.desk.crosschecks import KINDS, asked, open_questions
from registry.enterprises.models import Enterprise
from registry.enterprises.permissions import is_in_area, refuse_outside_area
from registry.web.desk.area import own_area
from registry.web.office.allowed import DECIDES, READS_LOG, needs
from registry.web.office.forms import said_meanwhile
from registry.web.shared.access import person
from registry.web.shared.forms import ReasonForm
from registry.web.shared.pager import pager
from registry.web.shared.problems import page_asked

ROWS_SHOWN = 50


@needs(READS_LOG)
def office(request: HttpRequest) -> HttpResponse:
    """The office begins with what the register asks."""
    return redirect("questions")


@needs(READS_LOG)
def questions(request: HttpRequest) -> HttpResponse:
    """Every open question, by kind; the number beside a kind is its list's length."""
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in KINDS else ""
    area = own_area(request, person(request))
    found = area.of(open_questions(timezone.localdate()), lambda one: [one.enterprise_id])
    counts = Counter(question.kind for question in found)
    shown = [question for question in found if not chosen or question.kind == chosen]
    pages = Paginator(shown, ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    holders = Enterprise.objects.in_bulk([question.enterprise_id for question in page])
    context = {
        "rows": [
            (question, KINDS[question.kind], holders[question.enterprise_id]) for question in page
        ],
        "count": len(shown),
        "total": len(found),
        "chosen": chosen,
        "kinds": [(kind, counts[code]) for code, kind in KINDS.items() if counts[code]],
        "pager": pager(request.GET, page.number, pages.num_pages),
        "area": area,
        "section": "questions",
    }
    return render(request, "pages/office/questions.html", context)


@needs(DECIDES)
def answer(request: HttpRequest, kind: str, mark: str) -> HttpResponse:
    """One question with why it is asked; an explanation closes it."""
    on = timezone.localdate()
    found = [one for one in asked(kind, on) if one.fingerprint == mark] if kind in KINDS else []
    if not found and request.method == "POST" and kind in KINDS:
        messages.info(request, _("This is not asked any more: the record was put right meanwhile."))
        return redirect("questions")
    if not found:
        raise Http404
    question = found[0]
    if request.method == "POST":
        refuse_outside_area(person(request), [question.enterprise_id])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            answer_question(question=question, reason=reason, by=person(request), on=on)
        except DecidedMeanwhile as quicker:
            form.add_error(None, said_meanwhile(quicker))
        else:
            said = _("Explained. The question is not asked again while the facts stay the same.")
            messages.success(request, said)
            return redirect("questions")
    enterprise = Enterprise.objects.get(pk=question.enterprise_id)
    context: dict[str, Any] = {
        "question": question,
        "kind": KINDS[kind],
        "enterprise": enterprise,
        "is_inside": is_in_area(person(request), enterprise),
        "form": form,
        "section": "questions",
    }
    status = 422 if form.errors else 200
    return render(request, "pages/office/question.html", context, status=status)
