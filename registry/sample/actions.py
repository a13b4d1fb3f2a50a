"""Writes a sample register through the actions of the rooms; never over a real one."""

from __future__ import annotations

import contextlib
import dataclasses as dc
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.contrib.auth.hashers import make_password
from django.db import connection, reset_queries, transaction

from registry.accounts.models import User
from registry.certifications.actions import record_certificates
from registry.enterprises.actions import Amendment, amend_many, register_many, start_register
from registry.enterprises.models import Enterprise, Register, Site
from registry.sample.chance import BLOCK
from registry.sample.codes import Codes, codes
from registry.sample.generator import Invented, invented
from registry.sample.support import write_support
from registry.supply.actions import record_relations

BATCH = 5 * BLOCK
"""Enterprises written together; whole blocks, so that a merger finds its successor."""

OFFICER = "sample-officer"


class SampleAlreadyThere(Exception):
    """The sample register holds enterprises; ``count`` says how many."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class EnterprisesOfUnknownKind(Exception):
    """Enterprises are there of which nobody said whether they are real."""


@dc.dataclass
class Written:
    """What was written, in rows."""

    enterprises: int = 0
    certificates: int = 0
    relations: int = 0


def load_sample(
    *,
    size: int,
    seed: int,
    on: dt.date,
    by: User | None,
    told: Callable[[int], None] = lambda count: None,
) -> Written:
    """Invent and write ``size`` enterprises; ``told`` hears how many there are so far.

    The looks at certificates are those of an officer who cannot sign in, made for it.
    All or nothing up to ``BATCH``; a larger sample that is broken off leaves whole batches,
    for a long transaction of many savepoints slows down with every row it locks again.
    Raises :class:`registry.enterprises.actions.RegisterKindConflict` in a real register,
    :class:`SampleAlreadyThere`, :class:`EnterprisesOfUnknownKind`, and
    :class:`registry.sample.codes.ListsMissing`; nothing is written then.
    """
    written = Written()
    whole = transaction.atomic() if size <= BATCH else contextlib.nullcontext()
    with whole:
        officer, known = _begin(by=by)
        enterprises = invented(size=size, seed=seed, on=on, codes=known)
        for batch in _batches(enterprises):
            _write(batch=batch, reason=f"sample register, seed {seed}", by=officer)
            written.enterprises += len(batch)
            written.certificates += sum(len(one.certificates) for one in batch)
            written.relations += sum(len(one.relations) for one in batch)
            told(written.enterprises)
            reset_queries()  # with DEBUG on Django keeps the text of every statement
        write_support(seed=seed, on=on, by=officer)
    _measure_tables()
    return written


@transaction.atomic
def _begin(*, by: User | None) -> tuple[User, Codes]:
    """Say that the register is a sample; refuse one that holds anything or has no lists."""
    if not Register.objects.exists() and Enterprise.objects.exists():
        raise EnterprisesOfUnknownKind
    start_register(kind=Register.Kind.SAMPLE.value, by=by)
    if count := Enterprise.objects.count():
        raise SampleAlreadyThere(count)
    known = codes()
    officer, _created = User.objects.get_or_create(
        username=OFFICER,
        defaults={
            "is_active": False,
            "password": make_password(None),
            "last_name": "Cán bộ",
            "first_name": "mẫu",
        },
    )
    return officer, known


def _batches(enterprises: Iterable[Invented]) -> Iterator[list[Invented]]:
    rest = iter(enterprises)
    while batch := list(islice(rest, BATCH)):
        yield batch


@transaction.atomic
def _write(*, batch: list[Invented], reason: str, by: User) -> None:
    rows = register_many(drafts=[one.draft for one in batch], reason=reason, by=by)
    ids = {one.number: row.pk for one, row in zip(batch, rows, strict=True)}
    sites = _sites_named(batch, ids)
    record_certificates(
        drafts=[
            dc.replace(draft, enterprise_id=ids[one.number], site_ids=sites.get(one.number, ()))
            for one in batch
            for draft in one.certificates
        ],
        reason=reason,
        by=by,
    )
    record_relations(
        drafts=[
            dc.replace(draft, enterprise_id=ids[one.number])
            for one in batch
            for draft in one.relations
        ],
        reason=reason,
        by=by,
    )
    amend_many(
        amendments=[
            Amendment(
                ids[one.number],
                {"merged_on": one.merged_on, "merged_into_id": ids[one.merged_into]},
            )
            for one in batch
            if one.merged_into is not None
        ],
        reason=f"{reason}: merged",
        by=by,
    )


def _sites_named(batch: list[Invented], ids: dict[int, int]) -> dict[int, tuple[int, ...]]:
    """The sites of those enterprises whose certificates name them, by number."""
    numbers = {ids[one.number]: one.number for one in batch if one.certificates_name_sites}
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    rows = Site.objects.filter(enterprise__in=numbers).order_by("pk")
    for enterprise_id, pk in rows.values_list("enterprise_id", "pk"):
        found[numbers[enterprise_id]] += (pk,)
    return found


def _measure_tables() -> None:
    """Tell PostgreSQL how large the tables are now, so that the first search is quick."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
