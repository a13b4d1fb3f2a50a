"""Acts and removed lists that the database refuses, by the name of the rule."""

from __future__ import annotations

from registry import models as m
from tests.factories import UserFactory


def batch(**fields: object) -> m.ImportBatch:
    return m.ImportBatch.objects.create(
        **{"name": "a.csv", "sha256": "0" * 64, "content": b"x", "uploaded_by": UserFactory()}
        | fields
    )


def import_act(**fields: object) -> m.ImportAct:
    return m.ImportAct.objects.create(**{"batch": batch(), "by": UserFactory(), **fields})


BREAKERS = {
    "import_batch_removed_is_empty": lambda: batch(status="removed"),
    "import_act_of_rows_or_of_the_list": lambda: import_act(kind="remove"),
    "import_act_rows_are_spans": lambda: import_act(kind="mend", rows={"2": 3}),
}
