"""The rows of a list: what the page shows of a filter, and what its buttons do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.accounts.models import User
from registry.core.text import whole_number
from registry.imports import actions, work
from registry.imports.models import WRITTEN, ImportBatch, ImportRow
from registry.imports.problems import Outcome
from registry.imports.repairs.kinds import Repair
from registry.imports.review import actions as review
from registry.imports.review import queries
from registry.imports.review.filters import ANY, MENDED, NO_COLUMN, Decided, RowFilter
from registry.web.shared.pager import pager
from registry.web.shared.problems import address, hidden_inputs, page_asked

ROWS_SHOWN = 50
KINDS = {kind.value: kind.label for kind in Repair}


def shown_rows(batch: ImportBatch, parameters: QueryDict, *, is_open: bool) -> dict[str, Any]:
    """What the page shows of the rows that its address asks for.

    As many queries for one row as for thousands.
    """
    asked = RowFilter.asked(parameters)
    counts = queries.counts(batch, asked)
    pages = Paginator(asked.rows(batch).order_by("number"), ROWS_SHOWN)
    pages.count = counts["outcome"][asked.outcome]  # counted there already
    page = pages.get_page(page_asked(parameters))
    headers = {one.letter: one.header for one in actions.shape(batch).columns}
    return {
        "asked": asked,
        "found": pages.count,
        "filters": [
            {"label": label, "choices": choices}
            for label, choices in shown_filters(asked, counts, parameters)
            if choices
        ],
        "lines": [line(row, headers) for row in page],
        "hidden": hidden_inputs(parameters, keep=("outcome", "decided", "repair", "problem")),
        "pager": pager(parameters, page.number, pages.num_pages),
        "query": parameters.urlencode(),
        "bulk": bulk(batch, asked) if is_open else None,
    }


def shown_filters(
    asked: RowFilter, counts: Mapping[str, queries.Counts], parameters: QueryDict
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The choices of each part of the filter with their counts; what would show nothing is
    left out unless it is asked for, except among the outcomes."""
    said = counts["problem"]
    by_part: dict[str, tuple[str, Mapping[str, Any]]] = {
        "outcome": (_("Outcome"), {one.value: one.label for one in Outcome}),
        "decided": (_("Decision"), {one.value: one.label for one in Decided}),
        "repair": (
            _("Repairs"),
            {ANY: _("Repairs offered"), **KINDS, MENDED: _("Mended")},
        ),
        "problem": (
            _("Remarks by column"),
            {name: _("The row") if name == NO_COLUMN else name for name in said},
        ),
    }
    if asked.problem and asked.problem not in said:
        by_part["problem"][1][asked.problem] = asked.problem  # type: ignore[index]
    shown = []
    for part, (label, names) in by_part.items():
        chosen = getattr(asked, part)
        choices = [
            {
                "id": f"{part}-{place}",
                "label": name,
                "count": counts[part].get(value, 0),
                "is_current": value == chosen,
                "url": address(parameters, **{part: None if value == chosen else value}),
            }
            for place, (value, name) in enumerate(names.items())
            if counts[part].get(value) or value == chosen or part == "outcome"
        ]
        shown.append((label, choices))
    return shown


def bulk(batch: ImportBatch, asked: RowFilter) -> dict[str, Any]:
    """What can be done to all rows of the filter, each with how many rows it would change."""
    found = queries.bulk(batch, asked)
    return {
        "accept": found.accept,
        "leave": found.leave,
        "take": [(kind, KINDS[kind], n) for kind, n in found.take.items() if n.count],
        "put": [(kind, KINDS[kind], n) for kind, n in found.put_back.items() if n.count],
    }


def line(row: ImportRow, headers: Mapping[str, str]) -> dict[str, Any]:
    """A row with its offers and its mended cells as the page names them."""
    return {
        "row": row,
        "offers": [shown_offer(row, offer, headers) for offer in row.offers],
        "mended": shown_mended(row, headers),
        "can_be_chosen": row.outcome in WRITTEN or bool(row.offers),
    }


def shown_offer(
    row: ImportRow, offer: Mapping[str, Any], headers: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "id": f"{row.number} {offer['mark']}",
        "is_sure": offer["is_sure"],
        "label": KINDS.get(offer["kind"], offer["kind"]),
        "why": _(offer["why"]) % offer["said"],
        "column": headers.get(offer["letter"], offer["letter"]),
        "choices": [
            [
                {"column": headers.get(letter, _("English or trade name")),
                 "old": row.cells.get(letter, ""), "new": text}
                for letter, text in choice.items()
            ]
            for choice in offer["choices"]
        ],
    }  # fmt: skip


