"""The one table of decisions that can wait for a second person.

To add one: a ``Kind`` beside those of its subject, and its name here. A version of the
counting rule is not among them: the database never lets its author approve it.
"""

from __future__ import annotations

from registry.approvals.certificate_kinds import VERIFY, WITHDRAW
from registry.approvals.deciding import Kind
from registry.approvals.life_kinds import LIFE
from registry.approvals.list_kinds import IMPORT
from registry.approvals.record_kinds import MERGE, TAKE_BACK, UNDO_MERGER
from registry.approvals.relation_kinds import VERIFY_RELATION
from registry.approvals.split_kinds import SPLIT, UNDO_SPLIT

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        VERIFY,
        WITHDRAW,
        VERIFY_RELATION,
        *LIFE,
        MERGE,
        UNDO_MERGER,
        SPLIT,
        UNDO_SPLIT,
        TAKE_BACK,
        IMPORT,
    )
}
