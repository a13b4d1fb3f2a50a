"""All forms of one record: shown from a document, from a draft, or from what was posted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from registry.enterprises.enums import SiteKind
from registry.records.content import TABLES, Content
from registry.records.differences import differences, new_rows
from registry.web.records.forms import BLANKS, RecordForm, SourceForm, WhyForm, initial_of
from registry.web.records.lists import Lists
from registry.web.records.rows import FORMS, MOST_ROWS, row_set
from registry.web.shared.forms import problems_of
from registry.web.shared.problems import PlainProblem

ONE_OF = {
    "sites": _("Site"),
    "products": _("Product"),
    "machines": _("Machine"),
    "year_figures": _("Figures of a year"),
    "relations": _("Supply relation"),
    "certificates": _("Certificate"),
    "contacts": _("Contact person"),
}
SECTIONS: dict[str, tuple[Any, Any]] = {
    "sites": (_("Sites"), _("The province follows from the ward. A site that is gone gets its last day; it is not taken out.")),
    "products": (_("Products"), ""),
    "machines": (_("Machines"), ""),
    "year_figures": (_("Figures by year"), _("The size class is computed from the last year (Decree 80/2021): employees, and revenue or capital.")),
    "relations": (_("Supply relations"), _("The tier belongs to each relation. A relation that is over gets its last day. What was verified is verified anew after a change.")),
    "certificates": (_("New certificates"), _("Entered as claimed. A verifier looks at each one afterwards.")),
    "contacts": (_("New contact persons"), _("Each field is shown to the public only with the consent of the person, given on the day you enter.")),
}  # fmt: skip
BEGUN = ("sites", "products", "year_figures")
"""Tables of which a new record shows an empty row at once."""

NEW_ROW: dict[str, dict[str, str]] = {
    "sites": {"kind": SiteKind.HEAD_OFFICE.value},
    "relations": {"is_confidential": "on"},
}
NOT_KEPT = {"csrfmiddlewaretoken", "autosave", "draft"}
SALT = "registry.records.base"


class RecordPage:
    """The forms of a record. ``base`` is the document they are compared with.

    ``posted`` is what was sent and is checked; ``typed`` is what is only shown again, right
    or wrong; with neither, ``shown`` (or ``base``) is shown.
    """

    def __init__(
        self,
        *,
        base: Content,
        is_new: bool,
        posted: QueryDict | None = None,
        typed: QueryDict | None = None,
        shown: Content | None = None,
        tables: tuple[str, ...] = tuple(FORMS),
    ) -> None:
        self.base, self.is_new, self.tables = base, is_new, tables
        self.lists = Lists()
        self.typed = typed
        content = shown or base
        initial: dict[str, Any] = initial_of(content) if typed is None else _typed(typed)
        source: dict[str, Any] = {"source": content["fields"].get("source", "")}
        if typed is not None:
            source = _typed(typed)
        self.form = RecordForm(posted, initial=initial, lists=self.lists)
        asked = SourceForm if is_new else WhyForm
        self.asked: forms.Form = asked(posted, initial=source)
        self.sets = {name: self._set(name, posted, typed, content) for name in tables}

    def _set(
        self, table: str, posted: QueryDict | None, typed: QueryDict | None, content: Content
    ) -> Any:
        of_base = self.base["rows"].get(table, [])
        if posted is not None:
            made = row_set(table)
            initial = [self._shown(table, row) for row in of_base]
            return made(posted, prefix=table, initial=initial, form_kwargs={"lists": self.lists})
        if typed is not None:
            initial = _typed_rows(typed, table)
        else:
            initial = [self._shown(table, row) for row in content["rows"].get(table, [])]
        is_begun = self.is_new and table in BEGUN and not initial and typed is None
        made = row_set(table, extra=int(is_begun))
        return made(prefix=table, initial=initial, form_kwargs={"lists": self.lists})

    def _shown(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        if table == "products" and row.get("hs_id"):
            return {**row, "hs": self.lists.hs_codes.get(row["hs_id"], "")}
        return row

    def chosen(self) -> dict[str, int]:
        """How many entries of each long list are ticked."""
        return {name: len(self.form[name].value() or []) for name in ("processes", "materials")}

    def sections(self) -> list[dict[str, Any]]:
        """The tables of rows with their headings, in the order of the page."""
        return [
            {"table": name, "heading": SECTIONS[name][0], "hint": SECTIONS[name][1],
             "one_of": ONE_OF[name], "rows": self.sets[name]}
            for name in self.tables
        ]  # fmt: skip

    def is_valid(self) -> bool:
        parts = [self.form, self.asked, *self.sets.values()]
        is_valid = all([part.is_valid() for part in parts])
        return is_valid and not (self.is_new and self._lacks_primary())

    def changes_nothing(self) -> bool:
        """Whether what was sent is right and the same as ``base``: it needs no reason then."""
        if not all([part.is_valid() for part in (self.form, *self.sets.values())]):
            return False
        content = self.content()
        return not differences(self.base, content) and not new_rows(content)

    def _lacks_primary(self) -> bool:
        """Figures are split by the primary sector: of several nobody but a person chooses it."""
        own = self.form.cleaned_data
        if len(own.get("sectors") or []) < 2 or own.get("primary_sector"):
            return False
        self.form.add_error("primary_sector", _("Choose which of the sectors is the main one."))
        return True

    def content(self) -> Content:
        """The document that was typed; of a valid page only."""
        own, codes = self.form.own(), self.form.codes()
        if self.is_new:
            own["source"] = self.asked.cleaned_data["source"]
        rows = {name: self._rows(name) for name in self.tables}
        before = {**self.base["fields"], **self.base["codes"], **self.base["rows"]}
        now: dict[str, Any] = {**own, **codes, **rows}
        filled = {name for name in BLANKS if now.get(name) and not before.get(name)}
        blank = self.form.blank(self.base["blank"], filled)
        return {"fields": own, "blank": blank, "codes": codes, "rows": rows}

    def _rows(self, table: str) -> list[dict[str, Any]]:
        """Rows as typed; an identity that is none of the document's is a new row's."""
        base = self.base["rows"].get(table, [])
        of_base = [row for row in base if row.get("id")]
        known = {row["id"] for row in of_base}
        # What the form has no place for was not taken out by anybody.
        hidden = {row["id"] for row in base[MOST_ROWS:]}
        is_removable = table not in TABLES or TABLES[table].is_removable
        rows = self.sets[table].rows(is_removable=is_removable)
        for row in rows:
            if row["id"] not in known:
                row["id"] = None
        there = {row["id"] for row in rows}
        rows += [
            row
            for row in of_base
            if row["id"] not in there and (not is_removable or row["id"] in hidden)
        ]
        return sorted(rows, key=lambda row: row["id"] or 10**18)

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the identity of the field it stands at."""
        found = [*problems_of(self.form, is_named=True), *problems_of(self.asked, is_named=True)]
        for name, rows in self.sets.items():
            for number, form in enumerate(rows.forms, start=1):
                where = f"{ONE_OF[name]} {number}, "
                found += [
                    (anchor, where + text) for anchor, text in problems_of(form, is_named=True)
                ]
            found += [(name, str(text)) for text in rows.non_form_errors()]
        return found

    def reason(self) -> str:
        return self.asked.cleaned_data.get("reason", "")


