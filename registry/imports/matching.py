"""Every checked row against the register and against the rows above it.

A tax code tells who is meant; without one, the name together with the place does. Where
two enterprises could be meant the row is doubtful: nothing is chosen silently.
"""

from __future__ import annotations

import dataclasses as dc
import datetime as dt
import enum
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from registry.enterprises.actions import Amendment, EnterpriseDraft
from registry.enterprises.models import Enterprise
from registry.enterprises.queries import identities, whole_enterprises
from registry.imports.checking import CheckedRow
from registry.imports.columns import Meaning
from registry.imports.comparing import Change, Comparison
from registry.imports.exporting import Exported, exported_cells, version_of
from registry.imports.problems import Outcome, Problem, Weight
from registry.imports.values import words
from registry.reference.models import Sector

LEGAL_WORDS = (
    ("cong ty", "cty"),
    ("trach nhiem huu han", "tnhh"),
    ("mot thanh vien", "mtv"),
    ("1 thanh vien", "mtv"),
    ("co phan", "cp"),
)
"""Two ways to write the legal form that are the same name."""

COMMON_WORDS = frozenset(
    words(
        "cty tnhh mtv cp va san xuat thuong mai dich vu dau tu xay dung ky thuat cong nghiep "
        "viet nam vietnam vina phat trien xuat nhap khau xnk co khi chi nhanh nha may hop tac "
        "xa doanh nghiep tu nhan company limited ltd jsc joint stock corporation corp the of"
    ).split()
)
"""Words that do not tell one enterprise from another."""

ENDED = {"closed", "moved_away", "merged"}


class Nearness(enum.Enum):
    """Whether two addresses are one place, as far as they say."""

    SAME = "same"
    OTHER = "other"
    UNCLEAR = "unclear"


@dc.dataclass(frozen=True)
class PlannedRow:
    """A row with its outcome; ``draft`` is written for a new one, else ``amendment``."""

    number: int
    name: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    draft: EnterpriseDraft | None = None
    amendment: Amendment | None = None

    def would_write(self) -> tuple:
        """What the row writes and over what, whatever language its sentences are in."""
        over = [change.was for change in self.changes]
        return (self.number, self.outcome, self.draft, self.amendment, over)


@dc.dataclass(frozen=True, slots=True)
class Where:
    """The provinces of an enterprise or a row, and the sums (``hash``) of its addresses.

    One of each row of a list is kept while the list is gone through: texts would be too much.
    """

    provinces: frozenset[int]
    addresses: tuple[int, ...]

    def nearness(self, other: Where) -> Nearness:
        """One province is one place; without provinces the addresses must be the same."""
        share = not set(self.addresses).isdisjoint(other.addresses)
        if share or not (self.addresses or other.addresses):
            return Nearness.SAME
        if not (self.provinces and other.provinces):
            return Nearness.UNCLEAR
        return Nearness.SAME if self.provinces & other.provinces else Nearness.OTHER


def name_key(name: str) -> str:
    """A name as it is compared: folded, its legal form written in one way."""
    key = f" {words(name)} "
    for long, short in LEGAL_WORDS:
        key = key.replace(f" {long} ", f" {short} ")
    return key.strip()


def name_sum(name: str) -> int:
    """A sum that names have in common which are compared as the same, here and now.

    64 bits: among 100,000 names two different ones meet once in a thousand million lists.
    """
    return hash(name_key(name))


def share_a_word(draft: EnterpriseDraft, enterprise: Enterprise) -> bool:
    """Whether their names have a word in common that is not common to all."""
    left, right = (
        set(name_key(f"{one.name} {one.name_en} {one.short_name}").split())
        for one in (draft, enterprise)
    )
    return bool((left - COMMON_WORDS) & (right - COMMON_WORDS)) or left == right


@dc.dataclass(frozen=True, slots=True)
class Above:
    """What has to be remembered of a row for the rows below it."""

    number: int
    where: Where
    tax_code: str | None


