"""All repairs that one row is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop as _

from registry.core.text import tidy
from registry.enterprises.validators import tax_code_shape
from registry.imports.checking import CheckedRow, Source
from registry.imports.columns import Column, Meaning, english_names, letters
from registry.imports.exporting import EXPORTED
from registry.imports.matching import PlannedRow
from registry.imports.problems import Outcome
from registry.imports.repairs import days, names, phones
from registry.imports.repairs.former_wards import (
    address_with_ward_of_today,
    with_ward_of_today,
)
from registry.imports.repairs.kinds import Offer, Repair
from registry.imports.values import as_text, words

NAMES = (Meaning.NAME, Meaning.NAME_LOCAL, Meaning.NAME_EN)


def offers_of(
    source: Source, row: PlannedRow, checked: CheckedRow, cells: Sequence[Any]
) -> list[Offer]:
    """What is offered for a row; at most one repair for each cell, none for a cell of an
    export that nobody has edited: it is no statement of the list."""
    offering = _Offering(source, row, checked, cells)
    found: list[Offer] = []
    written = set(_not_edited(offering))
    for offer in (offer for make in MAKERS for offer in make(offering)):
        letters_of_it = {letter for choice in offer.choices for letter in choice}
        if not letters_of_it & written:
            written |= letters_of_it
            found.append(offer)
    return found


def _not_edited(row: _Offering) -> Iterator[str]:
    """The letters of exported cells that are as they were."""
    exported = row.checked.exported
    edited = exported.edited if exported else None
    if edited is not None:
        for column in row.table.columns:
            if column.meaning in EXPORTED and column.meaning not in edited:
                yield letters(column.place)


class _Offering:
    """A row with its cells at hand."""

    def __init__(
        self, source: Source, row: PlannedRow, checked: CheckedRow, cells: Sequence[Any]
    ) -> None:
        self.source = source
        self.table = source.table
        self.row = row
        self.checked = checked
        self.cells = cells

    def cell(self, column: Column | None) -> Any:
        return self.cells[column.place] if column and column.place < len(self.cells) else ""

    def text(self, meaning: Meaning) -> str:
        return tidy(as_text(self.cell(self.table.column(meaning))))

    def writes(self, meaning: Meaning) -> bool:
        """Whether the cell could come into the register: as a new row, as a change, or when
        the row is mended. A name that is known there is not written over by its capitals."""
        if self.row.outcome in (Outcome.UNCHANGED, Outcome.CHANGED):
            return any(change.meaning == meaning for change in self.row.changes)
        return True


def _lost_zero(row: _Offering) -> Iterator[Offer]:
    column = row.table.column(Meaning.TAX_CODE)
    if column is None or row.checked.tax_code_problem != "lost_zero":
        return
    digits = "".join(sign for sign in as_text(row.cell(column)) if sign.isdigit())
    letter = letters(column.place)
    why = _("With a zero in front the check digit fits; without it, it is no tax code.")
    yield Offer(Repair.LOST_ZERO, letter, why, ({letter: tax_code_shape(f"0{digits}")},))


def _swapped_day(row: _Offering) -> Iterator[Offer]:
    column = row.table.column(Meaning.FOUNDED)
    found = column and days.swapped(row.cell(column), on=row.source.on)
    if column and found:
        letter = letters(column.place)
        text = found.day.strftime(days.SHAPE)
        yield Offer(Repair.SWAPPED_DAY, letter, found.why, ({letter: text},), said=found.said)


def _english_name(row: _Offering) -> Iterator[Offer]:
    """The Vietnamese name is the legal one; a list with a column of its own for it has said
    already which is which."""
    column = row.table.column(Meaning.NAME) or row.table.column(Meaning.NAME_LOCAL)
    name = tidy(as_text(row.cell(column)))
    if column is None or not names.is_english(name):
        return
    if column.meaning == Meaning.NAME and row.text(Meaning.NAME_LOCAL):
        return
    english = english_names(row.table.columns)
    there = tidy(as_text(row.cell(english)))
    here, other = letters(column.place), letters(english.place)
    if names.is_vietnamese(there):
        why = _("The two names stand in each other's column.")
        yield Offer(Repair.ENGLISH_NAME, here, why, ({here: there, other: name},))
    elif not there or words(there) == words(name):
        why = _(
            "The name ends in an English legal form. The Vietnamese name is then still to be "
            "written: without it the row is refused."
        )
        moved = ({here: "", other: there or name},)
        yield Offer(Repair.ENGLISH_NAME, here, why, moved, is_sure=False)  # leaves the row refused


def _capitals(row: _Offering) -> Iterator[Offer]:
    for meaning in NAMES:
        column = row.table.column(meaning)
        proposed = column and names.in_sentence_case(row.text(meaning))
        if column and proposed and row.writes(meaning):
            letter = letters(column.place)
            why = _("The name is in capitals. Compare names of firms with the certificate.")
            yield Offer(Repair.CAPITALS, letter, why, ({letter: proposed},))


def _phones(row: _Offering) -> Iterator[Offer]:
    for column in row.table.columns:
        if column.meaning != Meaning.EXTRA or not phones.is_of_phones(column.header):
            continue
        text = tidy(as_text(row.cell(column)))
        form = phones.one_form(text)
        if form and form != text:
            letter = letters(column.place)
            why = _("One form for all numbers, so that the same number is found as the same.")
            is_sure = phones.is_said_whole(text)
            yield Offer(Repair.PHONE, letter, why, ({letter: form},), is_sure=is_sure)


def _former_ward(row: _Offering) -> Iterator[Offer]:
    places = row.source.places
    for meaning, reading in row.checked.wards:
        target = _where_the_ward_stands(row, meaning)
        if target is None or meaning in row.row.with_ward:
            continue
        letter, write = target
        wards = [places.ward_names[pk] for pk in reading.heirs]
        texts = [text for ward in wards if (text := write(ward))]
        if not texts:
            continue
        why = _("The former ward was divided or there are several of its name: choose one.")
        if reading.is_sure:
            why = _("The whole of the former ward is in this ward since 1 July 2025.")
        elif not reading.could_be:
            why = _("Only the former district is named: choose the ward of today.")
        choices = tuple({letter: text} for text in texts)
        yield Offer(Repair.FORMER_WARD, letter, why, choices, is_sure=reading.is_sure)


def _where_the_ward_stands(
    row: _Offering, meaning: Meaning
) -> tuple[str, Callable[[str], str | None]] | None:
    """The cell to write the ward of today into, and what it will say."""
    is_first = meaning == Meaning.ADDRESS or not row.text(Meaning.ADDRESS)
    cells = (Meaning.WARD, Meaning.DISTRICT) if is_first else ()
    column, address = row.table.column(meaning), row.text(meaning)
    places = row.source.places
    has_ward = is_first and row.text(Meaning.WARD)
    if column and not has_ward and address_with_ward_of_today(address, "", places):
        return letters(column.place), partial(address_with_ward_of_today, address, places=places)
    for part in cells:
        text, there = row.text(part), row.table.column(part)
        if text and there:
            return letters(there.place), partial(with_ward_of_today, text)
    return None


MAKERS = (_lost_zero, _swapped_day, _english_name, _capitals, _former_ward, _phones)
