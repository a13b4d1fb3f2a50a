"""The only writer of acts."""

from __future__ import annotations

from collections.abc import Collection

from registry.accounts.models import User
from registry.imports.acts.spans import spans_of
from registry.imports.models import ImportAct


def note(
    *,
    batch_id: int,
    kind: str,
    numbers: Collection[int] = (),
    repair: str = "",
    reason: str = "",
    by: User,
) -> None:
    """Keep what was done in the transaction in which it is; nothing where no row was meant."""
    if not numbers and kind not in ImportAct.OF_THE_LIST:
        return
    ImportAct.objects.create(
        batch_id=batch_id,
        kind=kind,
        repair=repair,
        rows=spans_of(numbers),
        reason=reason,
        by=by,
    )