class Matcher:
    """Finds the outcome of every row of a list that comes in portions, top to bottom.

    One query tells the names of the register, then seven for each portion, whatever the
    length of list and register. ``hold`` is for writing: enterprises that rows mean stay as
    they are until the transaction ends.
    """

    def __init__(self, on: dt.date, *, hold: bool = False) -> None:
        self.on = on
        self.hold = hold
        self.by_tax_code: dict[str, int] = {}
        self.by_name: dict[int, tuple[int, ...]] = {}
        self.newest: int | None = None
        self.known: dict[int, Enterprise] = {}
        self.sector_names: dict[int, str] = {}
        # Of the list itself: the rows above the one that is looked at.
        self.first_tax_code: dict[str, int] = {}
        self.first_names: dict[int, tuple[Above, ...]] = {}
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
        wanted.discard(0)
        self.known = whole_enterprises(wanted, on=self.on, hold=self.hold) if wanted else {}
        return [self.plan(row) for row in rows]

    def newcomers(self, ours: Container[int]) -> bool:
        """Whether somebody else has registered a name of this list since it was begun."""
        others = identities(after=self.newest or 0)
        return any(one.pk not in ours and name_sum(one.name) in self.first_names for one in others)

    def plan(self, row: CheckedRow) -> PlannedRow:
        draft = row.draft
        if draft is None:
            return self.outcome(row, Outcome.REFUSED)
        if row.exported and row.exported.is_as_it_was and row.exported.pk in self.known:
            return self.outcome(row, Outcome.UNCHANGED)
        twin = self.twin_above(row, draft)
        if twin:
            return self.outcome(row, weighed(twin), twin)
        if row.weight == Weight.DOUBT:
            return self.outcome(row, Outcome.DOUBTFUL)
        if row.exported:
            return self.of_export(row, draft, row.exported)
        enterprise, doubt = self.find(row, draft)
        if doubt:
            return self.outcome(row, Outcome.DOUBTFUL, doubt)
        if enterprise is None:
            return dc.replace(self.outcome(row, Outcome.NEW), draft=draft)
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
        if said.version != version_of(exported_cells(enterprise)):
            message = _(
                "%(enterprise)s was changed here since the list was exported. Export it again "
                "and put your changes into the new list."
            )
            problem = _doubt(row, Meaning.PUBLIC_ID, message % {"enterprise": enterprise})
            return self.outcome(row, Outcome.CONFLICT, problem)
        return self.compared(row, draft, enterprise)

    def outcome(self, row: CheckedRow, outcome: Outcome, *more: Problem) -> PlannedRow:
        return PlannedRow(row.number, row.name, outcome, (*row.problems, *more))

    def compared(
        self, row: CheckedRow, draft: EnterpriseDraft, enterprise: Enterprise
    ) -> PlannedRow:
        self.claimed[enterprise.pk] = row.number
        comparison = Comparison(row, draft, enterprise, self.sector_names)
        if comparison.doubts:
            doubts = [
                Problem(message, row.number, meaning.value, Weight.DOUBT)
                for meaning, message in comparison.doubts
            ]
            return self.outcome(row, Outcome.DOUBTFUL, *doubts)
        amendment = comparison.amendment()
        outcome = Outcome.CHANGED if amendment else Outcome.UNCHANGED
        return dc.replace(
            self.outcome(row, outcome), amendment=amendment, changes=tuple(comparison.changes)
        )

    # The rows above

    def twin_above(self, row: CheckedRow, draft: EnterpriseDraft) -> Problem | None:
        """Say which row above is the same enterprise; remember this row for those below."""
        name = name_sum(draft.name)
        twins = self.first_names.get(name, ())
        problem = None
        if draft.tax_code in self.first_tax_code:
            problem = _refusal(
                row,
                Meaning.TAX_CODE,
                _("Row %(row)s has the same tax code. Keep one of the two rows.")
                % {"row": self.first_tax_code[draft.tax_code]},
            )
        else:
            twin = next((other for other in twins if _could_be(draft, other)), None)
            if twin:
                problem = _doubt(
                    row,
                    Meaning.NAME,
                    _(
                        "Row %(row)s has the same name, and as far as the list says it is in "
                        "the same place. Keep one row for each enterprise."
                    )
                    % {"row": twin.number},
                )
        self.first_names[name] = (*twins, Above(row.number, where(draft), draft.tax_code))
        if draft.tax_code:
            self.first_tax_code.setdefault(draft.tax_code, row.number)
        return problem

    # The register

    def find(
        self, row: CheckedRow, draft: EnterpriseDraft
    ) -> tuple[Enterprise | None, Problem | None]:
        """The enterprise that is meant, or nobody, or why that cannot be told."""
        found: Enterprise | None
        found = self.known.get(self.by_tax_code.get(draft.tax_code or "", 0))
        if found:
            if not share_a_word(draft, found):
                message = _(
                    "This tax code is that of %(enterprise)s in the register, whose name is "
                    "quite another. Check code and name."
                )
                return None, _doubt(row, Meaning.TAX_CODE, message % {"enterprise": found})
        else:
            found, doubt = self.find_by_name(row, draft)
            if doubt or not found:
                return None, doubt
        return found, self.not_to_touch(row, found)

    def find_by_name(
        self, row: CheckedRow, draft: EnterpriseDraft
    ) -> tuple[Enterprise | None, Problem | None]:
        here = where(draft)
        near = [
            (enterprise, nearness)
            for pk in self.by_name.get(name_sum(draft.name), ())
            if (enterprise := self.known.get(pk))
            and (nearness := here.nearness(where_is(enterprise))) != Nearness.OTHER
            and not are_branches(draft.tax_code, enterprise.tax_code)
        ]
        if not near:
            return None, None
        enterprise, nearness = near[0]
        if len(near) > 1 or nearness == Nearness.UNCLEAR:
            message = _(
                "The register has this name already (%(enterprises)s); whether the same is meant "
                "cannot be told from the place. Write the tax code, or the province."
            ) % {"enterprises": "; ".join(str(one) for one, _nearness in near)}
            return None, _doubt(row, Meaning.NAME, message)
        if draft.tax_code and enterprise.tax_code:
            message = _(
                "%(enterprise)s has this name in the same province, but tax code %(code)s. Check "
                "the code; two enterprises of one name have to be told apart by hand."
            ) % {"enterprise": enterprise, "code": enterprise.tax_code}
            return None, _doubt(row, Meaning.TAX_CODE, message)
        return enterprise, None

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