def shown_mended(row: ImportRow, headers: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was mended, by what was mended together."""
    found: dict[str, dict[str, Any]] = {}
    for one in row.mended:
        cell = {"column": headers.get(one["letter"], one["letter"]), "was": one["was"],
                "now": row.cells.get(one["letter"], "")}  # fmt: skip
        together = found.setdefault(
            one["together"],
            {"id": f"{row.number} {one['letter']}", "label": KINDS.get(one["kind"], _("By hand")),
             "who": one["who"], "at": parse_datetime(one["at"]), "cells": []},
        )  # fmt: skip
        together["cells"].append(cell)
    return list(found.values())


# What the buttons do


def act(request: HttpRequest, batch: ImportBatch, by: User) -> HttpResponse:
    """Do what one button of the page says; back to the same rows at the same place."""
    form, asked = request.POST, RowFilter.asked(request.GET)
    back = request.get_full_path()
    try:
        if "take" in form or "put-back" in form:
            number = whole_number(said_first(form).partition(" ")[0], digits=7)
            back += f"#row-{number}" if number is not None else ""
            mend_one(request, batch.pk, by)
        elif "take-all" in form or "put-all" in form:
            said = mend_all(batch.pk, asked, form, by)
            messages.success(request, said)
        elif form.get("do") == "check":
            work.ask_to_check(batch_id=batch.pk, by=by)
        elif form.get("do") == "take-over":
            review.take_over(batch_id=batch.pk, by=by)
        elif form.get("do", "").startswith("all-"):
            messages.success(request, decide_all(batch.pk, asked, form, by))
        else:
            decide_chosen(batch.pk, form, by)
    except review.RowsChanged as changed:
        said = _(
            "The rows have changed since the page was shown: it would be %(count)s now. "
            "Nothing was done; look once more."
        )
        messages.error(request, said % {"count": changed.count})
    return redirect(back)


def said_first(form: QueryDict) -> str:
    """Which repair or mended cell a button named: its row, then which of the row."""
    return str(form.get("take") or form.get("put-back") or "")


def mend_one(request: HttpRequest, pk: int, by: User) -> None:
    """Take one repair, or put one mended cell back; the list is checked again."""
    number, _blank, which = said_first(request.POST).partition(" ")
    row = whole_number(number, digits=7)
    if row is None or not ImportRow.objects.filter(batch=pk, number=row).exists():
        return
    if "put-back" in request.POST:
        work.ask_to_check(
            batch_id=pk,
            by=by,
            first=lambda: review.put_back(batch_id=pk, number=row, letter=which, by=by),
        )
        return
    choice = request.POST.get(f"choice {number} {which}")
    place = whole_number(str(choice or ""), digits=3)
    if choice is not None and place is None:
        messages.error(request, _("Choose one of the wards first."))
        return
    taken = review.Taken(row, which, place)
    work.ask_to_check(
        batch_id=pk, by=by, first=lambda: review.take_repairs(batch_id=pk, taken=[taken], by=by)
    )


def mend_all(pk: int, asked: RowFilter, form: QueryDict, by: User) -> str:
    does = "take-all" if "take-all" in form else "put-all"
    kind = form[does]
    if kind not in KINDS:
        return _("Nothing was changed.")
    rows = expected(form, f"expected-{does}-{kind}")
    counted: list[int] = []

    def first() -> None:
        if does == "take-all":
            done = review.take_all(batch_id=pk, rows=asked, kind=kind, expected=rows, by=by)
        else:
            done = review.put_all_back(batch_id=pk, rows=asked, kind=kind, expected=rows, by=by)
        counted.append(done)

    work.ask_to_check(batch_id=pk, by=by, first=first)
    words = ngettext(
        "%(kind)s: %(count)s row was mended.", "%(kind)s: %(count)s rows were mended.", counted[0]
    )
    if does == "put-all":
        words = ngettext(
            "%(kind)s: %(count)s row was put back.",
            "%(kind)s: %(count)s rows were put back.",
            counted[0],
        )
    return words % {"kind": KINDS[kind], "count": counted[0]}


def decide_all(pk: int, asked: RowFilter, form: QueryDict, by: User) -> str:
    accept = form["do"] == "all-accept"
    count = review.decide_all(
        batch_id=pk,
        rows=asked,
        accept=accept,
        expected=expected(form, f"expected-{form['do']}"),
        by=by,
    )
    if accept:
        words = ngettext("%(count)s row was accepted.", "%(count)s rows were accepted.", count)
    else:
        words = ngettext("%(count)s row was left out.", "%(count)s rows were left out.", count)
    return words % {"count": count}


def decide_chosen(pk: int, form: QueryDict, by: User) -> None:
    """Accept or leave the rows that are ticked, or take what is surely offered for them."""
    found = (whole_number(text, digits=7) for text in form.getlist("row"))
    numbers: Sequence[int] = [number for number in found if number is not None]
    if form.get("do") == "take-chosen":
        offers = (text.partition(" ") for text in form.getlist("offer"))
        marks = [(whole_number(number, digits=7), mark) for number, _blank, mark in offers]
        taken = [
            review.Taken(one, mark) for one, mark in marks if one is not None and one in numbers
        ]
        if taken:
            work.ask_to_check(
                batch_id=pk,
                by=by,
                first=lambda: review.take_ticked(batch_id=pk, taken=taken, by=by),
            )
        return
    accept = form.get("do") == "accept"
    review.decide(batch_id=pk, numbers=numbers, accept=accept, by=by)


def expected(form: QueryDict, name: str) -> str:
    """The mark of the rows that the page showed; that of no rows where it said nothing."""
    return str(form.get(name, ""))
