"""The officers' list: columns, filters, order, pages; and exactly that as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.accounts.models import User
from registry.accounts.permissions import can_confirm_records, can_load_lists, can_open_desk
from registry.core.text import fold, whole_number
from registry.search.criteria import YES
from registry.search.facets import CLOSED, LISTS, list_labels
from registry.search.filters import NOT_STATED_CHOICE, EnterpriseFilter
from registry.web.shared.access import only_for
from registry.web.shared.pager import pager
from registry.web.shared.problems import address, page_asked
from registry.web.worklists.files import as_csv, as_workbook
from registry.worklists.columns import COLUMNS, cells_of, with_cells
from registry.worklists.models import SavedView
from registry.worklists.sheets import NOBODY, SORT, Sheet, sheet

ROWS_SHOWN = 50
LONGEST_QUERY = 4_000
REFUSED_NAME = "refused-name-of-a-view"
"""Key of the session: the name of a view that was refused, so that it can be mended."""


def asked_for(request: HttpRequest) -> Sheet:
    """The state of the list that the address says."""
    return sheet(request.META.get("QUERY_STRING", "")[:LONGEST_QUERY], timezone.localdate())


@require_safe
@only_for(can_open_desk)
def enterprises(request: HttpRequest) -> HttpResponse:
    """One page of the list, with all that changes its state."""
    asked = asked_for(request)
    pages = Paginator(asked.ordered(), ROWS_SHOWN)
    page = pages.get_page(page_asked(request.GET))
    first = max(page.start_index() - 1, 0)
    rows = (
        with_cells(asked.ordered(), asked.columns, asked.on)[first : page.end_index()]
        if pages.count
        else []
    )
    me, shown = cast(User, request.user), filters(asked)
    views = SavedView.objects.visible_to(me).select_related("owner")
    context = {
        "sheet": asked,
        "count": pages.count,
        "rows": [(row, cells_of(row, asked.columns)) for row in rows],
        "headings": [heading(request, asked, column.code) for column in asked.columns],
        "filters": shown,
        "is_filtered": any(one["chosen"] for one in shown),
        "columns": [
            {"code": code, "label": column.label, "is_shown": column in asked.columns}
            for code, column in COLUMNS.items()
        ],
        "people": people(asked, me),
        "views": list(views),
        "view_name": request.session.pop(REFUSED_NAME, ""),
        "me": me,
        "may_change": can_confirm_records(me),
        "may_load": can_load_lists(me),
        "pager": pager(request.GET, page.number, pages.num_pages),
    }
    return render(request, "pages/worklists/enterprises.html", context)


def heading(request: HttpRequest, asked: Sheet, code: str) -> dict[str, Any]:
    """A column's heading: pressing it orders by it, pressing again the other way."""
    column = COLUMNS[code]
    is_up, is_down = asked.sort == code, asked.sort == f"-{code}"
    return {
        "label": column.label,
        "is_up": is_up,
        "is_down": is_down,
        "url": address(request.GET, **{SORT: f"-{code}" if is_up else code})
        if column.order
        else "",
    }


def filters(asked: Sheet) -> list[dict[str, Any]]:
    """The fields of the search but its words, each with its values: one query for all."""
    labels = list_labels()
    shown = []
    for name, one in EnterpriseFilter.base_filters.items():
        if name == "q":
            continue
        chosen = list(asked.chosen.get(name) or ())
        shown.append(
            {
                "name": name,
                "label": one.label,
                "chosen": chosen,
                "choices": [
                    {"code": code, "label": label, "is_chosen": code in chosen}
                    for code, label in values(name, labels)
                ],
            }
        )
    return shown


def values(name: str, labels: dict[str, dict[str, str]]) -> list[tuple[str, Any]]:
    """What can be chosen of a filter, lists by their names in the reader's order."""
    known: list[tuple[str, Any]] = list(CLOSED[name].items()) if name in CLOSED else []
    known += sorted(labels[name].items(), key=lambda pair: fold(pair[1])) if name in LISTS else []
    return known if YES in CLOSED.get(name, ()) else [*known, NOT_STATED_CHOICE]


def people(asked: Sheet, me: User) -> list[dict[str, Any]]:
    """Who may be asked for as the person in charge: oneself, nobody, anybody."""
    known = {str(me.pk): _("Me"), NOBODY: _("Nobody in charge")}
    if asked.person and asked.person not in known:
        number = whole_number(asked.person)
        other = User.objects.none() if number is None else User.objects.filter(pk=number)
        name = other.values_list("username", flat=True).first()
        known[asked.person] = name or asked.person
    return [
        {"code": code, "label": label, "is_chosen": code == asked.person}
        for code, label in known.items()
    ]


@require_safe
@only_for(can_open_desk)
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """All rows of the list with the columns and the order of the page, and what they are."""
    if kind not in ("xlsx", "csv"):
        raise Http404
    asked = asked_for(request)
    about = about_lines(asked, cast(User, request.user))
    lines = list(table_lines(asked))
    about.append((_("Rows"), str(len(lines) - 1)))
    make = as_workbook if kind == "xlsx" else as_csv
    return make(about, lines, f"enterprises-{asked.on}")


def table_lines(asked: Sheet) -> Iterator[list[Any]]:
    yield [str(column.label) for column in asked.columns]
    for row in with_cells(asked.ordered(), asked.columns, asked.on):
        yield cells_of(row, asked.columns)


def about_lines(asked: Sheet, person: User) -> list[tuple[str, str]]:
    """Day, filters, order and columns in words, so that the file says what it holds."""
    now: dt.datetime = timezone.localtime()
    lines = [
        (_("List"), _("Enterprises of the register")),
        (_("True for"), asked.on.strftime("%d/%m/%Y")),
        (_("Exported"), f"{now:%d/%m/%Y %H:%M}, {person.get_username()}"),
    ]
    if words := asked.chosen.get("q"):
        lines.append((_("Search"), str(words)))
    for one in filters(asked):
        if one["chosen"]:
            known = {str(choice["code"]): str(choice["label"]) for choice in one["choices"]}
            said = "; ".join(known.get(code, code) for code in one["chosen"])
            lines.append((str(one["label"]), said))
    if asked.person:
        labels = {one["code"]: str(one["label"]) for one in people(asked, person)}
        lines.append((_("In charge"), labels[asked.person]))
    if len(lines) == 3:
        lines.append((_("Filters"), _("None: the whole register")))
    code = asked.sort.removeprefix("-")
    if code in COLUMNS and COLUMNS[code].order:
        way = _("descending") if asked.sort.startswith("-") else _("ascending")
        lines.append((_("Order"), f"{COLUMNS[code].label}, {way}"))
    else:
        lines.append((_("Order"), f"{COLUMNS['name'].label}, {_('ascending')}"))
    lines.append((_("Columns"), "; ".join(str(column.label) for column in asked.columns)))
    return lines