def are_branches(one: str | None, other: str | None) -> bool:
    """Whether two different tax codes are of one company and its branch, or of two branches."""
    return bool(one and other and one != other and one[:10] == other[:10])


def where(draft: EnterpriseDraft) -> Where:
    """The place of a row."""
    return _where((site.province_id, site.address) for site in draft.sites)


def where_is(enterprise: Enterprise) -> Where:
    """The place of an enterprise whose standing sites are at hand."""
    return _where((site.province_id, site.address) for site in enterprise.sites.all())


def _where(sites: Iterable[tuple[int | None, str]]) -> Where:
    found = list(sites)
    provinces = _provinces(tuple(province for province, _address in found if province))
    return Where(provinces, tuple(hash(words(address)) for _province, address in found))


@lru_cache(maxsize=1_000)  # a few sets that all rows share
def _provinces(ids: tuple[int, ...]) -> frozenset[int]:
    return frozenset(ids)


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


def _could_be(draft: EnterpriseDraft, other: Above) -> bool:
    """Whether a row above of the same name could be the same enterprise."""
    return where(draft).nearness(other.where) != Nearness.OTHER and not are_branches(
        draft.tax_code, other.tax_code
    )


def _doubt(row: CheckedRow, meaning: Meaning, message: str) -> Problem:
    return Problem(message, row.number, meaning.value, Weight.DOUBT)


def _refusal(row: CheckedRow, meaning: Meaning, message: str) -> Problem:
    return Problem(message, row.number, meaning.value, Weight.REFUSAL)
