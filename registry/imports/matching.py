"""Every checked row against the register and against the rows above it.

A tax code tells who is meant; without one, the name together with the place does. Where
two enterprises could be meant the row is doubtful: nothing is chosen silently.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
from collections.abc import Collection, Container, Mapping, Sequence

from django.utils.translation import gettext as _

from registry.desk.models import DuplicateDecision
from registry.enterprises.actions import Amendment, EnterpriseDraft
from registry.enterprises.models import Enterprise
from registry.enterprises.queries import identities, whole_enterprises
from registry.imports.above import RowsAbove
from registry.imports.checking import CheckedRow
from registry.imports.choices import NO_CHOICE, OURS, Asked, Choice, Field, Whom
from registry.imports.columns import SEVERAL, Meaning
from registry.imports.comparing import Change, Comparison
from registry.imports.exporting import EXPORTED, Exported, changed_since, exported_cells
from registry.imports.problems import Outcome, Problem, Weight
from registry.imports.recognising import (
    ENDED,
    Nearness,
    are_branches,
    name_sum,
    share_a_word,
    where,
    where_is,
)
from registry.imports.restricting import restricted
from registry.reference.models import Sector

OF_PLACES = {
    *(Meaning.ADDRESS_PART, Meaning.WARD, Meaning.DISTRICT, Meaning.PROVINCE),
    *(Meaning.LATITUDE, Meaning.LONGITUDE),
}


@dc.dataclass(frozen=True)
class PlannedRow:
    """A row with its outcome; ``draft`` is written for a new one, else ``amendment``.

    ``asks`` is what an officer can decide of it, ``choice`` what was. ``apart_from`` are the
    records that a new one was decided not to be, ``with_ward`` the columns whose address the
    register has with its ward of today.
    """

    number: int
    name: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    draft: EnterpriseDraft | None = None
    amendment: Amendment | None = None
    asks: Asked = Asked()
    apart_from: tuple[int, ...] = ()
    choice: Choice = NO_CHOICE
    with_ward: frozenset[Meaning] = frozenset()

    def would_write(self) -> tuple:
        """What the row writes and over what, whatever language its sentences are in."""
        over = [change.was for change in self.changes]
        return (self.number, self.outcome, self.draft, self.amendment, over, self.apart_from)


@dc.dataclass(frozen=True)
class Doubt:
    """Why it cannot be told whom a row means, and whom it could."""

    problem: Problem
    asks: Asked = Asked()


class Matcher:
    """Finds the outcome of every row of a list that comes in portions, top to bottom.

    One query tells the names of the register, then seven for each portion, whatever the
    length of list and register. ``hold`` is for writing: enterprises that rows mean stay as
    they are until the transaction ends.
    """

    def __init__(
        self, on: dt.date, *, hold: bool = False, choices: Mapping[int, Choice] | None = None
    ) -> None:
        self.on = on
        self.hold = hold
        self.choices = choices or {}
        self.decided_apart: set[tuple[int, int]] = set()
        self.by_tax_code: dict[str, int] = {}
        self.by_name: dict[int, tuple[int, ...]] = {}
        self.newest: int | None = None
        self.known: dict[int, Enterprise] = {}
        self.sector_names: dict[int, str] = {}
        self.above = RowsAbove()
        self.claimed: dict[int, int] = {}

    def look_up(self) -> None:
        """Learn once by what every enterprise of the register is recognised."""
        self.newest = 0
        for one in identities():
            self.newest = one.pk
            if one.tax_code:
                self.by_tax_code[one.tax_code] = one.pk
            key = name_sum(one.name)
            self.by_name[key] = (*self.by_name.get(key, ()), one.pk)
        self.sector_names = {sector.pk: sector.label for sector in Sector.objects.order_by("pk")}

    def match(self, rows: Sequence[CheckedRow]) -> list[PlannedRow]:
        """The outcomes of the next rows of the list."""
        if self.newest is None and any(row.draft for row in rows):
            self.look_up()
        wanted = set[int]()
        for row in rows:
            if row.draft:
                wanted.update(self.by_name.get(name_sum(row.draft.name), ()))
                wanted.add(self.by_tax_code.get(row.draft.tax_code or "", 0))
            if row.exported:
                wanted.add(row.exported.pk)
            wanted.add(self.choice_of(row).same_as)
        wanted.discard(0)
        self.look_up_pairs(rows)
        self.known = whole_enterprises(wanted, on=self.on, hold=self.hold) if wanted else {}
        return [self.plan(row) for row in rows]

    def look_up_pairs(self, rows: Sequence[CheckedRow]) -> None:
        """What was decided of records of one name; asked only where these rows name some."""
        keys = {name_sum(row.draft.name) for row in rows if row.draft}
        several = {pk for key in keys for pk in self.by_name.get(key, ()) if self.is_shared(key)}
        if several:
            found = DuplicateDecision.objects.filter(
                first__in=several, second__in=several, is_same=False
            )
            self.decided_apart = set(found.values_list("first_id", "second_id"))

    def is_shared(self, key: int) -> bool:
        return len(self.by_name.get(key, ())) > 1

    def choice_of(self, row: CheckedRow) -> Choice:
        return self.choices.get(row.number, NO_CHOICE)

    def newcomers(self, ours: Container[int]) -> bool:
        """Whether somebody else has registered a name of this list since it was begun."""
        others = identities(after=self.newest or 0)
        return any(one.pk not in ours and name_sum(one.name) in self.above for one in others)

    def plan(self, row: CheckedRow) -> PlannedRow:
        draft = row.draft
        if draft is None:
            return self.outcome(row, Outcome.REFUSED)
        said = row.exported
        is_known = said is not None and said.pk in self.known
        if said and is_known and said.edited == frozenset() and not said.beside:
            return self.outcome(row, Outcome.UNCHANGED)
        twin = self.twin_above(row, draft)
        is_told = is_known or self.choice_of(row).same_as  # a name tells less than a number
        if twin and not (is_told and twin.weight == Weight.DOUBT):
            return self.outcome(row, weighed(twin), twin)
        if row.weight == Weight.DOUBT:
            return self.outcome(row, Outcome.DOUBTFUL)
        if said:
            return self.of_export(row, draft, said)
        if self.choice_of(row).same_as:
            return self.of_choice(row, draft)
        enterprise, doubt = self.find(row, draft)
        if doubt:
            return self.doubtful(row, doubt)
        if enterprise is None:
            apart = tuple(pk for pk, _near in self.near(row, draft))
            new = self.outcome(row, Outcome.NEW, *self.elsewhere(row, draft))
            return dc.replace(new, draft=draft, apart_from=apart)
        return self.compared(row, draft, enterprise)

    def of_choice(self, row: CheckedRow, draft: EnterpriseDraft) -> PlannedRow:
        """A row of which an officer said whom it means."""
        enterprise = self.known.get(self.choice_of(row).same_as)
        if enterprise is None:
            message = _("The enterprise that was chosen is no longer there. Choose again.")
            return self.outcome(row, Outcome.DOUBTFUL, _doubt(row, Meaning.NAME, message))
        if ended := self.not_to_touch(row, enterprise):
            return self.outcome(row, Outcome.DOUBTFUL, ended)
        owner = self.by_tax_code.get(draft.tax_code or "", enterprise.pk)
        if owner != enterprise.pk:
            message = _("This tax code is that of %(other)s, not of %(enterprise)s.")
            said = {"other": self.known.get(owner, owner), "enterprise": enterprise}
            problem = _doubt(row, Meaning.TAX_CODE, message % said)
            return self.outcome(row, Outcome.DOUBTFUL, problem)
        return self.compared(row, draft, enterprise)

    def of_export(self, row: CheckedRow, draft: EnterpriseDraft, said: Exported) -> PlannedRow:
        """A row that was exported from here and then edited."""
        enterprise = self.known.get(said.pk)
        if enterprise is None:
            message = _("The register has no enterprise of the number %(number)s.")
            problem = _refusal(row, Meaning.PUBLIC_ID, message % {"number": said.public_id})
            return self.outcome(row, Outcome.REFUSED, problem)
        if doubt := self.not_to_touch(row, enterprise):
            return self.outcome(row, Outcome.DOUBTFUL, doubt)
        edited = self.edited(said)
        comparison = Comparison(row, restricted(draft, edited), enterprise, self.sector_names)
        fields = self.changed_twice(row, said, enterprise, comparison)
        if ours := {one.name for one in fields if one.take == OURS}:
            draft = restricted(draft, [one for one in edited if one.value not in ours])
            comparison = Comparison(row, draft, enterprise, self.sector_names)
        planned = self.told_of(row, comparison)
        problems = [_open_field(row, one, enterprise) for one in fields if not one.take]
        asks = Asked(fields=tuple(fields))
        if problems and planned.outcome != Outcome.DOUBTFUL:
            return dc.replace(self.outcome(row, Outcome.CONFLICT, *problems), asks=asks)
        return dc.replace(planned, asks=asks)

    def edited(self, said: Exported) -> Collection[Meaning]:
        """The columns in which an exported row says something; all where it cannot be told."""
        if said.edited is None:
            return EXPORTED
        # What is said of a place is said of the address, edited or not; what a further column
        # of products or sectors says is said of these.
        of_places = {Meaning.ADDRESS} if said.beside & OF_PLACES else set()
        return said.edited | of_places | (said.beside & SEVERAL)

    def changed_twice(
        self, row: CheckedRow, said: Exported, enterprise: Enterprise, comparison: Comparison
    ) -> list[Field]:
        """What the row would change and was changed here too, with what was chosen of it."""
        cells = exported_cells(enterprise)
        here = changed_since(said.version, cells)
        asked = {change.meaning for change in comparison.changes}
        choice = self.choice_of(row)
        return [
            Field(meaning.value, ours, theirs, choice.take(meaning.value, ours, theirs))
            for meaning, ours, theirs in zip(EXPORTED, cells, said.cells, strict=True)
            if meaning in asked and (here is None or meaning in here)
        ]

    def outcome(self, row: CheckedRow, outcome: Outcome, *more: Problem) -> PlannedRow:
        problems = (*row.problems, *more)
        return PlannedRow(row.number, row.name, outcome, problems, choice=self.choice_of(row))

    def doubtful(self, row: CheckedRow, doubt: Doubt) -> PlannedRow:
        return dc.replace(self.outcome(row, Outcome.DOUBTFUL, doubt.problem), asks=doubt.asks)

    def compared(
        self, row: CheckedRow, draft: EnterpriseDraft, enterprise: Enterprise
    ) -> PlannedRow:
        return self.told_of(row, Comparison(row, draft, enterprise, self.sector_names))

    def told_of(self, row: CheckedRow, comparison: Comparison) -> PlannedRow:
        """What a row does to the record that it is compared with."""
        self.claimed[comparison.enterprise.pk] = row.number
        if comparison.doubts:
            doubts = [
                Problem(message, row.number, meaning.value, Weight.DOUBT)
                for meaning, message in comparison.doubts
            ]
            return self.outcome(row, Outcome.DOUBTFUL, *doubts)
        amendment = comparison.amendment()
        outcome = Outcome.CHANGED if amendment else Outcome.UNCHANGED
        return dc.replace(
            self.outcome(row, outcome),
            amendment=amendment,
            changes=tuple(comparison.changes),
            with_ward=frozenset(comparison.with_ward),
        )

    # The rows above

    def twin_above(self, row: CheckedRow, draft: EnterpriseDraft) -> Problem | None:
        """Say which row above is the same enterprise; remember this row for those below."""
        name = name_sum(draft.name)
        problem = None
        if (number := self.above.of_code(draft)) is not None:
            message = _("Row %(row)s has the same tax code. Keep one of the two rows.")
            problem = _refusal(row, Meaning.TAX_CODE, message % {"row": number})
        elif (number := self.above.of_name(name, draft)) is not None:
            message = _(
                "Row %(row)s has the same name, and as far as the list says it is in the same "
                "place. Keep one row for each enterprise."
            )
            problem = _doubt(row, Meaning.NAME, message % {"row": number})
        self.above.add(row.number, name, draft)
        return problem

    # The register

    def find(
        self, row: CheckedRow, draft: EnterpriseDraft
    ) -> tuple[Enterprise | None, Doubt | None]:
        """The enterprise that is meant, or nobody, or why that cannot be told."""
        found = self.known.get(self.by_tax_code.get(draft.tax_code or "", 0))
        if found is None:
            return self.find_by_name(row, draft)
        if not share_a_word(draft, found):
            message = _(
                "This tax code is that of %(enterprise)s in the register, whose name is "
                "quite another. Check code and name."
            )
            problem = _doubt(row, Meaning.TAX_CODE, message % {"enterprise": found})
            whom = Whom(found.pk, "tax_code", self.can_be_same(row, found))
            return None, Doubt(problem, Asked((whom,)))
        other = self.not_to_touch(row, found)
        return (None, Doubt(other)) if other else (found, None)

    def near(
        self, row: CheckedRow, draft: EnterpriseDraft, *, apart: bool = True
    ) -> list[tuple[int, Nearness]]:
        """Records of the row's name that could be in its place: those that an officer said
        are others (``apart``), or the rest."""
        is_apart = self.choice_of(row).apart_from
        if apart and not is_apart:
            return []
        return [
            (pk, nearness)
            for pk, nearness in self.of_its_name(draft)
            if (pk in is_apart) == apart and nearness != Nearness.OTHER
        ]

    def of_its_name(self, draft: EnterpriseDraft) -> list[tuple[int, Nearness]]:
        """Records of the row's name that are no branches of it, and whether in its place."""
        named = self.by_name.get(name_sum(draft.name), ())
        found = [self.known[pk] for pk in named if pk in self.known]
        if not found:
            return []
        here = where(draft)
        return [
            (one.pk, here.nearness(where_is(one)))
            for one in found
            if not are_branches(draft.tax_code, one.tax_code)
        ]

    def elsewhere(self, row: CheckedRow, draft: EnterpriseDraft) -> list[Problem]:
        """A note of records of the row's name in other provinces, which keep nothing from
        being written: the desk asks about the pair afterwards."""
        is_apart = self.choice_of(row).apart_from
        others = [
            self.known[pk]
            for pk, nearness in self.of_its_name(draft)
            if pk not in is_apart and nearness == Nearness.OTHER
        ]
        if not others:
            return []
        message = _(
            "The register has this name in another province: %(enterprises)s. Leave the row out "
            "if it is the same enterprise, which has moved."
        ) % {"enterprises": "; ".join(map(str, others))}
        return [Problem(message, row.number, Meaning.NAME.value)]

    def find_by_name(
        self, row: CheckedRow, draft: EnterpriseDraft
    ) -> tuple[Enterprise | None, Doubt | None]:
        near = self.near(row, draft, apart=False)
        if not near:
            return None, None
        [(first, nearness), *more] = near
        told = self.told_apart(draft, [pk for pk, _near in near]) if more else first
        found = self.known[told or first]
        if not told or (not more and nearness == Nearness.UNCLEAR):
            message = _(
                "The register has this name already (%(enterprises)s); whether the same is meant "
                "cannot be told from the place. Write the tax code, or the province."
            ) % {"enterprises": "; ".join(str(self.known[pk]) for pk, _near in near)}
            return None, Doubt(_doubt(row, Meaning.NAME, message), self.whom(row, draft, near))
        if draft.tax_code and found.tax_code:
            message = _(
                "%(enterprise)s has this name in the same province, but tax code %(code)s. Check "
                "the code; two enterprises of one name have to be told apart by hand."
            ) % {"enterprise": found, "code": found.tax_code}
            return None, Doubt(_doubt(row, Meaning.TAX_CODE, message), self.whom(row, draft, near))
        if problem := self.not_to_touch(row, found):
            return None, Doubt(problem, self.whom(row, draft, near))
        return found, None

    def told_apart(self, draft: EnterpriseDraft, near: Sequence[int]) -> int:
        """The one record at the very address of the row, if it was decided of every other
        that it is not the same; 0 where there is no such one."""
        here = where(draft)
        exact = [pk for pk in near if here.has_address_of(where_is(self.known[pk]))]
        if len(exact) != 1:
            return 0
        pairs = {(min(pk, exact[0]), max(pk, exact[0])) for pk in near if pk != exact[0]}
        return exact[0] if pairs <= self.decided_apart else 0

    def whom(
        self, row: CheckedRow, draft: EnterpriseDraft, near: Sequence[tuple[int, Nearness]]
    ) -> Asked:
        """The records of the name, and why each could be meant."""
        why = {Nearness.SAME: "name", Nearness.UNCLEAR: "name_only"}
        return Asked(
            whom=tuple(
                Whom(pk, why[nearness], self.can_be_same(row, self.known[pk]))
                for pk, nearness in near
            ),
            may_be_new=True,
        )

    def can_be_same(self, row: CheckedRow, enterprise: Enterprise) -> bool:
        return self.not_to_touch(row, enterprise) is None

    def not_to_touch(self, row: CheckedRow, enterprise: Enterprise) -> Problem | None:
        if enterprise.pk in self.claimed:
            message = _("Row %(row)s is the same enterprise, %(enterprise)s. Keep one of the two.")
            first = self.claimed[enterprise.pk]
            return _doubt(row, Meaning.NAME, message % {"row": first, "enterprise": enterprise})
        if enterprise.state_on(self.on) in ENDED:
            message = _(
                "%(enterprise)s is no longer in the register (closed, moved away or merged). If "
                "it is back, record that on its page first."
            )
            return _doubt(row, Meaning.NAME, message % {"enterprise": enterprise})
        return None


