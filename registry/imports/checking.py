"""One row of the list, read without a look at the register: a draft, or why there is none."""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from registry.core.text import fold
from registry.enterprises.actions import EnterpriseDraft, SiteDraft, YearFigureDraft
from registry.enterprises.enums import LegalForm, SiteKind
from registry.enterprises.models import Enterprise, Product, Site
from registry.enterprises.validators import TaxCodeProblem, clean_tax_code, tax_code_shape
from registry.imports import values
from registry.imports.address_parts import has_part, says
from registry.imports.columns import SAYS_NOTHING, Column, Meaning, Table
from registry.imports.exporting import EXPORTED, KEYS, Exported
from registry.imports.places import Places, WardReading, without_today
from registry.imports.problems import Problem, Weight
from registry.imports.tax_codes import tax_code_message
from registry.reference.models import Sector

T = TypeVar("T")

LONGEST_EXTRA = 2_000

TOTALS = {"tong cong", "tong so", "tong", "cong", "total", "grand total", "sum"}
LATITUDES = (8, 24)
LONGITUDES = (102, 118)
"""Viet Nam in whole degrees, the islands included."""


@dc.dataclass(frozen=True)
class CheckedRow:
    """A row as it was read; ``draft`` is None where it is refused.

    ``derived`` names fields that the list does not say itself but that follow from it;
    they fill a blank and never replace what the register holds. ``tax_code_problem`` is the
    code of what is wrong with the tax code, ``wards`` what the address in each column says
    of the ward where that leaves a choice: of these, repairs are offered.
    """

    number: int
    name: str
    draft: EnterpriseDraft | None
    problems: tuple[Problem, ...] = ()
    derived: frozenset[str] = frozenset()
    exported: Exported | None = None
    tax_code_problem: str = ""
    wards: tuple[tuple[Meaning, WardReading], ...] = ()

    @property
    def weight(self) -> Weight:
        return max((problem.weight for problem in self.problems), default=Weight.NOTE)


@dc.dataclass(frozen=True)
class Source:
    """What the rows of one list have in common."""

    name: str
    table: Table
    places: Places
    sectors: Mapping[str, int]
    on: dt.date

    def place_of(self, number: int) -> str:
        """The row within the file, as kept with the enterprise: ``Sheet1, row 12``."""
        sheet = self.table.sheet.name
        return f"{sheet}, row {number}" if sheet else f"row {number}"


def load_sectors() -> dict[str, int]:
    """Sectors by code and by both names, as words; one query."""
    found: dict[str, int] = {}
    for sector in Sector.objects.order_by("-pk"):
        for text in (sector.code, sector.name, sector.name_en):
            if text:
                found[values.words(text)] = sector.pk
    return found


def check_rows(source: Source, records: Iterable[tuple[int, list[Any]]]) -> list[CheckedRow]:
    """These rows, each by its number, as they are read without a look at the register."""
    return [_Reader(source, number, cells).read() for number, cells in records]


def length(model: type[models.Model], field: str) -> int:
    """How many characters the database keeps of a field."""
    return int(model._meta.get_field(field).max_length or 0)  # type: ignore[union-attr]


