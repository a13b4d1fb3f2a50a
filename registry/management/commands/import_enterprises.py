"""An officer's list into the register: first what it would do, then, when told, do it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.models import User
from registry.enterprises.actions import RegisterKindConflict
from registry.imports import spellings
from registry.imports.columns import How, Meaning
from registry.imports.engine import (
    ImportPlan,
    apply_import,
    plan_import,
    problem_as_json,
    report_lines,
    sample_message,
    sentences,
)
from registry.imports.problems import ImportBusy, Outcome, Problem, RegisterChanged, Unreadable
from registry.imports.repairs.counting import OffersCounted
from registry.management.commands.sample_register import number


class Command(BaseCommand):
    help = (
        "Read a list of enterprises (XLSX, XLS, ODS, CSV, saved web page) and say, row by row, what would be new, "
        "changed, unchanged, doubtful or refused. Only --apply writes, all accepted rows or none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the list")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="only look (this is the default)")
        how.add_argument("--apply", action="store_true", help="write the new and changed rows")
        parser.add_argument(
            "--mapping",
            metavar="FILE",
            help='what columns mean: JSON of {"header or letter": "meaning"}, as "tax_code"',
        )
        parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet to read")
        parser.add_argument(
            "--header", default="0", metavar="ROW", help="the row of the headings, its last one"
        )
        parser.add_argument(
            "--encoding", default="", choices=spellings.CHOICES, help="the letters of the file"
        )
        parser.add_argument(
            "--without-hidden", action="store_true", help="leave out rows that the file hides"
        )
        parser.add_argument(
            "--report",
            metavar="FILE",
            help="write the refused and doubtful rows with their reasons as CSV",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--user", metavar="NAME", help="who imports, for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["json"]
        try:
            user = find_user(options["user"])
            how = How(
                encoding=options["encoding"],
                sheet=options["sheet"],
                header=number("--header", options["header"], least=0),
                without_hidden=options["without_hidden"],
                mapping=read_mapping(options["mapping"]),
            )
            plan = self.plan(Path(options["file"]), how)
            if options["report"]:
                write_report(Path(options["report"]), plan)
            if options["apply"]:
                reason = _("Import of %(name)s") % {"name": plan.name}
                apply_import(plan, by=user, reason=reason)
        except (Unreadable, ImportBusy, RegisterChanged, UnknownUser) as error:
            self.fail(str(error), as_json)
        except RegisterKindConflict:
            self.fail(sample_message(), as_json)
        if as_json:
            self.stdout.write(json.dumps(plan.as_json(), ensure_ascii=False, indent=2))
        else:
            self.report(plan, was_applied=options["apply"])

    def plan(self, path: Path, how: How) -> ImportPlan:
        try:
            with path.open("rb") as file:
                return plan_import(
                    file,
                    path.name,
                    on=timezone.localdate(),
                    how=how,
                    onlooker=OffersCounted(),
                )
        except OSError as error:
            message = _("The file %(path)s cannot be opened: %(problem)s.")
            raise Unreadable(message % {"path": path, "problem": error.strerror}) from error

    def fail(self, message: str, as_json: bool) -> NoReturn:
        """Nothing was written: say why and end with 1."""
        if as_json:
            counts = {"rows": 0} | dict.fromkeys(Outcome.values, 0)
            problems = [problem_as_json(Problem(message))]
            found = {**counts, "columns": [], "problems": problems}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        raise CommandError(message)

    def report(self, plan: ImportPlan, *, was_applied: bool) -> None:
        self.stdout.write(_("Columns"))
        for column in plan.columns:
            if column.meaning != Meaning.EMPTY:
                self.stdout.write(f"  {column.sentence()}")
        for notice in plan.notices:
            self.stdout.write(f"! {line(notice)}")
        for row in plan.rows:
            self.stdout.write(f"{row.number}\t{row.outcome.label}\t{row.name}")
            for problem in sentences(row):
                self.stdout.write(f"\t{line(problem)}")
        counts = plan.counts()
        for outcome in Outcome:
            self.stdout.write(f"{outcome.label}: {counts[outcome.value]}")
        self.stdout.write(_("Rows: %(count)s") % {"count": counts["rows"]})
        self.stdout.write(self.outcome(counts, was_applied=was_applied))

    def outcome(self, counts: dict[str, int], *, was_applied: bool) -> str:
        """What became of the list, or could."""
        if not counts[Outcome.NEW.value] + counts[Outcome.CHANGED.value]:
            return _("Nothing was written: there is no new or changed row.")
        if was_applied:
            return _("The new and changed rows were written.")
        return _("Nothing was written. --apply writes the new and changed rows.")


def read_mapping(name: str | None) -> dict[str, str]:
    """What columns mean, by header or letter; raises :class:`Unreadable` for anything else."""
    if not name:
        return {}
    try:
        said = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = _("The mapping %(path)s cannot be read: %(problem)s.")
        raise Unreadable(message % {"path": name, "problem": error}) from error
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        message = _("The mapping %(path)s is no object of texts.")
        raise Unreadable(message % {"path": name})
    return said


def write_report(path: Path, plan: ImportPlan) -> None:
    """The refused and doubtful rows as CSV, ready to be mended and loaded again."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(report_lines(plan))
    except OSError as error:
        message = _("The report %(path)s cannot be written: %(problem)s.")
        raise Unreadable(message % {"path": path, "problem": error.strerror}) from error


class UnknownUser(Exception):
    """No such account."""


def find_user(name: str | None) -> User | None:
    if not name:
        return None
    user = User.objects.filter(username=name).first()
    if user is None:
        raise UnknownUser(_("There is no account of the name %(name)s.") % {"name": name})
    return user


def line(problem: Problem) -> str:
    return f"{problem.column}: {problem.message}" if problem.column else problem.message