def weighed(problem: Problem) -> Outcome:
    return Outcome.REFUSED if problem.weight == Weight.REFUSAL else Outcome.DOUBTFUL


def with_headers(row: PlannedRow, headers: Mapping[str, str]) -> PlannedRow:
    """Name columns as the file does instead of by what they mean."""
    problems = tuple(
        dc.replace(one, column=headers.get(one.column or "", one.column)) for one in row.problems
    )
    changes = tuple(
        dc.replace(one, header=one.header or headers.get(one.meaning.value, ""))
        for one in row.changes
    )
    return dc.replace(row, problems=problems, changes=changes)


def _open_field(row: CheckedRow, field: Field, enterprise: Enterprise) -> Problem:
    message = _(
        "Changed here and in the list since the export: %(enterprise)s has “%(ours)s”, the list "
        "“%(list)s”. Choose one of the two."
    )
    said = {"enterprise": enterprise, "ours": field.ours, "list": field.list}
    return _doubt(row, Meaning(field.name), message % said)


def _doubt(row: CheckedRow, meaning: Meaning, message: str) -> Problem:
    return Problem(message, row.number, meaning.value, Weight.DOUBT)


def _refusal(row: CheckedRow, meaning: Meaning, message: str) -> Problem:
    return Problem(message, row.number, meaning.value, Weight.REFUSAL)