class _Reader:
    """Reads one row and gathers what is to be said of it."""

    def __init__(self, source: Source, number: int, cells: list[Any]) -> None:
        self.source = source
        self.number = number
        self.cells = cells
        self.problems: list[Problem] = []
        self.extra: dict[str, str] = {}
        self.derived: set[str] = set()
        self.tax_code_problem = ""
        self.wards: list[tuple[Meaning, WardReading]] = []

    def read(self) -> CheckedRow:
        self.read_extra()
        name, name_en = self.read_names()
        legal_form, ownership = self.read_form(name)
        tax_code, tax_code_note = self.read_tax_code(legal_form)
        draft = EnterpriseDraft(
            name=name,
            name_en=name_en,
            short_name=self.text(Meaning.SHORT_NAME, length(Enterprise, "short_name")),
            tax_code=tax_code,
            tax_code_note=tax_code_note,
            legal_form=legal_form,
            ownership=ownership,
            founded_on=self.read_founded(),
            website=self.read_website(),
            sites=self.read_sites(),
            products=self.read_products(),
            year_figures=self.read_labour(),
            sector_ids=self.read_sectors(),
            registered_on=self.source.on,
            source=self.source.name,
            source_ref=self.source.place_of(self.number),
            extra=self.extra,
        )
        refused = any(problem.weight == Weight.REFUSAL for problem in self.problems)
        return CheckedRow(
            number=self.number,
            name=name,
            draft=None if refused else draft,
            problems=tuple(self.problems),
            derived=frozenset(self.derived),
            exported=self.read_exported(),
            tax_code_problem=self.tax_code_problem,
            wards=tuple(self.wards),
        )

    def read_exported(self) -> Exported | None:
        """Which exported row this was, and what stands in it now; None in other lists."""
        table = self.source.table
        public_id = values.as_text(self.cell(table.column(Meaning.PUBLIC_ID)))
        if not public_id:
            return None
        cells = [values.as_text(self.cell(table.column(one))) for one in EXPORTED]
        version = values.as_text(self.cell(table.column(Meaning.VERSION)))
        beside = frozenset(
            column.meaning
            for column in table.columns
            if (
                column.meaning not in (*KEYS, *EXPORTED, *SAYS_NOTHING)
                or (column.meaning in EXPORTED and column != table.column(column.meaning))
            )
            and values.as_text(self.cell(column))
        )
        return Exported(public_id, version, tuple(cells), beside)

    # Cells

    def say(self, weight: Weight, message: str, column: Column | None = None) -> None:
        header = column.header if column else None
        self.problems.append(Problem(message, self.number, header, weight))

    def cell(self, column: Column | None) -> Any:
        return self.cells[column.place] if column and column.place < len(self.cells) else ""

    def clean(self, column: Column | None, reader: Callable[..., T], **options: Any) -> T | None:
        """What the reader makes of the cell; None, with a refusal, where it cannot."""
        if column is None:
            return None
        try:
            return reader(self.cell(column), **options)
        except values.BadCell as problem:
            self.say(Weight.REFUSAL, str(problem), column)
            return None

    def text(self, meaning: Meaning, longest: int) -> str:
        column = self.source.table.column(meaning)
        return self.clean(column, values.clean_text, longest=longest) or ""

    def keep(self, column: Column, message: str = "") -> None:
        """Keep the cell as it is, beside what was understood, and say why."""
        text = self.clean(column, values.clean_text, longest=LONGEST_EXTRA)
        if text:
            self.extra[column.header] = text
            if message:
                self.say(Weight.NOTE, message, column)

    # Fields

    def read_extra(self) -> None:
        """Keep what is not understood; a CSV row that is too long has slipped."""
        for column in self.source.table.columns:
            if column.meaning == Meaning.EXTRA:
                self.keep(column)
            elif column.meaning == Meaning.EMPTY and values.as_text(self.cell(column)):
                if self.source.table.sheet.name:
                    self.keep(column)
                    continue
                self.say(
                    Weight.REFUSAL,
                    _(
                        "The row has more cells than the header. Put quotation marks around "
                        "texts that hold the separator."
                    ),
                )
                return

    def read_names(self) -> tuple[str, str]:
        """Legal name and English name; a name in Vietnamese wins over one that is not."""
        longest = length(Enterprise, "name")
        name = self.text(Meaning.NAME, longest)
        local = self.text(Meaning.NAME_LOCAL, longest)
        name_en = self.text(Meaning.NAME_EN, length(Enterprise, "name_en"))
        if local:
            differs = values.words(name) != values.words(local)
            name, name_en = local, name_en or (name if differs else "")
        # A name that cannot be read was refused already: it is not missing.
        if name or not any(problem.weight == Weight.REFUSAL for problem in self.problems):
            self.check_name(name, name_en)
        return name, name_en

    def check_name(self, name: str, name_en: str) -> None:
        """Rows that are no enterprises: totals, headings of groups, the header once more."""
        table = self.source.table
        column = table.column(Meaning.NAME) or table.column(Meaning.NAME_LOCAL)
        if name_en and not name:
            message = _(
                "Only the English name is there. Write the Vietnamese one, as it stands on the "
                "certificate of registration."
            )
            self.say(Weight.REFUSAL, message, column)
            return
        header = values.words(column.header) if column else ""
        known = values.words(name)
        if not any(character.isalpha() for character in name) or known in {header, *TOTALS}:
            message = _("The row names no enterprise. Write its name, or remove the row.")
            self.say(Weight.REFUSAL, message, column)
            return
        if values.has_replaced_letters(name):
            message = _("“?” stands in the name where a letter was. Write the name anew.")
            self.say(Weight.DOUBT, message, column)
        others = [
            other
            for other in table.columns
            if other.meaning not in (Meaning.NAME, Meaning.NAME_LOCAL, Meaning.COUNTER)
            and other.meaning != Meaning.EMPTY
        ]
        if others and not any(values.as_text(self.cell(other)) for other in others):
            message = _(
                "Only the name is filled in: is it a heading or a total? Write the tax code or "
                "the address, or remove the row."
            )
            self.say(Weight.DOUBT, message, column)

    def read_form(self, name: str) -> tuple[str, str]:
        """Legal form and ownership; lists often write either into the one column."""
        form_column = self.source.table.column(Meaning.LEGAL_FORM)
        owner_column = self.source.table.column(Meaning.OWNERSHIP)
        form_text = self.clean(form_column, values.clean_text, longest=LONGEST_EXTRA) or ""
        owner_text = self.clean(owner_column, values.clean_text, longest=LONGEST_EXTRA) or ""
        form = values.read_legal_form(form_text)
        ownership = values.read_ownership(owner_text)
        if form_text and not form:
            also = values.read_ownership(form_text)
            if also and not owner_text:
                ownership = also
            elif form_column:
                self.keep(form_column, _("This legal form is not known; it is kept as text."))
        if owner_text and not ownership and owner_column:
            self.keep(owner_column, _("This ownership is not known; it is kept as text."))
        if not form and (form := values.form_in_name(name)):
            self.derived.add("legal_form")
        return form, ownership

    def read_tax_code(self, legal_form: str) -> tuple[str | None, str]:
        column = self.source.table.column(Meaning.TAX_CODE)
        note = self.text(Meaning.TAX_CODE_NOTE, length(Enterprise, "tax_code_note"))
        text = self.clean(column, values.clean_text, longest=100)
        if not text:
            return None, ""
        is_household = legal_form == LegalForm.HOUSEHOLD
        try:
            return clean_tax_code(text, is_household=is_household), ""
        except TaxCodeProblem as problem:
            digits = "".join(character for character in text if character.isdigit())
            if problem.code == "checksum" and note:
                return tax_code_shape(digits), note
            self.tax_code_problem = problem.code
            weight, message = tax_code_message(problem.code, text, digits)
            self.say(weight, message, column)
            return None, ""

    def read_founded(self) -> dt.date | None:
        column = self.source.table.column(Meaning.FOUNDED)
        if column and values.is_only_a_year(self.cell(column)):
            self.keep(
                column,
                _("This is a year without day and month; it is kept as text."),
            )
            return None
        return self.clean(column, values.clean_day, on=self.source.on)

    def read_website(self) -> str:
        column = self.source.table.column(Meaning.WEBSITE)
        try:
            return values.clean_website(self.cell(column))
        except values.BadCell as problem:
            if column:
                self.keep(column, kept_as_text(problem))
            return ""

    def read_products(self) -> tuple[str, ...]:
        longest = length(Product, "name")
        found: dict[str, str] = {}
        for column in self.source.table.all_of(Meaning.PRODUCTS):
            for product in self.clean(column, values.clean_lines, longest=longest) or ():
                found.setdefault(fold(product), product)
        return tuple(found.values())

    def read_sectors(self) -> tuple[int, ...]:
        """Sectors named by code or name; the first is the primary one."""
        found: dict[int, None] = {}
        for column in self.source.table.all_of(Meaning.SECTOR):
            names = self.clean(column, values.clean_lines, longest=LONGEST_EXTRA) or ()
            known = [self.source.sectors.get(values.words(name)) for name in names]
            found.update(dict.fromkeys(pk for pk in known if pk))
            if None in known:
                self.keep(
                    column, _("Not a sector of the register's list; the cell is kept as text.")
                )
        return tuple(found)

    def read_labour(self) -> tuple[YearFigureDraft, ...]:
        """Employees by year; a number without a year is kept as text."""
        year_column = self.source.table.column(Meaning.YEAR)
        row_year = self.clean(year_column, values.clean_year, on=self.source.on)
        figures = {}
        for column in self.source.table.columns:
            if column.meaning != Meaning.LABOUR:
                continue
            labour = self.clean(column, values.clean_count)
            year = column.year or row_year
            if labour is not None and year:
                figures[year] = YearFigureDraft(year=year, labour=labour)
            elif labour is not None:
                self.keep(column)  # said once for the whole column, not in each row
        return tuple(figures.values())

    # Places

    def read_sites(self) -> tuple[SiteDraft, ...]:
        """Head office and factory; cells for ward, district and province belong to the first.

        Where only such cells are filled they stand for the head office, and say less of it
        than an address does.
        """
        longest = length(Site, "address")
        parts = (Meaning.WARD, Meaning.DISTRICT, Meaning.PROVINCE)
        cells = {part: self.text(part, longest) for part in parts}
        office = self.read_address(longest)
        factory = self.text(Meaning.FACTORY, longest)
        if not office and not factory and any(cells.values()):
            self.derived.add("sites")
        sites = []
        if office or "sites" in self.derived:
            sites.append(self.read_site(Meaning.ADDRESS, SiteKind.HEAD_OFFICE, office, cells))
        if factory:
            rest = {} if sites else cells
            sites.append(self.read_site(Meaning.FACTORY, SiteKind.FACTORY, factory, rest))
        coordinates = self.read_coordinates(len(sites))
        if coordinates:
            sites = [dc.replace(sites[0], **coordinates)]
        return tuple(sites)

    def read_address(self, longest: int) -> str:
        """The address of the head office; further columns of it follow after commas."""
        address = ""
        for column in self.source.table.all_of(Meaning.ADDRESS, Meaning.ADDRESS_PART):
            part = self.clean(column, values.clean_text, longest=longest) or ""
            if not has_part(address, part):
                address = f"{address}, {part}" if address else part
        return address

    def read_site(
        self, meaning: Meaning, kind: SiteKind, written: str, cells: Mapping[Meaning, str]
    ) -> SiteDraft:
        longest = length(Site, "address")
        column = self.source.table.column(meaning)
        address = self.joined(written, cells)
        if len(address) > longest:
            message = _("The address has %(length)s characters; at most %(longest)s fit.")
            self.say(Weight.REFUSAL, message % {"length": len(address), "longest": longest}, column)
        province = self.read_province(written, cells.get(Meaning.PROVINCE, ""))
        district = None
        if province is not None and province == self.source.places.hanoi_id:
            district = self.source.places.district_named(
                address,
                ward=cells.get(Meaning.WARD, ""),
                district=cells.get(Meaning.DISTRICT, ""),
            )
        return SiteDraft(
            address=address,
            kind=kind.value,
            province_id=province,
            ward_id=self.read_ward(address, cells, province, meaning),
            district_id=district,
        )

    def joined(self, address: str, cells: Mapping[Meaning, str]) -> str:
        """The address with what only the cells beside it say."""
        places = self.source.places
        for meaning, text in cells.items():
            # A ward of today beside the former one sets the ward; the address has the former.
            is_said = says(without_today(address), without_today(text))
            if meaning == Meaning.PROVINCE and address:
                ending = places.province_of(address)
                is_said |= ending is not None and ending == places.province_named(text)
            if not is_said:
                address = f"{address}, {text}" if address else text
        return address

    def read_province(self, address: str, cell: str) -> int | None:
        places = self.source.places
        column = self.source.table.column(Meaning.PROVINCE)
        in_address = places.province_of(address)
        in_cell = places.province_named(cell) if cell else None
        if cell and not in_cell and column and places.provinces:
            self.keep(column, _("No province of Viet Nam has this name; it is kept as text."))
        if in_address and in_cell and in_address != in_cell:
            self.say(
                Weight.DOUBT,
                _("The address ends in another province: “%(address)s”. Put one of them right.")
                % {"address": address},
                column,
            )
        return in_cell or in_address

    def read_ward(
        self,
        address: str,
        cells: Mapping[Meaning, str],
        province: int | None,
        meaning: Meaning,
    ) -> int | None:
        places = self.source.places
        if province is None or province != places.hanoi_id:
            return None
        reading = places.ward_of(
            address,
            ward=cells.get(Meaning.WARD, ""),
            district=cells.get(Meaning.DISTRICT, ""),
        )
        if reading.heirs:
            self.wards.append((meaning, reading))
        if reading.could_be:
            message = _("The ward of today is not certain (%(wards)s); choose it on the page.")
            if reading.is_sure:
                message = _("The address names a former ward; today it is %(wards)s.")
            said = message % {"wards": ", ".join(reading.could_be)}
            self.say(Weight.NOTE, said, self.source.table.column(meaning))
        return reading.ward_id

    def read_coordinates(self, sites: int) -> dict[str, Any]:
        """Latitude and longitude of the only site; kept as text where it is not clear."""
        columns = [
            self.source.table.column(meaning) for meaning in (Meaning.LATITUDE, Meaning.LONGITUDE)
        ]
        pair: list[Any] = []
        messages = ["", ""]
        for place, (low, high) in enumerate((LATITUDES, LONGITUDES)):
            try:
                cell = self.cell(columns[place])
                pair.append(values.clean_degrees(cell, lowest=low, highest=high))
            except values.BadCell as problem:
                pair.append(None)
                messages[place] = kept_as_text(problem)
        if sites == 1 and None not in pair:
            return {"latitude": pair[0], "longitude": pair[1]}
        for column, message in zip(columns, messages, strict=True):
            if column:
                self.keep(column, message)
        return {}


def kept_as_text(problem: values.BadCell) -> str:
    """What is wrong with a cell that goes in as it is written."""
    return _("%(problem)s It is kept as text.") % {"problem": problem}
