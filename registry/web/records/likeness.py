"""Asked while one types: does the tax code hold, and which records look like this one?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from registry.core.text import whole_number
from registry.desk.duplicates import Candidate, candidates_of
from registry.enterprises.enums import LegalForm
from registry.enterprises.models import Enterprise
from registry.enterprises.validators import TaxCodeProblem, clean_tax_code
from registry.records.permissions import can_enter_records
from registry.records.queries import applications_like
from registry.web.records.forms import tax_code_message
from registry.web.shared.access import only_for

SHOWN = 5
LONGEST = 300


def alike(
    *, name: str, tax_code: str, phones: list[str], addresses: list[str], but: int | None = None
) -> list[dict[str, Any]]:
    """The likeliest records with their clues; a fixed number of queries."""
    found: list[Candidate] = candidates_of(
        name=name, tax_code=tax_code, phones=phones, addresses=addresses, but=but
    )[:SHOWN]
    rows = Enterprise.objects.in_bulk([one.second for one in found])
    return [{"enterprise": rows[one.second], "clues": one.clues} for one in found]


def looks_like(
    data: Mapping[str, Any], *, record: int | None = None, application: int | None = None
) -> dict[str, Any]:
    """What is said of the tax code that was typed, and the records and applications that look
    like what was typed, but for the ``record`` or ``application`` that it is itself."""
    name, tax_code = (str(data.get(key, ""))[:LONGEST].strip() for key in ("name", "tax_code"))
    problem, is_right = "", False
    if tax_code:
        try:
            is_household = data.get("legal_form") == LegalForm.HOUSEHOLD
            tax_code, is_right = clean_tax_code(tax_code, is_household=is_household), True
        except TaxCodeProblem as error:
            problem, tax_code = tax_code_message(error), ""
    phones = [str(data[key]) for key in data if key.endswith("-phone")]
    addresses = [str(data[key]) for key in data if key.endswith("-address")]
    return {
        "problem": problem,
        "is_right": is_right,
        "alike": alike(
            name=name, tax_code=tax_code, phones=phones, addresses=addresses, but=record
        ),
        "waiting": applications_like(name=name, tax_code=tax_code, but=application),
    }


@only_for(can_enter_records)
@require_POST
@sensitive_post_parameters()
def likeness(request: HttpRequest) -> HttpResponse:
    """A part of a page. Sent by POST, for a telephone number has no place in an address."""
    found = looks_like(
        request.POST,
        record=whole_number(request.POST.get("enterprise_id", "")),
        application=whole_number(request.POST.get("application_id", "")),
    )
    return render(request, "pages/records/likeness.html", found)