def _typed(typed: Any) -> dict[str, Any]:
    several = {"sectors", "processes", "materials"}
    return {name: typed.getlist(name) if name in several else typed.get(name, "") for name in typed}


def _typed_rows(typed: QueryDict, table: str) -> list[dict[str, Any]]:
    names = [*FORMS[table].base_fields, "DELETE"]
    return [
        {name: typed.get(f"{table}-{number}-{name}", "") for name in names}
        for number in range(_total(typed, table))
    ]


def _total(data: QueryDict, table: str) -> int:
    text = data.get(f"{table}-TOTAL_FORMS", "0")
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def with_row_added(data: QueryDict, table: str) -> QueryDict:
    """What was typed with one more empty row of a table."""
    data = data.copy()
    number = _total(data, table)
    if number < MOST_ROWS:
        data[f"{table}-TOTAL_FORMS"] = str(number + 1)
        for name, value in NEW_ROW.get(table, {}).items():
            data[f"{table}-{number}-{name}"] = value
    return data


def kept(data: QueryDict) -> dict[str, list[str]]:
    """What of a posted form a draft keeps."""
    names = [name for name in data if name not in NOT_KEPT and not name.startswith("add_")]
    # PostgreSQL keeps no NUL in a text.
    return {name: [text.replace("\x00", "") for text in data.getlist(name)] for name in names}


def as_typed(data: dict[str, list[str]]) -> QueryDict:
    """What a draft keeps, as if it had been sent just now."""
    typed = QueryDict(mutable=True)
    for name, texts in data.items():
        typed.setlist(name, texts)
    return typed


def signed(content: Content, enterprise_id: int, changes: int) -> str:
    """The document that was opened, so that it comes back as it went out.

    ``changes`` is how many changes of the record the log held then.
    """
    return signing.dumps([enterprise_id, changes, content], salt=SALT, compress=True)


def unsigned(text: str, enterprise_id: int) -> tuple[Content, int]:
    """The document that was opened, and the changes held then. Raises :class:`PlainProblem`."""
    try:
        owner, changes, content = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        owner, changes, content = None, 0, None
    if owner != enterprise_id or content is None:
        raise PlainProblem(
            _t("This form did not come whole from this site. Open the record again.")
        )
    return content, changes
